"""A world in which nobody waits: time jumps to the next moment at which something is to happen."""

import asyncio
import selectors
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from scratchbot.clock import SystemClock
from scratchbot.engines.connection import connect
from scratchbot.engines.local import LocalEngine
from scratchbot.sandbox import Sandbox, load_world

T = TypeVar("T")

START = datetime(2026, 1, 1, tzinfo=UTC)


def run_virtually(main: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine on an event loop of its own, whose time is virtual."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop that jumps to its next timer when it has nothing else to do.

    All that waits by the loop jumps with it: sleeps, and the timeouts of connections. Both ends of
    a connection must run on it, and no other thread can be waited for: time would not stand still.
    """

    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)
        # After half a year there is no room for the usual nanosecond, and no timer would be due.
        self._clock_resolution = 1e-6

    def time(self) -> float:
        return self._jumping.now


class _JumpingSelector(selectors.DefaultSelector):
    now = 0.0

    def select(self, timeout: float | None = None) -> Any:
        ready = super().select(timeout if timeout is None else 0)
        if timeout is not None and not ready:
            self.now += timeout
        return ready


class VirtualClock(SystemClock):
    """The time of a :class:`VirtualLoop`, from the first of January 2026 on."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()

    def now(self) -> datetime:
        return START + timedelta(seconds=self._loop.time())

    def timestamp(self) -> float:
        return self.now().timestamp()

    def monotonic(self) -> float:
        return self._loop.time()


class VirtualEngine(LocalEngine):
    """A local engine without a thread."""

    def __init__(self, file: Path | None) -> None:
        super().__init__(file)
        self._database: Any = VirtualDatabase(file)


class VirtualDatabase:
    """Does what the engine's database does, on the spot, one piece of work at a time."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._close: Callable[[], None] = _do_nothing

    async def open(self) -> None:
        self._close()
        self._connection = connect(self._file)
        self._close = self._connection.close
        self._connection.execute("PRAGMA synchronous = OFF")  # no power fails in here

    async def close(self) -> None:
        self._close()

    async def do(self, task: Callable[[sqlite3.Connection], T]) -> T:
        await asyncio.sleep(0)
        return self.commit(task)

    def commit(self, task: Callable[[sqlite3.Connection], T]) -> T:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            result = task(self._connection)
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")
        return result


def _do_nothing() -> None: ...


class VirtualScratch:
    """A sandbox with the default world, on the loop of whoever asks it."""

    def __init__(self) -> None:
        self.address = ""
        self.clock = VirtualClock()
        self.sandbox = Sandbox(
            load_world(), clock=lambda: self.clock.now().timestamp(), limits=False
        )

    def weather(self, rules: Sequence[dict[str, Any]], seed: int = 1) -> None:
        """Let other weather begin."""
        self.sandbox.weather.read({"seed": seed, "rules": rules})


@asynccontextmanager
async def virtual_scratch() -> AsyncIterator[VirtualScratch]:
    """Serve a sandbox on this loop."""
    scratch = VirtualScratch()
    async with scratch.sandbox.serve() as scratch.address:
        yield scratch
