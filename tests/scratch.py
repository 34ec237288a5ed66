"""A sandbox for tests, in a thread of its own, and waiting for conditions."""

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from scratchbot.sandbox import Sandbox, World, load_world

PATIENCE = 30.0


class Scratch:
    """A running sandbox; ``scratch.acts.love("alice", 104)`` acts in it from any thread."""

    def __init__(self, world: World | None = None, *, limits: bool = False) -> None:
        self.sandbox = Sandbox(world or load_world(), clock=time.time, limits=limits)
        self.world = self.sandbox.world
        self.acts = _Acts(self)
        started: Future[str] = Future()
        self._thread = threading.Thread(target=asyncio.run, args=[self._serve(started)])
        self._thread.start()
        self.address = started.result(PATIENCE)

    def do(self, work: Callable[[], Any]) -> Any:
        """Do something in the sandbox's own thread and return its result."""

        async def task() -> Any:
            return work()

        return asyncio.run_coroutine_threadsafe(task(), self._loop).result(PATIENCE)

    def close(self) -> None:
        """Stop serving."""
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    async def _serve(self, started: "Future[str]") -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        async with self.sandbox.serve() as address:
            started.set_result(address)
            await self._stop.wait()


class _Acts:
    def __init__(self, scratch: Scratch) -> None:
        self._scratch = scratch

    def __getattr__(self, name: str) -> Callable[..., Any]:
        act = getattr(self._scratch.sandbox.acts, name)
        return lambda *values, **named: self._scratch.do(lambda: act(*values, **named))


async def until(condition: Callable[[], object], what: str = "the condition") -> None:
    """Wait until a condition holds; fail if it does not within some seconds."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        await asyncio.sleep(0.01)
