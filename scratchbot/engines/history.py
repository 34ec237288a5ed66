"""What was done and what was not, for people to look at and to decide on."""

import sqlite3
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any, get_args

from scratchbot.engines import acts
from scratchbot.engines.engine import EventRecord, Run, RunRecord, RunState, Selection
from scratchbot.events import Event

_FROM = "FROM runs LEFT JOIN events ON number = event"
_SELECT = (
    "SELECT event, handler, body, attempts, faults, state, error, traceback, duration, next_at "
    f"{_FROM}"
)

_AT_ONCE = 1
"""A time that is over: the run is due, though others of its lane were taken after it."""


def newest(connection: sqlite3.Connection, *, selection: Selection, limit: int) -> list[RunRecord]:
    """Return the newest runs of a selection, newest first."""
    condition, values = _condition(selection)
    query = f"{_SELECT} WHERE {condition} ORDER BY event DESC, handler LIMIT ?"
    rows = connection.execute(query, (*values, limit)).fetchall()
    return [_record(connection, *row) for row in rows]


def count(connection: sqlite3.Connection, *, selection: Selection) -> dict[RunState, int]:
    """Return how many runs of a selection are in each state; one without any is left out."""
    condition, values = _condition(selection)
    query = f"SELECT state, count(*) {_FROM} WHERE {condition} GROUP BY state"
    return dict(connection.execute(query, values).fetchall())


def events_after(
    connection: sqlite3.Connection, *, number: int, selection: Selection, limit: int
) -> list[EventRecord]:
    """Return the events that arrived after one, oldest first, with all their runs.

    An event without runs is among them, unless a state or a handler is asked for.
    """
    condition, values = _event_condition(selection)
    query = (
        f"SELECT number, body FROM events WHERE number > ? AND {condition}"  # noqa: S608
        " ORDER BY number LIMIT ?"
    )
    rows = connection.execute(query, (number, *values, limit)).fetchall()
    return [_event(connection, *row) for row in rows]


def newest_number(connection: sqlite3.Connection) -> int:
    """Return the place of the newest event; 0 if there is none."""
    number: int = connection.execute("SELECT coalesce(max(number), 0) FROM events").fetchone()[0]
    return number


def of_events(connection: sqlite3.Connection, *, numbers: Collection[int]) -> list[RunRecord]:
    """Return the runs of events, by their places, oldest first."""
    return [run for number in sorted(numbers) for run in _runs(connection, number)]


def _runs(connection: sqlite3.Connection, number: int) -> list[RunRecord]:
    rows = connection.execute(f"{_SELECT} WHERE event = ? ORDER BY handler", (number,)).fetchall()
    return [_record(connection, *row) for row in rows]


def _condition(selection: Selection) -> tuple[str, list[object]]:
    """Return what selects runs, and its values."""
    marks = ", ".join("?" * len(selection.states))
    of_event, values = _name_and_time(selection)
    of_run: list[object] = [*selection.states]
    condition = f"state IN ({marks}) AND {of_event}"
    if selection.handler is None:
        return condition, of_run + values
    return f"{condition} AND handler = ?", [*of_run, *values, selection.handler]


def _event_condition(selection: Selection) -> tuple[str, list[object]]:
    """Return what selects events, and its values."""
    if selection.handler is None and len(selection.states) == len(get_args(RunState)):
        return _name_and_time(selection)
    condition, values = _condition(selection)
    return f"number IN (SELECT event {_FROM} WHERE {condition})", values


def _name_and_time(selection: Selection) -> tuple[str, list[object]]:
    conditions, values = ["1"], list[object]()
    if selection.name != "*":
        conditions.append("(name = ? OR substr(name, 1, length(?) + 1) = ? || '.')")
        values += [selection.name] * 3
    if selection.since is not None:
        conditions.append("at >= ?")
        values.append(selection.since.astimezone(UTC).isoformat())
    return " AND ".join(conditions), values


def of_event(connection: sqlite3.Connection, *, key: str) -> EventRecord | None:
    """Return the event with this id, with its runs; ``None`` if there is none."""
    row = connection.execute("SELECT number, body FROM events WHERE id = ?", (key,)).fetchone()
    return None if row is None else _event(connection, *row)


def _event(connection: sqlite3.Connection, number: int, body: str) -> EventRecord:
    runs = tuple(_runs(connection, number))
    return EventRecord(number=number, event=Event.from_json(body), runs=runs)


def retry(connection: sqlite3.Connection, *, number: int, handler: str) -> bool:
    """Let a run happen again, at once; an act of it that was parked is sent again.

    A run that a daemon has ended in the meantime is left alone.
    """
    changed = connection.execute(
        f"UPDATE runs SET state = 'pending', attempts = 0, faults = 0, next_at = {_AT_ONCE}"  # noqa: S608
        " WHERE event = ? AND handler = ? AND state IN ('dead', 'failed', 'stale')",
        (number, handler),
    ).rowcount
    if changed:
        connection.execute(
            "DELETE FROM acts WHERE event = ? AND handler = ? AND state = 'parked'",
            (number, handler),
        )
    return changed > 0


def drop(connection: sqlite3.Connection, *, number: int, handler: str) -> bool:
    """Give a run up, unless it is over."""
    changed = connection.execute(
        "UPDATE runs SET state = 'dropped', next_at = 0 WHERE event = ? AND handler = ?"
        " AND state IN ('dead', 'failed', 'stale', 'pending')",
        (number, handler),
    ).rowcount
    return changed > 0


def _record(connection: sqlite3.Connection, *row: Any) -> RunRecord:
    number, handler, body, attempts, faults, state, error, traceback, duration, next_at = row
    return RunRecord(
        run=Run(
            number=number,
            event=Event.from_json(body),
            handler=handler,
            attempts=attempts,
            faults=faults,
        ),
        state=state,
        error=error,
        traceback=traceback,
        duration=duration,
        next_at=datetime.fromtimestamp(next_at, UTC) if state == "failed" and next_at else None,
        acts=acts.of_run(connection, number, handler),
    )
