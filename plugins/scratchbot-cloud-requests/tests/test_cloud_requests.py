"""Requests of projects, answered by a bot that runs on the local Scratch."""

import re
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from scratchbot import AsyncScratchSession, Bot, ScratchSession
from scratchbot.aio.store import AsyncStore
from scratchbot.encoding import encode
from scratchbot.errors import RegistrationError
from scratchbot.events import CloudRequestEvent, ScheduleEvent
from scratchbot.handlers import Emit
from scratchbot.testing import Scratch
from scratchbot.watch import Cloud
from scratchbot_cloud_requests import CloudRequests
from scratchbot_cloud_requests import plugin as installed
from scratchbot_cloud_requests.testing import Sprite

pytestmark = pytest.mark.asyncio

PROJECT = 105
LONG = "".join(chr(ord("a") + number % 26) for number in range(2_000))


def served(register: Callable[[CloudRequests], object]) -> Bot:
    bot, requests = Bot("game"), CloudRequests(Cloud(PROJECT))
    register(requests)
    bot.include(requests)
    return bot


def echoing(requests: CloudRequests) -> None:
    @requests.on("ping")
    async def ping() -> str:
        return "pong"

    @requests.on("echo")
    async def echo(text: str) -> str:
        return text

    @requests.on("add")
    def add(left: int, right: float = 1.0) -> float:
        return left + right

    @requests.on("items")
    async def items(count: int) -> list[str]:
        return [f"item {number}" for number in range(count)]


async def test_a_request_is_answered(scratch: Scratch) -> None:
    bot, sprite = served(echoing), Sprite(scratch, PROJECT, "alice")
    async with scratch.running(bot):
        assert await sprite.ask(bot, "ping") == ["pong"]
        assert [name for name, _ in sprite.answers()] == ["FROM_HOST_1"]


async def test_arguments_are_parsed_by_annotation(scratch: Scratch) -> None:
    bot, sprite = served(echoing), Sprite(scratch, PROJECT, "alice")
    async with scratch.running(bot):
        assert await sprite.ask(bot, "add", 20, 22) == ["42"]
        assert await sprite.ask(bot, "add", 20) == ["21"]
        assert await sprite.ask(bot, "add", 20, 0.5) == ["20.5"]
        assert await sprite.ask(bot, "echo", "salt & pepper") == ["salt & pepper"]


async def test_who_asks_wrongly_is_told_how(scratch: Scratch) -> None:
    bot, sprite = served(echoing), Sprite(scratch, PROJECT, "alice")
    async with scratch.running(bot):
        usage = "Write it like this: add&(left)&(right)"
        assert await sprite.ask(bot, "add") == [usage]
        assert await sprite.ask(bot, "add", "x") == [f"left must be a whole number. {usage}"]


async def test_an_answer_of_any_length_arrives(scratch: Scratch) -> None:
    bot, sprite = served(echoing), Sprite(scratch, PROJECT, "alice")
    async with scratch.running(bot):
        assert await sprite.ask(bot, "items", 0) == []
        items = [f"item {number}" for number in range(300)]
        assert await sprite.ask(bot, "items", 300) == items


async def test_a_request_of_several_pieces_is_put_together(scratch: Scratch) -> None:
    bot, sprite = served(echoing), Sprite(scratch, PROJECT, "alice")
    async with scratch.running(bot):
        assert await sprite.ask(bot, "echo", LONG) == [LONG]


async def test_packets_that_are_lost_are_sent_again(scratch: Scratch) -> None:
    bot, sprite = served(echoing), Sprite(scratch, PROJECT, "alice")
    async with scratch.running(bot):
        assert await sprite.ask(bot, "echo", LONG, lost={0, 3, 4}) == [LONG]


async def test_several_players_at_once_get_their_own_answers(scratch: Scratch) -> None:
    bot = served(echoing)
    names = ("alice", "bob", "griffpatch")
    sprites = {name: Sprite(scratch, PROJECT, name) for name in names}
    async with scratch.running(bot):
        ids = {name: sprites[name].begin("echo", name) for name in names}
        await scratch.settled(bot)
    values = sprites["alice"].answers()
    for name in names:
        theirs = [value for _, value in values if f".{ids[name]}" in value]
        assert len(theirs) == 1
    assert len({variable for variable, _ in values}) == len(names)


async def test_requests_whose_pieces_come_mixed_are_kept_apart(scratch: Scratch) -> None:
    bot, sprite = served(echoing), Sprite(scratch, PROJECT, "alice")
    first, second = encode("echo&one"), encode("echo&two")
    async with scratch.running(bot):
        for value in (f"-{first[:5]}.111110", f"-{second[:7]}.222220"):
            scratch.user("bob").set_cloud(PROJECT, "TO_HOST", value)
        for value in (f"{first[5:]}.111110", f"{second[7:]}.222220"):
            scratch.user("bob").set_cloud(PROJECT, "TO_HOST", value)
        await scratch.settled(bot)
    expected = [f"{encode('one')}.1111102222", f"{encode('two')}.2222202222"]
    assert [value for _, value in sprite.answers()] == expected


async def test_what_is_no_request_is_passed_over(scratch: Scratch) -> None:
    bot, sprite = served(echoing), Sprite(scratch, PROJECT, "alice")
    async with scratch.running(bot):
        for value in ("0", "12", "-.5", "1.", "9.1234569", "-1.1234569", "00.123450", ".123460"):
            scratch.user("bob").set_cloud(PROJECT, "TO_HOST", value)
        await scratch.settled(bot)
        assert sprite.answers() == []
        assert await sprite.ask(bot, "ping") == ["pong"]


async def test_a_server_that_falls_back_to_an_older_value_makes_no_ghost(scratch: Scratch) -> None:
    asked: list[str] = []

    def register(requests: CloudRequests) -> None:
        @requests.on("buy")
        async def buy(thing: str) -> str:
            asked.append(thing)
            return "sold"

    bot, sprite = served(register), Sprite(scratch, PROJECT, "alice")
    async with scratch.running(bot):
        assert await sprite.ask(bot, "buy", "hat") == ["sold"]
        older = scratch.cloud(PROJECT, "TO_HOST")
        assert await sprite.ask(bot, "buy", "cat") == ["sold"]
        scratch.user("bob").set_cloud(PROJECT, "TO_HOST", str(older))
        await scratch.settled(bot)
    assert asked == ["hat", "cat"]


async def test_a_restart_makes_no_ghost_and_loses_no_request(
    scratch: Scratch, tmp_path: Path
) -> None:
    bot, sprite = served(echoing), Sprite(scratch, PROJECT, "alice")
    store = tmp_path / "bot.db"
    async with scratch.running(bot, store=store):
        assert await sprite.ask(bot, "ping") == ["pong"]
    before = len(sprite.answers())
    async with scratch.running(bot, store=store):
        await scratch.settled(bot)
        assert len(sprite.answers()) == before
    missed = sprite.begin("ping")
    async with scratch.running(bot, store=store):
        await scratch.settled(bot)
    assert [value for _, value in sprite.answers()[before:]] == [f"51494733.{missed}2222"]


async def test_a_first_start_answers_nothing_that_was_asked_before(scratch: Scratch) -> None:
    bot, sprite = served(echoing), Sprite(scratch, PROJECT, "alice")
    sprite.begin("ping")
    async with scratch.running(bot):
        await scratch.settled(bot)
        assert sprite.answers() == []


async def test_half_a_request_is_completed_after_a_restart(
    scratch: Scratch, tmp_path: Path
) -> None:
    bot, sprite = served(echoing), Sprite(scratch, PROJECT, "alice")
    alice, store = scratch.user("alice"), tmp_path / "bot.db"
    async with scratch.running(bot, store=store):
        alice.set_cloud(PROJECT, "TO_HOST", "-51374.123450")
        await scratch.settled(bot)
    async with scratch.running(bot, store=store):
        alice.set_cloud(PROJECT, "TO_HOST", "733.123450")
        await scratch.settled(bot)
    assert [value for _, value in sprite.answers()] == ["51494733.1234502222"]


async def test_handlers_are_given_what_they_ask_for(scratch: Scratch) -> None:
    def register(requests: CloudRequests) -> None:
        @requests.on("count")
        async def count(store: AsyncStore, event: CloudRequestEvent) -> int:
            number = int(await store.get("count", 0)) + 1
            await store.set("count", number)
            assert event.project_id == PROJECT
            return number

        @requests.on("best")
        async def best(session: AsyncScratchSession, name: str) -> str:
            return await session.get_cloud_variable(PROJECT, name)

        @requests.on("who")
        def who(session: ScratchSession) -> str:
            return session.get_user("alice").username

    bot, sprite = served(register), Sprite(scratch, PROJECT, "alice")
    async with scratch.running(bot):
        assert await sprite.ask(bot, "count") == ["1"]
        assert await sprite.ask(bot, "count") == ["2"]
        assert await sprite.ask(bot, "best", "FROM_HOST_9") == ["0"]
        assert await sprite.ask(bot, "who") == ["alice"]


async def test_a_handler_that_returns_nothing_sends_nothing(scratch: Scratch) -> None:
    def register(requests: CloudRequests) -> None:
        @requests.on("quiet")
        async def quiet() -> None: ...

    bot, sprite = served(register), Sprite(scratch, PROJECT, "alice")
    async with scratch.running(bot):
        assert await sprite.ask(bot, "quiet") is None
        assert await sprite.ask(bot, "unknown") is None


async def test_everybody_who_plays_is_told_something_unasked(scratch: Scratch) -> None:
    bot, cloud = Bot("game"), Cloud(PROJECT)
    requests, sprite = CloudRequests(cloud), Sprite(scratch, PROJECT, "alice")
    bot.include(requests)

    @requests.every(hours=1)
    async def news(event: ScheduleEvent, emit: Emit) -> None:
        for said in ("a new level", "a new level", ["one", "two"]):
            await emit(requests.message(event, cloud, said))

    async with scratch.running(bot):
        scratch.jump(hours=1, seconds=1)
        await scratch.settled(bot)
    digits = [value.partition(".")[0] for _, value in sprite.answers()]
    ids = [value.partition(".")[2] for _, value in sprite.answers()]
    assert digits == [encode("a new level"), encode("one\ntwo\n")]
    assert all(re.fullmatch("100000000[1-9][0-9]{3}2222", each) for each in ids)


async def test_a_filter_is_equality_on_the_request_s_fields(scratch: Scratch) -> None:
    def register(requests: CloudRequests) -> None:
        @requests.on("ping", project_id=104)
        async def elsewhere() -> str:
            return "elsewhere"

        @requests.on("ping", project_id=PROJECT)
        async def here() -> str:
            return "here"

    bot, sprite = served(register), Sprite(scratch, PROJECT, "alice")
    async with scratch.running(bot):
        assert await sprite.ask(bot, "ping") == ["here"]


async def test_a_plugin_without_projects_serves_those_that_the_bot_watches(
    scratch: Scratch,
) -> None:
    bot, requests, sprite = Bot("game"), CloudRequests(), Sprite(scratch, PROJECT, "alice")
    bot.watch(Cloud(PROJECT))
    echoing(requests)
    bot.include(requests)
    async with scratch.running(bot):
        assert await sprite.ask(bot, "ping") == ["pong"]


async def test_a_plugin_serves_its_own_projects_and_no_others(scratch: Scratch) -> None:
    bot, sprite = served(echoing), Sprite(scratch, 104, "alice", Random(3))
    bot.watch(Cloud(104))
    async with scratch.running(bot):
        assert await sprite.ask(bot, "ping") is None


async def test_other_variables_can_carry_the_answers(scratch: Scratch) -> None:
    bot, sprite = Bot("game"), Sprite(scratch, PROJECT, "alice")
    requests = CloudRequests(Cloud(PROJECT), variables=["7", "8"])
    echoing(requests)
    bot.include(requests)
    async with scratch.running(bot):
        assert await sprite.ask(bot, "echo", LONG) == [LONG]
    assert {name for name, _ in sprite.answers()} == {"FROM_HOST_7", "FROM_HOST_8"}


@pytest.mark.parametrize("name", ["", "a&b", "salut çava", "two\nlines", "cloud.set"])
async def test_a_name_that_no_project_can_ask_for_is_refused(name: str) -> None:
    with pytest.raises(RegistrationError, match=r"no project can ask|no name of|no request"):
        CloudRequests().on(name)


async def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(RegistrationError, match="did you mean 'user'"):
        CloudRequests().on("ping", usre="alice")


async def test_the_installed_plugin_may_set_cloud_variables_and_no_more() -> None:
    assert installed.name == "cloud-requests"
    assert installed.permissions == {"cloud.set"}
