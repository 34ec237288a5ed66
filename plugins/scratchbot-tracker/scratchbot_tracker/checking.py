"""One look at what there is to do: counting what is due, and reporting."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from scratchbot.aio.session import AsyncScratchSession
from scratchbot.errors import LOST, SiteError, UnexpectedAnswerError
from scratchbot_tracker.database import Database, Slot
from scratchbot_tracker.reading import read
from scratchbot_tracker.report import make_report, report_end, write_report
from scratchbot_tracker.settings import Settings
from scratchbot_tracker.things import Thing

DAY = 86_400


@dataclass(frozen=True, kw_only=True)
class Check:
    """A look at what there is to do.

    :param things: what is counted.
    :param now: tells the time.
    """

    things: tuple[Thing, ...]
    settings: Settings
    session: AsyncScratchSession
    database: Database
    log: Any
    now: Callable[[], datetime]

    async def count(self) -> None:
        """Count all things that are due; what cannot be read now is tried again later."""
        for thing in self.things:
            at = self._seconds()
            slot = Slot.at(at, self.settings.every_minutes * 60)
            if not await asyncio.to_thread(self.database.is_due, thing, slot, at):
                continue
            try:
                await self._read(thing, slot)
            except LOST:
                raise
            except SiteError as error:
                await asyncio.to_thread(self.database.miss, thing, slot, self._seconds())
                self.log.warning("count_missed", thing=str(thing), error=type(error).__name__)

    async def _read(self, thing: Thing, slot: Slot) -> None:
        left = set(thing.metrics)
        async for reading in read(self.session, thing):
            await asyncio.to_thread(self.database.add, thing, reading, slot, self._seconds())
            left -= reading.counts.keys()
        if left:
            raise UnexpectedAnswerError(f"the site does not say {', '.join(sorted(left))}")

    async def report(self) -> None:
        """Make the latest report, if it is not made yet and there is something to tell."""
        end = report_end(self.now(), self.settings.report_hour)
        await asyncio.to_thread(self._report, end)

    def _report(self, end: int) -> None:
        database = self.database
        if database.is_reported(end):
            return
        report = make_report(database, self.things, end)
        if not report.growths:
            return
        folder = self.settings.report_folder
        try:
            if folder:
                write_report(report, database, Path(folder))
        except OSError as error:
            # Counting goes on meanwhile; the next check tries again.
            self.log.warning("report_unwritten", folder=folder, error=error.strerror)
            return
        self.log.info("report", day=report.day, text=report.line)
        database.reported(end)
        if self.settings.keep_days:
            database.forget(self._seconds() - self.settings.keep_days * DAY)

    def _seconds(self) -> int:
        return int(self.now().timestamp())
