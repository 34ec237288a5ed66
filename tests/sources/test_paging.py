"""Reading a list that changes while it is read."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scratchbot.sources.paging import MOST_TRIES, Beginning
from tests.sources.shelf import (
    SIZE,
    START,
    Reader,
    Shelf,
    Step,
    Way,
    bursts,
    deletes,
    inserts,
    nothings,
    stales,
)

WAYS: list[Way] = ["offset", "number", "time"]
every_way = pytest.mark.parametrize("way", WAYS)

steps = st.lists(st.lists(inserts | bursts | deletes | stales, max_size=6), max_size=25)
steps_told_truly = st.lists(
    st.lists(inserts | bursts | deletes | nothings, max_size=6), max_size=25
)


async def live(shelf: Shelf, reader: Reader, groups: list[list[Step]], readings: int) -> None:
    """Read while the steps happen, then until all is read, and check what was told."""
    await reader.read()
    shelf.steps = list(groups)
    for _ in range(readings):
        await reader.read()
    await reader.settle()
    assert len(set(reader.told)) == len(reader.told), "told twice"
    assert not set(reader.told) & shelf.old, "told though it was there before"
    missed = {item.id for item in shelf.items} - shelf.old - set(reader.told)
    assert not missed or "is gone" in " ".join(reader.troubles), "not told, and not a word of it"


@given(st.integers(0, 20), steps, st.integers(1, 8))
@settings(max_examples=400, deadline=None)
def test_a_list_by_offset_is_told_once(
    length: int, groups: list[list[Step]], readings: int
) -> None:
    shelf = Shelf("offset", length)
    asyncio.run(live(shelf, Reader(shelf), groups, readings))


@given(st.integers(0, 20), steps, st.integers(1, 8))
@settings(max_examples=400, deadline=None)
def test_a_list_by_offset_is_told_once_a_few_pages_at_a_time(
    length: int, groups: list[list[Step]], readings: int
) -> None:
    shelf = Shelf("offset", length)
    asyncio.run(live(shelf, Reader(shelf, most=2), groups, readings))


@given(st.integers(0, 20), steps_told_truly, st.integers(1, 8))
@settings(max_examples=400, deadline=None)
def test_a_list_by_page_number_is_told_once(
    length: int, groups: list[list[Step]], readings: int
) -> None:
    shelf = Shelf("number", length)
    asyncio.run(live(shelf, Reader(shelf), groups, readings))


# A moment of more than a page cannot be read by time, so here each item has its own.
spread = st.builds(Step, st.just("insert"), st.just(0), st.just(1))


@given(
    st.integers(0, 20),
    st.lists(st.lists(spread | bursts | deletes | stales, max_size=6), max_size=25),
    st.integers(1, 8),
)
@settings(max_examples=400, deadline=None)
def test_a_list_by_time_is_told_once(length: int, groups: list[list[Step]], readings: int) -> None:
    shelf = Shelf("time", length)
    asyncio.run(live(shelf, Reader(shelf), groups, readings))


def flooded(way: Way, count: int, *, seconds: int = 1) -> tuple[Shelf, Reader]:
    """Return a list of which ten items were marked before ``count`` came, and its reader."""
    shelf = Shelf(way, 10)
    reader = Reader(shelf, most=2)
    asyncio.run(reader.read())
    for _ in range(count):
        shelf.insert(seconds=seconds)
    return shelf, reader


def new(shelf: Shelf) -> list[str]:
    return [item.id for item in reversed(shelf.items) if item.id not in shelf.old]


@every_way
def test_the_first_reading_tells_nothing(way: Way) -> None:
    _, reader = flooded(way, 0)
    asyncio.run(reader.settle())
    assert reader.told == []


@every_way
def test_a_bound_is_told_of_and_the_rest_comes_later(way: Way) -> None:
    shelf, reader = flooded(way, 40)
    asyncio.run(reader.read())
    assert "2 pages did not reach" in reader.troubles[0]
    assert 0 < len(reader.told) < 40
    shelf.insert(seconds=1)
    asyncio.run(reader.settle())
    assert sorted(reader.told) == sorted(new(shelf))


def test_a_rest_is_found_again_after_much_above_it_was_deleted() -> None:
    shelf, reader = flooded("offset", 40)
    asyncio.run(reader.read())
    del shelf.items[:7]
    asyncio.run(reader.settle())
    assert set(reader.told) >= set(new(shelf))
    assert len(reader.told) == 40


def test_a_rest_whose_edge_is_gone_is_given_up_with_a_word() -> None:
    shelf, reader = flooded("offset", 40)
    asyncio.run(reader.read())
    del shelf.items[:20]
    for _ in range(MOST_TRIES):
        asyncio.run(reader.read())
    assert "is gone" in reader.troubles[-1]


@every_way
def test_events_come_oldest_first(way: Way) -> None:
    shelf, reader = flooded(way, 5)
    asyncio.run(reader.settle())
    assert reader.told == new(shelf)


def test_one_moment_that_fills_a_page_hides_nothing_older() -> None:
    shelf, reader = flooded("time", 3)
    older = new(shelf)
    reader.most = 25
    shelf.now += timedelta(seconds=1)
    for _ in range(SIZE + 2):
        shelf.insert()
    asyncio.run(reader.read())
    assert set(older) <= set(reader.told)


@every_way
def test_since_tells_what_was_there_from_then_on(way: Way) -> None:
    shelf = Shelf(way, 20)
    beginning = Beginning(since=START + timedelta(seconds=11))
    reader = Reader(shelf, most=2, beginning=beginning)
    asyncio.run(reader.settle())
    assert sorted(reader.told, key=int) == [str(number) for number in range(11, 21)]


@every_way
def test_backfill_tells_so_many_of_what_was_there(way: Way) -> None:
    shelf = Shelf(way, 20)
    reader = Reader(shelf, beginning=Beginning(backfill=8))
    asyncio.run(reader.settle())
    assert reader.told == [str(number) for number in range(13, 21)]


def test_a_deletion_between_two_pages_hides_nothing() -> None:
    shelf, reader = flooded("offset", 15)
    reader.most = 25
    shelf.steps = [[], [Step("delete", 0)] * 5]
    asyncio.run(reader.read())
    assert set(reader.told) >= set(new(shelf))
    assert reader.troubles == []


@every_way
def test_a_mark_of_one_moment_lets_a_new_item_of_that_moment_through(way: Way) -> None:
    shelf = Shelf(way, 1)
    for _ in range(SIZE - 1):
        shelf.insert()
    shelf.old = {item.id for item in shelf.items}
    reader = Reader(shelf)
    asyncio.run(reader.read())
    shelf.now += timedelta(seconds=way == "time")
    shelf.insert()
    asyncio.run(reader.settle())
    assert reader.told == new(shelf)
