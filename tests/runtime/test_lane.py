"""How a lane makes the runs that it takes."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest

from scratchbot.clock import SystemClock
from scratchbot.engines.engine import Lane, Run
from scratchbot.runtime.lane import LaneWorker
from tests.engines.test_local import event
from tests.scratch import until

RUN = Run(number=1, event=event(1), handler="h")


class Insistent:
    """An engine that gives the same run each time."""

    def __init__(self) -> None:
        self.times = 0

    async def take(self, lane: Lane, now: datetime, limit: int) -> Sequence[Run]:
        self.times += 1
        return [RUN]


@pytest.mark.asyncio
async def test_a_run_that_is_being_made_is_not_made_a_second_time_beside() -> None:
    engine: Any = Insistent()
    made, gate = list[Run](), asyncio.Event()

    async def make(run: Run) -> None:
        made.append(run)
        await gate.wait()

    worker = LaneWorker(
        Lane("h", "s"), 2, engine=engine, clock=SystemClock(), make=make, rested=lambda: None
    )
    working = asyncio.create_task(worker.work())
    await until(lambda: made)
    worker.ring()
    await until(lambda: engine.times == 2)
    assert made == [RUN]
    worker.closed(1, failed=True)
    await until(lambda: len(made) == 2)
    gate.set()
    worker.stop()
    await working
