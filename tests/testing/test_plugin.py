"""The pytest plugin, as a bot author uses it."""

import asyncio
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from scratchbot import AsyncScratchSession, Bot
from scratchbot.events import CloudSetEvent, CommentEvent
from scratchbot.testing import JumpingClock, Scratch
from scratchbot.testing.plugin import scratch
from scratchbot.watch import Cloud, Messages, ProjectComments

pytestmark = pytest.mark.asyncio

__all__ = ["scratch"]  # the plugin's own fixture, not the one of these tests


def greeter() -> Bot:
    bot = Bot("greeter")
    bot.watch(ProjectComments(104, every=600), Cloud(104), Messages(every=600))

    @bot.on("comment.project")
    async def greet(event: CommentEvent, session: AsyncScratchSession) -> None:
        if event.content == "boom":
            raise ValueError("no such luck")
        await session.reply(event, f"Hello, {event.author}!")

    @bot.on("cloud.set", variable="ping")
    async def pong(event: CloudSetEvent, session: AsyncScratchSession) -> None:
        await session.set_cloud_variable(104, "pong", event.value)

    return bot


async def test_settled_means_that_a_comment_has_its_answer(scratch: Scratch) -> None:
    bot = greeter()
    async with scratch.running(bot):
        comment = scratch.user("alice").comment(104, "hi")
        await scratch.settled(bot)
        assert comment.replies == ["Hello, alice!"]
        assert repr(comment) == "<alice: 'hi', replies ['Hello, alice!']>"


async def test_settled_means_that_a_cloud_variable_has_its_answer(scratch: Scratch) -> None:
    bot = greeter()
    async with scratch.running(bot):
        for value in range(1, 6):
            scratch.user("alice").set_cloud(104, "ping", value)
            await scratch.settled(bot)
            assert scratch.cloud(104, "pong") == str(value)


async def test_a_bot_that_watches_other_cloud_servers_too_comes_to_rest(
    scratch: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scratchbot.cloud.talk.SILENT_FOR", 0.05)
    bot = Bot("both")
    bot.watch(Cloud(104), Cloud(104, host="turbowarp"), Cloud("alice's game", host="turbowarp"))
    heard: list[str] = []

    @bot.on("cloud.set")
    async def hear(event: CloudSetEvent) -> None:
        heard.append(event.value)

    async with scratch.running(bot):
        scratch.user("alice").set_cloud(104, "ping", 7)
        await scratch.settled(bot)
        assert heard == ["7"]


async def test_settled_waits_for_a_handler_that_takes_its_time(scratch: Scratch) -> None:
    bot, done = Bot("slow"), []
    bot.watch(ProjectComments(104))

    @bot.on("comment")
    async def ponder(event: CommentEvent) -> None:
        await asyncio.sleep(0.5)
        done.append(event.content)

    async with scratch.running(bot):
        scratch.user("alice").comment(104, "one")
        scratch.user("alice").comment(104, "two")
        await scratch.settled(bot)
        assert done == ["one", "two"]


async def test_a_handler_that_fails_fails_the_test(scratch: Scratch) -> None:
    bot = greeter()
    async with scratch.running(bot):
        scratch.user("alice").comment(104, "boom")
        with pytest.raises(AssertionError, match="greet failed: ValueError: no such luck"):
            await scratch.settled(bot)


async def test_time_that_jumps_fires_schedules(scratch: Scratch) -> None:
    bot, fired = Bot("clock"), []

    @bot.every(hours=1)
    async def tick() -> None:
        fired.append(1)

    async with scratch.running(bot):
        for hour in range(1, 4):
            scratch.jump(hours=1, seconds=1)
            await scratch.settled(bot)
            assert len(fired) == hour


async def test_weather_comes_and_goes(scratch: Scratch) -> None:
    bot = greeter()
    async with scratch.running(bot):
        scratch.weather(path="*/comments*", method="GET", status=503)
        comment = scratch.user("alice").comment(104, "hi")
        await scratch.settled(bot)
        assert comment.replies == []
        scratch.weather()
        await scratch.settled(bot)
        assert comment.replies == ["Hello, alice!"]


async def test_people_act_and_what_they_did_can_be_seen(scratch: Scratch) -> None:
    alice, bob = scratch.user("alice"), scratch.user("Bob")
    top = alice.comment("studio:26135902", "look at this")
    bob.reply(top, "nice")
    alice.love(105)
    alice.favorite(105)
    alice.follow("bob")
    alice.add_project(105, 26135902)
    assert bob.messages[0]["type"] == "followuser"
    assert scratch.comments("studio:26135902")[0].replies == ["nice"]
    assert "alice" in scratch.world.projects[105].loves
    alice.delete(top)
    assert not top.is_there
    with pytest.raises(LookupError, match="there is no user 'nobody'; there are griffpatch"):
        scratch.user("nobody")
    with pytest.raises(LookupError, match="the bot is not running"):
        await scratch.settled(greeter())


async def test_another_program_is_redirected_and_reaches_nothing_else(scratch: Scratch) -> None:
    ask = "import urllib.request as r, sys; print(r.urlopen(sys.argv[1]).read()[:12].decode())"

    def program(url: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", ask, url]
        environment = {"PATH": "/usr/bin", **scratch.environment}
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    found = await asyncio.to_thread(program, "https://api.scratch.mit.edu/projects/104")
    assert found.stdout == '{"id": 104, \n'
    refused = await asyncio.to_thread(program, "https://example.com/")
    assert "403" in refused.stderr


async def test_code_in_a_with_block_is_redirected(scratch: Scratch) -> None:
    def ask() -> bytes:
        with scratch.redirected():
            opener = urllib.request.build_opener(urllib.request.ProxyHandler())
            url = "https://scratch.mit.edu/statistics/data/daily/"
            body: bytes = opener.open(url, timeout=10).read()
            return body

    assert b"PROJECT_COUNT" in await asyncio.to_thread(ask)


async def test_a_bot_goes_on_in_its_store_after_a_restart(scratch: Scratch, tmp_path: Path) -> None:
    store, bot = tmp_path / "bot.db", greeter()
    async with scratch.running(bot, store=store):
        scratch.user("alice").comment(104, "before")
        await scratch.settled(bot)
    missed = scratch.user("alice").comment(104, "while it was away")
    async with scratch.running(bot, store=store):
        await scratch.settled(bot)
    assert missed.replies == ["Hello, alice!"]


async def test_the_clock_does_not_step_back() -> None:
    with pytest.raises(ValueError, match="does not step back"):
        JumpingClock().jump(-1)
