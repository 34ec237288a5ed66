"""A bot that runs inside a test."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from scratchbot.bot import Bot
from scratchbot.client import Client
from scratchbot.engines.engine import Outcome, Run
from scratchbot.engines.local import LocalEngine
from scratchbot.events import Event
from scratchbot.runtime.daemon import Daemon
from scratchbot.sandbox.world import CLOUD_SIGN
from scratchbot.settings import Credentials, Network, Settings
from scratchbot.wire.cloudhosts import SCRATCH_CLOUD
from scratchbot.wire.request import Act

if TYPE_CHECKING:
    from scratchbot.testing.scratch import Scratch

PATIENCE = 30.0
"""Seconds that anything here may take before the test fails."""


class RunningBot:
    """A bot that runs, and what it has come to so far."""

    def __init__(self, bot: Bot, scratch: "Scratch", login: Credentials) -> None:
        self._bot = bot
        self._scratch = scratch
        self._network = Network(endpoint=scratch.address, limits=False)
        self._client = Client(login, self._network, scratch.clock, Random(1))
        self._ready = asyncio.Event()
        self._open_clouds = 0
        self._steps = 0
        self._errors: list[str] = []

    @asynccontextmanager
    async def until_closed(
        self, store: Path | None, settings: Settings | None
    ) -> AsyncIterator[None]:
        """Run the bot, ready, until the block ends."""
        self._daemon = Daemon(
            self._bot,
            settings or Settings(network=self._network),
            engine=LocalEngine(store),
            client=self._client,
            clock=self._scratch.clock,
            jitter=Random(1),
            observer=self,
        )
        stop = asyncio.Event()
        self._task = asyncio.create_task(self._daemon.run(stop))
        try:
            await self._until_ready()
            yield
        finally:
            stop.set()
            await asyncio.wait_for(self._task, PATIENCE)
        self._check()

    async def _until_ready(self) -> None:
        ready = asyncio.create_task(self._ready.wait())
        await asyncio.wait(
            [ready, self._task], return_when=asyncio.FIRST_COMPLETED, timeout=PATIENCE
        )
        ready.cancel()
        if self._task.done():
            self._task.result()
        await self._until(lambda: self._open_clouds >= len(self._clouds()))

    async def settle(self) -> None:
        """Wait until there is nothing left to see or to do."""
        while True:
            before = self._steps
            await self._until(lambda: not self._scratch.clock.is_late)
            await self._until(self._knows_the_clouds)
            await self._daemon.settle()
            if self._steps == before:
                break
        self._check()

    def _check(self) -> None:
        errors, self._errors = self._errors, []
        if errors:
            raise AssertionError("; ".join(errors))

    def _clouds(self) -> list[Any]:
        watches = [watch for router in self._bot.routers for watch in router.watches]
        return list({watch.name: watch for watch in watches if watch.kind == "cloud"}.values())

    def _knows_the_clouds(self) -> bool:
        for watch in self._clouds():
            if watch.host != SCRATCH_CLOUD:  # where people of this Scratch do nothing
                continue
            known = self._client.socket(watch.project_id, watch.host).memory.values
            there = dict(self._scratch.world.projects[watch.project_id].cloud)
            if any(
                known.get(name.removeprefix(CLOUD_SIGN)) != value for name, value in there.items()
            ):
                return False
        return True

    async def _until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            if self._task.done():
                self._task.result()
            if time.monotonic() > deadline:
                raise AssertionError("the bot does not come to rest")
            await asyncio.sleep(0.005)

    def ready(self, sources: int, handlers: int) -> None:
        """Hear that the bot is ready."""
        self._ready.set()

    def arrived(self, event: Event) -> None:
        """Hear of a new event."""
        self._steps += 1
        self._open_clouds += event.name == "cloud.connect"

    def acted(self, run: Run, act: Act, *, rehearsed: bool) -> None:
        """Hear of an act."""
        self._steps += 1

    def finished(self, run: Run, outcome: Outcome) -> None:
        """Hear that a handler has ended; what passes by itself is no failure of a test."""
        self._steps += 1
        if outcome.fault or outcome.state == "dead":
            self._errors.append(f"handler {run.handler} failed: {outcome.error}")
