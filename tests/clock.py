"""Clocks that jump and that hurry."""

import asyncio
import heapq
import itertools
from datetime import UTC, datetime, timedelta

from scratchbot.clock import SystemClock


class FakeClock:
    """Time that passes only when a test says so."""

    def __init__(self, start: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> None:
        self._start = start
        self._passed = 0.0
        self._set = 0.0
        self._numbers = itertools.count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._passed + self._set)

    def timestamp(self) -> float:
        return self.now().timestamp()

    def monotonic(self) -> float:
        return self._passed

    async def sleep(self, seconds: float) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._passed + seconds, next(self._numbers), future))
        await future

    @property
    def sleepers(self) -> int:
        """How many wait."""
        return sum(not future.done() for _, _, future in self._sleepers)

    def set(self, seconds: float) -> None:
        """Set the time of day forward, or back; nobody sleeps shorter or longer for that."""
        self._set += seconds

    def sleep_through(self, seconds: float) -> None:
        """Let time pass as on a machine that is asleep: nobody wakes before it is over."""
        self._passed += seconds

    async def jump(self, seconds: float) -> None:
        """Let time pass, waking sleepers one after the other as their time comes."""
        goal = self._passed + seconds
        while self._sleepers and self._sleepers[0][0] <= goal:
            time, _, future = heapq.heappop(self._sleepers)
            self._passed = max(self._passed, time)
            if not future.done():
                future.set_result(None)
            for _ in range(20):
                await asyncio.sleep(0)
        self._passed = goal


class HurriedClock(SystemClock):
    """The machine's clock, by which waiting takes a hundredth of its time."""

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / 100)


class FastClock(SystemClock):
    """The machine's clock, by which a thousand seconds pass in one."""

    RATE = 1_000.0

    def __init__(self) -> None:
        self._start, self._began = super().now(), super().monotonic()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self.monotonic())

    def timestamp(self) -> float:
        return self.now().timestamp()

    def monotonic(self) -> float:
        return (super().monotonic() - self._began) * self.RATE

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self.RATE)
