"""How a bot behaves towards people, without a line of code for it."""

import contextlib
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from scratchbot import AsyncScratchSession, Bot
from scratchbot.aio.store import AsyncStore
from scratchbot.errors import CommentRejectedError, MannersError, PermissionDeniedError
from scratchbot.events import BotErrorEvent, CommentEvent
from scratchbot.runtime.manners import wants_silence
from scratchbot.settings import Answers, Network, Settings
from scratchbot.testing.people import Posted
from scratchbot.watch import Messages, ProfileComments, ProjectComments
from tests.scratch import Scratch

pytestmark = pytest.mark.asyncio


def greeter() -> Bot:
    bot = Bot("greeter")
    bot.watch(ProjectComments(104), ProfileComments("demo-bot"))

    @bot.on("comment")
    async def greet(event: CommentEvent, session: AsyncScratchSession) -> None:
        await session.reply(event, f"Hello, @{event.author}!")

    @bot.command("!roll")
    async def roll() -> str:
        return "4"

    return bot


def strict(scratch: Scratch, **answers: int) -> Settings:
    """Return the settings of a bot that counts, in a sandbox without limits of its own."""
    return Settings(network=Network(endpoint=scratch.address), answers=Answers(**answers))


def said(comment: Posted) -> list[str]:
    replies = [*comment.comment.replies.values()]
    return [reply.content for reply in replies if reply.author.username == "demo-bot"]


@pytest.mark.parametrize("word", ["stop", "Stop!", "@demo-bot STOP", "!stop"])
async def test_who_says_stop_under_an_answer_is_left_alone(scratch: Scratch, word: str) -> None:
    bot, alice = greeter(), scratch.user("alice")
    async with scratch.running(bot):
        first = alice.comment(104, "hi")
        await scratch.settled(bot)
        alice.reply(first, word)
        await scratch.settled(bot)
        later = alice.comment(104, "hello again")
        other = scratch.user("bob").comment(104, "hi")
        await scratch.settled(bot)
    assert said(first) == ["Hello, @alice!"]
    assert said(later) == []
    assert said(other) == ["Hello, @bob!"]


@pytest.mark.parametrize(
    ("said", "silent"),
    [
        ("please stop", True),
        ("@demo-bot, stop please!", True),
        ("STOP. Stop! :(", True),
        ("pls, start", False),
        ("don't stop", None),
        ("stop and start", None),
        ("non-stop", None),
        ("unstoppable", None),
        ("please", None),
        ("", None),
    ],
)
async def test_a_wish_may_be_said_politely_and_with_signs_and_nothing_else(
    said: str, silent: bool | None
) -> None:
    assert wants_silence(said) is silent


async def test_stop_is_remembered_over_a_restart_until_start(
    scratch: Scratch, tmp_path: Path
) -> None:
    alice, store = scratch.user("alice"), tmp_path / "bot.db"
    bot = greeter()
    async with scratch.running(bot, store=store):
        alice.comment(104, "@demo-bot stop")
        await scratch.settled(bot)
    bot = greeter()
    async with scratch.running(bot, store=store):
        silent = alice.comment(104, "hi")
        await scratch.settled(bot)
        alice.comment("profile:demo-bot", "start")
        await scratch.settled(bot)
        heard = alice.comment(104, "hi there")
        await scratch.settled(bot)
    assert said(silent) == []
    assert said(heard) == ["Hello, @alice!"]


async def test_stop_said_to_somebody_else_is_not_for_the_bot(scratch: Scratch) -> None:
    bot, alice = greeter(), scratch.user("alice")
    async with scratch.running(bot):
        alice.comment(104, "stop")
        alice.comment(104, "@griffpatch stop")
        await scratch.settled(bot)
        later = alice.comment(104, "hi")
        await scratch.settled(bot)
    assert said(later) == ["Hello, @alice!"]


async def test_two_bots_that_greet_each_other_are_stopped(scratch: Scratch) -> None:
    bot, other, troubles = greeter(), scratch.user("bob"), []

    @bot.on("bot.error")
    async def note(event: BotErrorEvent) -> None:
        troubles.append(event.error)

    async with scratch.running(bot):
        thread = scratch.user("alice").comment(104, "hi")
        for _ in range(10):
            other.reply(thread, f"Hello, @demo-bot{'!' * len(said(thread))}")
            await scratch.settled(bot)
    assert said(thread).count("Hello, @bob!") == 3
    assert len(troubles) == 1
    assert "bob says the same" in troubles[0]


async def test_two_bots_that_answer_each_other_with_a_counter_are_stopped(
    scratch: Scratch,
) -> None:
    bot, other, troubles = greeter(), scratch.user("bob"), []

    @bot.on("bot.error")
    async def note(event: BotErrorEvent) -> None:
        troubles.append(event.error)

    async with scratch.running(bot):
        thread = scratch.user("alice").comment(104, "hi")
        for number in range(1, 13):
            other.reply(thread, f"@demo-bot this is answer number {number}")
            await scratch.settled(bot)
    assert said(thread).count("Hello, @bob!") == 10
    assert len(troubles) == 1
    assert "bob says the same" in troubles[0]


async def test_two_bots_that_say_nothing_but_numbers_are_held_by_the_counts_of_an_hour(
    scratch: Scratch,
) -> None:
    bot, other = Bot("counter"), scratch.user("bob")
    bot.watch(ProjectComments(104))

    @bot.on("comment", lambda event: event.content.isdecimal())
    async def count(event: CommentEvent, session: AsyncScratchSession) -> None:
        await session.reply(event, str(int(event.content) + 1))

    async with scratch.running(bot, settings=strict(scratch, person=4)):
        thread = scratch.user("alice").comment(104, "let us count")
        for number in range(1, 13, 2):
            other.reply(thread, str(number))
            await scratch.settled(bot)
    assert said(thread) == ["2", "4", "6", "8"]


async def test_a_command_may_be_said_again_more_often_and_what_differs_is_no_loop(
    scratch: Scratch,
) -> None:
    bot, alice = greeter(), scratch.user("alice")
    async with scratch.running(bot):
        rolls = alice.comment(104, "let us play")
        talk = alice.comment(104, "hi")
        for number in range(6):
            alice.reply(rolls, "!roll")
            alice.reply(talk, f"and {number // 2}?")
            await scratch.settled(bot)
    assert said(rolls).count("4") == 6
    assert said(talk).count("Hello, @alice!") == 7


async def test_an_answer_that_the_site_did_not_take_is_not_counted(scratch: Scratch) -> None:
    bot, alice = Bot("bot"), scratch.user("alice")
    bot.watch(ProjectComments(104))

    @bot.on("comment")
    async def greet(event: CommentEvent, session: AsyncScratchSession) -> None:
        with contextlib.suppress(CommentRejectedError):
            await session.reply(event, "Hello")

    async with scratch.running(bot, settings=strict(scratch, person=1)):
        for is_open in (False, True):
            asked = alice.comment(104, f"hi {is_open}")
            scratch.world.projects[104].comments_allowed = is_open
            await scratch.settled(bot)
            assert said(asked) == (["Hello"] if is_open else [])
            scratch.world.projects[104].comments_allowed = True


async def test_a_person_is_answered_so_often_an_hour_and_then_again(scratch: Scratch) -> None:
    bot, alice, bob = greeter(), scratch.user("alice"), scratch.user("bob")
    settings = strict(scratch, person=3)
    async with scratch.running(bot, settings=settings):
        hers = [alice.comment(104, f"hi {number}") for number in range(5)]
        his = bob.comment(104, "hi")
        await scratch.settled(bot)
        assert [len(said(comment)) for comment in hers] == [1, 1, 1, 0, 0]
        assert len(said(his)) == 1
        scratch.jump(hours=1, seconds=5)
        later = alice.comment(104, "hi once more")
        await scratch.settled(bot)
        assert len(said(later)) == 1


async def test_a_thread_and_an_hour_have_their_bounds_too(scratch: Scratch) -> None:
    bot, troubles = greeter(), []

    @bot.on("bot.error")
    async def note(event: BotErrorEvent) -> None:
        troubles.append(event.error)

    names = ["alice", "bob", "griffpatch", "scratchcat"]
    async with scratch.running(bot, settings=strict(scratch, thread=2, hour=4)):
        thread = scratch.user("alice").comment(104, "hi")
        await scratch.settled(bot)
        for name in names:
            scratch.user(name).reply(thread, f"I am {name}")
        await scratch.settled(bot)
        assert len(said(thread)) == 2
        others = [scratch.user(name).comment(104, f"{name} here") for name in names]
        await scratch.settled(bot)
        assert sum(len(said(comment)) for comment in others) == 2
    assert len(troubles) == 1
    assert "answers_an_hour" in troubles[0]


async def test_what_was_answered_before_a_restart_counts(scratch: Scratch, tmp_path: Path) -> None:
    alice, store = scratch.user("alice"), tmp_path / "bot.db"
    for expected in ([1, 1], [1, 0]):
        bot = greeter()
        async with scratch.running(bot, store=store, settings=strict(scratch, person=3)):
            comments = [alice.comment(104, f"hi {expected} {number}") for number in range(2)]
            await scratch.settled(bot)
            assert [len(said(comment)) for comment in comments] == expected


async def test_a_withheld_answer_is_no_failure_and_can_be_caught(scratch: Scratch) -> None:
    bot, caught, seen = Bot("bot"), list[str](), list[int]()
    bot.watch(ProjectComments(104))

    @bot.on("comment")
    async def greet(event: CommentEvent, session: AsyncScratchSession, store: AsyncStore) -> None:
        seen.append(await store.get("seen", 0))
        await store.set("seen", seen[-1] + 1)
        try:
            await session.reply(event, "Hello")
        except MannersError as error:
            caught.append(str(error))
            raise

    alice = scratch.user("alice")
    with capture_logs() as logs:
        async with scratch.running(bot, settings=strict(scratch, person=1)):
            for number in range(3):
                alice.comment(104, f"hi {number}")
                await scratch.settled(bot)
    assert caught == ["it is better not said: alice was answered 1 times in an hour"] * 2
    assert [log["why"] for log in logs if log["event"] == "answer_withheld"] == ["person"] * 2
    assert seen == [0, 1, 2]
    assert not [log for log in logs if log["event"] in ("run_dead", "run_failed")]


async def test_a_rejected_comment_is_rephrased_once_and_not_in_a_loop(scratch: Scratch) -> None:
    bot, tries = Bot("bot"), []
    bot.watch(ProjectComments(104))

    @bot.on("comment")
    async def insist(event: CommentEvent, session: AsyncScratchSession) -> None:
        for number in range(5):
            try:
                await session.reply(event, f"Hello {number}")
            except CommentRejectedError:
                tries.append("rejected")

    async with scratch.running(bot):
        scratch.user("alice").comment(104, "hi")
        scratch.world.projects[104].comments_allowed = False
        await scratch.settled(bot)
    assert tries == ["rejected", "rejected"]


async def test_nobody_is_written_to_on_their_profile_unasked(scratch: Scratch) -> None:
    bot, refused = Bot("bot"), []
    bot.watch(Messages())

    @bot.on("message.followuser")
    async def thank(session: AsyncScratchSession) -> None:
        try:
            await (await session.get_user("alice")).post_comment("Thank you!")
        except PermissionDeniedError as error:
            refused.append(str(error))
        await (await session.get_user("demo-bot")).post_comment("Somebody follows me")

    async with scratch.running(bot):
        scratch.user("alice").follow("demo-bot")
        await scratch.settled(bot)
    assert "unasked" in refused[0]
    assert "'social'" in refused[0]
    assert scratch.comments("profile:alice") == []
    assert scratch.comments("profile:demo-bot")[0].text == "Somebody follows me"
