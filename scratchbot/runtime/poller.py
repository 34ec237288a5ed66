"""Asking sources when it is time, and hearing those that speak by themselves."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from random import Random

import structlog

from scratchbot.clock import Clock
from scratchbot.engines.engine import Engine
from scratchbot.errors import LOST, NotFoundError, RateLimitedError, SiteError
from scratchbot.runtime.dispatcher import Dispatcher
from scratchbot.sources.source import HeardSource, PolledSource

LONGEST_PAUSE = 300.0

_log = structlog.get_logger("scratchbot")


class Poller:
    """Keeps one source read.

    :param interval: seconds from one look to the next.
    :param stale: seconds after which what is found is too old to act on.
    :param told: hears what a reading may have missed, and that a lost log-in keeps it from reading.
    :param looked: hears that all is delivered that a source had at a time.
    """

    def __init__(
        self,
        source: PolledSource,
        interval: float,
        *,
        stale: float | None,
        told: Callable[[str], None],
        looked: Callable[[str, datetime], Awaitable[None]],
        engine: Engine,
        dispatcher: Dispatcher,
        clock: Clock,
        jitter: Random,
    ) -> None:
        self.tried = asyncio.Event()
        self._hurry = asyncio.Event()
        self._looked = asyncio.Condition()
        self._begun = self._done = 0
        self._source = source
        self._interval = interval
        self._stale = stale
        self._told = told
        self._looked_at = looked
        self._engine = engine
        self._dispatcher = dispatcher
        self._clock = clock
        self._jitter = jitter

    async def run(self) -> None:
        """Look again and again; while the site refuses, ever more rarely.

        :raises NotFoundError: if what is watched was not there at the first look.
        """
        failures = 0
        while True:
            self._begun += 1
            self._hurry.clear()
            await self._dispatcher.room(self._source.name)
            try:
                await self._read()
                failures, pause = 0, self._interval
            except SiteError as error:
                if isinstance(error, NotFoundError) and await self._is_first():
                    raise
                failures += 1
                if failures == 1 and isinstance(error, LOST):
                    self._told(f"{self._source.name} cannot be read for now: {error}")
                pause = self._pause(failures, error)
                _log.warning("source_failed", source=self._source.name, error=str(error))
            self.tried.set()
            async with self._looked:
                self._done = self._begun
                self._looked.notify_all()
            await self._rest(pause * self._jitter.uniform(0.9, 1.1))

    async def look(self) -> None:
        """Look at once, and return when that is done."""
        number = self._begun + 1
        self._hurry.set()
        async with self._looked:
            await self._looked.wait_for(lambda: self._done >= number)

    async def _rest(self, seconds: float) -> None:
        waits = [
            asyncio.ensure_future(self._clock.sleep(seconds)),
            asyncio.ensure_future(self._hurry.wait()),
        ]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def _read(self) -> None:
        name, began = self._source.name, self._clock.now()
        cursor = await self._engine.cursor(name)
        reading = await self._source.read(cursor)
        if reading.events or reading.cursor != cursor:
            await self._dispatcher.deliver(reading.events, name, reading.cursor, stale=self._stale)
        await self._looked_at(name, began)
        if reading.trouble is not None:
            self._told(reading.trouble)

    async def _is_first(self) -> bool:
        """Tell whether the source was never read: then what it asks for is a mistake."""
        return await self._engine.cursor(self._source.name) is None

    def _pause(self, failures: int, error: SiteError) -> float:
        wanted = error.retry_after if isinstance(error, RateLimitedError) else None
        backoff: float = self._interval * 2 ** min(failures, 30)
        return max(wanted or 0, min(backoff, LONGEST_PAUSE))


class Hearer:
    """Keeps one source listened to.

    :param told: hears what may have been missed, and why nothing more will be heard.
    """

    def __init__(
        self,
        source: HeardSource,
        *,
        told: Callable[[str], None],
        engine: Engine,
        dispatcher: Dispatcher,
    ) -> None:
        self.rested = asyncio.Event()
        self.rested.set()
        self._source = source
        self._told = told
        self._engine = engine
        self._dispatcher = dispatcher

    async def run(self) -> None:
        """Listen, and store what is heard; a source that ends is no end of the bot."""
        name = self._source.name
        async for reading in self._source.listen(await self._engine.cursor(name)):
            self.rested.clear()
            await self._dispatcher.deliver(reading.events, name, reading.cursor)
            if reading.trouble is not None:
                self._told(reading.trouble)
            await self._make_room(name)
            self.rested.set()
        await asyncio.Event().wait()

    async def _make_room(self, name: str) -> None:
        """Wait until the handlers can do with more: with the latest, when they are through."""
        if self._source.delivery == "latest":
            await self._dispatcher.idle(name)
        else:
            await self._dispatcher.room(name)
