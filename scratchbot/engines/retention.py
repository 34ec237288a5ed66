"""Letting go of what is over and old, without taking it for new when it is seen again."""

import sqlite3
from datetime import datetime

CHUNK = 500

_OVER = """SELECT number, id, at FROM events
WHERE number > ? AND NOT EXISTS (
    SELECT 1 FROM runs WHERE runs.event = number AND state IN ('pending', 'failed'{})
) ORDER BY number LIMIT ?"""
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


def is_forgotten(connection: sqlite3.Connection, key: str, at: datetime) -> bool:
    """Tell whether an event may be one that was let go: as old as others of its series."""
    row = connection.execute("SELECT at FROM floors WHERE series = ?", (series(key),)).fetchone()
    return row is not None and at <= datetime.fromisoformat(row[0])


def series(key: str) -> str:
    """Return what the ids of one list have in common, such as ``comment:project:104``."""
    return key.rpartition(":")[0]


def _raise_floor(connection: sqlite3.Connection, name: str, at: str) -> None:
    connection.execute(
        "INSERT INTO floors VALUES (?, ?) ON CONFLICT (series)"
        " DO UPDATE SET at = max(at, excluded.at)",
        (name, at),
    )
