"""Running a bot inside a test."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import Protocol

from scratchbot import Bot
from scratchbot.client import Client
from scratchbot.clock import Clock, SystemClock
from scratchbot.engines.engine import Outcome, Run
from scratchbot.engines.local import LocalEngine
from scratchbot.events import Event
from scratchbot.runtime.assembly import Assembly
from scratchbot.runtime.calls import noting_tasks
from scratchbot.runtime.daemon import Daemon
from scratchbot.runtime.dispatcher import Dispatcher
from scratchbot.runtime.observer import Observer
from scratchbot.settings import Credentials, Network, Settings
from scratchbot.wire.request import Act
from tests.scratch import PATIENCE, until

LOGIN = Credentials(username="demo-bot", password="beepboop")


class Served(Protocol):
    """A local Scratch that is reached by its address."""

    address: str


class Record:
    """What a running bot did, as an observer sees it."""

    def __init__(self) -> None:
        self.is_ready = False
        self.is_over = False
        self.events: list[Event] = []
        self.acts: list[tuple[str, Act, bool]] = []
        self.runs: list[tuple[Run, Outcome]] = []

    def ready(self, sources: int, handlers: int) -> None:
        self.is_ready = True

    def arrived(self, event: Event) -> None:
        self.events.append(event)

    def acted(self, run: Run, act: Act, *, rehearsed: bool) -> None:
        self.acts.append((run.handler, act, rehearsed))

    def finished(self, run: Run, outcome: Outcome) -> None:
        self.runs.append((run, outcome))

    def named(self, name: str) -> list[Event]:
        """Return the events of a name, or below it."""
        return [e for e in self.events if e.name == name or e.name.startswith(f"{name}.")]


@asynccontextmanager
async def dispatching(
    bot: Bot, observer: Observer, *, store: Path | None = None, clock: Clock | None = None
) -> AsyncIterator[Dispatcher]:
    """Run a bot's handlers, with nothing to watch and no site, until the block ends."""
    engine, clock, jitter = LocalEngine(store), clock or SystemClock(), Random(1)
    client = Client(Credentials(), Network(), clock, jitter)

    assembly = Assembly(
        bot,
        Settings(network=Network()),
        engine=engine,
        site=client,
        clock=clock,
        jitter=jitter,
        observer=observer,
        told=lambda _: None,
    )
    await engine.open()
    try:
        with noting_tasks(asyncio.get_running_loop()):
            await assembly.start()
            yield assembly.dispatcher
            await assembly.dispatcher.stop(PATIENCE)
    finally:
        await engine.close()
        await client.close()


@asynccontextmanager
async def running(
    bot: Bot,
    scratch: Served,
    *,
    store: Path | None = None,
    settings: Settings | None = None,
    login: Credentials = LOGIN,
    clock: Clock | None = None,
    engine: type[LocalEngine] = LocalEngine,
) -> AsyncIterator[Record]:
    """Run a bot in the sandbox, ready and with its cloud sockets open, until the block ends."""
    network = Network(endpoint=scratch.address, limits=False)
    record, jitter, stop = Record(), Random(1), asyncio.Event()
    clock = clock or SystemClock()
    daemon = Daemon(
        bot,
        settings or Settings(network=network),
        engine=engine(store),
        client=Client(login, network, clock, jitter),
        clock=clock,
        jitter=jitter,
        observer=record,
    )
    task = asyncio.create_task(daemon.run(stop))
    task.add_done_callback(lambda _: setattr(record, "is_over", True))
    clouds = sum(watch.kind == "cloud" for watch in bot.watches)

    def is_open() -> bool:
        return task.done() or (record.is_ready and len(record.named("cloud.connect")) >= clouds)

    try:
        await until(is_open, "the bot to be ready")
        yield record
    finally:
        stop.set()
        await asyncio.wait_for(task, PATIENCE)
