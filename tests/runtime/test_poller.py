import asyncio
from datetime import datetime
from random import Random
from typing import Any

from scratchbot.clock import SystemClock
from scratchbot.runtime.poller import Poller
from scratchbot.sources.source import Reading


class Silent:
    """A source that found nothing, and a place for its cursor that keeps nothing."""

    name = "test"

    async def read(self, cursor: str | None) -> Reading:
        return Reading([], "{}", "test: something may be missing")

    async def room(self, source: str) -> None:
        pass

    async def cursor(self, source: str) -> str | None:
        return "{}"

    async def looked(self, source: str, at: datetime) -> None:
        pass


async def poll_once(told: list[str]) -> None:
    silent: Any = Silent()
    poller = Poller(
        silent,
        1000.0,
        stale=None,
        told=told.append,
        looked=silent.looked,
        engine=silent,
        dispatcher=silent,
        clock=SystemClock(),
        jitter=Random(1),
    )
    task = asyncio.create_task(poller.run())
    await poller.tried.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def test_what_a_reading_may_have_missed_is_told() -> None:
    told: list[str] = []
    asyncio.run(poll_once(told))
    assert told == ["test: something may be missing"]
