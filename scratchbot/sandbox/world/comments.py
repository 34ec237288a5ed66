"""Comments."""

from dataclasses import dataclass, field

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
    replies: dict[int, "Comment"] = field(default_factory=dict)
    reporters: set[str] | None = None
