"""The engine of one machine: an SQLite file."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from scratchbot.engines.database import Database
from scratchbot.engines.engine import Arrival, Lane, Outcome, Run
from scratchbot.events import Event

_SCHEMA = """
CREATE TABLE IF NOT EXISTS events (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    at TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS runs (
    event INTEGER NOT NULL REFERENCES events (number),
    handler TEXT NOT NULL,
    source TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'failed')),
    error TEXT,
    duration REAL,
    PRIMARY KEY (event, handler)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS runs_waiting ON runs (handler, source, event) WHERE state = 'waiting';
CREATE TABLE IF NOT EXISTS cursors (
    source TEXT PRIMARY KEY,
    body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS store (
    plugin TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (plugin, key)
) STRICT, WITHOUT ROWID;
"""


class LocalEngine:
    """The :class:`~scratchbot.engines.engine.Engine` that keeps everything in one SQLite file.

    :param file: the store, or ``None`` to keep everything in memory only.
    """

    def __init__(self, file: Path | None) -> None:
        self._database = Database(file)

    async def open(self) -> None:
        """Open the store."""
        await self._database.open(_SCHEMA)

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
            rows = connection.execute(
                "SELECT DISTINCT handler, source FROM runs WHERE state = 'waiting'"
            )
            return [Lane(handler, source) for handler, source in rows]

        return await self._database.do(task)

    async def waiting(self, lane: Lane, after: int, limit: int) -> list[Run]:
        """Return the next runs of a lane, in order of arrival."""

        def task(connection: sqlite3.Connection) -> list[Run]:
            rows = connection.execute(
                "SELECT runs.event, events.body FROM runs JOIN events ON events.number = runs.event"
                " WHERE runs.handler = ? AND runs.source = ? AND runs.state = 'waiting'"
                " AND runs.event > ? ORDER BY runs.event LIMIT ?",
                (lane.handler, lane.source, after, limit),
            )
            return [
                Run(number=number, event=Event.from_json(body), handler=lane.handler)
                for number, body in rows
            ]

        return await self._database.do(task)

    async def finish(self, run: Run, plugin: str, outcome: Outcome) -> None:
        """Record how a run ended, together with what it wrote."""
        state = "done" if outcome.error is None else "failed"

        def task(connection: sqlite3.Connection) -> None:
            connection.execute(
                "UPDATE runs SET state = ?, error = ?, duration = ?"
                " WHERE event = ? AND handler = ?",
                (state, outcome.error, outcome.duration, run.number, run.handler),
            )
            for key, value in outcome.writes.items():
                if value is None:
                    connection.execute(
                        "DELETE FROM store WHERE plugin = ? AND key = ?", (plugin, key)
                    )
                else:
                    connection.execute(
                        "INSERT OR REPLACE INTO store VALUES (?, ?, ?)", (plugin, key, value)
                    )

        await self._database.do(task)

    async def _one(self, query: str, *values: str) -> str | None:
        def task(connection: sqlite3.Connection) -> str | None:
            row = connection.execute(query, values).fetchone()
            return None if row is None else row[0]

        return await self._database.do(task)


def _insert(connection: sqlite3.Connection, arrival: Arrival) -> bool:
    """Insert an event with its runs; tell whether it is new."""
    event = arrival.event
    cursor = connection.execute(
        "INSERT INTO events (id, name, source, at, body) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO NOTHING",
        (event.id, event.name, event.source, event.at.isoformat(), event.to_json()),
    )
    if cursor.rowcount == 0:
        return False
    connection.executemany(
        "INSERT INTO runs (event, handler, source) VALUES (?, ?, ?)",
        [(cursor.lastrowid, handler, event.source) for handler in arrival.handlers],
    )
    return True
