"""Studios."""

from dataclasses import dataclass, field

from scratchbot.sandbox.world.places import Row
from scratchbot.sandbox.world.projects import Project
from scratchbot.sandbox.world.users import User


@dataclass(kw_only=True, eq=False)
class Studio:
    """A studio; the host is one of its managers, and managers are no curators."""

    id: int
    title: str
    host: User
    created: float
    modified: float
    description: str = ""
    open_to_all: bool = True
    comments_allowed: bool = True
    classroom_id: int | None = None
    managers: dict[str, User] = field(default_factory=dict)
    curators: dict[str, User] = field(default_factory=dict)
    invited: dict[str, User] = field(default_factory=dict)
    """Who invited somebody, by the name of who was invited."""
    followers: dict[str, User] = field(default_factory=dict)
    projects: dict[int, Project] = field(default_factory=dict)
    adders: dict[int, User] = field(default_factory=dict)
    activity: list[Row] = field(default_factory=list)
    told_on: dict[str, str] = field(default_factory=dict)
    """The day on which each user was last told that there was activity."""

    def manages(self, user: User) -> bool:
        """Tell whether a user is a manager."""
        return user.key in self.managers

    def curates(self, user: User) -> bool:
        """Tell whether a user is a manager or curator."""
        return user.key in self.managers or user.key in self.curators
