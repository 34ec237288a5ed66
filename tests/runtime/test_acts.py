"""Acts of a handler: written down, done once, and stopped when the site wants none."""

import asyncio
import contextlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from scratchbot import AsyncScratchSession, Bot, ScratchSession
from scratchbot.engines.local import LocalEngine
from scratchbot.errors import CommentRejectedError, ParkedActError, ScratchbotError
from scratchbot.events import BotErrorEvent, CommentEvent
from scratchbot.sandbox import Place
from scratchbot.settings import Credentials, Network, Settings
from scratchbot.watch import ProjectComments
from tests.clock import HurriedClock
from tests.running import Record, running
from tests.scratch import Scratch, until

pytestmark = pytest.mark.asyncio

PROJECT = Place("project", "104")
STUDIO = 26135902


def listening() -> Bot:
    bot = Bot("bot")
    bot.watch(ProjectComments(104))
    return bot


async def test_a_run_that_happens_again_does_not_do_again_what_was_done(scratch: Scratch) -> None:
    bot, answers, tries = listening(), [], []

    @bot.on("comment")
    async def fragile(event: CommentEvent, session: AsyncScratchSession) -> None:
        tries.append(event.id)
        answers.append(await session.reply(event, f"try {len(tries)}"))
        answers.append(await session.reply(event, "and more"))
        if len(tries) < 3:
            raise RuntimeError("after the answers")

    async with running(bot, scratch, clock=HurriedClock()):
        comment = scratch.acts.post_comment("alice", PROJECT, "hi")
        await until(lambda: len(answers) == 6)
    assert [reply.content for reply in comment.replies.values()] == ["try 1", "and more"]
    assert [answer.id for answer in answers] == [*comment.replies] * 3


async def test_a_plain_handler_s_acts_are_done_once_too(scratch: Scratch) -> None:
    bot, tries = listening(), []

    @bot.on("comment")
    def fragile(event: CommentEvent, session: ScratchSession) -> None:
        tries.append(event.id)
        session.reply(event, f"try {len(tries)}")
        if len(tries) < 2:
            raise RuntimeError("after the answer")

    async with running(bot, scratch, clock=HurriedClock()):
        comment = scratch.acts.post_comment("alice", PROJECT, "hi")
        await until(lambda: len(tries) == 2)
    assert [reply.content for reply in comment.replies.values()] == ["try 1"]


async def test_a_handler_that_tries_again_by_itself_does_it_once(scratch: Scratch) -> None:
    bot = listening()

    @bot.on("comment")
    async def stubborn(event: CommentEvent, session: AsyncScratchSession) -> None:
        for _ in range(20):
            try:
                await session.reply(event, "hello")
            except ScratchbotError:
                await asyncio.sleep(0)
            else:
                return

    async with running(bot, scratch, clock=HurriedClock()) as record:
        scratch.weather(method="POST", path="/proxy/*", reset=True, share=0.7)
        comments = [scratch.acts.post_comment("alice", PROJECT, f"{n}") for n in range(10)]
        await until(lambda: len(done(record)) == 10)
    assert [len(comment.replies) for comment in comments] == [1] * 10


def done(record: Record) -> list[str]:
    return [run.event.id for run, outcome in record.runs if outcome.state == "done"]


async def test_two_handlers_may_say_the_same_under_one_comment(scratch: Scratch) -> None:
    bot = listening()

    async def greet(event: CommentEvent, session: AsyncScratchSession) -> None:
        await session.reply(event, "hello")

    async def welcome(event: CommentEvent, session: AsyncScratchSession) -> None:
        await session.reply(event, "hello")

    bot.on("comment")(greet)
    bot.on("comment")(welcome)
    async with running(bot, scratch, clock=HurriedClock()) as record:
        scratch.weather(method="POST", path="/proxy/*", reset=True, share=0.5)
        comments = [scratch.acts.post_comment("alice", PROJECT, f"{n}") for n in range(8)]
        await until(lambda: len(done(record)) == 16)
    assert [len(comment.replies) for comment in comments] == [2] * 8


async def test_an_act_that_only_a_person_can_judge_is_parked(
    scratch: Scratch, tmp_path: Path
) -> None:
    bot = listening()

    @bot.on("comment")
    async def report(event: CommentEvent, session: AsyncScratchSession) -> None:
        project = await session.get_project(104)
        await (await project.get_comment(event.comment_id)).report()

    store = tmp_path / "bot.db"
    settings = Settings(
        network=Network(endpoint=scratch.address, limits=False),
        permissions=frozenset({"comment.report"}),
    )
    async with running(
        bot, scratch, store=store, settings=settings, clock=HurriedClock()
    ) as record:
        scratch.weather(method="POST", path="*/report*", reset=True)
        scratch.acts.post_comment("bob", PROJECT, "rude")
        await until(lambda: any(outcome.state == "dead" for _, outcome in record.runs))
    (run, outcome) = record.runs[-1]
    assert ParkedActError.__name__ in (outcome.error or "")
    engine = LocalEngine(store)
    await engine.open()
    kept = await engine.of_event(run.event.id)
    assert kept is not None
    ((_, act),) = kept.runs[0].acts
    await engine.close()
    assert act.state == "parked"


async def test_a_muted_account_stops_acting_until_the_mute_ends_and_says_so_once(
    scratch: Scratch,
) -> None:
    bot, told = listening(), []

    @bot.on("comment")
    async def answer(event: CommentEvent, session: AsyncScratchSession) -> None:
        await session.reply(event, "hello")

    @bot.on("bot.error")
    async def hear(event: BotErrorEvent) -> None:
        told.append(event.error)

    clock = HurriedClock()
    async with running(bot, scratch, clock=clock) as record:
        muted = clock.now() + timedelta(seconds=1)
        scratch.world.users["demo-bot"].muted_until = muted.timestamp()
        comments = [scratch.acts.post_comment("alice", PROJECT, f"{n}") for n in range(5)]
        await until(lambda: len(record.runs) >= 5 and told)
        asked = posts(scratch)
        scratch.world.users["demo-bot"].muted_until = 0.0
        await until(lambda: all(comment.replies for comment in comments))
    assert len(asked) == 1
    assert len(told) == 1
    assert "no acts until" in told[0]


def posts(scratch: Scratch) -> list[str]:
    """Return the paths of the comments that were sent."""
    asked = scratch.sandbox.requests.since(0)
    return [one.path for one in asked if one.method == "POST" and "/proxy/" in one.path]


async def test_what_a_run_left_behind_can_no_longer_act(scratch: Scratch) -> None:
    bot, errors, left = listening(), [], []

    @bot.on("comment")
    async def leaky(event: CommentEvent, session: AsyncScratchSession) -> None:
        async def later() -> None:
            await asyncio.sleep(0.05)
            try:
                await session.reply(event, "too late")
            except ScratchbotError as error:
                errors.append(str(error))

        left.append(asyncio.create_task(later()))

    async with running(bot, scratch):
        comment = scratch.acts.post_comment("alice", PROJECT, "hi")
        await until(lambda: errors)
    assert not comment.replies
    assert "run is over" in errors[0]


async def test_a_handler_that_never_returns_fails_when_its_time_is_over(scratch: Scratch) -> None:
    bot = listening()

    @bot.on("comment", timeout=0.1, retries=0)
    async def endless(event: CommentEvent) -> None:
        await asyncio.Event().wait()

    async with running(bot, scratch) as record:
        scratch.acts.post_comment("alice", PROJECT, "hi")
        await until(lambda: record.runs)
    assert record.runs[0][1].error == "TimeoutError: it took longer than timeout=0.1 seconds"


async def test_several_events_are_handled_at_once_where_the_author_says_so(
    scratch: Scratch,
) -> None:
    bot, inside, most = listening(), set(), [0]

    @bot.on("comment", concurrency=3)
    async def slow(event: CommentEvent) -> None:
        inside.add(event.id)
        most[0] = max(most[0], len(inside))
        await asyncio.sleep(0.05)
        inside.remove(event.id)

    async with running(bot, scratch) as record:
        for number in range(9):
            scratch.acts.post_comment("alice", PROJECT, f"{number}")
        await until(lambda: len(record.runs) == 9)
    assert most[0] == 3


async def test_words_that_changed_between_two_unheard_answers_are_said_once(
    scratch: Scratch,
) -> None:
    bot, tries = listening(), list[str]()
    weather: list[dict[str, Any]] = [{"status": 503}, {"reset": True}, {}]

    @bot.on("comment")
    async def answer(event: CommentEvent, session: AsyncScratchSession) -> None:
        rule = weather[min(len(tries), 2)]
        scratch.weather(**({"method": "POST", "path": "/proxy/*", **rule} if rule else {}))
        tries.append(event.id)
        await session.reply(event, f"try {len(tries)}")

    async with running(bot, scratch, clock=HurriedClock()) as record:
        comment = scratch.acts.post_comment("alice", PROJECT, "hi")
        await until(lambda: done(record))
    assert [reply.content for reply in comment.replies.values()] == ["try 2"]


@pytest.mark.parametrize("unheard", [{"reset": True}, {"status": 503}], ids=["done", "undone"])
@pytest.mark.parametrize("act", ["studio", "profile"])
async def test_comments_are_turned_off_once_whether_that_was_heard_of_or_not(
    act: str, unheard: dict[str, Any], scratch: Scratch
) -> None:
    bot, tries = listening(), list[str]()

    @bot.on("comment")
    async def close(event: CommentEvent, session: AsyncScratchSession) -> None:
        if tries:
            scratch.weather()
        tries.append(event.id)
        if act == "studio":
            await (await session.get_studio(STUDIO)).toggle_commenting()
        elif session.user is not None:
            await session.user.toggle_commenting()

    settings = Settings(
        network=Network(endpoint=scratch.address, limits=False),
        permissions=frozenset({"studio.edit", "profile.edit"}),
    )
    login = Credentials(username="Za-Chary", password="za-chary")
    async with running(
        bot, scratch, settings=settings, login=login, clock=HurriedClock()
    ) as record:
        scratch.weather(method="POST", path="*/toggle-comments", **unheard)
        scratch.acts.post_comment("alice", PROJECT, "hi")
        await until(lambda: done(record))
    closed = scratch.world.studios[STUDIO] if act == "studio" else scratch.world.users["za-chary"]
    assert not closed.comments_allowed
    assert len(tries) == 2


async def test_a_mute_stops_cloud_variables_too(scratch: Scratch) -> None:
    bot, tries = listening(), list[str]()

    @bot.on("comment")
    async def answer(event: CommentEvent, session: AsyncScratchSession) -> None:
        tries.append(event.id)
        with contextlib.suppress(CommentRejectedError):
            await session.reply(event, "hello")
        await session.set_cloud_variable(104, "foo", len(tries))

    clock = HurriedClock()
    async with running(bot, scratch, clock=clock) as record:
        scratch.world.users["demo-bot"].muted_until = clock.now().timestamp() + 1
        scratch.acts.post_comment("alice", PROJECT, "hi")
        await until(lambda: record.runs)
        assert record.runs[0][1].state == "failed"
        assert scratch.cloud(104, "foo") == "1391203129031"
        scratch.world.users["demo-bot"].muted_until = 0.0
        await until(lambda: done(record))
    assert scratch.cloud(104, "foo") == str(len(tries))
