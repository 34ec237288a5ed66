"""The engine of one machine: an SQLite file."""

import sqlite3
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from scratchbot.engines import acts, history, retention
from scratchbot.engines.database import Database
from scratchbot.engines.engine import (
    ActKey,
    ActRecord,
    Arrival,
    Lane,
    Outcome,
    Run,
    RunRecord,
    RunState,
)
from scratchbot.events import Event

LONGEST_WAIT = 3600.0
"""Seconds: a failed run that seems to wait longer waits for a clock that was set back."""

_WAITS = "state IN ('pending', 'failed')"
_RUN = "SELECT runs.event, events.body, attempts, faults FROM runs JOIN events ON number = event"
_IN_LANE = f"handler = ? AND runs.source = ? AND {_WAITS}"
_DUE = (
    f"{_RUN} WHERE {_IN_LANE} AND next_at > 0 AND (next_at <= ? OR next_at > ?)"
    " ORDER BY next_at, event LIMIT ?"
)
_PENDING = f"{_RUN} WHERE {_IN_LANE} AND next_at = 0 ORDER BY event LIMIT ?"


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

    async def close(self) -> None:
        """Close the store."""
        await self._database.close()

    async def append(
        self, arrivals: Sequence[Arrival], source: str, cursor: str | None
    ) -> list[Event]:
        """Keep events, their runs and their source's cursor in one transaction."""

        def task(connection: sqlite3.Connection) -> list[Event]:
            fresh = [one.event for one in arrivals if _insert(connection, one)]
            if cursor is not None:
                connection.execute("INSERT OR REPLACE INTO cursors VALUES (?, ?)", (source, cursor))
            return fresh

        return await self._database.do(task)

    async def cursor(self, source: str) -> str | None:
        """Return a source's cursor."""
        return await self._one("SELECT body FROM cursors WHERE source = ?", source)

    async def value(self, plugin: str, key: str) -> str | None:
        """Return what a plugin's store holds under a key."""
        return await self._one("SELECT value FROM store WHERE plugin = ? AND key = ?", plugin, key)

    async def lanes(self) -> list[Lane]:
        """Return the lanes in which runs wait."""

        def task(connection: sqlite3.Connection) -> list[Lane]:
            rows = connection.execute(f"SELECT DISTINCT handler, source FROM runs WHERE {_WAITS}")  # noqa: S608
            return [Lane(handler, source) for handler, source in rows]

        return await self._database.do(task)

    async def changed_elsewhere(self) -> bool:
        """Tell whether another program has changed the store since this was last asked."""
        before, self._version = self._version, await self._database.do(_data_version)
        return self._version != before

    async def waiting(self, lane: Lane, now: datetime, limit: int) -> list[Run]:
        """Return the next runs of a lane: failed ones whose time has come, then in order."""

        def task(connection: sqlite3.Connection) -> list[Run]:
            where = (lane.handler, lane.source)
            due = (*where, now.timestamp(), now.timestamp() + LONGEST_WAIT, limit)
            rows = connection.execute(_DUE, due).fetchall()
            rows += connection.execute(_PENDING, (*where, limit - len(rows))).fetchall()
            return [_run(lane.handler, *row) for row in rows]

        return await self._database.do(task)

    async def next_due(self, lane: Lane) -> datetime | None:
        """Return when the first failed run of a lane is to be tried again."""

        def task(connection: sqlite3.Connection) -> datetime | None:
            (first,) = connection.execute(
                f"SELECT min(next_at) FROM runs WHERE {_IN_LANE} AND next_at > 0",  # noqa: S608
                (lane.handler, lane.source),
            ).fetchone()
            return None if first is None else datetime.fromtimestamp(first, UTC)

        return await self._database.do(task)

    async def finish(self, run: Run, plugin: str, outcome: Outcome) -> None:
        """Record how an attempt ended, together with what it wrote."""
        next_at = outcome.next_at.timestamp() if outcome.next_at is not None else 0

        def task(connection: sqlite3.Connection) -> None:
            connection.execute(
                "UPDATE runs SET state = ?, attempts = attempts + 1, faults = faults + ?,"
                " next_at = ?, error = ?, traceback = ?, duration = ?"
                " WHERE event = ? AND handler = ?",
                (
                    outcome.state,
                    outcome.fault,
                    next_at,
                    outcome.error,
                    outcome.traceback,
                    outcome.duration,
                    run.number,
                    run.handler,
                ),
            )
            for key, value in outcome.writes.items():
                _write(connection, plugin, key, value)

        await self._database.do(task)

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

    async def trim(self, before: datetime, most: int) -> int:
        """Let go of a piece of what is over and old."""
        return await self._database.do(lambda connection: retention.trim(connection, before, most))

    async def history(self, states: Collection[RunState], limit: int) -> list[RunRecord]:
        """Return the newest runs that are in one of these states, newest first."""
        return await self._database.do(partial(history.newest, states=states, limit=limit))

    async def count(self, states: Collection[RunState]) -> dict[RunState, int]:
        """Return how many runs are in each of these states."""
        return await self._database.do(partial(history.count, states=states))

    async def of_event(self, key: str) -> list[RunRecord]:
        """Return the runs of the event with this id."""
        return await self._database.do(partial(history.of_event, key=key))

    async def retry(self, number: int, handler: str) -> bool:
        """Let a dead, failed or stale run happen again; tell whether it was one."""
        return await self._database.do(partial(history.retry, number=number, handler=handler))

    async def drop(self, number: int, handler: str) -> bool:
        """Give a run up that is not over; tell whether it was one."""
        return await self._database.do(partial(history.drop, number=number, handler=handler))

    async def _one(self, query: str, *values: str) -> str | None:
        def task(connection: sqlite3.Connection) -> str | None:
            row = connection.execute(query, values).fetchone()
            return None if row is None else row[0]

        return await self._database.do(task)


def _data_version(connection: sqlite3.Connection) -> int:
    """Return a number that differs once another connection has committed, and only then."""
    version: int = connection.execute("PRAGMA data_version").fetchone()[0]
    return version


def _run(handler: str, number: int, body: str, attempts: int, faults: int) -> Run:
    return Run(
        number=number,
        event=Event.from_json(body),
        handler=handler,
        attempts=attempts,
        faults=faults,
    )


def _write(connection: sqlite3.Connection, plugin: str, key: str, value: str | None) -> None:
    if value is None:
        connection.execute("DELETE FROM store WHERE plugin = ? AND key = ?", (plugin, key))
    else:
        connection.execute("INSERT OR REPLACE INTO store VALUES (?, ?, ?)", (plugin, key, value))


def _insert(connection: sqlite3.Connection, arrival: Arrival) -> bool:
    """Insert an event with its runs; tell whether it is new."""
    event = arrival.event
    if retention.is_forgotten(connection, event.id, event.at):
        return False
    cursor = connection.execute(
        "INSERT INTO events (id, name, source, at, body) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO NOTHING",
        (event.id, event.name, event.source, event.at.isoformat(), event.to_json()),
    )
    if cursor.rowcount == 0:
        return False
    state = "stale" if arrival.stale else "pending"
    connection.executemany(
        "INSERT INTO runs (event, handler, source, state) VALUES (?, ?, ?, ?)",
        [(cursor.lastrowid, handler, event.source, state) for handler in arrival.handlers],
    )
    return True
