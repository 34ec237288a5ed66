"""A week in the life of a bot, in virtual time: busy people, bad weather, and two deaths a day."""

import asyncio
import itertools
import json
import resource
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from scratchbot import AsyncScratchSession, Bot
from scratchbot.aio.store import AsyncStore
from scratchbot.engines.engine import Outcome, Run
from scratchbot.errors import SiteError
from scratchbot.events import CloudSetEvent, CommentEvent, Event
from scratchbot.settings import Keep, Network, Settings
from scratchbot.watch import (
    Activity,
    Cloud,
    Messages,
    ProfileComments,
    ProjectComments,
    StudioActivity,
    StudioComments,
)
from scratchbot.wire.request import Act
from tests.delivery.lives import STORE, Life
from tests.delivery.townsfolk import BOT, CLOUD_PROJECT, Townsfolk
from tests.virtual import VirtualScratch, virtual_scratch

HOUR = 3600.0
DAY = 24 * HOUR
DEATHS_A_DAY = 2
LONGEST_NIGHT = 20 * 60.0
MAINTENANCE = 180.0
REST = 2 * HOUR
"""What the bot has at the end, in calm weather, to do what is left."""
KEPT_DAYS = 1


@dataclass
class Report:
    """What came of it."""

    acts: int = 0
    events: int = 0
    runs: int = 0
    answers: int = 0
    deaths: int = 0
    false_starts: int = 0
    strikes: int = 0
    requests: int = 0
    lost: list[str] = field(default_factory=list)
    twice: int = 0
    seconds: float = 0.0
    peaks: list[int] = field(default_factory=list)
    """Bytes of memory, at most, at the end of each day."""
    sizes: list[int] = field(default_factory=list)
    """Bytes of the store at the end of each day."""


def busy_bot(every: float) -> Bot:
    """Return a bot with ten watches that answers comments and counts all else."""
    bot = Bot("busy")
    bot.watch(
        Messages(every=every),
        Activity(every=every),
        ProjectComments(104, every=every),
        ProjectComments(60917032, every=every),
        ProjectComments(700000001, every=every),
        StudioComments(26135902, every=every),
        StudioActivity(26135902, every=every),
        ProfileComments("griffpatch", every=4 * every),
        ProfileComments(BOT, every=4 * every),
        Cloud(CLOUD_PROJECT),
    )

    @bot.on("comment")
    async def answer(event: CommentEvent, session: AsyncScratchSession) -> None:
        await session.reply(event, f"answer to {event.comment_id}")

    @bot.on("message")
    async def count_message(event: Event, store: AsyncStore) -> None:
        await store.set("message", await store.get("message", 0) + 1)

    @bot.on("activity")
    async def count_activity(event: Event, store: AsyncStore) -> None:
        await store.set(event.source, await store.get(event.source, 0) + 1)

    @bot.on("cloud.set")
    async def follow_cloud(event: CloudSetEvent, store: AsyncStore) -> None:
        last, again = await store.get("cloud", [0, 0])
        await store.set("cloud", [int(event.value), again + (int(event.value) <= last)])

    return bot


def weather_of_a_day(random: Random) -> list[dict[str, Any]]:
    """Return a tenth of requests that fail, and worse now and then."""
    maintenance = random.uniform(0, DAY - MAINTENANCE)
    lists = {"method": "GET", "path": "*/comments"}
    return [
        {"maintenance": True, "start": maintenance, "end": maintenance + MAINTENANCE},
        {"status": 503, "share": 0.07},
        {"status": 500, "share": 0.03},
        {"latency": [0.05, 0.6]},
        {"timeout": True, "share": 0.002},
        {"reset": True, "share": 0.005},
        {"method": "POST", "path": "*comments*", "reset": True, "share": 0.1},
        {"truncate": True, "share": 0.005},
        {"log_out": True, "share": 0.001},
        {**lists, "stale": 20, "share": 0.05},
        {**lists, "reorder": True, "share": 0.05},
        {"path": "/users/*/messages", "stale": 20, "share": 0.05},
        {"path": "/users/*/messages", "reorder": True, "share": 0.05},
        {"host": "clouddata.*", "drop_after": 1800.0},
    ]


class Week:
    """The town, the bot's lives in it, and what is counted of both.

    :param acts: how many things happen.
    :param every: seconds between two looks of each watch.
    """

    def __init__(
        self, scratch: VirtualScratch, folder: Path, *, days: float, acts: int, every: float
    ) -> None:
        self._scratch = scratch
        self._folder = folder
        self._days = days
        self._acts = acts
        self._random = Random(1)
        self._bot = busy_bot(every)
        network = Network(endpoint=scratch.address)
        self._settings = Settings(network=network, keep=Keep(days=KEPT_DAYS))
        self._town = Townsfolk(scratch, Random(2))
        self._deaths = sorted(
            self._random.uniform(0, days * DAY) for _ in range(round(days * DEATHS_A_DAY))
        )
        self._is_ready = asyncio.Event()
        self.report = Report(acts=acts)

    def ready(self, sources: int, handlers: int) -> None:
        self._is_ready.set()

    def arrived(self, event: Event) -> None:
        self.report.events += 1

    def acted(self, run: Run, act: Act, *, rehearsed: bool) -> None:
        self.report.answers += 1

    def finished(self, run: Run, outcome: Outcome) -> None:
        self.report.runs += 1

    async def live(self) -> Report:
        """Live through it all, and tell what came of it."""
        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            others = [group.create_task(self._live_and_die())]
            await self._is_ready.wait()
            others += [group.create_task(one) for one in (self._blow(), self._keep_books())]
            await self._town.act(self._acts, self._days * DAY / self._acts)
            self._scratch.weather([])
            others.pop(1).cancel()
            await asyncio.sleep(REST)
            await self._close_books()
            for task in others:
                task.cancel()
        await self._life.die(self._store(-1))
        self.report.seconds = time.perf_counter() - began
        return self.report

    def _store(self, number: int) -> Path:
        return self._folder / f"life-{number}.db"

    async def _live_and_die(self) -> None:
        """Let the bot live until it is to die, and rise again after a while."""
        for number in itertools.count():
            self._is_ready.clear()
            self._life = Life(
                self._bot,
                self._settings,
                self._store(number),
                self._scratch.clock,
                self._random,
                self,
            )
            death = asyncio.create_task(self._death())
            await asyncio.wait([self._life.main, death], return_when=asyncio.FIRST_COMPLETED)
            self._count_end(self._life.main)
            death.cancel()
            await self._life.die(self._store(number + 1))
            await asyncio.sleep(self._random.uniform(0, LONGEST_NIGHT))

    async def _death(self) -> None:
        """Wait for the next death, which strikes where much is going on."""
        if not self._deaths:
            await asyncio.Event().wait()
        await asyncio.sleep(self._deaths[0] - self._scratch.clock.monotonic())
        is_heard, database = self._random.random() < 0.5, self._life.database
        database.doom(self._random.randint(1, 9), heard=is_heard)
        await database.reached.wait()
        for _ in range(self._random.randrange(50) if is_heard else 0):
            await asyncio.sleep(0)
        self._deaths.pop(0)

    def _count_end(self, main: "asyncio.Task[None]") -> None:
        """Count a death, or that the bot could not begin for want of a log-in."""
        if not main.done():
            self.report.deaths += 1
            return
        if self._is_ready.is_set() or not isinstance(main.exception(), SiteError):
            main.result()
        self.report.false_starts += 1

    async def _blow(self) -> None:
        """Let each day have weather of its own."""
        while True:
            self._scratch.weather(weather_of_a_day(self._random), self._random.randrange(10**9))
            await asyncio.sleep(DAY)

    async def _keep_books(self) -> None:
        for hour in itertools.count(1):
            await asyncio.sleep(HOUR)
            self._count_strikes()
            self._town.settle(self._life.database.file)
            self._town.forget()
            if hour % 24 == 0:
                self._measure()

    def _count_strikes(self) -> None:
        """Count what the weather did, but for making all a little slow."""
        record = self._scratch.sandbox.weather.record
        self.report.strikes += sum(row.get("effects", {}).keys() != {"delay"} for row in record)
        record.clear()

    async def _close_books(self) -> None:
        """Tell what is lost, and what was done twice."""
        report, town = self.report, self._town
        town.settle(self._life.database.file)
        town.check_rest()
        report.requests = next(self._scratch.sandbox.requests.numbers)
        report.lost, report.twice = [*town.open, *town.unanswered], town.twice
        for name, number in town.counts.items():
            counted = await self._value(name)
            report.twice += max(0, counted - number)
            report.lost += [name] * (number - counted)
        last, again = await self._value("cloud")
        report.twice += again
        report.lost += [f"cloud value {town.cloud}"] * (last != town.cloud)

    async def _value(self, key: str) -> Any:
        return json.loads(await self._life.engine.value(self._bot.name, key) or "0")

    def _measure(self) -> None:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        self.report.peaks.append(peak if sys.platform == "darwin" else peak * 1024)
        file = self._life.database.file
        parts = [Path(f"{file}{ending}") for ending in STORE]
        self.report.sizes.append(sum(part.stat().st_size for part in parts if part.exists()))


async def live_through(folder: Path, *, days: float, acts: int, every: float) -> Report:
    """Live through a time in a town of its own."""
    async with virtual_scratch() as scratch:
        return await Week(scratch, folder, days=days, acts=acts, every=every).live()
