"""What the transport does when the site is not at its best."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from random import Random
from typing import Any

import pytest
from aiohttp import web

from scratchbot.budget import Bucket, Budget
from scratchbot.clock import SystemClock
from scratchbot.errors import (
    ForbiddenError,
    NotFoundError,
    RateLimitedError,
    SiteDownError,
    UnexpectedAnswerError,
)
from scratchbot.settings import Network
from scratchbot.site import Account
from scratchbot.transport import MAX_ANSWER, Transport
from scratchbot.wire import comments, projects, users
from scratchbot.wire.comments import Ground
from scratchbot.wire.request import Act, Request
from tests.clock import FakeClock

pytestmark = pytest.mark.asyncio

Answers = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
ACCOUNT = Account(username="alice", session_id="the-session", token="the-token", csrf_token="csrf")


class QuickClock(SystemClock):
    """Notes how long it should have slept."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


@asynccontextmanager
async def serving(answers: Answers) -> AsyncIterator[tuple[Transport, QuickClock]]:
    """Serve every request with ``answers``, and give a transport that talks to it."""
    server = web.Server(answers)
    runner = web.ServerRunner(server)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    clock = QuickClock()
    network = Network(endpoint=f"http://127.0.0.1:{port}", limits=False)
    transport = Transport(network, clock, Random(1))
    try:
        yield transport, clock
    finally:
        await transport.close()
        await runner.cleanup()


async def ask(transport: Transport, request: Request[Any]) -> Any:
    return request.result(await transport.send(request, ACCOUNT))


async def test_a_request_keeps_its_host_and_bears_what_the_site_s_pages_send() -> None:
    seen: list[web.BaseRequest] = []

    async def answers(request: web.BaseRequest) -> web.Response:
        seen.append(request)
        return web.json_response({"count": 3})

    async with serving(answers) as (transport, _):
        assert await ask(transport, users.get_message_count("alice")) == 3
    (request,) = seen
    assert request.headers["Host"] == "api.scratch.mit.edu"
    assert request.headers["X-Token"] == "the-token"
    assert request.headers["X-CSRFToken"] == request.cookies["scratchcsrftoken"] == "csrf"
    assert request.cookies["scratchsessionsid"] == "the-session"
    assert request.headers["Referer"] == "https://scratch.mit.edu/"


async def test_a_read_is_tried_again_when_the_site_stumbles() -> None:
    statuses = [503, 500, 200]

    async def answers(_: web.BaseRequest) -> web.Response:
        return web.json_response({"count": 1}, status=statuses.pop(0))

    async with serving(answers) as (transport, clock):
        assert await ask(transport, users.get_message_count("alice")) == 1
    assert len(clock.slept) == 2


async def test_an_act_is_sent_once() -> None:
    seen = []

    async def answers(request: web.BaseRequest) -> web.Response:
        seen.append(request.path)
        return web.Response(status=503)

    act = comments.post_comment(Ground("project", 1), "hi", None, None)
    async with serving(answers) as (transport, _):
        with pytest.raises(SiteDownError):
            await ask(transport, act)
    assert len(seen) == 1


async def test_retry_after_is_waited_for() -> None:
    left = [1]

    async def answers(_: web.BaseRequest) -> web.Response:
        if left.pop() if left else 0:
            return web.Response(status=429, headers={"Retry-After": "7"})
        return web.json_response({"count": 1})

    async with serving(answers) as (transport, clock):
        await ask(transport, users.get_message_count("alice"))
    assert clock.slept == [7]


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (403, ForbiddenError),
        (404, NotFoundError),
        (429, RateLimitedError),
        (500, SiteDownError),
        (302, UnexpectedAnswerError),
        (418, UnexpectedAnswerError),
    ],
)
async def test_each_refusal_is_an_error_of_its_own(status: int, error: type[Exception]) -> None:
    async def answers(_: web.BaseRequest) -> web.Response:
        return web.Response(status=status, headers={"Location": "http://192.0.2.1/"})

    async with serving(answers) as (transport, _):
        with pytest.raises(error) as raised:
            await ask(transport, projects.get_project(104))
    assert "project 104" in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    "body", [b"", b"<html>maintenance</html>", b"[]", b"\xff\xfe", b"null", b"[" * 100_000]
)
async def test_an_answer_of_another_form_is_an_error_of_ours(body: bytes) -> None:
    async def answers(_: web.BaseRequest) -> web.Response:
        return web.Response(body=body)

    async with serving(answers) as (transport, _):
        with pytest.raises(UnexpectedAnswerError):
            await ask(transport, projects.get_project(104))


async def test_an_answer_without_end_is_cut_off() -> None:
    async def answers(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(MAX_ANSWER // 1_000_000 + 2):
            await response.write(b"x" * 1_000_000)
        return response

    async with serving(answers) as (transport, _):
        with pytest.raises(UnexpectedAnswerError, match="larger"):
            await ask(transport, projects.get_project(104))


async def test_a_connection_that_breaks_is_a_site_that_is_down() -> None:
    async def answers(request: web.BaseRequest) -> web.Response:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)
    async with serving(answers) as (transport, _):
        with pytest.raises(SiteDownError):
            await ask(transport, projects.get_project(104))


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
    comment = comments.post_comment(Ground("project", 1), "hi", None, None).act

    async def take(what: Act | None) -> None:
        await budget.take(what)
        passed.append((what is None, clock.monotonic()))

    async with asyncio.TaskGroup() as group:
        for _ in range(4):
            group.create_task(take(comment))
            group.create_task(take(None))
        await asyncio.sleep(0)
        await clock.jump(10)
    assert [time for is_read, time in passed if is_read] == [0, 0, 0, 0]
    assert [time for is_read, time in passed if not is_read] == [0, 0, 2.5, 5]
