"""The engine of one machine: an SQLite file."""

import sqlite3
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from scratchbot.engines import acts, history, inbox, lanes, retention, rows
from scratchbot.engines.database import Database
from scratchbot.engines.engine import (
    NOTES,
    ActKey,
    ActRecord,
    Arrival,
    Ending,
    EventRecord,
    Lane,
    Run,
    RunRecord,
    RunState,
    Selection,
)
from scratchbot.engines.fresh import FreshRuns
from scratchbot.events import Event

_FINISH = """WITH ended (event, handler, state, fault, next_at, error, traceback, duration) AS
    (VALUES {rows})
UPDATE runs SET state = ended.state, attempts = attempts + 1, faults = faults + fault,
    next_at = ended.next_at, error = ended.error, traceback = ended.traceback,
    duration = ended.duration
FROM ended WHERE runs.event = ended.event AND runs.handler = ended.handler"""


class LocalEngine:
    """The :class:`~scratchbot.engines.engine.Engine` that keeps everything in one SQLite file.

    :param file: the store, or ``None`` to keep everything in memory only.
    :param alone: whether to be the only one that works the runs off; without, one can look at a
        store that a daemon uses.
    """

    def __init__(self, file: Path | None, *, alone: bool = True) -> None:
        self._database = Database(file, alone=alone)

    async def open(self) -> None:
        """Open the store."""
        await self._database.open()
        self._version = await self._database.do(_data_version)
        self._fresh = FreshRuns(await self._database.do(lanes.waiting))

    async def close(self) -> None:
        """Close the store."""
        await self._database.close()

    async def append(
        self, arrivals: Sequence[Arrival], source: str, cursor: str | None
    ) -> list[Event]:
        """Keep events, their runs and their source's cursor in one transaction."""

        def task(connection: sqlite3.Connection) -> list[tuple[int, Arrival]]:
            fresh = inbox.insert(connection, arrivals)
            if cursor is not None:
                connection.execute("INSERT OR REPLACE INTO cursors VALUES (?, ?)", (source, cursor))
            return fresh

        return self._hand_on(await self._database.do(task))

    async def cursor(self, source: str) -> str | None:
        """Return a source's cursor."""
        return await self._one("SELECT body FROM cursors WHERE source = ?", source)

    async def value(self, plugin: str, key: str) -> str | None:
        """Return what a plugin's store holds under a key."""
        return await self._one("SELECT value FROM store WHERE plugin = ? AND key = ?", plugin, key)

    async def values(self, plugin: str) -> dict[str, str]:
        """Return all that a plugin's store holds, by key."""
        query = "SELECT key, value FROM store WHERE plugin = ?"
        return await self._database.do(
            lambda connection: dict(connection.execute(query, (plugin,)).fetchall())
        )

    async def keep(self, plugin: str, key: str, value: str | None) -> None:
        """Keep something in a plugin's store at once."""
        await self._database.do(lambda connection: _write(connection, plugin, key, value))

    async def lanes(self) -> list[Lane]:
        """Return the lanes in which runs wait."""
        return await self._database.do(lanes.waiting)

    async def changed_elsewhere(self) -> bool:
        """Tell whether another program has changed the store since this was last asked."""
        before, self._version = self._version, await self._database.do(_data_version)
        if self._version == before:
            return False
        self._fresh.forget_all(await self.lanes())
        return True

    async def take(self, lane: Lane, now: datetime, limit: int) -> list[Run]:
        """Return the next runs of a lane: failed ones whose time has come, then in order."""

        def task(connection: sqlite3.Connection) -> list[Run]:
            due = lanes.due(connection, lane, now, limit)
            last = self._fresh.taken(lane)
            runs = lanes.after(connection, lane, last, limit - len(due))
            lanes.take(connection, due)
            last = runs[-1].number if runs else last
            is_all = len(due) + len(runs) < limit and lanes.next_due(connection, lane) is None
            self._fresh.read(lane, last, is_all=is_all)
            return due + runs

        if self._fresh.follows(lane):
            return self._fresh.take(lane, limit)
        return await self._database.do(task)

    async def backlog(self, lane: Lane, most: int) -> int:
        """Return how many runs of a lane wait to be taken for the first time."""
        if self._fresh.follows(lane):
            return min(most, self._fresh.count(lane))
        taken = self._fresh.taken(lane)
        return await self._database.do(partial(lanes.backlog, lane=lane, number=taken, most=most))

    async def next_due(self, lane: Lane) -> datetime | None:
        """Return when the first failed run of a lane is to be tried again."""
        if self._fresh.follows(lane):
            return None
        return await self._database.do(partial(lanes.next_due, lane=lane))

    async def wake(self, number: int, handler: str) -> bool:
        """Let a failed run be tried again at once; tell whether it was one."""
        return await self._database.do(partial(lanes.wake, number=number, handler=handler))

    async def bring_forward(self, latest: datetime) -> None:
        """Let no failed run wait beyond a time."""
        await self._database.do(partial(lanes.bring_forward, latest=latest))

    async def finish(self, endings: Sequence[Ending]) -> None:
        """Record how attempts ended, together with what they wrote and what tells of them."""

        def task(connection: sqlite3.Connection) -> list[tuple[int, Arrival]]:
            rows.execute(connection, _FINISH, [_finished(ending) for ending in endings])
            for ending in endings:
                for key, value in ending.outcome.writes.items():
                    _write(connection, ending.plugin, key, value)
                for key, value in ending.notes.items():
                    _write(connection, NOTES, key, value)
            return inbox.insert(connection, [each.report for each in endings if each.report])

        self._hand_on(await self._database.do(task))
        for ending in endings:
            if ending.outcome.state == "failed":
                self._fresh.forget(Lane(ending.run.handler, ending.run.event.source))

    async def intend(self, key: ActKey, at: datetime, text: str | None) -> ActRecord | None:
        """Record that an act is about to be sent, or return what is recorded of it."""
        return await self._database.do(lambda connection: acts.intend(connection, key, at, text))

    async def conclude(self, key: ActKey, made: str | None, answer: str) -> None:
        """Record that an act was done."""
        await self._database.do(lambda connection: acts.conclude(connection, key, made, answer))

    async def withdraw(self, key: ActKey) -> None:
        """Forget an act that was certainly not done."""
        await self._database.do(lambda connection: acts.withdraw(connection, key))

    async def park(self, key: ActKey) -> None:
        """Leave an act to a person."""
        await self._database.do(lambda connection: acts.park(connection, key))

    async def taken(self, made: Collection[str]) -> set[str]:
        """Return which of these ids a recorded act has made."""
        return await self._database.do(lambda connection: acts.taken(connection, made))

    async def acts_since(self, since: datetime) -> list[tuple[Event, ActKey, ActRecord]]:
        """Return the acts that were done since a time, each with its run's event."""
        return await self._database.do(partial(acts.since, at=since))

    async def has_acted(self, target: str) -> bool:
        """Tell whether an act on a target is recorded as done."""
        return await self._database.do(partial(acts.is_known, target=target))

    async def trim(self, before: datetime, most: int) -> int:
        """Let go of a piece of what is over and old."""
        return await self._database.do(lambda connection: retention.trim(connection, before, most))

    async def history(self, selection: Selection, limit: int) -> list[RunRecord]:
        """Return the newest runs of a selection, newest first."""
        return await self._database.do(partial(history.newest, selection=selection, limit=limit))

    async def count(self, selection: Selection) -> dict[RunState, int]:
        """Return how many runs of a selection are in each state."""
        return await self._database.do(partial(history.count, selection=selection))

    async def events_after(
        self, number: int, selection: Selection, limit: int
    ) -> list[EventRecord]:
        """Return the events that arrived after one, oldest first, with all their runs."""
        return await self._database.do(
            partial(history.events_after, number=number, selection=selection, limit=limit)
        )

    async def newest_number(self) -> int:
        """Return the place of the newest event; 0 if there is none."""
        return await self._database.do(history.newest_number)

    async def of_events(self, numbers: Collection[int]) -> list[RunRecord]:
        """Return the runs of events, by their places, oldest first."""
        return await self._database.do(partial(history.of_events, numbers=numbers))

    async def of_event(self, key: str) -> EventRecord | None:
        """Return the event with this id, with its runs; ``None`` if there is none."""
        return await self._database.do(partial(history.of_event, key=key))

    async def retry(self, number: int, handler: str) -> bool:
        """Let a dead, failed or stale run happen again; tell whether it was one."""
        was_one = await self._database.do(partial(history.retry, number=number, handler=handler))
        self._fresh.forget_all(await self.lanes())
        return was_one

    async def drop(self, number: int, handler: str) -> bool:
        """Give a run up that is not over; tell whether it was one."""
        was_one = await self._database.do(partial(history.drop, number=number, handler=handler))
        self._fresh.forget_all(await self.lanes())
        return was_one

    def _hand_on(self, fresh: list[tuple[int, Arrival]]) -> list[Event]:
        for number, arrival in fresh:
            if not arrival.stale:
                for handler in arrival.handlers:
                    self._fresh.add(Run(number=number, event=arrival.event, handler=handler))
        return [arrival.event for _, arrival in fresh]

    async def _one(self, query: str, *values: str) -> str | None:
        def task(connection: sqlite3.Connection) -> str | None:
            row = connection.execute(query, values).fetchone()
            return None if row is None else row[0]

        return await self._database.do(task)


def _data_version(connection: sqlite3.Connection) -> int:
    """Return a number that differs once another connection has committed, and only then."""
    version: int = connection.execute("PRAGMA data_version").fetchone()[0]
    return version


def _finished(ending: Ending) -> tuple[object, ...]:
    run, outcome = ending.run, ending.outcome
    return (
        run.number,
        run.handler,
        outcome.state,
        outcome.fault,
        0 if outcome.next_at is None else outcome.next_at.timestamp(),
        outcome.error,
        outcome.traceback,
        outcome.duration,
    )


def _write(connection: sqlite3.Connection, plugin: str, key: str, value: str | None) -> None:
    if value is None:
        connection.execute("DELETE FROM store WHERE plugin = ? AND key = ?", (plugin, key))
    else:
        connection.execute("INSERT OR REPLACE INTO store VALUES (?, ?, ?)", (plugin, key, value))
