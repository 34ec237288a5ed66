"""Letting go of what is over and old, without taking it for new when it is seen again."""

import json
import sqlite3
from collections.abc import Collection, Mapping
from datetime import datetime

from scratchbot.events import Event

CHUNK = 500

_OVER = """SELECT number, id, at FROM events
WHERE number > ? AND NOT EXISTS (
    SELECT 1 FROM runs WHERE runs.event = number AND state IN ('pending', 'failed'{})
) ORDER BY number LIMIT ?"""
_FLOORS = "SELECT series, at FROM floors WHERE series IN (SELECT value FROM json_each(?))"
_OVER_BUT_DEAD = _OVER.format(", 'dead'")
_OVER_OR_DEAD = _OVER.format("")


def trim(connection: sqlite3.Connection, before: datetime, most: int) -> int:
    """Delete up to a chunk of events that are over; return how many.

    Dead letters stay until they are among the events that are too many.
    """
    (newest,) = connection.execute("SELECT coalesce(max(number), 0) FROM events").fetchone()
    surplus = [
        row for row in connection.execute(_OVER_OR_DEAD, (0, CHUNK)) if row[0] <= newest - most
    ]
    old = [
        row
        for row in connection.execute(_OVER_BUT_DEAD, (0, CHUNK))
        if datetime.fromisoformat(row[2]) < before
    ]
    rows = {row[0]: row for row in (*surplus, *old)}
    for number, key, at in rows.values():
        _raise_floor(connection, series(key), at)
        connection.execute("DELETE FROM events WHERE number = ?", (number,))
    connection.execute("PRAGMA incremental_vacuum(1000)").fetchall()
    return len(rows)


def floors(connection: sqlite3.Connection, names: Collection[str]) -> dict[str, datetime]:
    """Return how old an event of each of these series must be to have been let go."""
    rows = connection.execute(_FLOORS, (json.dumps(list(names)),))
    return {name: datetime.fromisoformat(at) for name, at in rows}


def is_forgotten(floors: Mapping[str, datetime], event: Event) -> bool:
    """Tell whether an event may be one that was let go: as old as others of its series."""
    floor = floors.get(series(event.id))
    return floor is not None and event.at <= floor


def series(key: str) -> str:
    """Return what the ids of one list have in common, such as ``comment:project:104``."""
    return key.rpartition(":")[0]


def _raise_floor(connection: sqlite3.Connection, name: str, at: str) -> None:
    connection.execute(
        "INSERT INTO floors VALUES (?, ?) ON CONFLICT (series)"
        " DO UPDATE SET at = max(at, excluded.at)",
        (name, at),
    )
