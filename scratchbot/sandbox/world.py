"""The sandbox's world: plain data, held in memory, indexed so that no look-up grows with it."""

from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Literal

PlaceKind = Literal["project", "studio", "profile"]
Row = dict[str, Any]

CLOUD_SIGN = "☁ "
JOURNAL_LENGTH = 500
CLOUD_LOG_LENGTH = 1_000


@dataclass(frozen=True)
class Place:
    """Where comments stand: a project or studio by its number, a profile by its user's name."""

    kind: PlaceKind
    key: str

    @classmethod
    def parse(cls, text: str) -> "Place":
        """Return the place that ``project:104`` and the like name.

        :raises ValueError: if it names none.
        """
        kind, _, key = text.partition(":")
        match kind:
            case "project" | "studio":
                return cls(kind, key)
            case "profile":
                return cls(kind, key.lower())
        raise ValueError(text)

    def __str__(self) -> str:
        """Write the place as :meth:`parse` reads it."""
        return f"{self.kind}:{self.key}"


@dataclass(kw_only=True, eq=False)
class User:
    """An account; times are seconds since 1970."""

    id: int
    username: str
    password: str
    joined: float
    role: Literal["new_scratcher", "scratcher", "team"] = "scratcher"
    bio: str = ""
    status: str = ""
    country: str = ""
    comments_allowed: bool = True
    muted_until: float = 0.0
    following: dict[str, "User"] = field(default_factory=dict)
    followers: dict[str, "User"] = field(default_factory=dict)
    projects: list["Project"] = field(default_factory=list)
    messages: list[Row] = field(default_factory=list)
    unread: int = 0
    deeds: list[Row] = field(default_factory=list)
    recent_comments: deque[float] = field(default_factory=lambda: deque(maxlen=10))

    @property
    def key(self) -> str:
        """What the user is found by, however the name is written."""
        return self.username.lower()


@dataclass(kw_only=True, eq=False)
class Project:
    """A project."""

    id: int
    title: str
    author: User
    created: float
    modified: float
    shared: float
    instructions: str = ""
    description: str = ""
    state: Literal["shared", "unshared", "trashed"] = "shared"
    comments_allowed: bool = True
    views: int = 0
    old_loves: int = 0
    loves: dict[str, User] = field(default_factory=dict)
    favorites: dict[str, User] = field(default_factory=dict)
    remixes: list["Project"] = field(default_factory=list)
    parent: "Project | None" = None
    cloud: dict[str, str] = field(default_factory=dict)
    cloud_log: deque[Row] = field(default_factory=lambda: deque(maxlen=CLOUD_LOG_LENGTH))

    @property
    def love_count(self) -> int:
        """Loves of named users, and of those whom the world file only counts."""
        return self.old_loves + len(self.loves)


@dataclass(kw_only=True, eq=False)
class Studio:
    """A studio."""

    id: int
    title: str
    host: User
    created: float
    modified: float
    description: str = ""
    open_to_all: bool = True
    comments_allowed: bool = True
    managers: dict[str, User] = field(default_factory=dict)
    curators: dict[str, User] = field(default_factory=dict)
    followers: dict[str, User] = field(default_factory=dict)
    projects: dict[int, Project] = field(default_factory=dict)
    activity: list[Row] = field(default_factory=list)


@dataclass(kw_only=True, eq=False)
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


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the journal: who did what where."""

    number: int
    at: float
    who: str
    what: str
    where: str
    text: str = ""


class World:
    """All that there is."""

    def __init__(self) -> None:
        self.users: dict[str, User] = {}
        self.projects: dict[int, Project] = {}
        self.studios: dict[int, Studio] = {}
        self.comments: dict[int, Comment] = {}
        self.threads: defaultdict[Place, dict[int, Comment]] = defaultdict(dict)
        self.news: list[Row] = []
        self.statistics: Row = {}
        self.bad_words: set[str] = set()
        self.journal: deque[Entry] = deque(maxlen=JOURNAL_LENGTH)
        self.comment_ids = count(500_000_001)
        self.row_ids = count(1_000_000_001)
        self.journal_numbers = count(1)

    def user(self, username: str) -> User | None:
        """Return the user of a name, however it is written."""
        return self.users.get(username.lower())

    def add_user(self, user: User) -> None:
        """Put a user into the world."""
        self.users[user.key] = user

    def add_project(self, project: Project) -> None:
        """Put a project into the world."""
        self.projects[project.id] = project
        project.author.projects.append(project)
        if project.parent is not None:
            project.parent.remixes.append(project)

    def top_comments(self, place: Place) -> Iterator[Comment]:
        """Return the top comments of a place, newest first."""
        return reversed(self.threads[place].values()) if place in self.threads else iter(())

    def place_exists(self, place: Place) -> bool:
        """Tell whether there is such a place."""
        if place.kind == "profile":
            return place.key in self.users
        things = self.projects if place.kind == "project" else self.studios
        return place.key.isdecimal() and int(place.key) in things
