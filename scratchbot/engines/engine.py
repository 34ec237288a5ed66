"""What every engine keeps, and the promises that it keeps it with."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple, Protocol, get_args

from scratchbot.events import Event

RunState = Literal["pending", "failed", "done", "dead", "stale", "dropped"]
"""``pending`` was never tried to its end, ``failed`` will be tried again, ``dead`` will not;
``stale`` was too old to act on, ``dropped`` was given up by a person."""

ActState = Literal["intended", "done", "parked"]
"""``intended`` may or may not have reached the site, ``parked`` waits for a person."""


class Arrival(NamedTuple):
    """An event on its way into the engine.

    :param handlers: the names of the handlers that are to run for it.
    :param stale: whether it is too old to act on: then its runs are recorded, but do not happen.
    """

    event: Event
    handlers: tuple[str, ...]
    stale: bool = False


class Run(NamedTuple):
    """One handler's run for one event.

    :param number: the place of the event in the order of arrival.
    :param attempts: how often it was tried already.
    :param faults: how many of those failed by the handler's own fault.
    """

    number: int
    event: Event
    handler: str
    attempts: int = 0
    faults: int = 0


class Outcome(NamedTuple):
    """How an attempt at a run ended.

    :param error: what went wrong, in one line; ``None`` if nothing did.
    :param traceback: where it went wrong.
    :param duration: seconds that the handler took.
    :param writes: what it wrote into its plugin's store; nothing unless it is done.
    :param fault: whether the handler itself is to blame, which ends its patience sooner.
    :param next_at: when it is tried again; ``None`` with an error means never: it is dead.
    :param is_waiting: whether it only waits for something, and will go on when that comes.
    """

    duration: float
    writes: Mapping[str, str | None]
    error: str | None = None
    traceback: str | None = None
    fault: bool = False
    next_at: datetime | None = None
    is_waiting: bool = False

    @property
    def state(self) -> RunState:
        """What the run is now."""
        if self.error is None:
            return "done"
        return "dead" if self.next_at is None else "failed"


NOTES = ":notes"
"""The store that is no plugin's: what the bot itself remembers."""


class Ending(NamedTuple):
    """How an attempt at a run ended, and what is recorded together with that.

    :param plugin: whose store the run wrote into.
    :param report: an event that tells of it.
    :param notes: what of it goes into :data:`NOTES`; ``None`` stands for a deletion.
    """

    run: Run
    plugin: str
    outcome: Outcome
    report: Arrival | None = None
    notes: Mapping[str, str | None] = {}


class Lane(NamedTuple):
    """The runs of one handler for the events of one source, which keep their order."""

    handler: str
    source: str


@dataclass(frozen=True, kw_only=True)
class ActKey:
    """Which act of a run: its text is no part of it, so that a run cannot say two things.

    :param number: the event's place in the order of arrival.
    :param count: which one it is of those of this kind with this target, from 0.
    """

    number: int
    handler: str
    kind: str
    target: str
    count: int


@dataclass(frozen=True, kw_only=True)
class ActRecord:
    """What is known of an act.

    :param at: when it was first to be sent.
    :param text: what was to be said, if something was.
    :param made: the site's id of what it made, if it made something.
    :param answer: the site's answer, as whoever recorded it wrote it down.
    """

    state: ActState
    at: datetime
    text: str | None = None
    made: str | None = None
    answer: str | None = None


@dataclass(frozen=True, kw_only=True)
class RunRecord:
    """All that is kept of a run, to be shown to people."""

    run: Run
    state: RunState
    error: str | None
    traceback: str | None
    duration: float | None
    next_at: datetime | None
    acts: tuple[tuple[ActKey, ActRecord], ...]


@dataclass(frozen=True, kw_only=True)
class EventRecord:
    """All that is kept of an event, to be shown to people or to be played again.

    :param number: its place in the order of arrival.
    """

    number: int
    event: Event
    runs: tuple[RunRecord, ...]


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Which runs somebody wants to see.

    :param states: those in one of these states.
    :param name: those for events of this name, or whose names begin with it: ``*`` is any.
    :param handler: those of this handler; ``None`` is any.
    :param since: those for events that happened then or later.
    """

    states: Collection[RunState] = get_args(RunState)
    name: str = "*"
    handler: str | None = None
    since: datetime | None = None


class Engine(Protocol):
    """Keeps events, runs, acts, cursors and stores.

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

        An event whose id is known, or was and has been let go, changes nothing.

        :param cursor: JSON of the source's own; ``None`` leaves the one that is kept.
        :returns: the events that are new.
        """

    async def cursor(self, source: str) -> str | None:
        """Return a source's cursor."""

    async def lanes(self) -> list[Lane]:
        """Return the lanes in which runs wait."""

    async def changed_elsewhere(self) -> bool:
        """Tell whether another program has changed the store since this was last asked."""

    async def take(self, lane: Lane, now: datetime, limit: int) -> list[Run]:
        """Return the next runs of a lane: failed ones whose time has come, then in order.

        What was taken is not returned again, unless its end is recorded as a failure, or the
        engine is opened anew.
        """

    async def backlog(self, lane: Lane, most: int) -> int:
        """Return how many runs of a lane wait to be taken for the first time.

        :param most: where to stop counting.
        """

    async def next_due(self, lane: Lane) -> datetime | None:
        """Return when the first failed run of a lane is to be tried again."""

    async def wake(self, number: int, handler: str) -> bool:
        """Let a failed run be tried again at once; tell whether it was one."""

    async def bring_forward(self, latest: datetime) -> None:
        """Let no failed run wait beyond a time: that at which it was to be tried may be wrong."""

    async def finish(self, endings: Sequence[Ending]) -> None:
        """Record how attempts ended, together with what they wrote and what tells of them."""

    async def value(self, plugin: str, key: str) -> str | None:
        """Return what a plugin's store holds under a key."""

    async def values(self, plugin: str) -> dict[str, str]:
        """Return all that a plugin's store holds, by key."""

    async def keep(self, plugin: str, key: str, value: str | None) -> None:
        """Keep something in a plugin's store at once; ``None`` forgets it."""

    async def intend(self, key: ActKey, at: datetime, text: str | None) -> ActRecord | None:
        """Record that an act is about to be sent.

        :returns: what is recorded of it already, which is left as it is; ``None`` if nothing was.
        """

    async def conclude(self, key: ActKey, made: str | None, answer: str) -> None:
        """Record that an act was done."""

    async def withdraw(self, key: ActKey) -> None:
        """Forget an act that was intended and certainly not done."""

    async def park(self, key: ActKey) -> None:
        """Leave an act whose outcome nobody can know to a person."""

    async def taken(self, made: Collection[str]) -> set[str]:
        """Return which of these ids are the result of an act that is recorded as done."""

    async def acts_since(self, since: datetime) -> list[tuple[Event, ActKey, ActRecord]]:
        """Return the acts that were done since a time, oldest first, each with its run's event."""

    async def has_acted(self, target: str) -> bool:
        """Tell whether an act on a target is recorded as done."""

    async def trim(self, before: datetime, most: int) -> int:
        """Let go of a piece of what is over and old; return how many events went.

        :param before: events that happened earlier may go.
        :param most: how many events may stay, whatever their age.
        """
