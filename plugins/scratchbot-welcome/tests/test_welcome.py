"""Newcomers, and a bot that welcomes them on the local Scratch."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from scratchbot import Bot
from scratchbot.errors import SiteDownError
from scratchbot.events import Event, person
from scratchbot.router import CallNext
from scratchbot.settings import Network, Settings
from scratchbot.testing import Posted, Scratch
from scratchbot.testing.people import place_of
from scratchbot.watch import (
    Activity,
    ListWatch,
    Messages,
    ProfileComments,
    ProjectComments,
    StudioActivity,
    StudioComments,
)
from scratchbot_welcome import Welcome, plugin

pytestmark = pytest.mark.asyncio

PROJECT, STUDIO = 105, 26135902
PLACES: list[tuple[int | str, ListWatch, str]] = [
    (PROJECT, ProjectComments(PROJECT), "project"),
    (f"studio:{STUDIO}", StudioComments(STUDIO), "studio"),
    ("profile:demo-bot", ProfileComments("demo-bot"), "profile"),
]


def welcoming(*watches: ListWatch) -> Bot:
    bot = Bot("doorman")
    bot.include(Welcome(*watches))
    return bot


def set_to(scratch: Scratch, **table: object) -> Settings:
    network = Network(endpoint=scratch.address, limits=False)
    return Settings(network=network, plugins={"welcome": table})


def invite(scratch: Scratch, name: str, studio: int = STUDIO, host: str = "Za-Chary") -> None:
    scratch.act("invite_curator", host, studio, name)
    scratch.act("accept_curator", name, studio)


def crowd(scratch: Scratch, size: int) -> list[str]:
    """Bring people onto the local Scratch, and return their names."""
    names = [f"visitor{number}" for number in range(size)]
    for name in names:
        scratch.act("join", name, "secret")
    return names


@pytest.mark.parametrize(("place", "watch", "kind"), PLACES)
async def test_a_first_comment_is_answered_in_its_own_thread_once(
    scratch: Scratch, place: int | str, watch: ListWatch, kind: str
) -> None:
    bot, griffpatch = welcoming(watch), scratch.user("griffpatch")
    async with scratch.running(bot):
        first = griffpatch.comment(place, "Nice!")
        await scratch.settled(bot)
        second = griffpatch.comment(place, "Still nice!")
        await scratch.settled(bot)
    assert first.replies == [f"Hello @griffpatch, and welcome to this {kind}!"]
    assert second.replies == []


async def test_people_are_welcomed_in_turn_with_each_of_the_texts(scratch: Scratch) -> None:
    bot = welcoming(ProjectComments(PROJECT))
    settings = set_to(scratch, comment_texts=["One: $name", "Two: $name, $$5"])
    async with scratch.running(bot, settings=settings):
        posted = [
            scratch.user(name).comment(PROJECT, "hello")
            for name in ("griffpatch", "Za-Chary", "newcomer")
        ]
        await scratch.settled(bot)
    assert [one.replies for one in posted] == [
        ["One: griffpatch"],
        ["Two: Za-Chary, $5"],
        ["One: newcomer"],
    ]


@pytest.mark.parametrize(("place", "watch", "kind"), PLACES)
async def test_who_wrote_there_before_the_bot_came_is_no_newcomer(
    scratch: Scratch, place: int | str, watch: ListWatch, kind: str
) -> None:
    scratch.user("griffpatch").comment(place, "I was here first")
    bot = welcoming(watch)
    async with scratch.running(bot):
        again = scratch.user("griffpatch").comment(place, "And here I am again")
        other = scratch.user("newcomer").comment(place, "Hello")
        await scratch.settled(bot)
    assert again.replies == []
    assert other.replies == [f"Hello @newcomer, and welcome to this {kind}!"]


async def test_how_far_to_look_back_is_a_setting(scratch: Scratch) -> None:
    bot = welcoming(ProjectComments(PROJECT))
    async with scratch.running(bot, settings=set_to(scratch, look_back=0)):
        posted = scratch.user("bob").comment(PROJECT, "Another time of mine")
        await scratch.settled(bot)
    assert posted.replies == ["Hello @bob, and welcome to this project!"]


async def test_a_person_is_welcomed_once_over_restarts(scratch: Scratch, tmp_path: Path) -> None:
    griffpatch, store = scratch.user("griffpatch"), tmp_path / "bot.db"
    posted: list[Posted] = []
    for _ in range(3):
        bot = welcoming(ProjectComments(PROJECT))
        async with scratch.running(bot, store=store):
            posted.append(griffpatch.comment(PROJECT, f"comment {len(posted)}"))
            await scratch.settled(bot)
    assert [len(one.replies) for one in posted] == [1, 0, 0]


async def test_a_run_that_happens_again_welcomes_nobody_twice(scratch: Scratch) -> None:
    bot = welcoming(ProjectComments(PROJECT), StudioActivity(STUDIO))
    again = repeated(bot)
    async with scratch.running(bot, settings=set_to(scratch, look_back=0)):
        posted = [
            scratch.user(name).comment(PROJECT, f"hello {number}")
            for number in range(3)
            for name in ("griffpatch", "Za-Chary")
        ]
        for _ in range(2):
            invite(scratch, "griffpatch")
            scratch.act("remove_curator", "Za-Chary", STUDIO, "griffpatch")
        await settled_again(scratch, bot)
    assert [len(one.replies) for one in posted] == [1, 1, 0, 0, 0, 0]
    assert len(said_in_studio(scratch)) == 1
    assert len(again) > 8


async def test_a_comment_that_comes_by_two_ways_is_answered_once(scratch: Scratch) -> None:
    bot = welcoming(Messages(), ProfileComments("demo-bot"))
    async with scratch.running(bot):
        posted = [
            scratch.user("griffpatch").comment("profile:demo-bot", f"hello {number}")
            for number in range(5)
        ]
        await scratch.settled(bot)
    assert [len(one.replies) for one in posted] == [1, 0, 0, 0, 0]


async def test_a_place_that_is_not_watched_is_left_alone(scratch: Scratch) -> None:
    """Messages tell of answers to the bot in other people's places, too."""
    bot = welcoming(Messages())
    scratch.act("post_comment", "demo-bot", place_of("profile:alice"), "Hello alice", None)
    async with scratch.running(bot):
        thread = scratch.comments("profile:alice")[0]
        scratch.user("griffpatch").reply(thread, "Hello bot")
        await scratch.settled(bot)
        assert thread.replies == ["Hello bot"]


async def test_a_new_curator_is_welcomed_in_the_studio_once(scratch: Scratch) -> None:
    bot = welcoming(StudioActivity(STUDIO))
    async with scratch.running(bot):
        invite(scratch, "griffpatch")
        invite(scratch, "bob")
        await scratch.settled(bot)
        scratch.act("remove_curator", "Za-Chary", STUDIO, "bob")
        invite(scratch, "bob")
        await scratch.settled(bot)
    assert said_in_studio(scratch) == [
        "Welcome to the curators of this studio, @griffpatch!",
        "@bob curates this studio now. Welcome!",
    ]


async def test_the_bot_does_not_welcome_itself(scratch: Scratch) -> None:
    bot = welcoming(StudioActivity(STUDIO))
    async with scratch.running(bot, username="griffpatch"):
        invite(scratch, "griffpatch")
        await scratch.settled(bot)
    assert said_in_studio(scratch, "griffpatch") == []


async def test_what_followed_people_curate_elsewhere_is_left_alone(scratch: Scratch) -> None:
    bot = welcoming(Activity())
    async with scratch.running(bot):
        invite(scratch, "bob")
        await scratch.settled(bot)
    assert said_in_studio(scratch) == []


async def test_new_followers_are_greeted_together_on_the_bot_s_own_profile(
    scratch: Scratch,
) -> None:
    bot = welcoming(Messages())
    async with scratch.running(bot):
        for name in ("alice", "bob", "griffpatch", "newcomer", "Za-Chary"):
            scratch.user(name).follow("demo-bot")
        await hours(scratch, bot, 3)
    greeting = "Welcome to my new followers: @alice, @bob, @griffpatch and 2 more!"
    assert said_on_profile(scratch) == [greeting]
    for name in ("alice", "bob", "griffpatch", "newcomer", "Za-Chary"):
        assert not [one for one in scratch.comments(f"profile:{name}") if one.author == "demo-bot"]


@pytest.mark.parametrize(
    ("others", "said"),
    [
        (["griffpatch", "newcomer"], ["Welcome to my new followers: @griffpatch and 1 more!"]),
        ([], []),
    ],
)
async def test_a_joint_greeting_is_for_those_who_did_not_say_stop(
    scratch: Scratch, others: list[str], said: list[str]
) -> None:
    bot = welcoming(Messages(), ProfileComments("demo-bot"))
    async with scratch.running(bot, settings=set_to(scratch, comments=False, most_names=1)):
        for name in ("alice", "bob"):
            scratch.user(name).follow("demo-bot")
            scratch.user(name).comment("profile:demo-bot", "stop")
        for name in others:
            scratch.user(name).follow("demo-bot")
        await scratch.settled(bot)
        await hours(scratch, bot, 2)
    assert said_on_profile(scratch) == said


async def test_followers_are_greeted_at_most_once_a_day_and_each_once(
    scratch: Scratch, tmp_path: Path
) -> None:
    store = tmp_path / "bot.db"
    for name in ("alice", "bob", "griffpatch", "newcomer"):
        bot = welcoming(Messages())
        async with scratch.running(bot, store=store):
            scratch.user(name).follow("demo-bot")
            scratch.act("unfollow", "alice", "demo-bot")
            scratch.user("alice").follow("demo-bot")
            await hours(scratch, bot, 10)
    async with scratch.running(bot, store=store):
        await hours(scratch, bot, 30)
    said = said_on_profile(scratch)
    assert said[0] == "Welcome to my new followers: @alice!"
    assert said[1].startswith("Thank you for following me, @bob")
    assert len(said) == 3
    assert " ".join(said).count("@alice") == 1
    assert {name for name in ("bob", "griffpatch", "newcomer") if f"@{name}" in " ".join(said)} == {
        "bob",
        "griffpatch",
        "newcomer",
    }


async def test_a_greeting_that_is_said_again_is_said_once_with_the_same_names(
    scratch: Scratch,
) -> None:
    bot = welcoming(Messages())

    def bob_follows_behind_the_greeting() -> None:
        if said_on_profile(scratch):
            scratch.user("bob").follow("demo-bot")

    repeated(bot, times=3, then=bob_follows_behind_the_greeting)
    async with scratch.running(bot):
        scratch.user("alice").follow("demo-bot")
        for _ in range(6):
            await settled_again(scratch, bot)
            scratch.jump(hours=1)
        await settled_again(scratch, bot)
        assert said_on_profile(scratch) == ["Welcome to my new followers: @alice!"]
        await hours(scratch, bot, 26)
    assert said_on_profile(scratch)[1:] == ["Thank you for following me, @bob!"]


@pytest.mark.parametrize("off", ["comments", "curators", "followers"])
async def test_each_kind_of_welcome_can_be_switched_off(scratch: Scratch, off: str) -> None:
    bot = welcoming(ProjectComments(PROJECT), StudioActivity(STUDIO), Messages())
    async with scratch.running(bot, settings=set_to(scratch, **{off: False})):
        posted = scratch.user("griffpatch").comment(PROJECT, "hello")
        invite(scratch, "griffpatch")
        scratch.user("griffpatch").follow("demo-bot")
        await hours(scratch, bot, 3)
    said = {
        "comments": len(posted.replies),
        "curators": len(said_in_studio(scratch)),
        "followers": len(said_on_profile(scratch)),
    }
    assert said == {"comments": 1, "curators": 1, "followers": 1, off: 0}


async def test_a_crowd_is_welcomed_up_to_the_day_s_bound_and_not_later(scratch: Scratch) -> None:
    bot, names = welcoming(ProjectComments(PROJECT)), crowd(scratch, 120)
    async with scratch.running(bot, settings=set_to(scratch, most_a_day=10)):
        posted = [scratch.user(name).comment(PROJECT, f"hello from {name}") for name in names]
        await scratch.settled(bot)
        assert sum(len(one.replies) for one in posted) == 10
        scratch.jump(days=1)
        later = scratch.user(names[-1]).comment(PROJECT, "and again")
        fresh = scratch.user("griffpatch").comment(PROJECT, "hello")
        await scratch.settled(bot)
    assert later.replies == []
    assert len(fresh.replies) == 1


async def test_a_comment_that_is_gone_before_its_answer_hurts_nobody(scratch: Scratch) -> None:
    bot, griffpatch = welcoming(ProjectComments(PROJECT)), scratch.user("griffpatch")

    @bot.middleware
    async def delete_first(event: Event, call_next: CallNext) -> object:
        if person(event) == "griffpatch" and posted.is_there:
            griffpatch.delete(posted)
        return await call_next(event)

    async with scratch.running(bot):
        posted = griffpatch.comment(PROJECT, "oops")
        await scratch.settled(bot)
        other = scratch.user("newcomer").comment(PROJECT, "hello")
        await scratch.settled(bot)
    assert len(other.replies) == 1


async def test_two_of_them_under_their_own_names_do_not_disturb_each_other(
    scratch: Scratch,
) -> None:
    bot = Bot("doorman")
    bot.watch(ProjectComments(PROJECT))
    bot.include(plugin)
    bot.include(plugin, name="second")
    async with scratch.running(bot):
        posted = scratch.user("griffpatch").comment(PROJECT, "hello")
        await scratch.settled(bot)
    assert len(posted.replies) == 2


async def test_the_installed_plugin_welcomes_where_the_bot_watches(scratch: Scratch) -> None:
    bot = Bot("doorman")
    bot.watch(ProjectComments(PROJECT))
    bot.load("welcome")
    async with scratch.running(bot):
        posted = scratch.user("griffpatch").comment(PROJECT, "hello")
        await scratch.settled(bot)
    assert len(posted.replies) == 1


async def test_it_may_comment_and_no_more() -> None:
    assert plugin.permissions == {"comment.reply", "comment.post"}


def repeated(bot: Bot, times: int = 1, then: Callable[[], None] = lambda: None) -> Counter[str]:
    """Let each run fail after it has done all, and return how often, by the event.

    :param times: how often.
    :param then: is done before each failure.
    """
    failed: Counter[str] = Counter()

    @bot.middleware
    async def fail(event: Event, call_next: CallNext) -> object:
        returned = await call_next(event)
        if failed[event.id] < times:
            failed[event.id] += 1
            then()
            raise SiteDownError("the site went down after all was done")
        return returned

    return failed


async def settled_again(scratch: Scratch, bot: Bot) -> None:
    for _ in range(3):
        await scratch.settled(bot)
        scratch.jump(seconds=10)
    await scratch.settled(bot)


async def hours(scratch: Scratch, bot: Bot, count: int) -> None:
    for _ in range(count):
        scratch.jump(hours=1, seconds=1)
        await scratch.settled(bot)


def said_in_studio(scratch: Scratch, who: str = "demo-bot") -> list[str]:
    threads = reversed(scratch.comments(f"studio:{STUDIO}"))
    return [one.text for one in threads if one.author == who]


def said_on_profile(scratch: Scratch) -> list[str]:
    threads = reversed(scratch.comments("profile:demo-bot"))
    return [one.text for one in threads if one.author == "demo-bot"]
