"""A server that answers as a test wants, and a clock that does not wait."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from scratchbot.clock import SystemClock
from scratchbot.settings import Network

Answers = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class QuickClock(SystemClock):
    """Notes how long it should have slept."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


@asynccontextmanager
async def serving(answers: Answers) -> AsyncIterator[Network]:
    """Serve every request for every host with ``answers``; the value is the way there."""
    runner = web.ServerRunner(web.Server(answers))
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield Network(endpoint=f"http://127.0.0.1:{runner.addresses[0][1]}", limits=False)
    finally:
        await runner.cleanup()
