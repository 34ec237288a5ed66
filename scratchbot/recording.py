"""Events with what a bot did because of them, as lines of JSON that can be played again."""

import json
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import datetime
from typing import Any

from scratchbot.engines.engine import ActKey, ActRecord, EventRecord, Run, RunRecord, Selection
from scratchbot.engines.local import LocalEngine
from scratchbot.errors import InputError
from scratchbot.events import Event

PIECE = 500
"""Events that are read from a store at once."""


async def read_store(
    engine: LocalEngine, selection: Selection, after: int = 0
) -> AsyncIterator[EventRecord]:
    """Yield the events of a store with their runs, oldest first.

    :param after: the place of an event; those that arrived later are meant.
    """
    while found := await engine.events_after(after, selection, PIECE):
        for record in found:
            yield record
        after = found[-1].number


def write_line(record: EventRecord) -> str:
    """Return an event and its runs as one line of JSON, in ASCII."""
    line = {
        "number": record.number,
        "event": json.loads(record.event.to_json()),
        "runs": [_written(run) for run in record.runs],
    }
    # The one control character that JSON leaves as it is.
    return json.dumps(line).replace("\x7f", "\\u007f")


def read_lines(lines: Iterable[str], name: str) -> Iterator[EventRecord]:
    """Yield the events that :func:`write_line` has written.

    :param name: what errors call the file.
    :raises InputError: if a line is none of those.
    """
    for place, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield _read(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise InputError(
                f"line {place} of {name} is no recorded event: "
                "`scratchbot events export` writes such files"
            ) from None


def _written(record: RunRecord) -> dict[str, Any]:
    return {
        "handler": record.run.handler,
        "state": record.state,
        "attempts": record.run.attempts,
        "error": record.error,
        "acts": [
            {
                "kind": key.kind,
                "target": key.target,
                "count": key.count,
                "state": act.state,
                "at": act.at.isoformat(),
                "text": act.text,
                "made": act.made,
            }
            for key, act in record.acts
        ],
    }


def _read(line: dict[str, Any]) -> EventRecord:
    number, event = line["number"], Event.from_json(json.dumps(line["event"]))
    return EventRecord(
        number=number, event=event, runs=tuple(_run(number, event, run) for run in line["runs"])
    )


def _run(number: int, event: Event, run: dict[str, Any]) -> RunRecord:
    handler = _text(run["handler"])
    return RunRecord(
        run=Run(number=number, event=event, handler=handler, attempts=run["attempts"]),
        state=run["state"],
        error=run["error"],
        traceback=None,
        duration=None,
        next_at=None,
        acts=tuple(_act(number, handler, act) for act in run["acts"]),
    )


def _act(number: int, handler: str, act: dict[str, Any]) -> tuple[ActKey, ActRecord]:
    key = ActKey(
        number=number,
        handler=handler,
        kind=_text(act["kind"]),
        target=_text(act["target"]),
        count=act["count"],
    )
    record = ActRecord(
        state=act["state"],
        at=datetime.fromisoformat(act["at"]),
        text=None if act["text"] is None else _text(act["text"]),
        made=act["made"],
    )
    return key, record


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value
