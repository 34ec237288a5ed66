"""Showing runs as they end, while a bot works."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import get_args

from scratchbot.clock import Clock
from scratchbot.engines.engine import RunRecord, RunState, Selection
from scratchbot.engines.local import LocalEngine
from scratchbot.recording import read_store

LOOK_SECONDS = 0.5
MOST_WAITING = 500
"""Runs that wait when this begins, and whose ends are shown: the newest."""
_OPEN: tuple[RunState, ...] = ("pending", "failed")

Shown = dict[tuple[int, str], tuple[str, int]]
"""The state and the attempts with which each run that is not over was last seen."""


async def follow(
    engine: LocalEngine, selection: Selection, limit: int, clock: Clock
) -> AsyncIterator[RunRecord]:
    """Yield the newest runs, oldest first, and then each run whenever it comes to an end.

    :param limit: how many of those that are there already.
    """
    every = replace(selection, states=get_args(RunState))
    seen: Shown = {}
    last = await engine.newest_number()
    for record in reversed(await engine.history(selection, limit)):
        if record.run.number <= last:
            yield record
    for record in await engine.history(replace(selection, states=_OPEN), MOST_WAITING):
        _note(record, seen)
    while True:
        await clock.sleep(LOOK_SECONDS)
        if not await engine.changed_elsewhere():
            continue
        for record in await engine.of_events({number for number, _ in seen}):
            if _note(record, seen) and _is_selected(record, selection):
                yield record
        async for event in read_store(engine, every, after=last):
            last = event.number
            for record in event.runs:
                if _is_selected(record, selection):
                    yield record
                _note(record, seen)


def _is_selected(record: RunRecord, selection: Selection) -> bool:
    is_of_handler = selection.handler in (None, record.run.handler)
    return is_of_handler and record.state in selection.states


def _note(record: RunRecord, seen: Shown) -> bool:
    """Remember a run that is not over, and forget one that is; tell whether it has changed."""
    key, now = (record.run.number, record.run.handler), (record.state, record.run.attempts)
    before = seen.pop(key, now)
    if record.state in _OPEN:
        seen[key] = now
    return before != now
