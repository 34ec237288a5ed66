"""A clock that is fast, and the same in all processes."""

import asyncio
import time
from datetime import UTC, datetime


class FastClock:
    """The machine's clock, faster since a moment.

    :param began: the moment, in seconds since 1970.
    :param speed: how many of its seconds pass in one.
    """

    def __init__(self, began: float, speed: float) -> None:
        self.began = began
        self.speed = speed

    def timestamp(self) -> float:
        """Return seconds since 1970."""
        return self.began + (time.time() - self.began) * self.speed

    def now(self) -> datetime:
        """Return the time of day (aware, UTC)."""
        return datetime.fromtimestamp(self.timestamp(), UTC)

    def monotonic(self) -> float:
        """Return seconds that never step back."""
        return time.monotonic() * self.speed

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds / self.speed)
