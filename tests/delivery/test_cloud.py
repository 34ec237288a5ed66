"""Sockets drop every few seconds, bots die: each cloud value arrives once, in order."""

import asyncio
import contextlib
import itertools
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest

from scratchbot import AsyncScratchSession, Bot
from scratchbot.aio.store import AsyncStore
from scratchbot.client import Client
from scratchbot.errors import SiteDownError
from scratchbot.events import CloudSetEvent
from scratchbot.sandbox.world import CLOUD_SIGN
from scratchbot.settings import Credentials, Network, Settings
from scratchbot.watch import Cloud
from tests.delivery.lives import Life
from tests.running import Record
from tests.virtual import VirtualScratch, run_virtually, virtual_scratch

PROJECT = 104
ACCOUNTS = {
    "alice": "wonderland",
    "bob": "builder",
    "scratchcat": "hunter2",
    "griffpatch": "realpassword",
    "Za-Chary": "za-chary",
}
VARIABLES = [f"of {name}" for name in ACCOUNTS]
SOCKETS = {"host": "clouddata.*", "path": "/"}
DROPS: list[dict[str, Any]] = [
    {**SOCKETS, "drop_after": 6.0, "share": 0.3},
    {**SOCKETS, "drop_after": 4.0, "close_code": 4000, "share": 0.4},
    {**SOCKETS, "half_open_after": 5.0, "share": 0.2},
    {**SOCKETS, "drop_after": 5.0, "close_code": 4003, "share": 0.2},
    {**SOCKETS, "drop_after": 3.0, "share": 0.8},
]
BROKEN_LOG = {"host": "clouddata.*", "path": "/logs", "status": 503}
SETS = 300
"""How many values each writer sets."""
SEEN = 40
"""How many each sets of those that are to be seen."""
REST = 600.0
DEATHS = 6

Row = tuple[str, str, str | None]
"""A variable, its value, and who set it."""


def listener() -> Bot:
    """Return a bot that writes down each value that it hears of, and who set it."""
    bot = Bot("listener")
    bot.watch(Cloud(PROJECT))

    @bot.on("cloud.set")
    async def hear(event: CloudSetEvent, store: AsyncStore) -> None:
        number = await store.get("count", 0)
        await store.set("count", number + 1)
        await store.set(str(number), [event.variable, event.value, event.user])

    return bot


async def heard(life: Life) -> list[Row]:
    """Return what a listener wrote down."""

    async def read(key: str) -> Any:
        return json.loads(await life.engine.value("listener", key) or "0")

    return [tuple(await read(str(number))) for number in range(await read("count"))]


def make_variables(scratch: VirtualScratch) -> None:
    for name in VARIABLES:
        scratch.sandbox.acts.set_cloud("scratchcat", PROJECT, CLOUD_SIGN + name, "0")


async def write_all(scratch: VirtualScratch) -> list[Row]:
    """Let five people set a variable each to one number after the other; return what they did."""
    done: list[Row] = []

    async def write(user: str, variable: str, random: Random) -> None:
        for number in range(1, SETS + 1):
            await asyncio.sleep(random.uniform(0, 2))
            scratch.sandbox.acts.set_cloud(user, PROJECT, CLOUD_SIGN + variable, str(number))
            done.append((variable, str(number), user))

    async with asyncio.TaskGroup() as group:
        for seed, (user, variable) in enumerate(zip(ACCOUNTS, VARIABLES, strict=True)):
            group.create_task(write(user, variable, Random(seed)))
    return done


class Lives:
    """The lives of a bot, one after the other, each on what the one before left."""

    def __init__(self, bot: Bot, scratch: VirtualScratch, folder: Path) -> None:
        self._bot = bot
        self._scratch = scratch
        self._folder = folder
        self._random = Random(1)
        self._numbers = itertools.count()
        self.begin()

    def begin(self) -> None:
        network = Network(endpoint=self._scratch.address)
        self._number = next(self._numbers)
        self.record = Record()
        self.life = Life(
            self._bot,
            Settings(network=network),
            self._store(self._number),
            self._scratch.clock,
            self._random,
            self.record,
        )

    def _store(self, number: int) -> Path:
        return self._folder / f"life-{number}.db"

    async def live_and_die(self, deaths: int) -> None:
        """Die so often, each time where something is written down, and live again."""
        for _ in range(deaths):
            await asyncio.sleep(self._random.uniform(5, 40))
            is_heard, database = self._random.random() < 0.5, self.life.database
            database.doom(self._random.randint(1, 9), heard=is_heard)
            await database.reached.wait()
            await self.end()
            await asyncio.sleep(self._random.uniform(0, 20))
            self.begin()

    async def end(self) -> None:
        await self.life.die(self._store(self._number + 1))


def test_of_five_writers_each_value_is_told_once_and_in_order_through_drops_and_deaths(
    tmp_path: Path,
) -> None:
    async def live() -> None:
        async with virtual_scratch() as scratch:
            make_variables(scratch)
            lives = Lives(listener(), scratch, tmp_path)
            await asyncio.sleep(10)
            scratch.weather(DROPS)
            async with asyncio.TaskGroup() as group:
                writing = group.create_task(write_all(scratch))
                group.create_task(lives.live_and_die(DEATHS))
            assert len(scratch.sandbox.weather.record) > 10, "hardly any drops"
            scratch.weather([])
            await asyncio.sleep(REST)
            told, done = await heard(lives.life), writing.result()
            await lives.end()
        assert [row[:2] for row in told] == [row[:2] for row in done]
        named = {row for row in told if row[2] is not None}
        assert named <= set(done)
        assert len(named) > len(done) / 4

    run_virtually(live())


def test_with_a_log_that_is_broken_for_a_while_nothing_is_told_twice_and_the_last_value_is_known(
    tmp_path: Path,
) -> None:
    async def live() -> None:
        async with virtual_scratch() as scratch:
            make_variables(scratch)
            scratch.weather([BROKEN_LOG, *DROPS])
            lives = Lives(listener(), scratch, tmp_path)
            await asyncio.sleep(10)
            async with asyncio.TaskGroup() as group:
                group.create_task(write_all(scratch))
                group.create_task(lives.live_and_die(DEATHS))
                await asyncio.sleep(SETS / 2)
                scratch.weather(DROPS)
            scratch.weather([])
            await asyncio.sleep(REST)
            told = await heard(lives.life)
            await lives.end()
        for variable in VARIABLES:
            numbers = [*map(int, values(told, variable))]
            assert all(one < other for one, other in itertools.pairwise(numbers))
            assert numbers[-1] == SETS
            assert len(numbers) > SETS / 2

    run_virtually(live())


@asynccontextmanager
async def session_of(
    scratch: VirtualScratch, user: str, random: Random
) -> AsyncIterator[AsyncScratchSession]:
    """Give a session that goes by virtual time."""
    login = Credentials(username=user, password=ACCOUNTS[user])
    client = Client(login, Network(endpoint=scratch.address), scratch.clock, random)
    await client.log_in()
    try:
        yield AsyncScratchSession.over(lambda: client)
    finally:
        await client.close()


def arrivals(scratch: VirtualScratch) -> list[Row]:
    """Return a list to which is added what the server takes."""
    taken: list[Row] = []

    def take(project: int, method: str, name: str, value: str | None, sender: object) -> None:
        if method == "set":
            taken.append((name.removeprefix(CLOUD_SIGN), value or "", None))

    scratch.sandbox.acts.cloud_listeners.append(take)
    return taken


def values(rows: Iterable[Row], variable: str) -> list[str]:
    """Return the values of one variable."""
    return [value for name, value, _ in rows if name == variable]


async def set_surely(
    session: AsyncScratchSession, variable: str, value: int, *, queue: bool = True
) -> None:
    """Set a variable until the log shows it; what may have arrived is looked for first."""
    is_sure = False
    while not is_sure:
        try:
            await session.set_cloud_variable(PROJECT, variable, value, queue=queue, seen=True)
            is_sure = True
        except SiteDownError as error:
            is_sure = error.arrived and await is_logged(session, variable, value)


async def is_logged(session: AsyncScratchSession, variable: str, value: int) -> bool:
    project = await session.get_project(PROJECT)
    logs = await project.get_cloud_logs(all=True)
    return any((row["name"], row["value"]) == (CLOUD_SIGN + variable, str(value)) for row in logs)


async def write_ours(
    scratch: VirtualScratch, write: Callable[[AsyncScratchSession, str, Random], Awaitable[None]]
) -> None:
    """Let five sessions of ours write side by side, each to a variable of its own."""

    async def begin(user: str, variable: str, random: Random) -> None:
        async with session_of(scratch, user, random) as session:
            await write(session, variable, random)

    async with asyncio.TaskGroup() as group:
        for seed, (user, variable) in enumerate(zip(ACCOUNTS, VARIABLES, strict=True)):
            group.create_task(begin(user, variable, Random(seed)))


@pytest.mark.parametrize("skew", [0.0, -20.0, 20.0])
def test_of_five_sessions_each_value_that_is_queued_arrives_once_and_in_order(skew: float) -> None:
    async def write(session: AsyncScratchSession, variable: str, random: Random) -> None:
        for number in range(SEEN):
            await asyncio.sleep(random.uniform(0, 2))
            await set_surely(session, variable, number)

    async def live() -> None:
        async with virtual_scratch() as scratch:
            make_variables(scratch)
            scratch.weather([*DROPS, {"clock_skew": skew}])
            taken = arrivals(scratch)
            await write_ours(scratch, write)
            assert len(scratch.sandbox.weather.record) > 10, "hardly any drops"
        for variable in VARIABLES:
            assert values(taken, variable) == [str(number) for number in range(SEEN)]

    run_virtually(live())


def test_of_five_sessions_values_that_are_merged_end_equal() -> None:
    async def write(session: AsyncScratchSession, variable: str, random: Random) -> None:
        async with asyncio.TaskGroup() as group:
            for number in range(SETS):
                group.create_task(forgive(session.set_cloud_variable(PROJECT, variable, number)))
                await asyncio.sleep(random.uniform(0, 0.2))
        await set_surely(session, variable, SETS, queue=False)

    async def forgive(setting: Coroutine[Any, Any, None]) -> None:
        with contextlib.suppress(SiteDownError):
            await setting

    async def live() -> None:
        async with virtual_scratch() as scratch:
            make_variables(scratch)
            scratch.weather(DROPS)
            taken = arrivals(scratch)
            await write_ours(scratch, write)
            held = scratch.sandbox.world.projects[PROJECT].cloud
            assert [held[CLOUD_SIGN + name] for name in VARIABLES] == [str(SETS)] * len(VARIABLES)
        for variable in VARIABLES:
            numbers = [*map(int, values(taken, variable))]
            assert numbers == sorted(set(numbers))
            assert 0 < len(numbers) < SETS

    run_virtually(live())


def relay() -> Bot:
    """Return a bot that writes each value of one variable to five others."""
    bot = Bot("relay")
    bot.watch(Cloud(PROJECT))

    def add(variable: str) -> None:
        async def pass_on(event: CloudSetEvent, session: AsyncScratchSession) -> None:
            await session.set_cloud_variable(PROJECT, variable, event.value, queue=True, seen=True)

        pass_on.__qualname__ = variable
        bot.on("cloud.set", variable="foo")(pass_on)

    for variable in VARIABLES:
        add(variable)
    return bot


def test_each_value_that_a_bot_queues_arrives_once_through_drops_and_deaths(
    tmp_path: Path,
) -> None:
    async def live() -> None:
        async with virtual_scratch() as scratch:
            make_variables(scratch)
            taken = arrivals(scratch)
            lives = Lives(relay(), scratch, tmp_path)
            await asyncio.sleep(10)
            scratch.weather(DROPS)

            async def write() -> None:
                for number in range(SEEN):
                    await asyncio.sleep(2)
                    name = f"{CLOUD_SIGN}foo"
                    scratch.sandbox.acts.set_cloud("alice", PROJECT, name, str(number))

            async with asyncio.TaskGroup() as group:
                group.create_task(write())
                group.create_task(lives.live_and_die(DEATHS))
            await asyncio.sleep(REST)
            scratch.weather([])
            await asyncio.sleep(REST)
            await lives.end()
        for variable in VARIABLES:
            numbers = [*map(int, values(taken, variable))]
            assert sorted(numbers) == [*range(SEEN)]

    run_virtually(live())
