"""What webhooks are sent, by a bot that runs on the local Scratch."""

import asyncio
import hashlib
import hmac
import json
import os
import socket
import sys
import traceback
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import unused_port
from relay_receiver import SIGNING_SECRET, TOKEN, Receiver, receiving, says, settings
from structlog.testing import capture_logs

from scratchbot import Bot
from scratchbot.engines.local import LocalEngine
from scratchbot.runtime import retries
from scratchbot.testing import Scratch
from scratchbot.watch import ProjectComments
from scratchbot_relay import Relay

PROJECT = 104

pytestmark = pytest.mark.asyncio


def relaying() -> Bot:
    bot = Bot("bot")
    bot.include(Relay(ProjectComments(PROJECT)))
    return bot


def say(scratch: Scratch, *texts: str) -> None:
    for text in texts:
        scratch.user("alice").comment(PROJECT, text)


def contents(receiver: Receiver) -> list[str]:
    """Return what the comments say that a json webhook was sent, one by one or together."""
    bodies = [received.body for received in receiver.received]
    events = [event for body in bodies for event in (body if isinstance(body, list) else [body])]
    return [event["content"] for event in events]


async def test_a_discord_webhook_is_sent_a_line_that_pings_nobody(scratch: Scratch) -> None:
    bot = relaying()
    async with receiving() as receiver:
        given = settings(scratch, {"alerts": {"url": receiver.url(), "kind": "discord"}})
        async with scratch.running(bot, settings=given):
            say(scratch, "@everyone **look** [here](https://evil.example)")
            await scratch.settled(bot)
        (received,) = receiver.received
    said = r"\@everyone \*\*look\*\* \[here\]\(https\:\/\/evil.example\)"
    assert received.body == {
        "content": f"alice on project 104: {said}",
        "allowed_mentions": {"parse": []},
    }
    assert received.headers["Content-Type"] == "application/json"
    assert "X-Scratchbot-Signature" not in received.headers


async def test_a_slack_webhook_is_sent_text_without_control_sequences(scratch: Scratch) -> None:
    bot = relaying()
    async with receiving() as receiver:
        target = {"url": receiver.url(), "kind": "slack", "template": "<!here> $author: $content"}
        async with scratch.running(bot, settings=settings(scratch, {"team": target})):
            say(scratch, "<!channel> & <https://evil.example|hi>")
            await scratch.settled(bot)
        (received,) = receiver.received
    said = "&lt;!channel&gt; &amp; &lt;https://evil.example|hi&gt;"
    assert received.body == {"text": f"<!here> alice: {said}"}


async def test_a_json_webhook_can_check_who_sent_the_event(scratch: Scratch) -> None:
    bot = relaying()
    async with receiving() as receiver:
        target = {"url": receiver.url(), "kind": "json", "signing_secret": SIGNING_SECRET}
        async with scratch.running(bot, settings=settings(scratch, {"own": target})):
            say(scratch, "hé")
            await scratch.settled(bot)
        (received,) = receiver.received
    assert received.body["name"] == "comment.project"
    assert received.body["source"] == f"project-comments:{PROJECT}"
    assert received.body["content"] == "hé"
    timestamp = received.headers["X-Scratchbot-Timestamp"]
    signed = timestamp.encode() + b"." + received.content
    expected = hmac.new(SIGNING_SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert received.headers["X-Scratchbot-Signature"] == f"sha256={expected}"


async def test_a_target_is_sent_the_events_that_it_names(scratch: Scratch) -> None:
    bot = relaying()
    async with receiving() as receiver:
        given = settings(
            scratch,
            {
                "all": {"url": receiver.url("all"), "kind": "json", "events": ["*"]},
                "bot": {"url": receiver.url("bot"), "kind": "json", "events": ["bot.start"]},
                "none": {"url": receiver.url("none"), "kind": "json", "events": ["message"]},
            },
        )
        async with scratch.running(bot, settings=given):
            say(scratch, "hi")
            await scratch.settled(bot)
        got = sorted((each.path, each.body["name"]) for each in receiver.received)
    assert got == [("all", "bot.start"), ("all", "comment.project"), ("bot", "bot.start")]


async def test_events_wait_for_others_to_be_sent_with(scratch: Scratch) -> None:
    bot = relaying()
    async with receiving() as receiver:
        target = {"url": receiver.url(), "kind": "json", "batch_size": 9, "batch_seconds": 60.0}
        async with scratch.running(bot, settings=settings(scratch, {"own": target})):
            say(scratch, "1", "2", "3")
            await scratch.settled(bot)
            assert receiver.received == []
            scratch.jump(seconds=61)
            await scratch.settled(bot)
            (received,) = receiver.received
            assert [event["content"] for event in received.body] == ["1", "2", "3"]
            say(scratch, "4")
            scratch.jump(seconds=1)
            await scratch.settled(bot)
            assert len(receiver.received) == 1
            scratch.jump(seconds=61)
            await scratch.settled(bot)
            assert contents(receiver) == ["1", "2", "3", "4"]


async def test_a_full_batch_waits_no_longer(scratch: Scratch) -> None:
    bot = relaying()
    async with receiving() as receiver:
        target = {"url": receiver.url(), "kind": "json", "batch_size": 2, "batch_seconds": 3600.0}
        async with scratch.running(bot, settings=settings(scratch, {"own": target})):
            say(scratch, "1", "2", "3")
            await scratch.settled(bot)
            assert [len(received.body) for received in receiver.received] == [2]
            scratch.jump(hours=2)
            await scratch.settled(bot)
            assert [len(received.body) for received in receiver.received] == [2, 1]


async def test_what_comes_after_a_full_batch_waits_a_time_of_its_own(scratch: Scratch) -> None:
    bot = relaying()
    async with receiving() as receiver:
        target = {"url": receiver.url(), "kind": "json", "batch_size": 2, "batch_seconds": 60.0}
        async with scratch.running(bot, settings=settings(scratch, {"own": target})):
            say(scratch, "1")
            await scratch.settled(bot)
            scratch.jump(seconds=40)
            say(scratch, "2", "3")
            await scratch.settled(bot)
            scratch.jump(seconds=40)
            await scratch.settled(bot)
            assert contents(receiver) == ["1", "2"]
            scratch.jump(seconds=40)
            await scratch.settled(bot)
            assert contents(receiver) == ["1", "2", "3"]


async def test_a_batch_is_no_longer_than_a_message_of_discord(scratch: Scratch) -> None:
    bot = relaying()
    async with receiving() as receiver:
        target = {
            "url": receiver.url(),
            "kind": "discord",
            "template": "$content",
            "batch_size": 9,
            "batch_seconds": 60.0,
        }
        async with scratch.running(bot, settings=settings(scratch, {"alerts": target})):
            say(scratch, *(letter * 450 for letter in "abcdef"))
            await scratch.settled(bot)
            scratch.jump(seconds=61)
            await scratch.settled(bot)
            scratch.jump(seconds=61)
            await scratch.settled(bot)
        lines = [received.body["content"].split("\n") for received in receiver.received]
    assert [[line[0] for line in each] for each in lines] == [["a", "b", "c", "d"], ["e", "f"]]


@pytest.mark.parametrize(
    "answer",
    [
        says(429, headers={"Retry-After": "100"}),
        says(429, text=json.dumps({"retry_after": 100.0, "global": False})),
        says(503, headers={"Retry-After": "100"}),
    ],
    ids=["header", "json", "down"],
)
async def test_a_target_is_left_alone_as_long_as_it_asks(scratch: Scratch, answer: object) -> None:
    bot = relaying()
    async with receiving() as receiver:
        receiver.answers.append(answer)  # type: ignore[arg-type]
        given = settings(scratch, {"own": {"url": receiver.url(), "kind": "json"}})
        async with scratch.running(bot, settings=given):
            say(scratch, "1")
            await scratch.settled(bot)
            say(scratch, "2")
            scratch.jump(seconds=80)
            await scratch.settled(bot)
            assert len(receiver.received) == 1
            scratch.jump(seconds=30)
            await scratch.settled(bot)
            assert contents(receiver) == ["1", "1", "2"]


async def test_what_failed_comes_before_what_came_later(scratch: Scratch) -> None:
    bot = relaying()
    async with receiving() as receiver:
        receiver.status = 500
        given = settings(scratch, {"own": {"url": receiver.url(), "kind": "json"}})
        async with scratch.running(bot, settings=given):
            for number in range(5):
                say(scratch, str(number))
                scratch.jump(minutes=10)
                await scratch.settled(bot)
            assert {*contents(receiver)} == {"0"}
            receiver.status, receiver.received[:] = 204, []
            scratch.jump(minutes=10)
            await scratch.settled(bot)
            assert contents(receiver) == ["0", "1", "2", "3", "4"]


async def test_what_is_sent_again_is_known_by_its_key(scratch: Scratch) -> None:
    async def hang_up(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    bot = relaying()
    async with receiving() as receiver:
        receiver.answers.append(hang_up)
        target = {"url": receiver.url(), "kind": "json", "batch_size": 10}
        async with scratch.running(bot, settings=settings(scratch, {"own": target})):
            say(scratch, "1")
            await scratch.settled(bot)
            say(scratch, "2")
            await scratch.settled(bot)
            scratch.jump(minutes=10)
            await scratch.settled(bot)
        first, again, other = receiver.received
    assert again.key == first.key != other.key
    assert again.content == first.content


async def test_a_target_that_is_down_holds_no_other_up(scratch: Scratch) -> None:
    bot = relaying()
    async with receiving() as receiver:
        dead = f"http://127.0.0.1:{unused_port()}/{TOKEN}"
        given = settings(
            scratch,
            {
                "dead": {"url": dead, "kind": "json"},
                "living": {"url": receiver.url(), "kind": "json"},
            },
        )
        async with scratch.running(bot, settings=given):
            for number in range(3):
                say(scratch, str(number))
                await scratch.settled(bot)
        assert contents(receiver) == ["0", "1", "2"]


async def test_a_target_that_does_not_answer_holds_no_other_up(scratch: Scratch) -> None:
    is_over = asyncio.Event()

    async def hang(_: web.Request) -> web.StreamResponse:
        await is_over.wait()
        return web.Response()

    bot = relaying()
    async with receiving() as living, receiving() as hanging:
        hanging.answers.append(hang)
        given = settings(
            scratch,
            {
                "hanging": {"url": hanging.url(), "kind": "json"},
                "living": {"url": living.url(), "kind": "json"},
            },
        )
        async with scratch.running(bot, settings=given):
            settling = asyncio.create_task(scratch.settled(bot))
            say(scratch, "1", "2")
            await hanging.until(1)
            await living.until(2)
            is_over.set()
            await settling
        assert contents(living) == contents(hanging) == ["1", "2"]


async def test_what_a_target_refuses_is_given_up_and_the_rest_is_sent(scratch: Scratch) -> None:
    bot = relaying()
    async with receiving() as receiver:
        receiver.answers += [says(404), says(302, headers={"Location": "/elsewhere"})]
        given = settings(scratch, {"own": {"url": receiver.url(), "kind": "json"}})
        with capture_logs() as logs:
            async with scratch.running(bot, settings=given):
                for text in ("1", "2", "3"):
                    say(scratch, text)
                    await scratch.settled(bot)
        assert contents(receiver) == ["1", "2", "3"]
        assert {received.path for received in receiver.received} == {"hook"}
    refused = [log for log in logs if log["event"] == "events_refused"]
    assert [(log["target"], log["status"]) for log in refused] == [("own", 404), ("own", 302)]


@pytest.mark.parametrize("status", [200, 429])
async def test_an_answer_without_end_is_not_waited_for(scratch: Scratch, status: int) -> None:
    async def babble(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(status=status)
        await response.prepare(request)
        while True:
            await response.write(b"x" * 1024)

    bot = relaying()
    async with receiving() as receiver:
        receiver.answers.append(babble)
        given = settings(scratch, {"own": {"url": receiver.url(), "kind": "json"}})
        async with scratch.running(bot, settings=given):
            say(scratch, "1")
            await scratch.settled(bot)
            scratch.jump(minutes=10)
            await scratch.settled(bot)
        assert contents(receiver) == (["1"] if status == 200 else ["1", "1"])


async def test_what_was_not_sent_is_sent_after_a_restart(scratch: Scratch, tmp_path: Path) -> None:
    store = tmp_path / "bot.db"
    async with receiving() as receiver:
        receiver.status = 503
        target = {"url": receiver.url(), "kind": "json"}
        given = settings(scratch, {"own": target})
        bot = relaying()
        async with scratch.running(bot, settings=given, store=store):
            say(scratch, "1", "2")
            await scratch.settled(bot)
        first = receiver.received[0]
        receiver.status, receiver.received[:] = 204, []
        bot = relaying()
        async with scratch.running(bot, settings=given, store=store):
            say(scratch, "3")
            scratch.jump(minutes=10)
            await scratch.settled(bot)
        assert contents(receiver) == ["1", "2", "3"]
        assert receiver.received[0].key == first.key


async def test_what_waits_for_others_is_sent_after_a_restart(
    scratch: Scratch, tmp_path: Path
) -> None:
    store = tmp_path / "bot.db"
    async with receiving() as receiver:
        target = {"url": receiver.url(), "kind": "json", "batch_size": 9, "batch_seconds": 3600.0}
        given = settings(scratch, {"own": target})
        bot = relaying()
        async with scratch.running(bot, settings=given, store=store):
            say(scratch, "1", "2")
            await scratch.settled(bot)
        assert receiver.received == []
        bot = relaying()
        async with scratch.running(bot, settings=given, store=store):
            await scratch.settled(bot)
            assert contents(receiver) == ["1", "2"]


async def test_that_the_bot_stopped_is_told_when_it_is_back(
    scratch: Scratch, tmp_path: Path
) -> None:
    store = tmp_path / "bot.db"
    async with receiving() as receiver:
        target = {"url": receiver.url(), "kind": "discord", "events": ["bot.stop"]}
        for count in (0, 1):
            bot = relaying()
            given = settings(scratch, {"own": target})
            async with scratch.running(bot, settings=given, store=store):
                await scratch.settled(bot)
                assert len(receiver.received) == count


async def test_what_was_sent_stays_in_the_plugin_s_store_no_longer(
    scratch: Scratch, tmp_path: Path
) -> None:
    store = tmp_path / "bot.db"
    async with receiving() as receiver:
        bot = relaying()
        given = settings(scratch, {"own": {"url": receiver.url(), "kind": "json"}})
        async with scratch.running(bot, settings=given, store=store):
            say(scratch, "1", "2")
            await scratch.settled(bot)
    engine = LocalEngine(store)
    await engine.open()
    kept = await engine.values("relay")
    await engine.close()
    assert kept == {"queue:own": "[2, 2, 2]"}


BOT = """
from scratchbot import Bot
from scratchbot.watch import ProjectComments
from scratchbot_relay import Relay

bot = Bot("bot")
bot.include(Relay(ProjectComments(104, backfill=1, every=0.1)))
"""


async def test_a_bot_that_is_killed_while_it_sends_sends_again(
    scratch: Scratch, tmp_path: Path
) -> None:
    async def never(_: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        return web.Response()

    store, program = tmp_path / "bot.db", tmp_path / "bot.py"
    program.write_text(BOT)
    async with receiving() as receiver:
        receiver.answers.append(never)
        target = {"url": receiver.url(), "kind": "json", "events": ["comment"]}
        environment = {
            **os.environ,
            "SCRATCHBOT_ENDPOINT": scratch.address,
            "SCRATCHBOT_LIMITS": "off",
            "SCRATCHBOT_PLUGINS_RELAY_TARGETS": json.dumps({"own": target}),
            "SCRATCHBOT_PLUGINS_RELAY_ALLOW_PRIVATE": "true",
        }
        say(scratch, "1")
        arguments = ["-m", "scratchbot", "run", str(program), "--store", str(store)]
        process = await asyncio.create_subprocess_exec(
            sys.executable, *arguments, env=environment, cwd=tmp_path
        )
        try:
            await receiver.until(1)
        finally:
            process.kill()
            await process.wait()
        bot = relaying()
        async with scratch.running(bot, settings=settings(scratch, {"own": target}), store=store):
            await scratch.settled(bot)
        first, again = receiver.received
    assert again.key == first.key
    assert again.body == first.body


async def test_a_target_is_never_given_up_however_long_it_is_down(
    scratch: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retries, "MOST_ATTEMPTS", 2)
    bot = relaying()
    async with receiving() as receiver:
        receiver.answers += [says(429, headers={"Retry-After": "100"}), says(500), says(500)]
        target = {"url": receiver.url(), "kind": "json", "batch_size": 9}
        async with scratch.running(bot, settings=settings(scratch, {"own": target})):
            for text in ("1", "2"):
                say(scratch, text)
                await scratch.settled(bot)
            scratch.jump(minutes=10)
            with pytest.raises(AssertionError, match="answers with status 500"):
                await scratch.settled(bot)
            scratch.jump(minutes=10)
            await scratch.settled(bot)
        assert contents(receiver) == ["1", "1", "1", "1", "2"]
        assert len({received.key for received in receiver.received[:4]}) == 1


async def test_what_waits_for_a_target_that_is_gone_is_let_go(
    scratch: Scratch, tmp_path: Path
) -> None:
    store = tmp_path / "bot.db"
    async with receiving() as receiver:
        receiver.status = 503
        target = {"url": receiver.url(), "kind": "json"}
        for targets, text in (({"own": target}, "1"), ({}, "2"), ({"own": target}, "3")):
            bot = relaying()
            given = settings(scratch, targets)
            async with scratch.running(bot, settings=given, store=store):
                say(scratch, text)
                scratch.jump(minutes=10)
                await scratch.settled(bot)
            receiver.status = 204
        assert contents(receiver)[-1] == "3"
        assert contents(receiver).count("2") == 0


async def test_the_installed_plugin_sends_what_the_bot_watches(scratch: Scratch) -> None:
    bot = Bot("bot")
    bot.watch(ProjectComments(PROJECT))
    async with receiving() as receiver:
        given = settings(scratch, {"own": {"url": receiver.url(), "kind": "json"}})
        async with scratch.running(bot, settings=given):
            say(scratch, "hi")
            await scratch.settled(bot)
        assert contents(receiver) == ["hi"]


async def test_two_relays_send_each_for_itself(scratch: Scratch) -> None:
    bot = Bot("bot")
    bot.watch(ProjectComments(PROJECT))
    bot.load("relay")
    bot.load("relay", name="second")
    async with receiving() as receiver:
        target = {"own": {"url": receiver.url(), "kind": "json"}}
        given = settings(scratch, target, "relay", "second")
        async with scratch.running(bot, settings=given):
            say(scratch, "hi")
            await scratch.settled(bot)
        assert contents(receiver) == ["hi", "hi"]


async def test_a_name_that_stands_for_a_private_address_is_sent_nothing(
    scratch: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_up: Any = socket.getaddrinfo

    def look_up_as_told(host: str, *arguments: Any, **options: Any) -> Any:
        here = "127.0.0.1" if host == "hooks.example" else host
        return look_up(here, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", look_up_as_told)
    bot = relaying()
    async with receiving() as receiver:
        url = receiver.url().replace("http://127.0.0.1", "https://hooks.example")
        given = settings(scratch, {"own": {"url": url, "kind": "json"}}, allow_private=False)
        with capture_logs() as logs:
            async with scratch.running(bot, settings=given):
                say(scratch, "hi")
                await scratch.settled(bot)
        assert receiver.received == []
    (raised,) = [str(log["exc_info"]) for log in logs if log["event"] == "handler_raised"]
    assert raised.endswith("is on a private address: set allow_private = true if that is meant")


async def test_secrets_show_neither_in_logs_nor_in_errors_nor_in_the_store(
    scratch: Scratch, tmp_path: Path
) -> None:
    folder = tmp_path / "store"
    folder.mkdir()
    bot = relaying()
    async with receiving() as receiver:
        receiver.answers += [says(500), says(429, text="{}"), says(404)]
        dead = f"http://localhost:{unused_port()}/dead/{TOKEN}"
        given = settings(
            scratch,
            {
                "own": {
                    "url": receiver.url(),
                    "kind": "json",
                    "signing_secret": SIGNING_SECRET,
                },
                "dead": {"url": dead, "kind": "slack"},
            },
        )
        with capture_logs() as logs:
            async with scratch.running(bot, settings=given, store=folder / "bot.db"):
                say(scratch, "1", "2")
                for _ in range(4):
                    await scratch.settled(bot)
                    scratch.jump(minutes=10)
        assert len(receiver.received) == 4
        hosts = [receiver.address.removeprefix("http://"), dead.split("/")[2]]
    shown = [f"{log}" for log in logs]
    for log in logs:
        if isinstance(log.get("exc_info"), BaseException):
            shown += traceback.format_exception(log["exc_info"])
    shown += [file.read_bytes().decode("latin-1") for file in folder.iterdir()]
    for secret in (TOKEN, SIGNING_SECRET, *hosts):
        assert not [text for text in shown if secret in text]
