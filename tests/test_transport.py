"""What the transport does when the site is not at its best."""

import gzip
import logging
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any, Literal

import aiohttp
import brotli
import pytest
from aiohttp import web

from scratchbot.errors import (
    ClosedError,
    ConflictError,
    ForbiddenError,
    NotFoundError,
    RateLimitedError,
    SiteDownError,
    SiteError,
    UnexpectedAnswerError,
)
from scratchbot.settings import Network
from scratchbot.site import Account
from scratchbot.transport import ATTEMPTS, MAX_ANSWER, Transport
from scratchbot.wire import comments, messages, projects, users
from scratchbot.wire.comments import Ground
from scratchbot.wire.request import SAMPLE, Request
from tests.serving import Answers, QuickClock
from tests.serving import serving as answering

PACKED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": lambda body: bytes(brotli.compress(body, quality=1)),
}
pytestmark = pytest.mark.asyncio

ACCOUNT = Account(username="alice", session_id="the-session", token="the-token", csrf_token="csrf")
COMMENT = comments.post_comment(Ground("project", 1), "hi", None, None)


@asynccontextmanager
async def serving(answers: Answers) -> AsyncIterator[tuple[Transport, QuickClock]]:
    """Serve every request with ``answers``, and give a transport that talks to it."""
    clock = QuickClock()
    async with answering(answers) as network:
        transport = Transport(network, clock, Random(1))
        try:
            yield transport, clock
        finally:
            await transport.close()


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


@pytest.mark.parametrize("act", [COMMENT, messages.accept_invitation("alice")])
async def test_an_act_is_sent_once(act: Request[Any]) -> None:
    seen = []

    async def answers(request: web.BaseRequest) -> web.Response:
        seen.append(request.path)
        return web.Response(status=503)

    async with serving(answers) as (transport, _):
        with pytest.raises(SiteDownError):
            await ask(transport, act)
    assert len(seen) == 1


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_an_act_is_sent_once_even_if_a_kept_connection_breaks_under_it(
    method: Literal["POST", "PUT", "DELETE"],
) -> None:
    seen = []

    async def answers(request: web.BaseRequest) -> web.Response:
        seen.append(request.method)
        if request.method == method:
            assert request.transport is not None
            request.transport.abort()
        return web.json_response({"count": 1})

    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)
    async with serving(answers) as (transport, _):
        await ask(transport, users.get_message_count("alice"))
        with pytest.raises(SiteDownError) as raised:
            await ask(transport, replace(COMMENT, method=method))
    assert seen == ["GET", method]
    assert raised.value.arrived


async def test_an_act_that_cannot_have_arrived_is_sent_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def answers(_: web.BaseRequest) -> web.Response:
        return web.json_response({"id": 1})

    connect, refusals = aiohttp.TCPConnector.connect, [1, 2]

    async def refused(self: aiohttp.TCPConnector, *values: Any, **more: Any) -> Any:
        if refusals:
            refusals.pop()
            raise aiohttp.ClientConnectorError(values[0].connection_key, ConnectionRefusedError())
        return await connect(self, *values, **more)

    monkeypatch.setattr(aiohttp.TCPConnector, "connect", refused)
    async with serving(answers) as (transport, clock):
        assert (await transport.send(COMMENT, ACCOUNT)).status == 200
    assert len(clock.slept) == 2


async def test_a_site_that_takes_no_connections_was_not_reached() -> None:
    async def answers(_: web.BaseRequest) -> web.Response:
        return web.Response()

    clock = QuickClock()
    async with answering(answers) as network:
        pass
    transport = Transport(network, clock, Random(1))
    with pytest.raises(SiteDownError) as raised:
        await transport.send(COMMENT, ACCOUNT)
    await transport.close()
    assert not raised.value.arrived
    assert len(clock.slept) == ATTEMPTS - 1


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (aiohttp.ServerDisconnectedError(), "it hung up"),
        (aiohttp.ConnectionTimeoutError(), "it took too long"),
        (aiohttp.ClientPayloadError(), "it broke off"),
    ],
)
async def test_why_the_site_does_not_answer_is_said_in_words(
    monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    async def broken(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(aiohttp.TCPConnector, "connect", broken)
    transport = Transport(Network(), QuickClock(), Random(1))
    with pytest.raises(SiteDownError, match=rf"does not answer \({said}\): check the network"):
        await ask(transport, users.get_message_count("alice"))
    await transport.close()


NOON = "Thu, 01 Jan 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("wanted", "seconds"),
    [("7", 7), ("Thu, 01 Jan 2026 12:00:07 GMT", 7), ("Thu Jan  1 12:00:07 2026", 7)],
)
async def test_retry_after_is_waited_for(wanted: str, seconds: float) -> None:
    left = [1]

    async def answers(_: web.BaseRequest) -> web.Response:
        if left.pop() if left else 0:
            return web.Response(status=429, headers={"Retry-After": wanted, "Date": NOON})
        return web.json_response({"count": 1})

    async with serving(answers) as (transport, clock):
        await ask(transport, users.get_message_count("alice"))
    assert clock.slept == [seconds]


async def test_a_wait_that_is_too_long_is_left_to_the_caller_who_is_told_until_when() -> None:
    async def answers(_: web.BaseRequest) -> web.Response:
        return web.Response(status=429, headers={"Retry-After": "600"})

    async with serving(answers) as (transport, clock):
        before = clock.now()
        with pytest.raises(RateLimitedError) as raised:
            await ask(transport, users.get_message_count("alice"))
    assert clock.slept == []
    assert raised.value.retry_after == 600
    assert raised.value.until is not None
    assert before <= raised.value.until - timedelta(seconds=600) <= clock.now()


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (403, ForbiddenError),
        (404, NotFoundError),
        (409, ConflictError),
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


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
async def test_a_packed_answer_is_unpacked(encoding: str) -> None:
    async def answers(request: web.BaseRequest) -> web.Response:
        assert encoding in request.headers["Accept-Encoding"]
        body = PACKED[encoding](b'{"count": 3}')
        return web.Response(body=body, headers={"Content-Encoding": encoding})

    async with serving(answers) as (transport, _):
        assert await ask(transport, users.get_message_count("alice")) == 3


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
async def test_an_answer_that_unpacks_without_end_is_cut_off(encoding: str) -> None:
    bomb = PACKED[encoding](bytes(40 * MAX_ANSWER))

    async def answers(_: web.BaseRequest) -> web.Response:
        return web.Response(body=bomb, headers={"Content-Encoding": encoding})

    async with serving(answers) as (transport, _):
        await ask_down(transport)  # The pool and all that is made once.
        tracemalloc.start()
        try:
            await ask_down(transport)
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert most < 4 * MAX_ANSWER


async def ask_down(transport: Transport) -> None:
    with pytest.raises(UnexpectedAnswerError, match="larger"):
        await ask(transport, users.get_message_count("alice"))


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
async def test_an_answer_that_cannot_be_unpacked_is_an_error_of_ours(encoding: str) -> None:
    async def answers(_: web.BaseRequest) -> web.Response:
        return web.Response(body=b"\x28no such thing", headers={"Content-Encoding": encoding})

    async with serving(answers) as (transport, _):
        with pytest.raises(SiteError):
            await ask(transport, users.get_message_count("alice"))


async def test_an_error_shows_how_the_answer_began() -> None:
    async def answers(_: web.BaseRequest) -> web.Response:
        return web.Response(text="<html>\n  Under   maintenance " + "x" * 5000)

    async with serving(answers) as (transport, _):
        with pytest.raises(UnexpectedAnswerError) as raised:
            await ask(transport, projects.get_project(104))
    assert raised.value.sample.startswith("<html> Under maintenance xxx")
    assert len(raised.value.sample) == SAMPLE
    assert "Under" not in str(raised.value)


async def test_a_closed_transport_sends_nothing() -> None:
    async def answers(_: web.BaseRequest) -> web.Response:
        return web.json_response({"count": 3})

    async with serving(answers) as (transport, _):
        await ask(transport, users.get_message_count("alice"))
        await transport.close()
        await transport.close()
        with pytest.raises(ClosedError):
            await ask(transport, users.get_message_count("alice"))


async def test_a_connection_that_breaks_is_a_site_that_is_down() -> None:
    async def answers(request: web.BaseRequest) -> web.Response:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)
    async with serving(answers) as (transport, _):
        with pytest.raises(SiteDownError):
            await ask(transport, projects.get_project(104))
