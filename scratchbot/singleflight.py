"""One call for all who want it at the same time."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class SingleFlight(Generic[T]):
    """Calls a function once for all who ask while it runs, and gives its result or error to each.

    A call that has begun goes on when nobody waits for it any more.
    """

    def __init__(self, function: Callable[[], Awaitable[T]]) -> None:
        self._function = function
        self._flight: asyncio.Task[T] | None = None

    async def __call__(self) -> T:
        """Return the result of the call under way, or else of a new one."""
        if self._flight is None:
            self._flight = asyncio.create_task(self._call())
            self._flight.add_done_callback(self._land)
        return await asyncio.shield(self._flight)

    async def close(self) -> None:
        """Break off the call under way."""
        if self._flight is not None:
            self._flight.cancel()
            await asyncio.wait([self._flight])

    async def _call(self) -> T:
        return await self._function()

    def _land(self, flight: "asyncio.Task[T]") -> None:
        self._flight = None
        if not flight.cancelled():
            flight.exception()  # Nobody may be waiting for it any more, which is no error.
