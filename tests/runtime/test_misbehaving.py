"""Handlers that do not end, that leave things behind, and that raise what ends programs."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from structlog.testing import capture_logs

from scratchbot import AsyncScratchSession, Bot
from scratchbot.events import BotErrorEvent, CommentEvent
from scratchbot.runtime import calls, daemon
from scratchbot.sandbox import Place
from scratchbot.watch import ProjectComments
from tests.running import Record, running
from tests.scratch import Scratch, until

pytestmark = pytest.mark.asyncio

PROJECT = Place("project", "104")


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody wait long for what does not end."""
    monkeypatch.setattr(calls, "LAST_SECONDS", 0.05)
    monkeypatch.setattr(daemon, "GRACE", 0.1)


@pytest.fixture
def logs() -> Iterator[list[Any]]:
    with capture_logs() as entries:
        yield entries


def listening() -> Bot:
    bot = Bot("bot")
    bot.watch(ProjectComments(104))
    return bot


def logged(logs: list[Any], event: str) -> list[Any]:
    return [entry for entry in logs if entry["event"] == event]


def name_of(function: Callable[..., object]) -> str:
    return f"bot.{function.__qualname__}"


def say(scratch: Scratch, *texts: str) -> None:
    for text in texts:
        scratch.acts.post_comment("alice", PROJECT, text)


def ends(record: Record) -> list[tuple[str, str | None]]:
    """Return how each run ended."""
    return [(outcome.state, outcome.error) for _, outcome in record.runs]


async def test_a_handler_that_will_not_be_broken_off_is_left_behind_and_holds_nothing_up(
    scratch: Scratch, logs: list[Any]
) -> None:
    bot, release, after = listening(), asyncio.Event(), []

    @bot.on("comment", timeout=0.05, retries=0)
    async def stubborn(event: CommentEvent) -> None:
        while event.content == "stay" and not release.is_set():
            try:
                await release.wait()
            except asyncio.CancelledError:
                continue
        after.append(event.content)

    async with running(bot, scratch) as record:
        say(scratch, "stay", "stay", "go")
        await until(lambda: len(record.runs) == 3)
    late = ("dead", "TimeoutError: it took longer than timeout=0.05 seconds")
    assert ends(record) == [late, late, ("done", None)]
    assert after == ["go"]
    assert [entry["handler"] for entry in logged(logs, "handler_stuck")] == [name_of(stubborn)]
    release.set()


async def test_a_handler_that_will_not_be_broken_off_does_not_keep_the_daemon_from_stopping(
    scratch: Scratch,
) -> None:
    bot, release, started = listening(), asyncio.Event(), []

    @bot.on("comment")
    @bot.on("bot.stop")
    async def stubborn(event: object) -> None:
        started.append(event)
        while not release.is_set():
            try:
                await release.wait()
            except asyncio.CancelledError:
                continue

    async with running(bot, scratch) as record:
        say(scratch, "hi")
        await until(lambda: started)
    assert len(started) == 2
    assert not record.runs
    release.set()


async def test_a_handler_whose_time_is_over_can_still_put_its_things_in_order(
    scratch: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "LAST_SECONDS", 30.0)
    bot, put_away = listening(), []

    @bot.on("comment", timeout=0.05, retries=0)
    async def careful(event: CommentEvent) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.05)
            put_away.append(event.content)

    async with running(bot, scratch) as record:
        say(scratch, "hi")
        await until(lambda: record.runs)
    assert put_away == ["hi"]
    assert ends(record) == [("dead", "TimeoutError: it took longer than timeout=0.05 seconds")]


async def test_a_handler_whose_threads_hang_is_not_called_until_one_ends(
    scratch: Scratch, logs: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "MOST_LEFT", 3)
    bot, release, told = listening(), threading.Event(), []

    @bot.on("comment", timeout=0.05, retries=0)
    def hanging(event: CommentEvent) -> None:
        release.wait()

    @bot.on("bot.error")
    async def hear(event: BotErrorEvent) -> None:
        if event.handler is None:
            told.append(event.error)

    async with running(bot, scratch) as record:
        say(scratch, "1", "2", "3", "4", "5")
        await until(lambda: told)
        assert sum(thread.name == name_of(hanging) for thread in threading.enumerate()) == 3
        assert [state for state, error in ends(record) if error] == ["dead"] * 3
        release.set()
        await until(lambda: sum(run.handler == name_of(hanging) for run, _ in record.runs) == 5)
    assert [state for state, _ in ends(record)].count("dead") == 3
    assert len(told) == 1
    assert f"{name_of(hanging)} is not called for now: 3 of" in told[0]
    for event in ("handler_stuck", "handler_held"):
        assert [entry["handler"] for entry in logged(logs, event)] == [name_of(hanging)]


async def test_a_task_that_outlives_its_run_is_told_once_and_left_alone(
    scratch: Scratch, logs: list[Any]
) -> None:
    bot, release, left = listening(), asyncio.Event(), list[asyncio.Task[str]]()

    async def linger() -> str:
        await release.wait()
        return "left alone"

    @bot.on("comment")
    async def leaky(event: CommentEvent) -> None:
        left.append(asyncio.create_task(linger()))

    async with running(bot, scratch) as record:
        say(scratch, "1", "2")
        await until(lambda: len(record.runs) == 2)
        release.set()
        assert await asyncio.gather(*left) == ["left alone"] * 2
    assert [(entry["handler"], entry["task"]) for entry in logged(logs, "task_leaked")] == [
        (name_of(leaky), linger.__qualname__)
    ]


async def test_tasks_that_pile_up_hold_their_handler_too(
    scratch: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "MOST_LEFT", 2)
    bot, release, left = listening(), asyncio.Event(), []

    @bot.on("comment")
    async def leaky(event: CommentEvent) -> None:
        left.append(asyncio.ensure_future(release.wait()))

    async with running(bot, scratch) as record:
        say(scratch, "1", "2", "3", "4")
        await until(lambda: record.named("bot.error"))
        assert len(left) == 2
        release.set()
        await until(lambda: len(left) == 4)


async def test_tasks_that_end_with_their_run_and_those_of_bot_start_are_no_leak(
    scratch: Scratch, logs: list[Any]
) -> None:
    bot, background = listening(), list[asyncio.Task[None]]()

    @bot.on("bot.start")
    async def start() -> None:
        background.append(asyncio.create_task(asyncio.sleep(60)))

    @bot.on("comment")
    async def tidy(event: CommentEvent, session: AsyncScratchSession) -> None:
        scratch.log_out("demo-bot")
        await asyncio.gather(session.get_messages(), asyncio.sleep(0))
        await session.set_cloud_variable(104, "foo", 5)
        asyncio.create_task(asyncio.sleep(60)).cancel()

    async with running(bot, scratch) as record:
        say(scratch, "hi")
        await until(lambda: ("done", None) in ends(record)[1:])
        assert not background[0].done()
    background[0].cancel()
    assert not logged(logs, "task_leaked")


class NoExceptionError(BaseException):
    pass


RAISED: list[BaseException] = [
    SystemExit(3),
    KeyboardInterrupt(),
    GeneratorExit(),
    StopIteration(),
    asyncio.CancelledError(),
    NoExceptionError(),
]


@pytest.mark.parametrize("plain", [False, True], ids=["async", "plain"])
@pytest.mark.parametrize("raised", RAISED, ids=lambda raised: type(raised).__name__)
async def test_whatever_a_handler_raises_is_its_run_s_failure(
    raised: BaseException, plain: bool, scratch: Scratch
) -> None:
    bot, after = listening(), []

    def leave(event: CommentEvent) -> None:
        if event.content == "leave":
            raise raised
        after.append(event.content)

    async def leave_async(event: CommentEvent) -> None:
        leave(event)

    bot.on("comment", retries=0)(leave if plain else leave_async)
    async with running(bot, scratch) as record:
        say(scratch, "leave", "stay")
        await until(lambda: after and len(record.runs) == 2)
    (state, error), _ = ends(record)
    assert state == "dead"
    assert type(raised).__name__ in (error or "")
