"""A newest-first list that changes, and is shown as it was, between any two requests."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from hypothesis import strategies as st

from scratchbot.sources.listings import Listing, NumberedListing, OffsetListing, TimedListing
from scratchbot.sources.paging import Beginning, Found, oldest_first, read_list
from scratchbot.sources.progress import Progress
from scratchbot.sources.seen import Item

SIZE = 6
START = datetime(2026, 1, 1, tzinfo=UTC)

Way = Literal["offset", "number", "time"]


@dataclass(frozen=True)
class Step:
    """What happens to a list.

    :param number: how deep an item is inserted, which one is deleted, or the age of an answer.
    """

    kind: Literal["insert", "burst", "delete", "stale", "nothing"]
    number: int = 0
    seconds: int = 0


inserts = st.builds(Step, st.just("insert"), st.integers(0, 2), st.integers(0, 2))
bursts = st.builds(Step, st.just("burst"), st.integers(5, 15), st.just(1))
deletes = st.builds(Step, st.just("delete"), st.integers(0, 15))
stales = st.builds(Step, st.just("stale"), st.integers(1, 6))
nothings = st.just(Step("nothing"))


class Shelf:
    """The list; before each request, the next group of its steps happens."""

    def __init__(self, way: Way, length: int = 0) -> None:
        self.way = way
        self.items: list[Item] = []
        self.now = START
        self.last = 0
        self.horizon = START
        self.history: list[list[Item]] = []
        self.steps: list[list[Step]] = []
        for _ in range(length):
            self.insert(seconds=1)
        self.old = {item.id for item in self.items}
        if length:
            self.horizon = self.items[min(SIZE, length) - 1].at

    def insert(self, depth: int = 0, seconds: int = 0) -> None:
        above = self.items[:depth]
        if any(item.at <= self.horizon for item in above):
            above = []
        self.now += timedelta(seconds=max(seconds, self.last == 0))
        at = above[-1].at if above else self.now
        self.last += 1
        self.items.insert(len(above), Item(str(self.last), at))

    def take(self, step: Step) -> None:
        if step.kind == "insert":
            self.insert(step.number, step.seconds)
        elif step.kind == "burst":
            for _ in range(step.number):
                self.insert(seconds=step.seconds)
        elif step.kind == "delete" and step.number < len(self.items):
            del self.items[step.number]

    def _shown(self) -> list[Item]:
        age = 0
        for step in self.steps.pop(0) if self.steps else []:
            self.take(step)
            self.history.append(list(self.items))
            age = step.number if step.kind == "stale" else age
        self.history.append(list(self.items))
        return self.history[max(0, len(self.history) - 1 - age)]

    async def by_offset(self, offset: int) -> Sequence[Item]:
        return self._shown()[offset : offset + SIZE]

    async def by_number(self, number: int) -> Sequence[Item]:
        return self._shown()[(number - 1) * SIZE : number * SIZE]

    async def by_time(self, until: str | None) -> Sequence[Item]:
        newest = datetime.max.replace(tzinfo=UTC) if until is None else stamped(until)
        return [item for item in self._shown() if item.at <= newest][:SIZE]

    def listing(self) -> Listing[Item]:
        if self.way == "offset":
            return OffsetListing(self.by_offset, itself, SIZE)
        if self.way == "number":
            return NumberedListing(self.by_number, itself)
        return TimedListing(self.by_time, itself, stamp, SIZE)


class Reader:
    """Reads a shelf again and again, its progress kept as a cursor keeps it."""

    def __init__(self, shelf: Shelf, most: int = 25, beginning: Beginning | None = None) -> None:
        self.shelf = shelf
        self.most = most
        self.beginning = beginning or Beginning()
        self.state: str | None = None
        self.told: list[str] = []
        self.troubles: list[str] = []

    async def read(self) -> Found[Any]:
        progress = Progress.from_state(json.loads(self.state)) if self.state else None
        found = await read_list(self.shelf.listing(), progress, self.beginning, self.most)
        self.state = json.dumps(found.progress.state())
        self.told += [item.id for item in oldest_first(found.fresh, itself)]
        self.troubles += [found.trouble] if found.trouble else []
        return found

    async def settle(self) -> None:
        """Read an undisturbed list until nothing is left to go on with."""
        self.shelf.steps = []
        for _ in range(100):
            was = self.state
            await self.read()
            if self.state == was:
                return
        raise AssertionError("the readings come to no end")


def itself(item: Item) -> Item:
    return item


def stamp(item: Item) -> str:
    return item.at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def stamped(text: str) -> datetime:
    return datetime.fromisoformat(text)
