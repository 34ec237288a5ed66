"""Projects."""

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from scratchbot.sandbox.world.places import Row
from scratchbot.sandbox.world.users import User

if TYPE_CHECKING:
    from scratchbot.sandbox.world.studios import Studio

CLOUD_SIGN = "☁ "
CLOUD_LOG_LENGTH = 1_000


def _cloud_log() -> deque[Row]:
    return deque(maxlen=CLOUD_LOG_LENGTH)


@dataclass(kw_only=True, eq=False)
class Project:
    """A project; ``loves`` and ``favorites`` hold those of people in this world.

    ``old_loves`` are loves that the world file only counts. ``code`` is the project's JSON.
    """

    id: int
    title: str
    author: User
    created: float
    modified: float
    shared: float | None
    instructions: str = ""
    description: str = ""
    state: Literal["shared", "unshared", "trashed"] = "shared"
    comments_allowed: bool = True
    views: int = 0
    old_loves: int = 0
    code: dict[str, Any] = field(default_factory=dict)
    loves: dict[str, User] = field(default_factory=dict)
    loved_at: dict[str, float] = field(default_factory=dict)
    favorites: dict[str, User] = field(default_factory=dict)
    studios: dict[int, "Studio"] = field(default_factory=dict)
    remixes: list["Project"] = field(default_factory=list)
    parent: "Project | None" = None
    reporters: set[str] = field(default_factory=set)
    cloud: dict[str, str] = field(default_factory=dict)
    cloud_log: deque[Row] = field(default_factory=_cloud_log)

    @property
    def is_shared(self) -> bool:
        """Whether everybody can see it."""
        return self.state == "shared"

    @property
    def love_count(self) -> int:
        """Loves of named users, and of those whom the world file only counts."""
        return self.old_loves + len(self.loves)

    @property
    def shared_remixes(self) -> list["Project"]:
        """The remixes that everybody can see, oldest first."""
        return [one for one in self.remixes if one.is_shared]

    @property
    def root(self) -> "Project":
        """The project that all of this family come from."""
        oldest = self
        while oldest.parent is not None:
            oldest = oldest.parent
        return oldest

    @property
    def shown_root(self) -> "Project":
        """The first of the family that can be reached without passing one that is not shared."""
        oldest = self
        while oldest.parent is not None and oldest.parent.is_shared:
            oldest = oldest.parent
        return oldest

    def visible_to(self, reader: User | None) -> bool:
        """Tell whether somebody may see it."""
        return self.is_shared or reader is self.author
