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
from scratchbot.sources.comments import Comment, CommentSource
from scratchbot.wire.comments import comment
from scratchbot.wire.fields import time


class FakeBoard:
    """A place whose comments a test writes, with pages of three."""

    where: Place = "project"
    target = "104"
    page_size = 3

    def __init__(self) -> None:
        self.tops: list[dict[str, Any]] = []
        self.answers: dict[int, list[dict[str, Any]]] = {}
        self.now = datetime(2026, 1, 1, tzinfo=UTC)
        self.last = 0

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

    async def page(self, site: AsyncSite, offset: int) -> Sequence[Comment]:
        shown = self.tops[offset : offset + self.page_size]
        return [comment({**row, "reply_count": len(self.answers[row["id"]])}) for row in shown]

    async def replies(self, site: AsyncSite, top: Comment) -> Sequence[Comment]:
        return [comment(row) for row in self.answers[top.id]]


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
