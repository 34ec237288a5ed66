"""What is counted by the day."""

from datetime import UTC, datetime, timedelta

import pytest

from scratchbot.aio.store import AsyncStore
from scratchbot_autostudio.catalogue import Day

pytestmark = pytest.mark.asyncio

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


async def day(store: AsyncStore, at: datetime) -> Day:
    counted = Day(store, at)
    await counted.begin()
    return counted


async def nothing(_: str) -> None: ...


async def test_each_day_is_counted_by_itself() -> None:
    store = AsyncStore(nothing)
    today = await day(store, NOON)
    assert [await today.take({"answers": 2}) for _ in range(3)] == [True, True, False]
    tomorrow = await day(store, NOON + timedelta(days=1))
    assert await tomorrow.take({"answers": 2})


async def test_what_may_not_be_done_counts_for_nobody() -> None:
    today = await day(AsyncStore(nothing), NOON)
    assert await today.take({"answers": 2, "of bob": 1})
    assert not await today.take({"answers": 2, "of bob": 1})
    assert await today.take({"answers": 2, "of alice": 1})


async def test_what_is_heard_late_counts_for_the_day_on_which_it_is_dealt_with() -> None:
    store = AsyncStore(nothing)
    today = await day(store, NOON)
    await today.note_added(104)
    late = await day(store, NOON - timedelta(days=3))
    assert await late.is_over()
    await late.note_added(105)
    assert await (await day(store, NOON)).added() == 2


async def test_a_project_that_is_heard_of_twice_counts_once() -> None:
    today = await day(AsyncStore(nothing), NOON)
    await today.note_added(104)
    await today.note_added(104)
    assert await today.added() == 1
    assert not await today.is_over()
