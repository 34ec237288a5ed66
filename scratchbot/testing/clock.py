"""A clock that runs like any other, and jumps when a test says so."""

import asyncio
import threading
import time
from datetime import UTC, datetime, timedelta

LOOK_SECONDS = 0.02


class JumpingClock:
    """The machine's clock and what was jumped over; it can be used from several threads."""

    def __init__(self) -> None:
        self._jumped = 0.0
        self._ends: dict[object, float] = {}
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """Return the time of day (aware, UTC)."""
        return datetime.now(UTC) + timedelta(seconds=self._jumped)

    def timestamp(self) -> float:
        """Return the time of day in seconds since 1970."""
        return time.time() + self._jumped

    def monotonic(self) -> float:
        """Return seconds that never step back."""
        return time.monotonic() + self._jumped

    async def sleep(self, seconds: float) -> None:
        """Wait, at most until a jump passes the end."""
        sleeper, end = object(), self.monotonic() + seconds
        self._ends[sleeper] = end
        try:
            await self._sleep_until(end)
        finally:
            del self._ends[sleeper]

    @property
    def is_late(self) -> bool:
        """Whether somebody sleeps whose time has come."""
        now = self.monotonic()
        return any(end <= now for end in list(self._ends.values()))

    async def _sleep_until(self, end: float) -> None:
        while (left := end - self.monotonic()) > 0:  # noqa: ASYNC110
            # A jump can come from another thread, whose loop is not this one: look again.
            await asyncio.sleep(min(left, LOOK_SECONDS))

    def jump(self, seconds: float) -> None:
        """Let time pass at once.

        :param seconds: how many, not below 0.
        """
        if seconds < 0:
            raise ValueError("time does not step back")
        with self._lock:
            self._jumped += seconds
