"""The world: all that there is, held in memory, indexed so that no look-up grows with it."""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count

from scratchbot.sandbox.times import month
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
        self.growth: defaultdict[str, Counter[int]] = defaultdict(Counter)
        """How many of each kind were made in each month, by its first second since 1970."""
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
        self.number_after_what_is_there()
        self.comment_ids = count(500_000_001)
        self.topic_ids = count(700_001)
        self.post_ids = count(7_000_001)
        self.row_ids = count(1_000_000_001)
        self.journal_numbers = count(1)

    def number_after_what_is_there(self) -> None:
        """Let what comes new have numbers that are not taken."""
        self.user_ids = _after(30_000_000, (user.id for user in self.users.values()))
        self.project_ids = _after(800_000_000, self.projects)
        self.studio_ids = _after(40_000_000, self.studios)
        self.classroom_ids = _after(20_000, self.classrooms)

    def user(self, username: str) -> User | None:
        """Return the user of a name, however it is written."""
        return self.users.get(username.lower())

    def add_user(self, user: User) -> None:
        """Put a user into the world."""
        self.users[user.key] = user
        self.growth["user"][month(user.joined)] += 1

    def add_project(self, project: Project) -> None:
        """Put a project into the world."""
        self.projects[project.id] = project
        self._count(project, 1)
        project.author.projects[project.id] = project
        if project.parent is not None:
            project.parent.remixes.append(project)

    def remove_project(self, project: Project) -> None:
        """Take a project out of the world; its remixes become those of what it came from."""
        del self.projects[project.id]
        self._count(project, -1)
        del project.author.projects[project.id]
        for user in project.loves.values():
            del user.loves[project.id]
        for user in project.favorites.values():
            del user.favorites[project.id]
        if project.parent is not None:
            project.parent.remixes.remove(project)
            project.parent.remixes.extend(project.remixes)
        for remix in project.remixes:
            self._count(remix, -1)
            remix.parent = project.parent
            self._count(remix, 1)
        front = self.front_page
        front.projects = [one for one in front.projects if one is not project]
        front.curated = [one for one in front.curated if one is not project]

    def _count(self, project: Project, number: int) -> None:
        kind = "original" if project.parent is None else "remix"
        self.growth[kind][month(project.created)] += number

    def add_studio(self, studio: Studio) -> None:
        """Put a studio into the world; its host is one of its managers."""
        self.studios[studio.id] = studio
        studio.managers[studio.host.key] = studio.host
        for user in (*studio.managers.values(), *studio.curators.values()):
            user.studios[studio.id] = studio
        for project in studio.projects.values():
            project.studios[studio.id] = studio
            studio.adders[project.id] = studio.host

    def remove_studio(self, studio: Studio) -> None:
        """Take a studio out of the world, and out of all that it was part of."""
        del self.studios[studio.id]
        for user in (*studio.managers.values(), *studio.curators.values()):
            del user.studios[studio.id]
        for user in studio.followers.values():
            del user.followed_studios[studio.id]
        for project in studio.projects.values():
            del project.studios[studio.id]
        if studio.classroom_id is not None:
            del self.classrooms[studio.classroom_id].studios[studio.id]
        front = self.front_page
        front.studios = [one for one in front.studios if one is not studio]
        if front.design_studio is studio:
            front.design_studio = None

    def add_comment(self, comment: Comment) -> None:
        """Put a comment into its place."""
        self.comments[comment.id] = comment
        self.comment_counts[comment.place.kind] += 1
        self.growth[comment.place.kind][month(comment.created)] += 1
        self.siblings(comment)[comment.id] = comment

    def remove_comment(self, comment: Comment) -> None:
        """Take a comment and its replies out of the world."""
        for gone in (comment, *comment.replies.values()):
            del self.comments[gone.id]
            self.comment_counts[gone.place.kind] -= 1
            self.growth[gone.place.kind][month(gone.created)] -= 1
        del self.siblings(comment)[comment.id]

    def siblings(self, comment: Comment) -> dict[int, Comment]:
        """Return the comments that stand beside one: its thread's replies, or its place's tops."""
        return comment.parent.replies if comment.parent else self.threads[comment.place]

    def top_comments(self, place: Place) -> Iterator[Comment]:
        """Return the top comments of a place, newest first."""
        return iter(reversed(self.threads.get(place, {}).values()))

    def place_exists(self, place: Place) -> bool:
        """Tell whether there is such a place."""
        if place.kind == "profile":
            return place.key in self.users
        if not place.key.isdecimal():
            return False
        if place.kind == "project":
            return int(place.key) in self.projects
        return int(place.key) in self.studios


def _after(start: int, taken: Iterable[int]) -> "count[int]":
    return count(max(start, *taken, start) + 1)
