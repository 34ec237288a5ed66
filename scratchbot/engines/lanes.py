"""The runs of a store that wait, lane by lane."""

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime

from scratchbot.engines.engine import Lane, Run
from scratchbot.events import Event

_WAITS = "state IN ('pending', 'failed')"
_RUN = "SELECT runs.event, events.body, attempts, faults FROM runs JOIN events ON number = event"
_IN_LANE = f"handler = ? AND runs.source = ? AND {_WAITS}"
_DUE = f"{_RUN} WHERE {_IN_LANE} AND next_at > 0 AND next_at <= ? ORDER BY next_at, event LIMIT ?"
_AFTER = f"{_IN_LANE} AND next_at = 0 AND event > ?"
_NEXT = f"{_RUN} WHERE {_AFTER} ORDER BY event LIMIT ?"
_COUNT = f"SELECT count(*) FROM (SELECT 1 FROM runs WHERE {_AFTER} LIMIT ?)"  # noqa: S608
_TAKE = "UPDATE runs SET next_at = 0 WHERE event = ? AND handler = ?"


def waiting(connection: sqlite3.Connection) -> list[Lane]:
    """Return the lanes in which runs wait."""
    rows = connection.execute(f"SELECT DISTINCT handler, source FROM runs WHERE {_WAITS}")  # noqa: S608
    return [Lane(handler, source) for handler, source in rows]


def due(connection: sqlite3.Connection, lane: Lane, now: datetime, limit: int) -> list[Run]:
    """Return failed runs whose time has come."""
    rows = connection.execute(_DUE, (lane.handler, lane.source, now.timestamp(), limit))
    return [_run(lane.handler, *row) for row in rows]


def take(connection: sqlite3.Connection, runs: Sequence[Run]) -> None:
    """Let failed runs wait for no time any more."""
    connection.executemany(_TAKE, [(run.number, run.handler) for run in runs])


def after(connection: sqlite3.Connection, lane: Lane, number: int, limit: int) -> list[Run]:
    """Return the next runs of a lane that never failed, or were failed and taken again."""
    rows = connection.execute(_NEXT, (lane.handler, lane.source, number, limit))
    return [_run(lane.handler, *row) for row in rows]


def backlog(connection: sqlite3.Connection, lane: Lane, number: int, most: int) -> int:
    """Return how many runs of a lane come after a number, counting no further than to a limit."""
    row = connection.execute(_COUNT, (lane.handler, lane.source, number, most)).fetchone()
    count: int = row[0]
    return count


def next_due(connection: sqlite3.Connection, lane: Lane) -> datetime | None:
    """Return when the first failed run of a lane is to be tried again."""
    (first,) = connection.execute(
        f"SELECT min(next_at) FROM runs WHERE {_IN_LANE} AND next_at > 0",  # noqa: S608
        (lane.handler, lane.source),
    ).fetchone()
    return None if first is None else datetime.fromtimestamp(first, UTC)


def wake(connection: sqlite3.Connection, *, number: int, handler: str) -> bool:
    """Let a failed run wait for no time any more; tell whether it was one."""
    changed = connection.execute(
        "UPDATE runs SET next_at = 1 WHERE event = ? AND handler = ? AND state = 'failed'",
        (number, handler),
    ).rowcount
    return changed > 0


def bring_forward(connection: sqlite3.Connection, latest: datetime) -> None:
    """Let no failed run wait beyond a time."""
    connection.execute(
        f"UPDATE runs SET next_at = ? WHERE {_WAITS} AND next_at > ?",  # noqa: S608
        (latest.timestamp(), latest.timestamp()),
    )


def _run(handler: str, number: int, body: str, attempts: int, faults: int) -> Run:
    return Run(
        number=number,
        event=Event.from_json(body),
        handler=handler,
        attempts=attempts,
        faults=faults,
    )
