"""A daemon in a process of its own, which dies at a moment that a test chooses."""

import asyncio
import logging
import os
import resource
import signal
import sqlite3
import sys
from collections.abc import Callable, Coroutine, Generator
from datetime import datetime
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random
from typing import Any

from scratchbot import AsyncScratchSession, Bot
from scratchbot.client import Client
from scratchbot.engines import connection, database
from scratchbot.engines.local import LocalEngine
from scratchbot.errors import StoreError
from scratchbot.events import CommentEvent
from scratchbot.logs import set_up_logs
from scratchbot.runtime.daemon import Daemon
from scratchbot.settings import Network, Settings
from scratchbot.watch import ProjectComments
from tests.clock import HurriedClock
from tests.processes import PROCESSES
from tests.running import LOGIN, Record
from tests.scratch import until

PROJECT = 104


class Death:
    """Counts the moments between which a process can die: steps of tasks, and commits.

    :param at: the moment at which to die; ``None`` only counts.
    :param cause: what then happens.
    """

    def __init__(self, at: int | None, cause: Callable[[], None]) -> None:
        self._at = at
        self._cause = cause
        self.is_armed = False
        self.moments = 0

    def pass_by(self) -> None:
        """Count a moment; die if it is the one."""
        if self.is_armed:
            self.moments += 1
            if self.moments == self._at:
                self._cause()

    def hear(self, statement: str) -> None:
        """Hear of a statement that begins; the first event about a comment arms it."""
        if statement.startswith("INSERT INTO events") and "comment:project" in statement:
            self.is_armed = True
        if statement == "COMMIT":
            self.pass_by()

    def watch(self, connect: Callable[..., sqlite3.Connection]) -> Callable[..., Any]:
        """Return a way to connect to a database whose statements are heard."""

        def watched(file: Path | None, *, alone: bool) -> sqlite3.Connection:
            connection = connect(file, alone=alone)
            connection.set_trace_callback(self.hear)
            return connection

        return watched

    def task(
        self, loop: asyncio.AbstractEventLoop, coroutine: Any, **options: Any
    ) -> "asyncio.Task[Any]":
        """Make a task each of whose steps is a moment."""
        return asyncio.Task(_Steps(coroutine, self), loop=loop, **options)


class _Steps(Coroutine[Any, Any, Any]):
    """A coroutine that tells of each step."""

    def __init__(self, coroutine: Coroutine[Any, Any, Any], death: Death) -> None:
        self._coroutine = coroutine
        self._death = death

    def send(self, value: Any) -> Any:
        self._death.pass_by()
        return self._coroutine.send(value)

    def throw(self, *error: Any) -> Any:
        self._death.pass_by()
        return self._coroutine.throw(*error)

    def close(self) -> None:
        self._coroutine.close()

    def __await__(self) -> Generator[Any, Any, Any]:
        return self._coroutine.__await__()


def be_killed() -> None:
    """Die at once."""
    os.kill(os.getpid(), signal.SIGKILL)


def fill_the_disk() -> None:
    """Let no file take a byte more."""
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, most))


def make_room() -> None:
    """Let files grow again."""
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


def start(
    address: str,
    store: Path,
    moments: Path,
    die_at: int | None,
    cause: Callable[[], None] = be_killed,
) -> BaseProcess:
    """Start a daemon that answers comments until nothing is left to answer, or until it dies."""
    process = PROCESSES.Process(target=_live, args=[address, store, moments, die_at, cause])
    process.start()
    return process


def start_for_good(address: str, store: Path) -> BaseProcess:
    """Start a daemon that answers comments until somebody kills it."""
    process = PROCESSES.Process(target=_live_on, args=[address, store], daemon=True)
    process.start()
    return process


def answering() -> Bot:
    """Return a bot that answers each comment, each time with other words."""
    bot = Bot("mortal")
    bot.watch(ProjectComments(PROJECT))

    @bot.on("comment")
    async def answer(event: CommentEvent, session: AsyncScratchSession) -> None:
        await session.reply(event, f"{event.content}, said {os.getpid()} at {datetime.now()}")  # noqa: DTZ005

    return bot


def _live(
    address: str, store: Path, moments: Path, die_at: int | None, cause: Callable[[], None]
) -> None:
    set_up_logs(logging.INFO)
    death = Death(die_at, cause)
    setattr(database, "connect", death.watch(connection.connect))  # noqa: B010
    end = ""
    try:
        asyncio.run(_answer(address, store, death))
    except StoreError as error:
        end = str(error)
    make_room()
    moments.write_text(end or str(death.moments))
    sys.exit(bool(end))


def _live_on(address: str, store: Path) -> None:
    set_up_logs(logging.CRITICAL)

    async def live() -> None:
        await _daemon(address, store, Record()).run(asyncio.Event())

    asyncio.run(live())


async def _answer(address: str, store: Path, death: Death) -> None:
    asyncio.get_running_loop().set_task_factory(death.task)
    record, stop = Record(), asyncio.Event()
    daemon = _daemon(address, store, record)
    running = asyncio.create_task(daemon.run(stop))
    await until(lambda: record.is_ready or running.done())
    settling = asyncio.create_task(daemon.settle())
    await asyncio.wait([settling, running], return_when=asyncio.FIRST_COMPLETED)
    settling.cancel()
    stop.set()
    await running


def _daemon(address: str, store: Path, record: Record) -> Daemon:
    network, clock = Network(endpoint=address, limits=False), HurriedClock()
    return Daemon(
        answering(),
        Settings(network=network),
        engine=LocalEngine(store),
        client=Client(LOGIN, network, clock, Random(1)),
        clock=clock,
        jitter=Random(1),
        observer=record,
    )
