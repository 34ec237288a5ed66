"""Whatever the site does meanwhile, each comment is answered once, and no cloud value is lost."""

import asyncio
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

from scratchbot import Bot
from scratchbot.events import CloudSetEvent
from scratchbot.sandbox import Place
from scratchbot.sandbox.world import CLOUD_SIGN
from scratchbot.watch import Cloud
from tests.delivery.dying import PROJECT, answering
from tests.running import Record, running
from tests.scratch import until
from tests.virtual import VirtualEngine, VirtualScratch, run_virtually, virtual_scratch

COMMENTS = 60
SETS = 200
HERE = Place("project", str(PROJECT))
MAINTENANCE = 180.0
LOST = {"method": "POST", "path": "/proxy/*", "reset": True}
STORMS: dict[str, list[dict[str, Any]]] = {
    "out of order": [{"status": 503, "share": 0.2}],
    "silence": [{"timeout": True, "share": 0.1}],
    "answers lost after the act was done": [{**LOST, "share": 0.4}],
    "answers cut in half": [{"truncate": True, "share": 0.07}],
    "old answers": [{**LOST, "share": 0.3}, {"method": "GET", "stale": 20, "share": 0.3}],
    "lists out of order": [{"path": "*/comments", "reorder": True, "share": 0.5}],
    "log-ins dropped": [{"log_out": True, "share": 0.1}],
    "all at once": [
        {"status": 503, "share": 0.1},
        {"timeout": True, "share": 0.03},
        {"reset": True, "share": 0.1},
        {"truncate": True, "share": 0.05},
        {"log_out": True, "share": 0.03},
        {"path": "*/comments", "stale": 20, "share": 0.1},
        {"path": "*/comments", "reorder": True, "share": 0.1},
    ],
}
DROPS: dict[str, list[dict[str, Any]]] = {
    "closed": [{"host": "clouddata.*", "drop_after": 7.0, "close_code": 4000}],
    "broken": [{"host": "clouddata.*", "drop_after": 7.0}],
    "broken at once": [{"host": "clouddata.*", "drop_after": 0.1, "share": 0.7}],
}


@pytest.mark.parametrize("storm", STORMS)
def test_each_comment_is_answered_once_whatever_the_weather(storm: str, tmp_path: Path) -> None:
    async def answered() -> list[int]:
        said = []
        async with virtual_scratch() as scratch, virtually(answering(), scratch, tmp_path):
            scratch.weather(STORMS[storm])
            for number in range(COMMENTS):
                said.append(scratch.sandbox.acts.post_comment("alice", HERE, f"number {number}"))
                await asyncio.sleep(number % 4)
                if number % 10 == 9:
                    await until(lambda: said[-9].replies, "an answer in the storm")
            assert len(scratch.sandbox.weather.record) > COMMENTS / 6, "hardly any weather"
            scratch.weather([])
            await until(lambda: all(comment.replies for comment in said), "all answers")
        return [len(comment.replies) for comment in said]

    assert run_virtually(answered()) == [1] * COMMENTS


def test_three_minutes_of_maintenance_are_waited_for_and_lose_nothing(tmp_path: Path) -> None:
    async def answered() -> list[int]:
        said = []
        async with virtual_scratch() as scratch, virtually(answering(), scratch, tmp_path):
            for number in range(COMMENTS):
                said.append(scratch.sandbox.acts.post_comment("alice", HERE, f"number {number}"))
                if number == COMMENTS // 2:
                    await until(lambda: said[0].replies, "an answer before the maintenance")
                    scratch.weather([{"maintenance": True, "end": MAINTENANCE}])
                    asked = next(scratch.sandbox.requests.numbers)
            await asyncio.sleep(MAINTENANCE - 1)
            assert not said[-1].replies
            assert next(scratch.sandbox.requests.numbers) - asked < MAINTENANCE / 2
            await until(lambda: all(comment.replies for comment in said), "all answers")
        return [len(comment.replies) for comment in said]

    assert run_virtually(answered()) == [1] * COMMENTS


@pytest.mark.parametrize("drop", DROPS)
def test_each_cloud_value_is_told_once_and_in_order_whatever_becomes_of_sockets(
    drop: str, tmp_path: Path
) -> None:
    bot, told = Bot("listener"), list[int]()
    bot.watch(Cloud(PROJECT))

    @bot.on("cloud.set", variable="foo")
    async def hear(event: CloudSetEvent) -> None:
        told.append(int(event.value))

    async def hear_all(scratch: VirtualScratch, numbers: range) -> None:
        async with virtually(bot, scratch, tmp_path):
            for number in numbers[1:]:
                await set_foo(scratch, number)
            await until(lambda: told[-1:] == [numbers[-1]], "the last value")

    async def live() -> None:
        async with virtual_scratch() as scratch:
            scratch.weather(DROPS[drop])
            async with virtually(bot, scratch, tmp_path):
                await set_foo(scratch, 0)
                await until(lambda: told, "the first value")
            for first in (1, SETS):
                await set_foo(scratch, first)
                await hear_all(scratch, range(first, first + SETS - 1))
            assert len(scratch.sandbox.weather.record) > 5, "hardly any drops"

    run_virtually(live())
    assert told == list(range(2 * SETS - 1))


def virtually(
    bot: Bot, scratch: VirtualScratch, folder: Path
) -> AbstractAsyncContextManager[Record]:
    store = folder / "bot.db"
    return running(bot, scratch, store=store, clock=scratch.clock, engine=VirtualEngine)


async def set_foo(scratch: VirtualScratch, number: int) -> None:
    scratch.sandbox.acts.set_cloud("alice", PROJECT, f"{CLOUD_SIGN}foo", str(number))
    await asyncio.sleep(number % 7 / 10)
