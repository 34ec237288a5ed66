"""The events of a store, each with the runs that it calls for."""

import json
import sqlite3
from collections.abc import Sequence

from scratchbot.engines import retention, rows
from scratchbot.engines.engine import Arrival
from scratchbot.events import Event

_KNOWN = "SELECT id FROM events WHERE id IN (SELECT value FROM json_each(?))"
_LAST = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'events'"
_EVENTS = "INSERT INTO events (number, id, name, source, at, body) VALUES {rows}"
_RUNS = "INSERT INTO runs (event, handler, source, state) VALUES {rows}"


def insert(
    connection: sqlite3.Connection, arrivals: Sequence[Arrival]
) -> list[tuple[int, Arrival]]:
    """Insert events with their runs; return those that are new, each with its number."""
    fresh = _fresh(connection, arrivals)
    if not fresh:
        return []
    (last,) = connection.execute(_LAST).fetchone()
    numbered = list(enumerate(fresh, last + 1))
    events = [_event_row(number, each.event) for number, each in numbered]
    rows.execute(connection, _EVENTS, events)
    runs = [
        (number, handler, each.event.source, "stale" if each.stale else "pending")
        for number, each in numbered
        for handler in each.handlers
    ]
    rows.execute(connection, _RUNS, runs)
    return numbered


def _fresh(connection: sqlite3.Connection, arrivals: Sequence[Arrival]) -> list[Arrival]:
    """Return the arrivals whose events are neither known nor let go, each id once."""
    first = {each.event.id: each for each in reversed(arrivals)}
    for (known,) in connection.execute(_KNOWN, (json.dumps(list(first)),)).fetchall():
        del first[known]
    fresh = [*reversed(first.values())]
    floors = retention.floors(connection, {retention.series(each.event.id) for each in fresh})
    return [each for each in fresh if not retention.is_forgotten(floors, each.event)]


def _event_row(number: int, event: Event) -> tuple[object, ...]:
    return (number, event.id, event.name, event.source, event.at.isoformat(), event.to_json())
