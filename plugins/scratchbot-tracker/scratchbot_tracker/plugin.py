"""The plugin: looks every minute for what is due."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

from scratchbot.aio.session import AsyncScratchSession
from scratchbot.clock import Clock, SystemClock
from scratchbot.events import ScheduleEvent
from scratchbot.plugins import Plugin
from scratchbot_tracker.checking import Check
from scratchbot_tracker.database import Database
from scratchbot_tracker.settings import Settings, choose

CHECK_SECONDS = 60

LONGEST_CHECK = 1_800.0
"""Seconds: the site is read slowly, and what was read stays when a check is cut off."""


class Tracker(Plugin):
    """Counts users, projects and studios again and again, and reports once a day how they grew.

    It only reads the site, and asks for no permission.

    :param users: the names of users to count, besides those that the settings name.
    :param projects: the numbers of projects to count, besides those of the settings.
    :param studios: the numbers of studios to count, besides those of the settings.
    :param clock: tells when a count was read.
    :raises InputError: if a name or number can be none.
    """

    def __init__(
        self,
        *,
        users: Iterable[str] = (),
        projects: Iterable[int] = (),
        studios: Iterable[int] = (),
        name: str = "tracker",
        clock: Clock | None = None,
    ) -> None:
        super().__init__(name, Settings)
        self._things = choose(users, projects, studios)
        self._clock = clock or SystemClock()
        self.lifespan(self.open)
        self.every(seconds=CHECK_SECONDS, timeout=LONGEST_CHECK)(self.check)

    async def open(self, config: Settings) -> AsyncIterator[Database]:
        """Keep the database open while the bot runs."""
        database = await asyncio.to_thread(Database, Path(config.file))
        try:
            yield database
        finally:
            await asyncio.to_thread(database.close)

    async def check(
        self,
        event: ScheduleEvent,
        session: AsyncScratchSession,
        config: Settings,
        state: Database,
        log: Any,
    ) -> None:
        """Count what is due, and make the report if it is time."""
        check = Check(
            things=tuple(dict.fromkeys((*self._things, *config.things))),
            settings=config,
            session=session,
            database=state,
            log=log,
            # A clock that was set back since must not date counts before the ones that are there.
            now=lambda: max(event.at, self._clock.now()),
        )
        await check.count()
        await check.report()
