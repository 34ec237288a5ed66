"""Time, passed in wherever it is needed so that tests can make it jump."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What time it is, and how to wait."""

    def now(self) -> datetime:
        """Return the time of day (aware, UTC)."""

    def timestamp(self) -> float:
        """Return the time of day in seconds since 1970, which is quicker."""

    def monotonic(self) -> float:
        """Return seconds that never step back."""

    async def sleep(self, seconds: float) -> None:
        """Wait."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the time of day (aware, UTC)."""
        return datetime.now(UTC)

    def timestamp(self) -> float:
        """Return the time of day in seconds since 1970."""
        return time.time()

    def monotonic(self) -> float:
        """Return seconds that never step back."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)
