"""Accounts."""

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from scratchbot.sandbox.world.places import Row

if TYPE_CHECKING:
    from scratchbot.sandbox.world.classrooms import Classroom
    from scratchbot.sandbox.world.projects import Project
    from scratchbot.sandbox.world.studios import Studio

Role = Literal["new_scratcher", "scratcher", "team", "student", "educator"]

RECENT_COMMENTS = 10


@dataclass(frozen=True, slots=True)
class Offense:
    """A comment that counted against its author; times are seconds since 1970."""

    created: float
    expires: float
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BackpackItem:
    """Something kept in a backpack; ``body`` and ``thumbnail`` name files of the backpack host."""

    id: str
    type: str
    mime: str
    name: str
    body: str
    thumbnail: str


@dataclass(kw_only=True, eq=False)
class User:
    """An account; times are seconds since 1970, and what is kept by key is oldest first."""

    id: int
    username: str
    password: str
    joined: float
    role: Role = "scratcher"
    email: str = ""
    email_confirmed: bool = True
    banned: bool = False
    removed: bool = False
    bio: str = ""
    status: str = ""
    country: str = ""
    signature: str = ""
    comments_allowed: bool = True
    subscriptions: frozenset[str] = frozenset()
    dismissed_cues: set[str] = field(default_factory=set)
    muted_until: float = 0.0
    ip_muted: bool = False
    vpn_required: bool = False
    must_reset_password: bool = False
    must_complete_registration: bool = False
    wrong_passwords: int = 0
    leaving: bool = False
    """Whether the account is on its way to being deleted, which a log-in undoes."""
    offenses: list[Offense] = field(default_factory=list)
    invited_at: float = 0.0
    featured: "Project | None" = None
    featured_label: int | None = None
    classroom: "Classroom | None" = None
    following: dict[str, "User"] = field(default_factory=dict)
    followers: dict[str, "User"] = field(default_factory=dict)
    projects: dict[int, "Project"] = field(default_factory=dict)
    loves: dict[int, "Project"] = field(default_factory=dict)
    favorites: dict[int, "Project"] = field(default_factory=dict)
    viewed: dict[int, "Project"] = field(default_factory=dict)
    studios: dict[int, "Studio"] = field(default_factory=dict)
    followed_studios: dict[int, "Studio"] = field(default_factory=dict)
    backpack: list[BackpackItem] = field(default_factory=list)
    messages: list[Row] = field(default_factory=list)
    alerts: list[Row] = field(default_factory=list)
    unread: int = 0
    """How many of the newest messages were not read."""
    deeds: list[Row] = field(default_factory=list)
    recent_comments: deque[tuple[float, str]] = field(
        default_factory=lambda: deque(maxlen=RECENT_COMMENTS)
    )

    @property
    def key(self) -> str:
        """What the user is found by, however the name is written."""
        return self.username.lower()

    @property
    def message_count(self) -> int:
        """What the site's counter of messages shows."""
        return self.unread + len(self.alerts) + bool(self.invited_at)

    @property
    def is_team(self) -> bool:
        """Whether the account is the Scratch Team's."""
        return self.role == "team"

    @property
    def is_new(self) -> bool:
        """Whether the account is a New Scratcher's, who may do less."""
        return self.role == "new_scratcher"
