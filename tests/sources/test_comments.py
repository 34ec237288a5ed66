"""The comment source against a model of a place, by random steps."""

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from scratchbot.events import Place
from scratchbot.site import AsyncSite
from scratchbot.sources.boards import Comment, comment_item
from scratchbot.sources.comments import SWEEP_EVERY, CommentSource
from scratchbot.sources.listings import Listing, OffsetListing
from scratchbot.sources.paging import Beginning
from scratchbot.sources.threads import KEPT_THREADS
from scratchbot.wire.comments import comment
from scratchbot.wire.fields import time


class FakeBoard:
    """A place whose comments a test writes, with pages of six."""

    where: Place = "project"
    target = "104"
    page_size = 6
    carries_replies = False

    def __init__(self) -> None:
        self.tops: list[dict[str, Any]] = []
        self.answers: dict[int, list[dict[str, Any]]] = {}
        self.now = datetime(2026, 1, 1, tzinfo=UTC)
        self.last = 0
        self.hidden: list[int] = []

    def write(self, parent: int | None = None, *, seconds: int = 0) -> int:
        self.now += timedelta(seconds=seconds)
        self.last += 1
        row = {
            "id": self.last,
            "parent_id": parent,
            "content": f"comment {self.last}",
            "datetime_created": self.now.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "visibility": "visible",
            "author": {"username": "alice", "id": 5},
        }
        if parent is None:
            self.tops.insert(0, row)
            self.answers[self.last] = []
        else:
            self.answers[parent].append(row)
        return self.last

    def remove(self, number: int) -> None:
        self.tops = [row for row in self.tops if row["id"] != number]

    def listing(self, site: AsyncSite) -> Listing[Comment]:
        return OffsetListing(self.page, comment_item, self.page_size)

    async def page(self, offset: int) -> Sequence[Comment]:
        shown = self.tops[offset : offset + self.page_size]
        return [comment({**row, "reply_count": len(self.answers[row["id"]])}) for row in shown]

    async def replies(self, site: AsyncSite, top: Comment) -> Sequence[Comment]:
        hidden = self.hidden.pop() if self.hidden else 0
        rows = self.answers[top.id]
        return [comment(row) for row in rows[: len(rows) - hidden]]


class Model(RuleBasedStateMachine):
    """Comments come, go and are answered; each that came is told once, none that was there."""

    tops = Bundle("tops")

    def __init__(self) -> None:
        super().__init__()
        self.board = FakeBoard()
        for _ in range(5):
            self.board.write(seconds=1)
        self.source = CommentSource("test", self.board, None)  # type: ignore[arg-type]
        self.cursor: str | None = None
        self.told: list[int] = []
        self.expected: set[int] = set()
        self.read()

    @rule(target=tops, seconds=st.integers(0, 2))
    def comes(self, seconds: int) -> int:
        number = self.board.write(seconds=seconds)
        self.expected.add(number)
        return number

    @rule(number=consumes(tops))
    def goes(self, number: int) -> None:
        self.read()
        self.board.remove(number)

    @rule(seconds=st.integers(0, 2))
    def an_answer_comes(self, seconds: int) -> None:
        """Answer one of the newest, which the first page shows; older ones are not promised."""
        if self.board.tops:
            number = self.board.write(self.board.tops[0]["id"], seconds=seconds)
            self.expected.add(number)

    @rule()
    def read(self) -> None:
        reading = asyncio.run(self.source.read(self.cursor))
        self.cursor = reading.cursor
        json.loads(self.cursor)
        numbers = [event.comment_id for event in reading.events]  # type: ignore[attr-defined]
        assert [event.at for event in reading.events] == sorted(e.at for e in reading.events)
        self.told += numbers

    @invariant()
    def nothing_is_told_twice_or_without_cause(self) -> None:
        assert len(set(self.told)) == len(self.told)
        assert set(self.told) <= self.expected

    def teardown(self) -> None:
        self.read()
        shown = {row["id"] for row in self.board.tops}
        missed = {number for number in self.expected - set(self.told) if number in shown}
        assert not missed


Model.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestComments = Model.TestCase


def test_times_without_a_zone_mean_utc() -> None:
    assert time("2025-05-29T14:34:47") == time("2025-05-29T14:34:47.000Z")


class Watched:
    """A board and the source that reads it."""

    def __init__(self, tops: int, beginning: Beginning | None = None) -> None:
        self.board = FakeBoard()
        self.tops = [self.board.write(seconds=1) for _ in range(tops)]
        self.source = CommentSource("test", self.board, None, beginning)  # type: ignore[arg-type]
        self.cursor: str | None = None

    def read(self, times: int = 1) -> list[int]:
        told = []
        for _ in range(times):
            reading = asyncio.run(self.source.read(self.cursor))
            self.cursor = reading.cursor
            told += [event.comment_id for event in reading.events]  # type: ignore[attr-defined]
        return told


def test_a_reply_under_an_old_comment_is_told_once_the_sweep_comes_by() -> None:
    watched = Watched(tops=30)
    old = watched.board.write(watched.tops[0])
    assert watched.read() == []
    answer = watched.board.write(watched.tops[0], seconds=1)
    assert watched.read(times=10 * SWEEP_EVERY) == [answer]
    later = watched.board.write(watched.tops[0])
    assert watched.read(times=10 * SWEEP_EVERY) == [later]
    assert old not in (answer, later)


def test_an_older_answer_about_a_thread_forgets_nothing() -> None:
    watched = Watched(tops=1)
    known = watched.board.write(watched.tops[0])
    watched.read()
    first = watched.board.write(watched.tops[0], seconds=1)
    assert watched.read() == [first]
    second = watched.board.write(watched.tops[0])
    watched.board.hidden = [3]
    assert watched.read() == []
    assert watched.read() == [second]
    assert known not in (first, second)


def test_memory_of_threads_is_bounded() -> None:
    watched = Watched(tops=1)
    watched.read()
    for _ in range(KEPT_THREADS + 20):
        watched.board.write(seconds=1)
    watched.read(times=20)
    assert len(json.loads(watched.cursor or "")["threads"]) == KEPT_THREADS


def test_what_is_forgotten_of_threads_is_not_told_again() -> None:
    watched = Watched(tops=1)
    watched.read()
    answer = watched.board.write(watched.tops[0], seconds=1)
    assert watched.read() == [answer]
    for _ in range(KEPT_THREADS + 20):
        watched.board.write(seconds=1)
    watched.read(times=20)
    del watched.board.tops[: KEPT_THREADS + 18]
    assert watched.read(times=20) == []


def test_backfill_tells_the_newest_and_the_replies_to_them() -> None:
    watched = Watched(tops=10, beginning=Beginning(backfill=2))
    watched.board.write(watched.tops[0])
    answer = watched.board.write(watched.tops[-1], seconds=1)
    assert watched.read() == [*watched.tops[-2:], answer]
    assert watched.read(times=20) == []


def test_since_tells_replies_from_then_on_under_older_comments_too() -> None:
    since = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=10)
    watched = Watched(tops=10, beginning=Beginning(since=since))
    answer = watched.board.write(watched.tops[-3], seconds=1)
    assert watched.read() == [watched.tops[-1], answer]


def test_a_cursor_of_an_earlier_version_is_read() -> None:
    watched = Watched(tops=2)
    answer = watched.board.write(watched.tops[0])
    seen = {
        "items": [["1", "2026-01-01T00:00:01+00:00"], ["2", "2026-01-01T00:00:02+00:00"]],
        "before": "2026-01-01T00:00:01+00:00",
    }
    watched.cursor = json.dumps({"seen": json.dumps(seen), "threads": {"1": [0], "2": [0]}})
    third = watched.board.write(seconds=1)
    assert watched.read() == [answer, third]
