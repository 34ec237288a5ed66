"""What a bot watches: plain descriptions, turned into sources when the bot runs."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from scratchbot.checks import check_choice, check_id, check_username
from scratchbot.errors import InputError
from scratchbot.wire.cloudhosts import SCRATCH_CLOUD, find_host

Delivery = Literal["all", "latest"]


@dataclass(frozen=True, kw_only=True)
class Watch:
    """A part of the site that a bot watches.

    :param every: seconds from one look to the next; without it, pacing decides.
    :param stale: seconds after which what is found is too old to act on, as after a long time
        off: it is stored, and shown as stale.
    """

    kind: ClassVar[str]
    every: float | None = None
    stale: float | None = None

    def __post_init__(self) -> None:
        for name, seconds in (("every", self.every), ("stale", self.stale)):
            if seconds is not None and not seconds > 0:
                raise InputError(f"{name}={seconds!r}: give a number of seconds above 0")

    @property
    def name(self) -> str:
        """The ``source`` of the events that it sees, such as ``project-comments:104``."""
        return ":".join([self.kind, *self._target()])

    @property
    def place(self) -> str | None:
        """The place that it looks at, such as ``project:104``; ``None`` for none in particular."""
        kind = "project" if self.kind == "cloud" else self.kind.partition("-")[0]
        return ":".join([kind, *self._target()[:1]]) if self._target() else None

    def _target(self) -> list[str]:
        return []


@dataclass(frozen=True, kw_only=True)
class ListWatch(Watch):
    """A list of the site, whose new items a bot hears of.

    :param since: the time (aware) from which on the first look tells what is there already.
    :param backfill: how many items that are there already the first look tells; of comments,
        the replies to them come besides.
    """

    since: datetime | None = None
    backfill: int = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        check_since(self.since)
        if isinstance(self.backfill, bool) or not isinstance(self.backfill, int):
            raise InputError(f"backfill={self.backfill!r}: give a number of items")
        if self.backfill < 0:
            raise InputError(f"backfill={self.backfill}: it cannot be below 0")
        if self.since is not None and self.backfill:
            raise InputError("since and backfill both say how far to go back: give one of them")


def check_since(since: datetime | None) -> None:
    """Do nothing if ``since`` is a time that the site's can be compared with.

    :raises InputError: if it is not.
    """
    if since is not None and (not isinstance(since, datetime) or since.tzinfo is None):
        raise InputError(
            f"since={since!r}: give a datetime with a time zone, such as "
            "datetime(2026, 1, 31, tzinfo=UTC)"
        )


@dataclass(frozen=True)
class Messages(ListWatch):
    """The messages of the bot's own account."""

    kind = "messages"


@dataclass(frozen=True)
class Activity(ListWatch):
    """What the people do whom the bot's account follows ("What's happening?")."""

    kind = "activity"


@dataclass(frozen=True)
class _StudioWatch(ListWatch):
    studio_id: int

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "studio_id", check_id(self.studio_id))

    def _target(self) -> list[str]:
        return [str(self.studio_id)]


@dataclass(frozen=True)
class ProjectComments(ListWatch):
    """The comments of a project and the replies to them."""

    kind = "project-comments"
    project_id: int

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "project_id", check_id(self.project_id))

    def _target(self) -> list[str]:
        return [str(self.project_id)]


@dataclass(frozen=True)
class StudioComments(_StudioWatch):
    """The comments of a studio and the replies to them."""

    kind = "studio-comments"


@dataclass(frozen=True)
class ProfileComments(ListWatch):
    """The comments of a profile and the replies to them."""

    kind = "profile-comments"
    username: str

    def __post_init__(self) -> None:
        super().__post_init__()
        check_username(self.username)

    def _target(self) -> list[str]:
        return [self.username.lower()]


@dataclass(frozen=True)
class StudioActivity(_StudioWatch):
    """What happens in a studio: projects, curators, managers, its host, its settings."""

    kind = "studio-activity"


@dataclass(frozen=True)
class Cloud(Watch):
    """The cloud variables of a project.

    :param project_id: the project; servers other than Scratch's take any text for one, which
        should say whose it is.
    :param host: the cloud server: ``"scratch"``, ``"turbowarp"``, a host name (reached by ``wss``),
        or a ``ws://`` address.
    :param delivery: ``"all"`` tells every change, in order; ``"latest"`` only the newest value of
        each variable when the handlers have dealt with the one before, so that they are never
        behind.
    :param every: seconds from one check that the socket is alive to the next (20 by default).
    """

    kind = "cloud"
    project_id: int | str
    host: str = SCRATCH_CLOUD
    delivery: Delivery = "all"

    def __post_init__(self) -> None:
        super().__post_init__()
        check_choice("delivery", self.delivery, Delivery)
        host = find_host(self.host)
        object.__setattr__(self, "project_id", host.check_project(self.project_id))
        object.__setattr__(self, "host", host.address)

    def _target(self) -> list[str]:
        return [str(self.project_id), *([] if self.host == SCRATCH_CLOUD else [self.host])]
