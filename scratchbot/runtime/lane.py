"""Working off one lane."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from scratchbot.clock import Clock
from scratchbot.engines.engine import Engine, Lane, Run

RUNS_IN_MEMORY = 100


class LaneWorker:
    """Takes a lane's runs from the engine, piece by piece, and makes them in order.

    A run is open from when it is taken until how it ended is recorded; the next one does not wait
    for the recording.

    :param concurrency: how many runs are made at once.
    :param make: makes one run.
    :param rested: is called each time that the lane has nothing to do.
    """

    def __init__(
        self,
        lane: Lane,
        concurrency: int,
        *,
        engine: Engine,
        clock: Clock,
        make: Callable[[Run], Awaitable[None]],
        rested: Callable[[], None],
    ) -> None:
        self.is_busy = False
        self._lane = lane
        self._engine = engine
        self._clock = clock
        self._make = make
        self._rested = rested
        self._group = asyncio.TaskGroup()
        self._bell = asyncio.Event()
        self._ready: deque[Run] = deque()
        self._free = concurrency
        self._open: set[int] = set()
        self._wake_at = 0
        self._is_stopping = False

    def ring(self) -> None:
        """Say that there may be something to do."""
        self.is_busy = True
        self._bell.set()

    def stop(self) -> None:
        """Begin no new runs; those being made go on."""
        self._is_stopping = True
        self._bell.set()

    def closed(self, number: int, *, failed: bool) -> None:
        """Say that how a run ended is recorded.

        :param failed: whether it waits to be made again.
        """
        self._open.discard(number)
        if failed or len(self._open) <= self._wake_at:
            self._bell.set()

    async def work(self) -> None:
        """Work until told to stop.

        :raises StoreError: if the store fails.
        """
        async with self._group:
            while not self._is_stopping:
                self._bell.clear()
                wanted = RUNS_IN_MEMORY - len(self._open)
                runs = await self._engine.take(self._lane, self._clock.now(), wanted)
                # A person can retry what is being made; and what failed in an earlier life is read
                # again, as nothing after it was taken in this one.
                fresh = [run for run in runs if run.number not in self._open]
                self._open.update(run.number for run in fresh)
                self._ready.extend(fresh)
                self._begin()
                if len(fresh) == wanted:
                    await self._wait_below(RUNS_IN_MEMORY // 2)
                elif self._open:
                    await self._wait_below(0)
                else:
                    await self._rest()

    def _begin(self) -> None:
        for _ in range(min(self._free, len(self._ready))):
            self._free -= 1
            self._group.create_task(self._make_all(), name=f"lane {self._lane}")

    async def _make_all(self) -> None:
        while self._ready and not self._is_stopping:
            await self._make(self._ready.popleft())
        self._free += 1

    async def _rest(self) -> None:
        """Wait for the bell, or for the time of a failed run."""
        due = await self._engine.next_due(self._lane)
        if not self._bell.is_set():
            self.is_busy = False
            self._rested()
        await self._wait_until(due)
        self.is_busy = True

    async def _wait_below(self, most: int) -> None:
        """Wait until no more runs than that are open, or for the bell."""
        self._wake_at = most
        if len(self._open) > most:
            await self._bell.wait()

    async def _wait_until(self, due: datetime | None) -> None:
        waits: list[asyncio.Future[Any]] = [asyncio.ensure_future(self._bell.wait())]
        if due is not None:
            seconds = (due - self._clock.now()).total_seconds()
            if seconds <= 0:
                self._bell.set()
            waits.append(asyncio.ensure_future(self._clock.sleep(max(0.0, seconds))))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
