"""What every engine keeps, and the promises that it keeps it with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from scratchbot.events import Event


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """An event on its way into the engine.

    :param handlers: the names of the handlers that are to run for it.
    """

    event: Event
    handlers: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Run:
    """One handler's run for one event.

    :param number: the place of the event in the order of arrival.
    """

    number: int
    event: Event
    handler: str


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a run ended.

    :param error: what went wrong, in one line; ``None`` if nothing did.
    :param duration: seconds that the handler took.
    :param writes: what it wrote into its plugin's store.
    """

    error: str | None
    duration: float
    writes: Mapping[str, str | None]


@dataclass(frozen=True)
class Lane:
    """The runs of one handler for the events of one source, which keep their order."""

    handler: str
    source: str


class Engine(Protocol):
    """Keeps events, cursors, runs and stores.

    Each method is one transaction: when it returns, what it did outlives a crash.
    """

    async def open(self) -> None:
        """Make ready.

        :raises StoreError: if that is not possible.
        """

    async def close(self) -> None:
        """Let go of everything; what was promised is kept."""

    async def append(
        self, arrivals: Sequence[Arrival], source: str, cursor: str | None
    ) -> list[Event]:
        """Keep events with the runs that they call for and their source's new cursor, all or none.

        An event whose id is known changes nothing.

        :param cursor: JSON of the source's own; ``None`` leaves the one that is kept.
        :returns: the events that are new.
        """

    async def cursor(self, source: str) -> str | None:
        """Return a source's cursor."""

    async def lanes(self) -> list[Lane]:
        """Return the lanes in which runs wait."""

    async def waiting(self, lane: Lane, after: int, limit: int) -> list[Run]:
        """Return the next runs of a lane, in order of arrival, after the one with a number."""

    async def finish(self, run: Run, plugin: str, outcome: Outcome) -> None:
        """Record how a run ended, together with what it wrote into its plugin's store."""

    async def value(self, plugin: str, key: str) -> str | None:
        """Return what a plugin's store holds under a key."""
