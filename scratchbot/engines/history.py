"""What was done and what was not, for people to look at and to decide on."""

import sqlite3
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from scratchbot.engines import acts
from scratchbot.engines.engine import Run, RunRecord, RunState
from scratchbot.events import Event

_SELECT = (
    "SELECT event, handler, body, attempts, faults, state, error, traceback, duration, next_at"
    " FROM runs JOIN events ON number = event"
)

_AT_ONCE = 1
"""A time that is over: the run is due, though others of its lane were taken after it."""


def newest(
    connection: sqlite3.Connection, *, states: Collection[RunState], limit: int
) -> list[RunRecord]:
    """Return the newest runs that are in one of these states, newest first."""
    marks = ", ".join("?" * len(states))
    query = f"{_SELECT} WHERE state IN ({marks}) ORDER BY event DESC, handler LIMIT ?"
    rows = connection.execute(query, (*states, limit)).fetchall()
    return [_record(connection, *row) for row in rows]


def count(connection: sqlite3.Connection, *, states: Collection[RunState]) -> dict[RunState, int]:
    """Return how many runs are in each of these states; a state without any is left out."""
    marks = ", ".join("?" * len(states))
    query = f"SELECT state, count(*) FROM runs WHERE state IN ({marks}) GROUP BY state"  # noqa: S608
    return dict(connection.execute(query, tuple(states)).fetchall())


def of_event(connection: sqlite3.Connection, *, key: str) -> list[RunRecord]:
    """Return the runs of the event with this id."""
    rows = connection.execute(f"{_SELECT} WHERE id = ? ORDER BY handler", (key,)).fetchall()
    return [_record(connection, *row) for row in rows]


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
