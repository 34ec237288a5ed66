"""Conversations: a handler asks, and goes on with the answer, whatever happens in between."""

from pathlib import Path

import pytest

from scratchbot import AsyncScratchSession, Bot, ScratchSession
from scratchbot.aio.conversation import AsyncConversation
from scratchbot.errors import NoAnswerError, RegistrationError
from scratchbot.events import CommentEvent
from scratchbot.sync.conversation import Conversation
from scratchbot.testing.people import Posted
from scratchbot.watch import Cloud, ProjectComments, StudioComments
from tests.scratch import Scratch

pytestmark = pytest.mark.asyncio


def quiz(timeout: float = 3600) -> Bot:
    bot = Bot("quiz")
    bot.watch(ProjectComments(104), StudioComments(26135902))

    @bot.command("!quiz")
    async def ask(event: CommentEvent, conversation: AsyncConversation) -> str:
        try:
            first = await conversation.ask(event, "What is 1 + 1?", timeout=timeout)
            second = await conversation.ask(event, "And 2 + 2?", timeout=timeout)
        except NoAnswerError:
            return "Too late!"
        right = (first.content == "2") + (second.content == "4")
        return f"{right} of 2, @{event.author}"

    return bot


def said(comment: Posted) -> list[str]:
    replies = [*comment.comment.replies.values()]
    return [reply.content for reply in replies if reply.author.username == "demo-bot"]


async def test_a_handler_asks_and_goes_on_with_each_answer(scratch: Scratch) -> None:
    bot, alice = quiz(), scratch.user("alice")
    async with scratch.running(bot):
        asked = alice.comment(104, "!quiz")
        await scratch.settled(bot)
        assert said(asked) == ["What is 1 + 1?"]
        alice.reply(asked, "2")
        await scratch.settled(bot)
        assert said(asked) == ["What is 1 + 1?", "And 2 + 2?"]
        alice.reply(asked, "5")
        await scratch.settled(bot)
        assert said(asked)[2:] == ["1 of 2, @alice"]


async def test_only_who_was_asked_answers_and_only_there(scratch: Scratch) -> None:
    bot, alice, bob = quiz(), scratch.user("alice"), scratch.user("bob")
    async with scratch.running(bot):
        asked = alice.comment(104, "!quiz")
        await scratch.settled(bot)
        bob.reply(asked, "2")
        alice.comment(104, "2")
        alice.comment("studio:26135902", "2")
        await scratch.settled(bot)
        assert said(asked) == ["What is 1 + 1?"]


async def test_people_are_asked_side_by_side_in_one_place(scratch: Scratch) -> None:
    bot, alice, bob = quiz(), scratch.user("alice"), scratch.user("bob")
    async with scratch.running(bot):
        hers, his = alice.comment(104, "!quiz"), bob.comment(104, "!quiz")
        await scratch.settled(bot)
        bob.reply(his, "2")
        await scratch.settled(bot)
        assert (len(said(hers)), len(said(his))) == (1, 2)
        for person, comment, answer in ((alice, hers, "2"), (bob, his, "4"), (alice, hers, "4")):
            person.reply(comment, answer)
            await scratch.settled(bot)
        assert said(hers)[2:] == ["2 of 2, @alice"]
        assert said(his)[2:] == ["2 of 2, @bob"]


async def test_a_conversation_goes_on_after_a_restart(scratch: Scratch, tmp_path: Path) -> None:
    alice, store = scratch.user("alice"), tmp_path / "bot.db"
    bot = quiz()
    async with scratch.running(bot, store=store):
        asked = alice.comment(104, "!quiz")
        await scratch.settled(bot)
    alice.reply(asked, "2")
    bot = quiz()
    async with scratch.running(bot, store=store):
        await scratch.settled(bot)
        assert said(asked) == ["What is 1 + 1?", "And 2 + 2?"]
    bot = quiz()
    async with scratch.running(bot, store=store):
        alice.reply(asked, "4")
        await scratch.settled(bot)
    assert said(asked) == ["What is 1 + 1?", "And 2 + 2?", "2 of 2, @alice"]


async def test_nobody_is_waited_for_beyond_the_time(scratch: Scratch) -> None:
    bot, alice = quiz(timeout=600), scratch.user("alice")
    async with scratch.running(bot):
        asked = alice.comment(104, "!quiz")
        await scratch.settled(bot)
        scratch.jump(minutes=11)
        await scratch.settled(bot)
        alice.reply(asked, "2")
        await scratch.settled(bot)
    assert said(asked) == ["What is 1 + 1?", "Too late!"]


async def test_the_time_goes_on_while_the_bot_is_down(scratch: Scratch, tmp_path: Path) -> None:
    alice, store = scratch.user("alice"), tmp_path / "bot.db"
    bot = quiz(timeout=600)
    async with scratch.running(bot, store=store):
        asked = alice.comment(104, "!quiz")
        await scratch.settled(bot)
    scratch.jump(minutes=11)
    bot = quiz(timeout=600)
    async with scratch.running(bot, store=store):
        await scratch.settled(bot)
    assert said(asked) == ["What is 1 + 1?", "Too late!"]


@pytest.mark.parametrize(("after", "end"), [(5, "And 2 + 2?"), (15, "Too late!")])
async def test_an_answer_in_time_counts_though_the_bot_was_down(
    after: int, end: str, scratch: Scratch, tmp_path: Path
) -> None:
    alice, store = scratch.user("alice"), tmp_path / "bot.db"
    bot = quiz(timeout=600)
    async with scratch.running(bot, store=store):
        asked = alice.comment(104, "!quiz")
        await scratch.settled(bot)
    scratch.jump(minutes=after)
    alice.reply(asked, "2")
    scratch.jump(minutes=30)
    bot = quiz(timeout=600)
    async with scratch.running(bot, store=store):
        await scratch.settled(bot)
    assert said(asked) == ["What is 1 + 1?", end]


async def test_nobody_is_too_late_while_the_site_is_away(scratch: Scratch) -> None:
    alice, bot = scratch.user("alice"), quiz(timeout=600)
    async with scratch.running(bot):
        asked = alice.comment(104, "!quiz")
        await scratch.settled(bot)
        scratch.jump(minutes=5)
        alice.reply(asked, "2")
        scratch.weather(path="*/comments*", status=503)
        scratch.jump(minutes=30)
        await scratch.settled(bot)
        assert said(asked) == ["What is 1 + 1?"]
        scratch.weather()
        await scratch.settled(bot)
    assert said(asked) == ["What is 1 + 1?", "And 2 + 2?"]


async def test_a_question_where_nothing_can_be_read_ends_a_day_late(scratch: Scratch) -> None:
    alice, bot = scratch.user("alice"), quiz(timeout=600)
    async with scratch.running(bot):
        asked = alice.comment(104, "!quiz")
        await scratch.settled(bot)
        scratch.weather(path="*/comments*", method="GET", status=503)
        scratch.jump(hours=25)
        await scratch.settled(bot)
    assert said(asked) == ["What is 1 + 1?", "Too late!"]


async def test_a_plain_function_asks_too(scratch: Scratch) -> None:
    bot, alice = Bot("bot"), scratch.user("alice")
    bot.watch(ProjectComments(104))

    @bot.command("!name")
    def name(event: CommentEvent, conversation: Conversation, session: ScratchSession) -> str:
        return f"Hello, {conversation.ask(event, 'Who are you?').content}"

    async with scratch.running(bot):
        asked = alice.comment(104, "!name")
        await scratch.settled(bot)
        alice.reply(asked, "Al")
        await scratch.settled(bot)
    assert said(asked) == ["Who are you?", "Hello, Al"]


async def test_a_handler_waits_for_any_event(scratch: Scratch) -> None:
    bot, alice = Bot("bot"), scratch.user("alice")
    bot.watch(ProjectComments(104), Cloud(104))

    @bot.command("!wait")
    async def wait(event: CommentEvent, conversation: AsyncConversation) -> str:
        heard = await conversation.wait_for("cloud.set", project_id=104, variable="ping")
        return f"{heard.name}: {getattr(heard, 'value')}"  # noqa: B009

    async with scratch.running(bot):
        asked = alice.comment(104, "!wait")
        await scratch.settled(bot)
        alice.set_cloud(104, "foo", 6)
        alice.set_cloud(104, "ping", 7)
        await scratch.settled(bot)
    assert said(asked) == ["cloud.set: 7"]


async def test_what_can_never_come_is_refused_at_once(scratch: Scratch) -> None:
    bot, alice, refused = Bot("bot"), scratch.user("alice"), []
    bot.watch(ProjectComments(104))

    @bot.on("comment")
    async def wait(conversation: AsyncConversation) -> None:
        try:
            await conversation.wait_for("cloud.sett")
        except RegistrationError as error:
            refused.append(str(error))

    async with scratch.running(bot):
        alice.comment(104, "hi")
        await scratch.settled(bot)
    assert "did you mean 'cloud.set'" in refused[0]


async def test_a_handler_that_catches_everything_says_nothing_while_it_waits(
    scratch: Scratch,
) -> None:
    bot, alice = Bot("bot"), scratch.user("alice")
    bot.watch(ProjectComments(104))

    @bot.command("!age")
    async def age(
        event: CommentEvent, conversation: AsyncConversation, session: AsyncScratchSession
    ) -> str:
        try:
            answer = await conversation.ask(event, "How old are you?")
        except BaseException:
            await session.reply(event, "Something is wrong")
            return "I give up"
        return f"{answer.content} is a fine age"

    @bot.command("!name")
    def name(event: CommentEvent, conversation: Conversation, session: ScratchSession) -> str:
        try:
            return f"Hello, {conversation.ask(event, 'Who are you?').content}"
        except BaseException:
            return "I give up"

    @bot.command("!number", timeout=0.2)
    async def number(event: CommentEvent, conversation: AsyncConversation) -> str:
        for _ in range(3):
            try:
                return str(2 * int((await conversation.ask(event, "Which number?")).content))
            except:  # noqa: E722 # as authors write it
                continue
        return "I give up"

    async with scratch.running(bot):
        asked = [alice.comment(104, word) for word in ("!age", "!name", "!number")]
        await scratch.settled(bot)
        for comment, answer in zip(asked, ("12", "Al", "21"), strict=True):
            alice.reply(comment, answer)
        await scratch.settled(bot)
    assert [said(comment) for comment in asked] == [
        ["How old are you?", "12 is a fine age"],
        ["Who are you?", "Hello, Al"],
        ["Which number?", "42"],
    ]


async def test_what_a_handler_did_before_its_question_is_done_once(scratch: Scratch) -> None:
    bot, alice, calls = Bot("bot"), scratch.user("alice"), []
    bot.watch(ProjectComments(104))

    @bot.on("comment", parent_id=None)
    async def talk(
        event: CommentEvent, conversation: AsyncConversation, session: AsyncScratchSession
    ) -> None:
        calls.append(event.id)
        await session.reply(event, "Welcome")
        answer = await conversation.ask(event, "Who are you?")
        await session.reply(event, f"Hello, {answer.content}")

    async with scratch.running(bot):
        asked = alice.comment(104, "hi")
        await scratch.settled(bot)
        alice.reply(asked, "Al")
        await scratch.settled(bot)
    assert said(asked) == ["Welcome", "Who are you?", "Hello, Al"]
    assert len(calls) == 2


async def test_a_conversation_is_forgotten_when_it_is_over(
    scratch: Scratch, tmp_path: Path
) -> None:
    import sqlite3

    alice, store, bot = scratch.user("alice"), tmp_path / "bot.db", quiz()
    async with scratch.running(bot, store=store):
        asked = alice.comment(104, "!quiz")
        await scratch.settled(bot)
        for answer in ("2", "4"):
            alice.reply(asked, answer)
            await scratch.settled(bot)
    with sqlite3.connect(store) as connection:
        assert connection.execute("SELECT * FROM store").fetchall() == []
    connection.close()
