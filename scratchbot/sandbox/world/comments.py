"""Comments."""

from dataclasses import dataclass, field
from typing import Literal

from scratchbot.sandbox.world.places import Place
from scratchbot.sandbox.world.users import User


@dataclass(kw_only=True, eq=False, slots=True)
class Comment:
    """A comment; ``content`` is what its author typed."""

    id: int
    place: Place
    author: User
    content: str
    created: float
    parent: "Comment | None" = None
    commentee: User | None = None
    visibility: Literal["visible", "reportedbyusr"] = "visible"
    replies: dict[int, "Comment"] = field(default_factory=dict)
    reporters: set[str] | None = None

    @property
    def is_visible(self) -> bool:
        """Whether readers see it."""
        return self.visibility == "visible"

    @property
    def visible_replies(self) -> list["Comment"]:
        """The replies that readers see, oldest first."""
        return [reply for reply in self.replies.values() if reply.is_visible]
