"""How an account logs in, and stays logged in."""

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web

from scratchbot import AsyncScratchSession, ScratchSession
from scratchbot.client import Client
from scratchbot.errors import (
    BlockedError,
    ForbiddenError,
    NotLoggedInError,
    ScratchbotError,
    SiteDownError,
    WrongCredentialsError,
)
from scratchbot.login import FIRST_PAUSE, LONGEST_PAUSE, TRUSTED_SECONDS
from scratchbot.settings import Credentials, Network
from scratchbot.wire import comments, users
from scratchbot.wire.cloud import CloudChange
from scratchbot.wire.comments import Ground
from tests.clock import FakeClock
from tests.scratch import Scratch, until
from tests.serving import serving

pytestmark = pytest.mark.asyncio

ALICE = Credentials(username="alice", password="wonderland")
READ = replace(users.get_message_count("alice"), login=True)
COMMENT = comments.post_comment(Ground("project", 104), "hi", None, None)
LOG_IN, SESSION, CSRF = "/accounts/login/", "/session/", "/csrf_token/"


class Site:
    """As much of the site as logging in needs."""

    def __init__(self) -> None:
        self.password = "wonderland"
        self.session_id = "session-one"
        self.csrf_token: str | None = None
        self.forbidden = False
        self.drops = False
        self.is_stubborn = False
        self.is_down: set[str] = set()
        self.told: dict[str, Any] = {}
        self.asked: Counter[str] = Counter()

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        self.asked[request.path] += 1
        if request.path in self.is_down:
            return web.Response(status=503)
        if request.path == CSRF:
            answer = web.Response()
            answer.set_cookie(
                "scratchcsrftoken", "other" if self.is_stubborn else self.csrf_token or ""
            )
            return answer
        sent = request.headers["X-CSRFToken"]
        if request.method == "POST" and self.csrf_token not in (None, sent):
            return web.Response(status=403, text="<p>CSRF verification failed. Request aborted.")
        if request.path == LOG_IN:
            return await self._log_in(request)
        if self.drops and request.path not in (SESSION, "/users/alice"):
            self.session_id += "+"
        is_known = request.cookies.get("scratchsessionsid") == self.session_id
        if request.path == SESSION:
            told = {"user": {"username": "alice", "id": 5}, **self.told}
            return web.json_response(told if is_known else {})
        if request.path == "/users/alice":
            return web.json_response({"id": 5, "username": "alice"})
        if self.forbidden or not is_known:
            return web.Response(status=403)
        return web.json_response({"count": 3, "id": 7})

    async def _log_in(self, request: web.BaseRequest) -> web.Response:
        if (await request.json())["password"] != self.password:
            return web.json_response([{"success": 0}], status=403)
        answer = web.json_response([{"username": "alice", "id": 5, "token": f"t{self.session_id}"}])
        answer.set_cookie("scratchsessionsid", self.session_id)
        return answer


@asynccontextmanager
async def logging_in(
    site: Site, credentials: Credentials = ALICE
) -> AsyncIterator[tuple[Client, FakeClock]]:
    clock = FakeClock()
    async with serving(site) as network:
        client = Client(credentials, network, clock)
        try:
            yield client, clock
        finally:
            await client.close()


async def ask(client: Client, times: int = 1, request: Any = READ) -> list[int]:
    """Ask as often as that at once, and return the statuses."""
    answers = await asyncio.gather(*(client.exchange(request) for _ in range(times)))
    return [answer.status for answer in answers]


async def test_many_who_need_a_log_in_at_once_log_in_once() -> None:
    site = Site()
    async with logging_in(site) as (client, _):
        assert await ask(client, 20) == [200] * 20
        assert client.account.user is not None
    assert site.asked[LOG_IN] == 1


async def test_what_needs_no_log_in_does_not_log_in() -> None:
    site = Site()
    async with logging_in(site) as (client, _):
        await client.exchange(users.get_user("alice"))
        assert not client.account.logged_in
    assert site.asked[LOG_IN] == 0


async def test_a_refused_log_in_is_told_to_all_who_wait_and_tried_again_by_who_comes_later() -> (
    None
):
    site = Site()
    site.password = "another"
    async with logging_in(site) as (client, _):
        waiting = [client.exchange(READ) for _ in range(10)]
        errors = await asyncio.gather(*waiting, return_exceptions=True)
        assert {type(error) for error in errors} == {WrongCredentialsError}
        assert site.asked[LOG_IN] == 1
        site.password = "wonderland"
        assert await ask(client) == [200]
    assert site.asked[LOG_IN] == 2


@pytest.mark.parametrize("request_", [READ, COMMENT], ids=["read", "act"])
async def test_a_dropped_session_is_renewed_once_for_all_and_what_it_refused_sent_again(
    request_: Any,
) -> None:
    site = Site()
    async with logging_in(site) as (client, _):
        await ask(client)
        for session_id in ("session-two", "session-three"):
            site.session_id = session_id
            site.asked.clear()
            assert await ask(client, 20, request_) == [200] * 20
            assert (site.asked[SESSION], site.asked[LOG_IN]) == (1, 1)
            assert site.asked[request_.path] == 40
            assert client.account.token == f"t{session_id}"


async def test_a_refusal_of_a_living_session_stands_and_is_not_doubted_at_once_again() -> None:
    site = Site()
    async with logging_in(site) as (client, clock):
        await ask(client)
        site.forbidden = True
        for _ in range(2):
            assert await ask(client, 5) == [403] * 5
            with pytest.raises(ForbiddenError):
                READ.result(await client.exchange(READ))
        assert site.asked[SESSION] == 1
        clock.sleep_through(TRUSTED_SECONDS)
        assert await ask(client) == [403]
    assert (site.asked[SESSION], site.asked[LOG_IN]) == (2, 1)


async def test_a_refused_act_doubts_the_session_each_time_since_a_refusal_is_its_end() -> None:
    site = Site()
    async with logging_in(site) as (client, _):
        await ask(client)
        site.forbidden = True
        assert await ask(client, 1, COMMENT) == [403]
        site.forbidden, site.session_id = False, "session-two"
        assert await ask(client, 1, COMMENT) == [200]
    assert (site.asked[SESSION], site.asked[LOG_IN]) == (2, 2)


@pytest.mark.parametrize(
    "told",
    [
        {"banned": True, "redirectURL": "/accounts/banned-response/"},
        {"user": {"username": "alice", "banned": True}},
        {"flags": {"must_reset_password": True}},
        {"flags": {"must_complete_registration": True}},
        {"vpn_required": True},
    ],
    ids=str,
)
async def test_an_account_that_may_do_nothing_is_no_act_that_is_forbidden(
    told: dict[str, Any],
) -> None:
    site = Site()
    async with logging_in(site) as (client, _):
        await ask(client)
        site.told = told
        assert await ask(client) == [200]
        site.forbidden = True
        for request in (COMMENT, READ):
            with pytest.raises(BlockedError, match=r"nothing \((banned|must_\w+|vpn_required)\)"):
                await ask(client, 1, request)
        site.told = {}
        assert await ask(client, 1, COMMENT) == [403]


async def test_a_log_in_that_is_refused_again_is_left_alone_longer_each_time() -> None:
    site, tries = Site(), list[float]()
    site.password = "another"
    async with logging_in(site) as (client, clock):
        for second in range(6 * 3600):
            before = site.asked[LOG_IN]
            with pytest.raises(WrongCredentialsError, match="refused this user name"):
                await client.log_in()
            if site.asked[LOG_IN] > before:
                tries.append(second)
            clock.sleep_through(1)
        pauses = [later - before for before, later in itertools.pairwise(tries)]
        assert pauses[:4] == [1, FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE]
        assert max(pauses) == LONGEST_PAUSE
        site.password = "wonderland"
        clock.sleep_through(LONGEST_PAUSE)
        assert await ask(client) == [200]


@pytest.mark.parametrize("request_", [READ, COMMENT], ids=["read", "act"])
async def test_a_site_that_drops_the_new_session_too_is_no_refusal_and_asked_no_third_time(
    request_: Any,
) -> None:
    site = Site()
    async with logging_in(site) as (client, _):
        await ask(client)
        site.asked.clear()
        site.drops = True
        with pytest.raises(NotLoggedInError, match="twice in a row"):
            await ask(client, 1, request_)
        assert site.asked[request_.path] == 2
        site.drops = False
        assert await ask(client, 1, request_) == [200]


async def test_a_session_that_ended_and_has_no_password_says_so_and_asks_no_more() -> None:
    site = Site()
    async with logging_in(site, Credentials(session_id="session-one")) as (client, _):
        await ask(client)
        site.session_id = "session-two"
        errors = await asyncio.gather(
            *(client.exchange(READ) for _ in range(5)), return_exceptions=True
        )
        assert {type(error) for error in errors} == {NotLoggedInError}
        assert "session has ended" in str(errors[0])
        assert client.account.username == "alice"
        site.asked.clear()
        with pytest.raises(NotLoggedInError, match="give the new session id"):
            await ask(client)
        assert not site.asked
        site.session_id = "session-one"
        await client.log_in()
        assert await ask(client) == [200]


async def test_a_session_id_is_not_used_before_the_site_knows_it() -> None:
    site = Site()
    async with logging_in(site, Credentials(session_id="made-up")) as (client, _):
        with pytest.raises(WrongCredentialsError, match="does not know this session id"):
            await ask(client, 3)
        assert not client.account.logged_in
    assert site.asked == {SESSION: 1}


async def test_a_token_alone_cannot_be_asked_after() -> None:
    site = Site()
    async with logging_in(site, Credentials(username="alice", token="t")) as (client, _):
        assert await ask(client) == [403]
    assert site.asked[SESSION] == 0


async def test_a_session_that_cannot_be_asked_after_is_a_site_that_is_down() -> None:
    site = Site()
    async with logging_in(site) as (client, clock):
        await ask(client)
        site.forbidden, site.is_down = True, {SESSION}
        asking = asyncio.create_task(ask(client))
        while not asking.done():
            await clock.jump(1)
            await asyncio.sleep(0.01)
        with pytest.raises(SiteDownError):
            await asking
        assert client.account.logged_in


async def test_who_logged_out_is_not_logged_in_again_unasked() -> None:
    site = Site()
    async with logging_in(site) as (client, _):
        await ask(client)
        client.account.forget()
        with pytest.raises(NotLoggedInError, match="has ended"):
            await ask(client)
        await client.log_in()
        assert await ask(client) == [200]


async def test_an_old_csrf_token_is_renewed_once_for_all() -> None:
    site = Site()
    async with logging_in(site) as (client, _):
        await ask(client)
        site.csrf_token = "new"
        assert await ask(client, 20, COMMENT) == [200] * 20
        assert client.account.csrf_token == "new"
    assert site.asked[CSRF] == 1
    assert site.asked[COMMENT.path] == 40
    assert site.asked[SESSION] == 0


async def test_a_log_in_renews_the_csrf_token_too() -> None:
    site = Site()
    site.csrf_token = "new"
    async with logging_in(site) as (client, _):
        assert await ask(client, 3, COMMENT) == [200] * 3
    assert (site.asked[CSRF], site.asked[LOG_IN]) == (1, 2)


async def test_a_csrf_token_that_the_site_never_takes_is_renewed_once_a_request() -> None:
    site = Site()
    async with logging_in(site) as (client, _):
        await ask(client)
        site.csrf_token, site.is_stubborn = "new", True
        assert await ask(client, 1, COMMENT) == [403]
    assert (site.asked[CSRF], site.asked[COMMENT.path]) == (1, 2)


async def test_a_closed_client_leaves_no_log_in_under_way() -> None:
    site = Site()
    site.is_down = {SESSION}
    async with logging_in(site, Credentials(session_id="session-one")) as (client, clock):
        asking = asyncio.create_task(client.exchange(READ))
        await until(lambda: clock.sleepers)
        asking.cancel()
        assert any("SingleFlight" in repr(task) for task in asyncio.all_tasks())
        await client.close()
        assert not any("SingleFlight" in repr(task) for task in asyncio.all_tasks())


async def test_a_session_logs_in_when_it_is_needed_and_survives_being_logged_out(
    endpoint: str, scratch: Scratch
) -> None:
    session = AsyncScratchSession("alice", "wonderland")
    assert await session.get_messages() is not None
    scratch.sandbox.sessions.close_all()
    posted = await (await session.get_project(104)).post_comment("still here")
    assert posted.author == "alice"
    written = [one.content for one in scratch.world.comments.values()]
    assert written.count("still here") == 1
    await session.close()
    client = Client(ALICE, Network(endpoint=endpoint, limits=False))
    change = CloudChange(
        project_id=104, host="clouddata.scratch.mit.edu", method="set", name="foo", value="9"
    )
    await client.change_cloud(change)
    await client.close()


def held_session_id(scratch: Scratch) -> str | None:
    with ScratchSession("alice", "wonderland") as session:
        return session.session_id


async def test_a_session_id_tells_whose_it_is_before_it_is_used(
    endpoint: str, scratch: Scratch
) -> None:
    session = AsyncScratchSession(session_id=held_session_id(scratch))
    assert session.username == "alice"
    assert await session.get_messages() is not None
    await session.close()
    with pytest.raises(ScratchbotError, match="closed"):
        await session.get_messages()
