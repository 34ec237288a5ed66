"""How much is asked of the site in a time."""

import asyncio
from random import Random

import pytest
from aiohttp import web

from scratchbot import AsyncScratchSession
from scratchbot.budget import Bucket, Budget
from scratchbot.client import Client
from scratchbot.settings import Credentials, Network
from scratchbot.wire import accounts, comments
from scratchbot.wire.comments import Ground
from scratchbot.wire.request import Act
from tests.clock import FakeClock
from tests.serving import serving

pytestmark = pytest.mark.asyncio

COMMENT = comments.post_comment(Ground("project", 1), "hi", None, None)


async def test_a_bucket_lets_a_burst_through_and_then_its_rate() -> None:
    clock = FakeClock()
    bucket = Bucket(rate=2, burst=3, clock=clock)
    passed: list[float] = []

    async def take() -> None:
        await bucket.take()
        passed.append(clock.monotonic())

    async with asyncio.TaskGroup() as group:
        for _ in range(6):
            group.create_task(take())
        await asyncio.sleep(0)
        await clock.jump(10)
    assert passed == [0, 0, 0, 0.5, 1.0, 1.5]


async def test_comments_keep_a_slower_pace_than_reads() -> None:
    clock, passed = FakeClock(), []
    budget = Budget(clock)

    async def take(what: Act | None) -> None:
        await budget.take(what)
        passed.append((what is None, clock.monotonic()))

    async with asyncio.TaskGroup() as group:
        for _ in range(4):
            group.create_task(take(COMMENT.act))
            group.create_task(take(None))
        await asyncio.sleep(0)
        await clock.jump(10)
    assert [time for is_read, time in passed if is_read] == [0, 0, 0, 0]
    assert [time for is_read, time in passed if not is_read] == [0, 0, 2.5, 5]


async def test_log_ins_wait_longest() -> None:
    clock, passed = FakeClock(), []
    budget = Budget(clock)

    async def take() -> None:
        await budget.take(accounts.log_in("alice", "wonderland").act)
        passed.append(clock.monotonic())

    async with asyncio.TaskGroup() as group:
        for _ in range(7):
            group.create_task(take())
        await asyncio.sleep(0)
        await clock.jump(100)
    assert passed == [0, 0, 0, 0, 0, 30, 60]


async def test_all_sessions_over_a_client_share_its_budget() -> None:
    served: list[float] = []
    clock = FakeClock()

    async def answers(_: web.BaseRequest) -> web.Response:
        served.append(clock.monotonic())
        return web.json_response({"id": 5, "username": "alice"})

    async with serving(answers) as network:
        client = Client(Credentials(), Network(endpoint=network.endpoint), clock, Random(1))
        sessions = [AsyncScratchSession.over(lambda: client) for _ in range(3)]
        tasks = [asyncio.create_task(sessions[i % 3].get_user("alice")) for i in range(25)]
        while not all(task.done() for task in tasks):
            await clock.jump(0.2)
            await asyncio.sleep(0.01)
        await client.close()
    assert sum(time <= 0.2 for time in served) <= 21
    assert clock.monotonic() >= 1
