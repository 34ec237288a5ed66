"""The discussion forums."""

from dataclasses import dataclass, field

from scratchbot.sandbox.world.users import User


@dataclass(kw_only=True, eq=False)
class ForumPost:
    """A post; ``source`` is its BBCode."""

    id: int
    topic: "Topic"
    author: User
    source: str
    created: float
    edited: float | None = None
    editor: User | None = None
    reports: list[tuple[str, str]] = field(default_factory=list)


@dataclass(kw_only=True, eq=False)
class Topic:
    """A topic and its posts, oldest first."""

    id: int
    category: "Category"
    title: str
    author: User
    sticky: bool = False
    closed: bool = False
    views: int = 0
    posts: list[ForumPost] = field(default_factory=list)
    subscribers: dict[str, User] = field(default_factory=dict)


@dataclass(kw_only=True, eq=False)
class Category:
    """A category of the forums, which stands with others in a box."""

    id: int
    box: str
    name: str
    description: str
    topics: dict[int, Topic] = field(default_factory=dict)

    @property
    def shown_topics(self) -> list[Topic]:
        """The topics in the order of the page: sticky ones first, then newest post first."""
        return sorted(
            self.topics.values(), key=lambda one: (one.sticky, one.posts[-1].id), reverse=True
        )

    @property
    def newest_post(self) -> ForumPost | None:
        """The post that came last."""
        return max((t.posts[-1] for t in self.topics.values()), key=lambda p: p.id, default=None)

    @property
    def post_count(self) -> int:
        """How many posts there are."""
        return sum(len(topic.posts) for topic in self.topics.values())
