"""Cloud variables in a running bot."""

import asyncio
from pathlib import Path

import pytest

from scratchbot import AsyncScratchSession, Bot, Plugin
from scratchbot.events import BotErrorEvent, CloudEvent, CloudSetEvent, CommentEvent
from scratchbot.settings import Network, Settings
from scratchbot.watch import Cloud, ProjectComments
from tests.running import running
from tests.scratch import Scratch, until

pytestmark = pytest.mark.asyncio


async def test_a_bot_that_was_away_is_told_each_change_in_order_and_who_made_it(
    scratch: Scratch, tmp_path: Path
) -> None:
    bot = Bot("bot")
    bot.watch(Cloud(104))
    async with running(bot, scratch, store=tmp_path / "bot.db") as record:
        scratch.acts.set_cloud("alice", 104, "☁ ping", "1")
        await until(lambda: record.named("cloud.set"))
    for who, name, value in [("bob", "ping", "2"), ("alice", "foo", "3"), ("bob", "ping", "1")]:
        scratch.acts.set_cloud(who, 104, f"☁ {name}", value)
    async with running(bot, scratch, store=tmp_path / "bot.db") as record:
        await until(lambda: len(record.named("cloud.set")) == 3)
    told = [event for event in record.named("cloud.set") if isinstance(event, CloudSetEvent)]
    assert [(event.user, event.variable, event.previous, event.value) for event in told] == [
        ("bob", "ping", "1", "2"),
        ("alice", "foo", "1391203129031", "3"),
        ("bob", "ping", "2", "1"),
    ]
    assert {event.via for event in told} == {"log"}
    assert [event.at for event in told] == sorted(event.at for event in told)
    times = [row["timestamp"] for row in scratch.world.projects[104].cloud_log]
    assert [int(event.at.timestamp() * 1000) for event in told] == times[-3:]


async def test_with_the_latest_a_handler_is_never_behind(scratch: Scratch, tmp_path: Path) -> None:
    bot, began, let_end, heard = Bot("bot"), asyncio.Event(), asyncio.Event(), list[str]()
    bot.watch(Cloud(104, delivery="latest"))

    @bot.on("cloud.set")
    async def slow(event: CloudSetEvent) -> None:
        heard.append(f"{event.variable}={event.value}")
        began.set()
        await let_end.wait()

    async with running(bot, scratch, store=tmp_path / "bot.db") as record:
        scratch.acts.set_cloud("alice", 104, "☁ ping", "1")
        await began.wait()
        for number in range(2, 500):
            scratch.acts.set_cloud("alice", 104, "☁ ping", str(number))
            scratch.acts.set_cloud("alice", 104, "☁ pong", str(-number))
        let_end.set()
        await until(lambda: "pong=-499" in heard and "ping=499" in heard)
        assert heard[0] == "ping=1"
        assert len(record.named("cloud.set")) < 20


async def test_with_the_latest_what_was_left_out_is_not_told_after_a_restart(
    scratch: Scratch, tmp_path: Path
) -> None:
    bot, began, let_end, heard = Bot("bot"), asyncio.Event(), asyncio.Event(), list[str]()
    bot.watch(Cloud(104, delivery="latest"))

    @bot.on("cloud.set", variable="ping")
    async def slow(event: CloudSetEvent) -> None:
        heard.append(event.value)
        began.set()
        await let_end.wait()

    async with running(bot, scratch, store=tmp_path / "bot.db") as record:
        scratch.acts.set_cloud("alice", 104, "☁ ping", "1")
        await began.wait()
        for value in "010101":
            scratch.acts.set_cloud("alice", 104, "☁ ping", value)
        let_end.set()
        await until(lambda: len(heard) >= 2)
        scratch.acts.set_cloud("alice", 104, "☁ foo", "5")
        await until(lambda: any(getattr(each, "value", "") == "5" for each in record.events))
    heard.clear()
    async with running(bot, scratch, store=tmp_path / "bot.db") as record:
        scratch.acts.set_cloud("alice", 104, "☁ ping", "7")
        await until(lambda: "7" in heard)
    assert heard == ["7"]


async def test_a_project_is_watched_on_two_servers_at_once(scratch: Scratch) -> None:
    bot, heard = Bot("bot"), list[tuple[str, str]]()
    bot.watch(Cloud(104), Cloud(104, host="turbowarp"))

    @bot.on("cloud.set")
    async def hear(event: CloudSetEvent, session: AsyncScratchSession) -> None:
        heard.append((event.source, event.value))
        await session.set_cloud_variable(104, "pong", event.value, host="turbowarp")

    async with running(bot, scratch), AsyncScratchSession("alice", "wonderland") as session:
        player = await session.create_cloud_connection(104, cloud_host="turbowarp")
        scratch.acts.set_cloud("alice", 104, "☁ ping", "1")
        await until(lambda: heard)
        await player.set_cloud_variable("score", "2" * 300)
        await until(lambda: len(heard) == 2)
        await until(lambda: player.get_cloud_variable("pong") == "2" * 300)
    assert heard == [
        ("cloud:104", "1"),
        ("cloud:104:clouddata.turbowarp.org", "2" * 300),
    ]


test_a_project_is_watched_on_two_servers_at_once = pytest.mark.usefixtures("endpoint")(
    test_a_project_is_watched_on_two_servers_at_once
)


async def test_a_server_that_refuses_for_good_is_told_once_and_the_bot_goes_on(
    scratch: Scratch,
) -> None:
    bot, plugin, errors = Bot("bot"), Plugin("games"), list[str]()
    bot.watch(ProjectComments(104, every=0.05))
    plugin.watch(Cloud(999_999_999))
    bot.include(plugin)

    @bot.on("bot.error")
    async def note(event: BotErrorEvent) -> None:
        errors.append(event.error)

    @bot.on("comment")
    async def answer(event: CommentEvent, session: AsyncScratchSession) -> None:
        await session.reply(event, "hello")

    async with running(bot, scratch):
        await until(lambda: errors)
        comment = scratch.user("alice").comment("project:104", "hi").comment
        await until(lambda: comment.replies)
    (error,) = errors
    assert "project 999999999 cannot be heard" in error
    assert "that the project is shared" in error


async def test_bot_and_plugins_share_one_socket_and_who_wants_all_gets_all(
    scratch: Scratch,
) -> None:
    bot, plugin, heard = Bot("bot"), Plugin("games"), list[tuple[str, str]]()
    bot.watch(Cloud(104, delivery="latest"))
    plugin.watch(Cloud(104))
    bot.include(plugin)

    @bot.on("cloud.set")
    async def hear(event: CloudSetEvent) -> None:
        heard.append(("bot", event.value))

    @plugin.on("cloud.set")
    async def hear_too(event: CloudSetEvent) -> None:
        heard.append(("plugin", event.value))

    async with running(bot, scratch) as record:
        for number in range(20):
            scratch.acts.set_cloud("alice", 104, "☁ ping", str(number))
        await until(lambda: len(heard) == 40)
        assert len(record.named("cloud.connect")) == 1
    for who in ("bot", "plugin"):
        assert [value for one, value in heard if one == who] == [str(n) for n in range(20)]


async def test_a_handler_can_wait_until_its_set_is_seen(scratch: Scratch) -> None:
    bot, seen = Bot("bot"), list[str]()
    bot.watch(Cloud(104))

    @bot.on("cloud.set", variable="ping")
    async def pong(event: CloudSetEvent, session: AsyncScratchSession) -> None:
        await session.set_cloud_variable(104, "pong", event.value, seen=True)
        seen.append(scratch.cloud(104, "pong") or "")

    async with running(bot, scratch):
        scratch.acts.set_cloud("alice", 104, "☁ ping", "5")
        await until(lambda: seen == ["5"])


async def test_the_owner_s_contact_is_told_to_cloud_servers(scratch: Scratch) -> None:
    bot = Bot("bot")
    bot.watch(Cloud("games of alice", host="turbowarp"))
    network = Network(endpoint=scratch.address, limits=False, contact="me@example.org")
    async with running(bot, scratch, settings=Settings(network=network)) as record:
        (event,) = record.named("cloud.connect")
    assert isinstance(event, CloudEvent)
    assert event.project_id == "games of alice"
