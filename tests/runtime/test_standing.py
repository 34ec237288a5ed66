"""What stops the acts of an account, for how long, and what is kept meanwhile."""

import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from scratchbot import AsyncScratchSession, Bot
from scratchbot.errors import (
    BlockedError,
    CommentRejectedError,
    NotLoggedInError,
    RateLimitedError,
    Rejection,
    SiteError,
    WrongCredentialsError,
)
from scratchbot.events import BotErrorEvent, CommentEvent
from scratchbot.runtime.standing import LONGEST_LOST_PAUSE, Standing
from scratchbot.sandbox import Place
from scratchbot.settings import Credentials
from scratchbot.watch import Messages, ProjectComments
from tests.clock import FakeClock, FastClock, HurriedClock
from tests.running import Record, running
from tests.scratch import Scratch, until

pytestmark = pytest.mark.asyncio

PROJECT = Place("project", "104")


class Account:
    """An account that acts, and what its standing has told."""

    def __init__(self) -> None:
        self.clock, self.told = FakeClock(), list[str]()
        self._standing = Standing(self.clock, self.told.append)

    def act(self, error: SiteError | None = None) -> bool:
        """Tell whether an act, which ends with an error or with none, got through to the site."""
        is_through = False
        with suppress(SiteError), self._standing.acting():
            is_through = True
            if error is not None:
                raise error
        return is_through

    def until(self) -> float:
        """Return the seconds after which a run that acts now is tried again."""
        try:
            with self._standing.acting():
                return 0.0
        except RateLimitedError as error:
            assert error.until is not None
            return (error.until - self.clock.now()).total_seconds()


@pytest.mark.parametrize(
    "step", [-3600.0, -86_400.0, 3600.0], ids=["an hour back", "a day back", "an hour forward"]
)
async def test_a_clock_that_is_set_makes_no_pause_longer(step: float) -> None:
    account = Account()
    account.act(RateLimitedError("slow down", 60))
    account.clock.set(step)
    assert account.until() <= 60
    account.clock.sleep_through(60)
    assert account.act()


async def test_a_machine_that_was_asleep_does_not_wait_again() -> None:
    account = Account()
    account.act(RateLimitedError("slow down", 60))
    assert not account.act()
    account.clock.set(60)  # Asleep, only the time of day goes on.
    assert account.act()


@pytest.mark.parametrize(
    "error",
    [BlockedError("banned"), NotLoggedInError("over"), WrongCredentialsError("refused")],
    ids=lambda error: type(error).__name__,
)
async def test_a_lost_log_in_is_tried_ever_more_rarely_and_told_once(error: SiteError) -> None:
    account, tries = Account(), 0
    for _ in range(24 * 3600 // 5):
        tries += account.act(error)
        account.clock.sleep_through(5)
    assert 12 < tries < 12 + 24
    assert account.until() <= LONGEST_LOST_PAUSE
    assert len(account.told) == 1
    assert "what is to be done is kept" in account.told[0]
    account.clock.sleep_through(LONGEST_LOST_PAUSE)
    assert account.act()
    account.act(error)
    assert account.until() == 1
    assert len(account.told) == 2


async def test_mutes_and_floods_are_told_each_time() -> None:
    account = Account()
    mute = CommentRejectedError(Rejection.MUTED, account.clock.now() + timedelta(seconds=60))
    for error in (mute, CommentRejectedError(Rejection.FLOOD), RateLimitedError("slow", 5)):
        assert account.act(error)
        account.clock.sleep_through(300)
    assert [text.split(":", 1)[0] for text in account.told] == ["no acts until 2026-01-01 00"] * 3


class Answering:
    """A bot that answers comments, and hears what is wrong."""

    def __init__(self) -> None:
        self.bot, self.told = Bot("bot"), list[str]()
        self.bot.watch(ProjectComments(104, every=1))

        @self.bot.on("comment")
        async def answer(event: CommentEvent, session: AsyncScratchSession) -> None:
            await session.reply(event, f"Hello, @{event.author}!")

        @self.bot.on("bot.error")
        async def hear(event: BotErrorEvent) -> None:
            self.told.append(event.error)


def said(scratch: Scratch, count: int) -> list[Any]:
    return [scratch.acts.post_comment("alice", PROJECT, f"number {n}") for n in range(count)]


def asked(scratch: Scratch, path: str) -> int:
    """Return how often something was posted to the site."""
    entries = scratch.sandbox.requests.since(0)
    return sum(one.method == "POST" and path in one.path for one in entries)


def failed(record: Record) -> set[str]:
    """Return the events of which a run failed and is tried again."""
    return {run.event.id for run, outcome in record.runs if outcome.state == "failed"}


async def test_a_banned_bot_reads_on_and_answers_each_comment_once_when_the_ban_is_over(
    scratch: Scratch,
) -> None:
    one = Answering()
    async with running(one.bot, scratch, clock=HurriedClock()) as record:
        scratch.acts.ban("demo-bot")
        comments = said(scratch, 20)
        await until(lambda: len(failed(record)) == 20 and one.told)
        assert asked(scratch, "/proxy/") < 10
        assert not any(comment.replies for comment in comments)
        scratch.acts.ban("demo-bot", banned=False)
        await until(lambda: all(comment.replies for comment in comments))
    assert [len(comment.replies) for comment in comments] == [1] * 20
    assert [text for text in one.told if "no acts" in text] == one.told
    assert len(one.told) == 1
    assert "lets this account do nothing (banned)" in one.told[0]


async def test_a_bot_whose_password_was_changed_reads_on_and_acts_when_it_is_right_again(
    scratch: Scratch,
) -> None:
    one, user = Answering(), scratch.world.users["demo-bot"]
    one.bot.watch(Messages(every=1))
    async with running(one.bot, scratch, clock=FastClock()) as record:
        password, user.password = user.password, "another"
        scratch.log_out("demo-bot")
        comments = said(scratch, 20)
        await until(lambda: len(failed(record)) == 20 and len(one.told) == 2)
        assert not any(comment.replies for comment in comments)
        user.password = password
        await until(lambda: all(comment.replies for comment in comments))
    assert [len(comment.replies) for comment in comments] == [1] * 20
    assert sorted(text.partition(":")[0] for text in one.told) == [
        "messages cannot be read for now",
        "no acts for now, what is to be done is kept",
    ]
    assert all("refused this user name with this password" in text for text in one.told)


async def test_a_bot_whose_session_ended_keeps_all_for_the_one_with_a_new_session(
    scratch: Scratch, tmp_path: Path
) -> None:
    one, store = Answering(), tmp_path / "bot.db"

    def session() -> Credentials:
        login = scratch.do(lambda: scratch.sandbox.sessions.open(user, time.time()))
        return Credentials(session_id=login.session_id)

    user = scratch.world.users["demo-bot"]
    async with running(one.bot, scratch, store=store, login=session(), clock=HurriedClock()) as old:
        scratch.log_out("demo-bot")
        comments = said(scratch, 5)
        await until(lambda: len(failed(old)) == 5 and one.told)
        before = asked(scratch, "")
        await until(lambda: len(old.runs) > 10)
        assert asked(scratch, "") == before
    async with running(one.bot, scratch, store=store, login=session(), clock=FastClock()):
        await until(lambda: all(comment.replies for comment in comments))
    assert [len(comment.replies) for comment in comments] == [1] * 5
    assert ["session has ended" in text for text in one.told] == [True]


async def test_a_mute_of_many_hours_is_waited_for_and_not_tried_against(scratch: Scratch) -> None:
    one, clock = Answering(), HurriedClock()
    async with running(one.bot, scratch, clock=clock) as record:
        ends = clock.now() + timedelta(hours=5)
        scratch.world.users["demo-bot"].muted_until = ends.timestamp()
        said(scratch, 5)
        await until(lambda: len(failed(record)) == 5)
        said(scratch, 1)
        await until(lambda: len(failed(record)) == 6)
        assert len([run for run, outcome in record.runs if outcome.next_at]) == 6
    assert asked(scratch, "/proxy/") == 1
