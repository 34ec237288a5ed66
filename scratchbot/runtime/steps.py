"""What follows when the machine's clock is set, or the machine was asleep."""

from datetime import timedelta

import structlog

from scratchbot.clock import Clock
from scratchbot.engines.engine import Engine
from scratchbot.runtime.dispatcher import Dispatcher
from scratchbot.runtime.retries import LONGEST_PAUSE

LOOK_SECONDS = 5.0
STEP = 2.0
"""Seconds: what is less between two looks is no step."""

_log = structlog.get_logger("scratchbot")


async def heed_steps(engine: Engine, dispatcher: Dispatcher, clock: Clock) -> None:
    """Let no run wait for a time that was meant by another clock."""
    before = _ahead(clock)
    while True:
        await clock.sleep(LOOK_SECONDS)
        step = _ahead(clock) - before
        before += step
        if abs(step) < STEP:
            continue
        _log.warning("clock_stepped", seconds=round(step, 1))
        if step < 0:
            await forget_times(engine, clock)
        await dispatcher.ring_all()


async def forget_times(engine: Engine, clock: Clock) -> None:
    """Let what failed be tried within the longest pause, whatever the clock said when it failed."""
    await engine.bring_forward(clock.now() + timedelta(seconds=LONGEST_PAUSE))


def _ahead(clock: Clock) -> float:
    """Return what a step of the clock changes, and nothing else."""
    return clock.timestamp() - clock.monotonic()
