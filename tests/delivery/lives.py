"""A bot that lives in virtual time, dies without a word, and lives again on what it left."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextvars import ContextVar, copy_context
from pathlib import Path
from random import Random
from shutil import copyfile
from typing import Any, TypeVar

from scratchbot import Bot
from scratchbot.client import Client
from scratchbot.runtime.daemon import Daemon
from scratchbot.runtime.observer import Observer
from scratchbot.settings import Settings
from tests.running import LOGIN
from tests.virtual import VirtualClock, VirtualDatabase, VirtualEngine

T = TypeVar("T")

STORE = ("", "-wal")
"""How the names of a store's files end."""
WEIGHTY: tuple[str, ...] = ("INSERT INTO events", "INSERT INTO acts", "UPDATE acts", "UPDATE runs")
"""How a statement begins whose commit is worth a death."""

TURNS = 3
"""So many turns of the loop the tasks of a dead bot get to take their first step: Python warns of
coroutines that never did. Nothing comes of it: whoever asks the store then waits for ever."""

_tasks_of_life: ContextVar["set[asyncio.Task[Any]] | None"] = ContextVar("life", default=None)


class MortalDatabase(VirtualDatabase):
    """A database whose program dies: then nothing more is done, and nobody hears of anything."""

    def __init__(self, file: Path) -> None:
        super().__init__(file)
        self.file = file
        self.reached = asyncio.Event()
        self._is_dead = False
        self._weighty = WEIGHTY
        self._is_weighty = False
        self._left = 0
        self._kills = False

    async def open(self) -> None:
        await super().open()
        self._connection.set_trace_callback(self._hear)

    async def do(self, task: Callable[[sqlite3.Connection], T]) -> T:
        await asyncio.sleep(0)
        await self._stop_if_dead()
        result = self.commit(task)
        self._count()
        await self._stop_if_dead()
        return result

    def doom(self, commits: int, *, heard: bool, weighty: tuple[str, ...] = WEIGHTY) -> None:
        """Set :attr:`reached` after so many more weighty commits.

        :param heard: whether whoever made the last of them hears that it is made; else the
            program dies there.
        """
        self._left, self._kills, self._weighty = commits, not heard, weighty

    def die(self) -> None:
        self._is_dead = True

    def _hear(self, statement: str) -> None:
        self._is_weighty = self._is_weighty or statement.startswith(self._weighty)

    def _count(self) -> None:
        counts, self._is_weighty = self._is_weighty, False
        if counts and self._left:
            self._left -= 1
            if not self._left:
                self._is_dead = self._kills
                self.reached.set()

    async def _stop_if_dead(self) -> None:
        if self._is_dead:
            await asyncio.Future()


class Life:
    """One life of a bot, on a store of its own.

    :param client: its way to the site; to a sandbox without one.
    """

    def __init__(
        self,
        bot: Bot,
        settings: Settings,
        store: Path,
        clock: VirtualClock,
        random: Random,
        observer: Observer,
        client: Client | None = None,
    ) -> None:
        self.engine = VirtualEngine(store)
        self.database = self.engine._database = MortalDatabase(store)
        self._client = client or Client(LOGIN, settings.network, clock, random)
        self._tasks: set[asyncio.Task[Any]] = set()
        daemon = Daemon(
            bot,
            settings,
            engine=self.engine,
            client=self._client,
            clock=clock,
            jitter=random,
            observer=observer,
        )
        self.main = self._begin(daemon)

    def _begin(self, daemon: Daemon) -> "asyncio.Task[None]":
        loop, context = asyncio.get_running_loop(), copy_context()
        loop.set_task_factory(_track)
        context.run(_tasks_of_life.set, self._tasks)
        return loop.create_task(daemon.run(asyncio.Event()), context=context)

    async def die(self, heir: Path) -> None:
        """Die here and now, and leave the store as a killed process does."""
        self.database.die()
        for ending in STORE:
            file = Path(f"{self.database.file}{ending}")
            if file.exists():
                copyfile(file, f"{heir}{ending}")
        for _ in range(TURNS):
            await asyncio.sleep(0)
        while self._tasks:
            for task in list(self._tasks):
                task.cancel()
            await asyncio.wait(self._tasks)
        await self._client.close()
        await self.engine.close()


def _track(loop: asyncio.AbstractEventLoop, coroutine: Any, **options: Any) -> "asyncio.Task[Any]":
    """Make a task, and note it in the life that makes it."""
    task: asyncio.Task[Any] = asyncio.Task(coroutine, loop=loop, **options)
    tasks = (options.get("context") or copy_context()).get(_tasks_of_life)
    if tasks is not None:
        tasks.add(task)
        task.add_done_callback(tasks.discard)
    return task
