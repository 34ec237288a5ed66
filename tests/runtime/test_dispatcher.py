"""How events come to handlers, and how far a source may run ahead of them."""

import asyncio
from pathlib import Path

import pytest

from scratchbot import Bot
from scratchbot.aio.store import AsyncStore
from scratchbot.engines.engine import Selection
from scratchbot.engines.local import LocalEngine
from scratchbot.events import BotEvent, Event
from scratchbot.runtime.dispatcher import LONGEST_BACKLOG, LOOK_SECONDS
from tests.clock import FakeClock
from tests.running import Record, dispatching
from tests.scratch import until
from tests.test_events import AT

pytestmark = pytest.mark.asyncio


def events(first: int, count: int, source: str = "s") -> list[Event]:
    return [
        BotEvent(id=f"{source}:{number}", name="bot.start", at=AT, source=source)
        for number in range(first, first + count)
    ]


async def test_a_source_is_held_while_a_handler_is_far_behind_and_others_are_not() -> None:
    bot, gate, seen = Bot("slow"), asyncio.Event(), []

    @bot.on("bot.start", source="s")
    async def wait(event: BotEvent) -> None:
        await gate.wait()
        seen.append(event.id)

    async with dispatching(bot, Record()) as dispatcher:
        await dispatcher.deliver(events(0, LONGEST_BACKLOG - 1), "s")
        await asyncio.wait_for(dispatcher.room("s"), 10)
        await dispatcher.deliver(events(LONGEST_BACKLOG - 1, LONGEST_BACKLOG + 1), "s")
        held = asyncio.create_task(dispatcher.room("s"))
        await asyncio.wait_for(dispatcher.room("t"), 10)
        assert not held.done()
        gate.set()
        await asyncio.wait_for(held, 10)
        await dispatcher.idle()
    assert seen == [f"s:{number}" for number in range(2 * LONGEST_BACKLOG)]


async def test_what_is_more_than_is_kept_in_memory_comes_in_order_too(tmp_path: Path) -> None:
    bot, seen = Bot("late"), []

    @bot.on("bot.start")
    async def note(event: BotEvent) -> None:
        seen.append(event.id)

    async with dispatching(bot, Record(), store=tmp_path / "s.db") as dispatcher:
        for first in range(0, 9_000, 3_000):
            await dispatcher.deliver(events(first, 3_000), "s")
        await dispatcher.idle()
    assert seen == [f"s:{number}" for number in range(9_000)]


async def test_a_run_reads_what_the_one_before_it_wrote() -> None:
    bot, seen = Bot("counting"), []

    @bot.on("bot.start")
    async def count(event: BotEvent, store: AsyncStore) -> None:
        number = await store.get("count", 0)
        seen.append(number)
        await store.set("count", number + 1)

    async with dispatching(bot, Record()) as dispatcher:
        await dispatcher.deliver(events(0, 50), "s")
        await dispatcher.idle()
    assert seen == list(range(50))


async def test_the_next_run_does_not_wait_for_the_last_one_to_be_recorded() -> None:
    bot, record = Bot("quick"), Record()
    seen: list[int] = []

    @bot.on("bot.start")
    async def note(event: BotEvent) -> None:
        seen.append(len(record.runs))

    async with dispatching(bot, record) as dispatcher:
        await dispatcher.deliver(events(0, 20), "s")
        await until(lambda: len(record.runs) == 20)
    assert seen[5] < 5


async def test_a_source_is_released_when_a_person_has_dropped_what_held_it(tmp_path: Path) -> None:
    bot, gate, clock = Bot("stuck"), asyncio.Event(), FakeClock()

    @bot.on("bot.start")
    async def wait() -> None:
        await gate.wait()

    store = tmp_path / "s.db"
    async with dispatching(bot, Record(), store=store, clock=clock) as dispatcher:
        heeding = asyncio.create_task(dispatcher.heed_others())
        await dispatcher.deliver(events(0, 2 * LONGEST_BACKLOG), "s")
        held = asyncio.create_task(dispatcher.room("s"))
        person = LocalEngine(store, alone=False)
        await person.open()
        for record in await person.history(Selection(states=["pending"]), 2 * LONGEST_BACKLOG):
            await person.drop(record.run.number, record.run.handler)
        await person.close()
        await clock.jump(LOOK_SECONDS)
        await asyncio.wait_for(held, 10)
        gate.set()
        heeding.cancel()
