"""The world: all that there is, held in memory, indexed so that no look-up grows with it."""

from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from scratchbot.sandbox.world.classrooms import Classroom
from scratchbot.sandbox.world.comments import Comment
from scratchbot.sandbox.world.forums import Category, ForumPost, Topic
from scratchbot.sandbox.world.places import Place, Row
from scratchbot.sandbox.world.projects import Project
from scratchbot.sandbox.world.studios import Studio
from scratchbot.sandbox.world.users import User

JOURNAL_LENGTH = 500


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the journal: who did what where."""

    number: int
    at: float
    who: str
    what: str
    where: str
    text: str = ""


@dataclass
class FrontPage:
    """What the front page shows besides what it counts by itself."""

    projects: list[Project] = field(default_factory=list)
    studios: list[Studio] = field(default_factory=list)
    curator: str = ""
    curated: list[Project] = field(default_factory=list)
    design_studio: Studio | None = None


class World:
    """All that there is."""

    def __init__(self) -> None:
        self.users: dict[str, User] = {}
        self.projects: dict[int, Project] = {}
        self.studios: dict[int, Studio] = {}
        self.comments: dict[int, Comment] = {}
        self.threads: defaultdict[Place, dict[int, Comment]] = defaultdict(dict)
        self.comment_counts = {"project": 0, "studio": 0, "profile": 0}
        self.categories: dict[int, Category] = {}
        self.topics: dict[int, Topic] = {}
        self.posts: dict[int, ForumPost] = {}
        self.classrooms: dict[int, Classroom] = {}
        self.news: list[Row] = []
        self.front_page = FrontPage()
        self.countries: dict[str, int] = {}
        self.assets: dict[str, bytes] = {}
        self.bad_words: set[str] = set()
        self.unkind_words: set[str] = set()
        self.chat_sites: set[str] = set()
        self.journal: deque[Entry] = deque(maxlen=JOURNAL_LENGTH)
        self.user_ids = count(30_000_001)
        self.project_ids = count(800_000_001)
        self.studio_ids = count(40_000_001)
        self.comment_ids = count(500_000_001)
        self.topic_ids = count(700_001)
        self.post_ids = count(7_000_001)
        self.classroom_ids = count(20_001)
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
        project.author.projects[project.id] = project
        if project.parent is not None:
            project.parent.remixes.append(project)

    def add_studio(self, studio: Studio) -> None:
        """Put a studio into the world; its host is one of its managers."""
        self.studios[studio.id] = studio
        studio.managers[studio.host.key] = studio.host
        for user in (*studio.managers.values(), *studio.curators.values()):
            user.studios[studio.id] = studio
        for project in studio.projects.values():
            project.studios[studio.id] = studio
            studio.adders[project.id] = studio.host

    def add_comment(self, comment: Comment) -> None:
        """Put a comment into its place."""
        self.comments[comment.id] = comment
        self.comment_counts[comment.place.kind] += 1
        self.siblings(comment)[comment.id] = comment

    def remove_comment(self, comment: Comment) -> None:
        """Take a comment and its replies out of the world."""
        for gone in (comment, *comment.replies.values()):
            del self.comments[gone.id]
            self.comment_counts[gone.place.kind] -= 1
        del self.siblings(comment)[comment.id]

    def siblings(self, comment: Comment) -> dict[int, Comment]:
        """Return the comments that stand beside one: its thread's replies, or its place's tops."""
        return comment.parent.replies if comment.parent else self.threads[comment.place]

    def top_comments(self, place: Place) -> Iterator[Comment]:
        """Return the top comments of a place that readers see, newest first."""
        threads = self.threads.get(place, {})
        return (top for top in reversed(threads.values()) if top.is_visible)

    def place_exists(self, place: Place) -> bool:
        """Tell whether there is such a place."""
        if place.kind == "profile":
            return place.key in self.users
        if not place.key.isdecimal():
            return False
        if place.kind == "project":
            return int(place.key) in self.projects
        studio = self.studios.get(int(place.key))
        return studio is not None and not studio.deleted
