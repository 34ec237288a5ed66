"""What a bot watches: plain descriptions, turned into sources when the bot runs."""

from dataclasses import dataclass
from typing import ClassVar

from scratchbot.checks import check_id, check_username
from scratchbot.errors import InputError
from scratchbot.wire.cloud import SCRATCH_CLOUD


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

    def _target(self) -> list[str]:
        return []


@dataclass(frozen=True)
class Messages(Watch):
    """The messages of the bot's own account."""

    kind = "messages"


@dataclass(frozen=True)
class Activity(Watch):
    """What the people do whom the bot's account follows ("What's happening?")."""

    kind = "activity"


@dataclass(frozen=True)
class _ProjectWatch(Watch):
    project_id: int

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "project_id", check_id(self.project_id))

    def _target(self) -> list[str]:
        return [str(self.project_id)]


@dataclass(frozen=True)
class _StudioWatch(Watch):
    studio_id: int

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "studio_id", check_id(self.studio_id))

    def _target(self) -> list[str]:
        return [str(self.studio_id)]


@dataclass(frozen=True)
class ProjectComments(_ProjectWatch):
    """The comments of a project and the replies to them."""

    kind = "project-comments"


@dataclass(frozen=True)
class StudioComments(_StudioWatch):
    """The comments of a studio and the replies to them."""

    kind = "studio-comments"


@dataclass(frozen=True)
class ProfileComments(Watch):
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
class Cloud(_ProjectWatch):
    """The cloud variables of a project.

    :param host: the cloud server: a host name (reached by ``wss``) or a ``ws://`` address.
    :param every: seconds from one check that the socket is alive to the next (20 by default).
    """

    kind = "cloud"
    host: str = SCRATCH_CLOUD

    def _target(self) -> list[str]:
        return [*super()._target(), *([] if self.host == SCRATCH_CLOUD else [self.host])]
