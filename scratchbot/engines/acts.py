"""The acts of a store: what was to be done on the site, and what came of it."""

import sqlite3
from collections.abc import Collection
from datetime import datetime

from scratchbot.engines.engine import ActKey, ActRecord
from scratchbot.events import Event

_WHERE = "event = ? AND handler = ? AND kind = ? AND target = ? AND count = ?"
_COLUMNS = "state, at, text, made, answer"


def intend(
    connection: sqlite3.Connection, key: ActKey, at: datetime, text: str | None
) -> ActRecord | None:
    """Insert an act; return the one that is there already, if one is."""
    row = connection.execute(f"SELECT {_COLUMNS} FROM acts WHERE {_WHERE}", _values(key))  # noqa: S608
    found = row.fetchone()
    if found is not None:
        return _record(*found)
    connection.execute(
        "INSERT INTO acts (event, handler, kind, target, count, state, at, text)"
        " VALUES (?, ?, ?, ?, ?, 'intended', ?, ?)",
        (*_values(key), at.isoformat(), text),
    )
    return None


def conclude(connection: sqlite3.Connection, key: ActKey, made: str | None, answer: str) -> None:
    """Mark an act as done."""
    connection.execute(
        f"UPDATE acts SET state = 'done', made = ?, answer = ? WHERE {_WHERE}",  # noqa: S608
        (made, answer, *_values(key)),
    )


def withdraw(connection: sqlite3.Connection, key: ActKey) -> None:
    """Delete an act."""
    connection.execute(f"DELETE FROM acts WHERE {_WHERE}", _values(key))  # noqa: S608


def park(connection: sqlite3.Connection, key: ActKey) -> None:
    """Mark an act as waiting for a person."""
    connection.execute(f"UPDATE acts SET state = 'parked' WHERE {_WHERE}", _values(key))  # noqa: S608


def taken(connection: sqlite3.Connection, made: Collection[str]) -> set[str]:
    """Return which of these ids an act that was done has made."""
    query = "SELECT 1 FROM acts WHERE made = ?"
    return {each for each in made if connection.execute(query, (each,)).fetchone() is not None}


def since(connection: sqlite3.Connection, *, at: datetime) -> list[tuple[Event, ActKey, ActRecord]]:
    """Return the acts that were done since a time, oldest first, each with its run's event."""
    found = connection.execute(
        "SELECT body, event, handler, kind, target, count, state, acts.at, text, made, answer"
        " FROM acts JOIN events ON number = event WHERE state = 'done' AND acts.at >= ?"
        " ORDER BY acts.at",
        (at.isoformat(),),
    )
    return [
        (
            Event.from_json(body),
            ActKey(number=number, handler=handler, kind=kind, target=target, count=count),
            _record(*rest),
        )
        for body, number, handler, kind, target, count, *rest in found
    ]


def is_known(connection: sqlite3.Connection, *, target: str) -> bool:
    """Tell whether an act on a target was done."""
    query = "SELECT 1 FROM acts WHERE target = ? AND state = 'done' LIMIT 1"
    return connection.execute(query, (target,)).fetchone() is not None


def of_run(
    connection: sqlite3.Connection, number: int, handler: str
) -> tuple[tuple[ActKey, ActRecord], ...]:
    """Return the acts of a run, in the order they were first to be sent."""
    rows = connection.execute(
        f"SELECT kind, target, count, {_COLUMNS} FROM acts"  # noqa: S608
        " WHERE event = ? AND handler = ? ORDER BY at",
        (number, handler),
    )
    return tuple(
        (
            ActKey(number=number, handler=handler, kind=kind, target=target, count=count),
            _record(*rest),
        )
        for kind, target, count, *rest in rows
    )


def _values(key: ActKey) -> tuple[int, str, str, str, int]:
    return (key.number, key.handler, key.kind, key.target, key.count)


def _record(
    state: str, at: str, text: str | None, made: str | None, answer: str | None
) -> ActRecord:
    return ActRecord(
        state=state,  # type: ignore[arg-type] # the table checks it
        at=datetime.fromisoformat(at),
        text=text,
        made=made,
        answer=answer,
    )
