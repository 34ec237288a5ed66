"""No secret of an account shows in an error or in the log, whatever the site answers."""

import asyncio
import gc
import html
import io
import json
import logging
import sys
import traceback
from collections.abc import Callable
from typing import Any

import pytest
import structlog
from aiohttp import web
from hypothesis import example, given
from hypothesis import strategies as st

from scratchbot import AsyncScratchSession
from scratchbot.client import Client
from scratchbot.errors import ScratchbotError, UnexpectedAnswerError
from scratchbot.logs import set_up_logs
from scratchbot.redaction import HIDDEN, Secrets, redact
from scratchbot.settings import Credentials, Network
from scratchbot.wire import accounts, comments, users
from scratchbot.wire.comments import Ground
from tests.serving import QuickClock, serving

PASSWORD = "wonder\"land' & <co> ☃"
SESSION_ID, TOKEN, CSRF = "session-id-1:2:3", "the-secret-token", "csrf-token-of-the-site"
EMAIL = "alice.liddell+bot@wonder.example.org"
SECRETS = ("wonder", "☃", SESSION_ID, TOKEN, CSRF, "liddell", "example.org")

Answer = Callable[[], web.Response]
SPILLED = json.dumps({"token": TOKEN, "user": {"email": EMAIL}, "said": [PASSWORD, SESSION_ID]})
ANSWERS: list[Answer] = [
    *(
        lambda status=status: web.Response(text=SPILLED, status=status)
        for status in (200, 302, 400)
    ),
    *(
        lambda status=status: web.Response(text=SPILLED, status=status)
        for status in (403, 404, 418)
    ),
    *(lambda status=status: web.Response(text=SPILLED, status=status) for status in (429, 503)),
    lambda: web.Response(text=f"<p>{html.escape(PASSWORD)} {CSRF} {SESSION_ID}"),
    lambda: web.Response(text=f"<input name='csrfmiddlewaretoken' value='new {CSRF}'>"),
    lambda: web.Response(text=f'[{{"email": "{EMAIL}", "token": "{TOKEN}'),
    lambda: web.json_response([TOKEN, EMAIL]),
    lambda: web.json_response({"datetime_created": TOKEN, "id": 5, "content": EMAIL}),
]
REQUESTS: list[Any] = [
    users.get_message_count("alice"),
    accounts.session_status(),
    accounts.csrf_token(),
    accounts.log_in("alice", PASSWORD),
    accounts.log_out(),
    comments.post_comment(Ground("project", 104), "hi", None, None),
    comments.get_comments(Ground("project", 104), 20, 0),
]


async def log_in(client: Client, answer: list[Answer]) -> None:
    def succeed() -> web.Response:
        row = {"username": "alice", "id": 5, "token": TOKEN}
        logged_in = web.json_response([row] if len(answer) == 1 else row)
        logged_in.set_cookie("scratchsessionsid", SESSION_ID)
        logged_in.set_cookie("scratchcsrftoken", CSRF)
        return logged_in

    answer[:] = [succeed]
    await client.log_in()
    await client._login._renew_csrf()


async def failures(network: Network, answer: list[Answer]) -> list[ScratchbotError]:
    """Return how each request fails on each answer."""
    client = Client(Credentials(username="alice", password=PASSWORD), network, QuickClock())
    found: list[ScratchbotError] = []
    try:
        for each in ANSWERS:
            for request in REQUESTS:
                await log_in(client, answer)
                answer[:] = [each]
                try:
                    request.result(await client.exchange(request))
                except ScratchbotError as error:
                    found.append(error)
    finally:
        await client.close()
    return found


async def provoke() -> list[ScratchbotError]:
    answer: list[Answer] = []

    async def answers(_: web.BaseRequest) -> web.StreamResponse:
        return answer[0]()

    async with serving(answers) as network:
        return await failures(network, answer)


@pytest.mark.parametrize("is_terminal", [False, True])
def test_no_failure_shows_a_secret(is_terminal: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.StringIO()
    written.isatty = lambda: is_terminal  # type: ignore[method-assign]
    monkeypatch.setattr(sys, "stderr", written)
    set_up_logs(logging.DEBUG)
    holder = Secrets()
    holder.add(PASSWORD, TOKEN, SESSION_ID, CSRF)
    errors = asyncio.run(provoke())
    log = structlog.get_logger("test")
    assert len({type(error) for error in errors}) >= 6
    shown = ""
    for error in errors:
        shown += f"{error} {error!r} {error.args!r} {vars(error)!r}"
        shown += "".join(traceback.format_exception(error))
        log.warning("failed", error=str(error), exc_info=error)
        log.error("spilled", password=PASSWORD, sent=[SPILLED, {"X-Token": TOKEN}], mail=EMAIL)
    structlog.reset_defaults()
    assert any(getattr(error, "sample", "") for error in errors)
    for secret in SECRETS:
        assert secret not in shown
        assert secret not in written.getvalue()
    assert written.getvalue().count(HIDDEN) >= 2 * len(errors)
    if not is_terminal:
        assert all(json.loads(line) for line in written.getvalue().splitlines())


def test_a_fresh_answer_s_secrets_are_hidden_by_their_names() -> None:
    answer = '[{"token": "unknown \\"to\\" us", "x": 1}] scratchsessionsid="abc"; password=def&y=2'
    with pytest.raises(UnexpectedAnswerError) as raised:
        raise UnexpectedAnswerError(answer)
    assert str(raised.value) == (
        f'[{{"token": "{HIDDEN}", "x": 1}}] scratchsessionsid="{HIDDEN}"; password={HIDDEN}&y=2'
    )


def test_our_own_messages_stay_whole() -> None:
    for message in (
        "the site refused this user name with this password: check both, or log in with a "
        "session id from a browser",
        "keep password out of files; set SCRATCHBOT_PASSWORD instead",
        "@griffpatch said hi at 12:00",
    ):
        assert redact(message) == message


def test_the_secrets_of_an_account_that_is_gone_are_forgotten() -> None:
    client = Client(Credentials(username="alice", password="goodbye-password"), Network())
    assert redact("goodbye-password") == HIDDEN
    del client
    gc.collect()
    assert redact("goodbye-password") == "goodbye-password"


@given(st.text(min_size=4), st.text(), st.text())
@example("tok\\en", "", "")
def test_a_secret_is_hidden_in_every_text_and_form(secret: str, before: str, after: str) -> None:
    holder = Secrets()
    holder.add(secret)
    for form in (secret, json.dumps(secret), repr(secret), html.escape(secret)):
        assert secret not in redact(before + form + after).replace(HIDDEN, "")


def test_a_long_text_is_searched_fast() -> None:
    for text in ("x" * 200_000, "token" * 40_000, "a@" * 100_000, "token=" * 40_000):
        redact(text)


def test_no_object_on_the_way_shows_a_secret() -> None:
    client = Client(Credentials(username="alice", password=PASSWORD, token=TOKEN), Network())
    session = AsyncScratchSession("alice", PASSWORD, token=TOKEN)
    parts = [client, client._login, client._transport, session]
    shown = repr(client.account) + "".join(repr(part) + repr(vars(part)) for part in parts)
    assert client.account.csrf_token
    for secret in ("wonder", TOKEN, client.account.csrf_token):
        assert secret not in shown


def test_a_program_without_a_log_of_its_own_shows_no_variables(
    capsys: pytest.CaptureFixture[str],
) -> None:
    structlog.reset_defaults()
    Client(Credentials(), Network())
    hidden = ["what a variable holds"]
    try:
        hidden.index("something else")
    except ValueError:
        structlog.get_logger("test").exception("failed", password=PASSWORD, mail=EMAIL)
    finally:
        structlog.reset_defaults()
    shown = capsys.readouterr().out
    assert "ValueError: 'something else' is not in list" in shown
    assert "in test_a_program_without" in shown
    for secret in (PASSWORD, EMAIL, "what a variable holds", "locals"):
        assert secret not in shown


def test_a_log_that_a_program_has_set_up_is_left_alone() -> None:
    structlog.configure(processors=[structlog.processors.JSONRenderer()])
    before = structlog.get_config()["processors"]
    Client(Credentials(), Network())
    after = structlog.get_config()["processors"]
    structlog.reset_defaults()
    assert after is before
