"""Recording how runs ended, many in one transaction."""

import asyncio
from collections.abc import Callable

from scratchbot.engines.engine import Ending, Engine


class Ledger:
    """Records endings in the order they come; those that come meanwhile go together.

    :param recorded: hears of each ending once it outlives a crash.
    """

    def __init__(self, engine: Engine, recorded: Callable[[Ending], None]) -> None:
        self._engine = engine
        self._recorded = recorded
        self._gathered: list[Ending] = []
        self._bell = asyncio.Event()
        self._settled = asyncio.Event()
        self._settled.set()
        self._is_closed = False

    def add(self, ending: Ending) -> None:
        """Record an ending soon; once the store has failed, nothing is recorded any more."""
        if not self._is_closed:
            self._gathered.append(ending)
            self._settled.clear()
            self._bell.set()

    async def settled(self) -> None:
        """Wait until all endings are recorded, or can never be."""
        await self._settled.wait()

    async def work(self) -> None:
        """Record what comes.

        :raises StoreError: if the store fails.
        """
        try:
            while True:
                await self._bell.wait()
                self._bell.clear()
                await self._write()
        finally:
            self._is_closed = True
            self._settled.set()

    async def _write(self) -> None:
        while self._gathered:
            endings, self._gathered = self._gathered, []
            await self._engine.finish(endings)
            for ending in endings:
                self._recorded(ending)
        self._settled.set()
