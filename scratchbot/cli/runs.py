"""Runs as lines of text; whatever strangers wrote in them does nothing to a terminal."""

import dataclasses
import json
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime

from scratchbot.engines.engine import ActKey, ActRecord, EventRecord, RunRecord, RunState
from scratchbot.events import Event
from scratchbot.terminal import printable

LONGEST_ERROR = 100
"""Characters of an error in a table."""

HEAD = ("STATE", "TIME (UTC)", "EVENT", "HANDLER", "ATTEMPTS", "ERROR")
STYLES = {"dead": "bold red", "failed": "red", "stale": "yellow", "done": "green", "dropped": "dim"}


def row(record: RunRecord) -> tuple[str, ...]:
    """Return the cells that show a run, as they stand under :data:`HEAD`."""
    event = record.run.event
    return (
        record.state,
        _time(event.at),
        event.id,
        record.run.handler,
        str(record.run.attempts),
        _outlook(record),
    )


def line(record: RunRecord) -> str:
    """Return one line that shows a run when it ends, with what a table would have room for."""
    return "  ".join(cell for cell in row(record) if cell)


def _outlook(record: RunRecord) -> str:
    error = record.error or ""
    if len(error) > LONGEST_ERROR:
        error = f"{error[:LONGEST_ERROR]}…"
    if record.next_at is None:
        return error
    return f"{error} (again at {_time(record.next_at)})"


def summary(counts: Mapping[RunState, int], states: Collection[RunState], shown: int) -> str:
    """Say how many runs are in each state, and whether the table shows them all."""
    if not counts:
        return f"No run is {' or '.join(states)}."
    total = sum(counts.values())
    parts = ", ".join(f"{counts[state]} {state}" for state in states if state in counts)
    rest = f"; the newest {shown} are shown, --limit shows more" if shown < total else ""
    return f"{number_of_runs(total)}: {parts}{rest}."


def number_of_runs(number: int) -> str:
    """Return such as ``3 runs``."""
    return f"{number} {'run' if number == 1 else 'runs'}"


def as_json(record: RunRecord) -> str:
    """Return a run as one line of JSON, in ASCII."""
    event, next_at = record.run.event, record.next_at
    text = json.dumps(
        {
            "state": record.state,
            "at": event.at.isoformat(),
            "event": event.id,
            "name": event.name,
            "handler": record.run.handler,
            "attempts": record.run.attempts,
            "error": record.error,
            "next_at": None if next_at is None else next_at.isoformat(),
        }
    )
    # The one control character that JSON leaves as it is.
    return text.replace("\x7f", "\\u007f")


def details(record: EventRecord) -> Iterator[str]:
    """Yield the lines that tell all about an event and its runs."""
    yield from _fields(record.event)
    for run in record.runs:
        yield ""
        yield from _run(run)
    if not record.runs:
        yield ""
        yield "No handler took it."


def _fields(event: Event) -> Iterator[str]:
    for field in dataclasses.fields(event):
        value = getattr(event, field.name)
        if value is not None:
            shown = _time(value) + " UTC" if isinstance(value, datetime) else str(value)
            yield printable(f"{field.name}: {shown}")


def _run(record: RunRecord) -> Iterator[str]:
    yield printable(f"{record.run.handler}: {record.state}, attempts: {record.run.attempts}")
    if record.next_at is not None:
        yield f"  again at {_time(record.next_at)} UTC"
    if record.error is not None:
        yield printable(f"  error: {record.error}")
    for key, act in record.acts:
        yield printable(f"  act {act.state}: {_act(key, act)}")
    for line in (record.traceback or "").splitlines():
        # The bar tells a line of the traceback from what only looks like one of ours.
        yield f"  | {printable(line)}"


def _act(key: ActKey, act: ActRecord) -> str:
    text = "" if act.text is None else f": {act.text}"
    made = "" if act.made is None else f" (made {act.made})"
    return f"{key.kind} {key.target} at {_time(act.at)} UTC{made}{text}"


def _time(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
