"""What a bot leaves unsaid: where nobody asked, what it has said, and to whom it should not."""

from collections.abc import AsyncIterator

import pytest

from scratchbot import AsyncScratchSession, Bot
from scratchbot.errors import MannersError, PermissionDeniedError, SiteDownError
from scratchbot.events import ActivityEvent, CommentEvent
from scratchbot.watch import ProjectComments, StudioActivity
from tests.runtime.test_manners import strict
from tests.scratch import Scratch, until

STUDIO = 26135902


@pytest.mark.asyncio
async def test_where_nothing_is_watched_nobody_is_talked_to_unasked(scratch: Scratch) -> None:
    bot, said = Bot("crier"), list[str]()
    bot.watch(ProjectComments(104))

    @bot.on("bot.start")
    async def cry(session: AsyncScratchSession) -> None:
        for number in (104, 60917032):
            try:
                await (await session.get_project(number)).post_comment("Look here!")
            except PermissionDeniedError as error:
                said.append(str(error))

    async with scratch.running(bot):
        await scratch.settled(bot)
    assert [comment.text for comment in scratch.comments(104)][:1] == ["Look here!"]
    assert [comment.text for comment in scratch.comments(60917032)][:1] != ["Look here!"]
    assert len(said) == 1
    assert "may not write on project:60917032 unasked" in said[0]


@pytest.mark.asyncio
async def test_what_a_lifespan_watches_is_a_place_to_talk_in(scratch: Scratch) -> None:
    bot = Bot("host")

    @bot.lifespan
    async def live(bot: Bot) -> AsyncIterator[None]:
        bot.watch(ProjectComments(104))
        yield

    @bot.on("bot.start")
    async def greet(session: AsyncScratchSession) -> None:
        await (await session.get_project(104)).post_comment("Good morning!")

    @bot.on("comment")
    async def answer(event: CommentEvent, session: AsyncScratchSession) -> None:
        await session.reply(event, "Hello!")

    async with scratch.running(bot):
        asked = scratch.user("alice").comment(104, "hi")
        await scratch.settled(bot)
    assert asked.replies == ["Hello!"]
    assert "Good morning!" in [comment.text for comment in scratch.comments(104)]


@pytest.mark.asyncio
async def test_who_said_stop_is_not_named_to_others(scratch: Scratch) -> None:
    bot = Bot("poker")
    bot.watch(ProjectComments(104))

    @bot.command("!poke")
    async def poke(event: CommentEvent, who: str) -> str:
        return f"Hey {who}, {event.author} pokes you"

    async with scratch.running(bot):
        scratch.user("alice").comment(104, "@demo-bot stop")
        await scratch.settled(bot)
        named = scratch.user("bob").comment(104, "!poke @alice")
        other = scratch.user("bob").comment(104, "!poke @ceebee")
        await scratch.settled(bot)
    assert named.replies == []
    assert other.replies == ["Hey @ceebee, bob pokes you"]


@pytest.mark.asyncio
async def test_a_bot_does_not_answer_what_it_did_itself(scratch: Scratch) -> None:
    bot, withheld = Bot("curator"), list[str]()
    bot.watch(StudioActivity(STUDIO))

    @bot.on("activity")
    async def thank(event: ActivityEvent, session: AsyncScratchSession) -> None:
        try:
            await (await session.get_studio(STUDIO)).post_comment(f"Thanks, {event.actor}!")
        except MannersError as error:
            withheld.append(str(error))

    async with scratch.running(bot, username="Za-Chary"):
        scratch.user("Za-Chary").add_project(104, STUDIO)
        await scratch.settled(bot)
    assert withheld == ["it is better not said: it would answer itself"]


@pytest.mark.asyncio
async def test_wrong_use_is_told_once_whatever_the_words(scratch: Scratch) -> None:
    bot = Bot("adder")
    bot.watch(ProjectComments(104))

    @bot.command("!double")
    async def double(number: int | None) -> str:
        return "nothing" if number is None else str(2 * number)

    async with scratch.running(bot):
        alice = scratch.user("alice")
        wrong = [alice.comment(104, f"!double {word}") for word in ("x", "y", "z")]
        right, empty = alice.comment(104, "!double 4"), alice.comment(104, "!double")
        await scratch.settled(bot)
    assert [len(comment.replies) for comment in wrong] == [1, 0, 0]
    assert (right.replies, empty.replies) == (["8"], ["nothing"])


@pytest.mark.asyncio
async def test_a_stop_that_is_heard_again_late_undoes_no_start(scratch: Scratch) -> None:
    bot, attempts = Bot("greeter"), list[str]()
    bot.watch(ProjectComments(104))

    @bot.on("comment", retries=1)
    async def greet(event: CommentEvent, session: AsyncScratchSession) -> None:
        attempts.append(event.content)
        if event.content == "@demo-bot stop" and attempts.count(event.content) == 1:
            raise SiteDownError("for a while")
        if event.content != "@demo-bot start":
            await session.reply(event, "Hello!")

    async with scratch.running(bot):
        alice = scratch.user("alice")
        alice.comment(104, "@demo-bot stop")
        await until(lambda: len(attempts) == 1)
        alice.comment(104, "@demo-bot start")
        await until(lambda: len(attempts) == 2)
        scratch.jump(hours=1)
        await until(lambda: attempts.count("@demo-bot stop") == 2)
        greeted = alice.comment(104, "hi")
        await until(lambda: greeted.replies == ["Hello!"])


@pytest.mark.asyncio
async def test_the_same_is_not_said_again_and_again_in_one_place(scratch: Scratch) -> None:
    bot = Bot("seller")
    bot.watch(ProjectComments(104))

    @bot.on("bot.start")
    async def sell(session: AsyncScratchSession) -> None:
        project = await session.get_project(104)
        for _ in range(5):
            await project.post_comment("Buy my hat")

    async with scratch.running(bot, settings=strict(scratch)):
        await scratch.settled(bot)
    assert [comment.text for comment in scratch.comments(104)].count("Buy my hat") == 3
