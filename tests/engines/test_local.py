import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from scratchbot.engines.engine import Arrival, Ending, Lane, Outcome
from scratchbot.engines.local import LocalEngine
from scratchbot.events import BotEvent, Event
from tests.test_events import AT

pytestmark = pytest.mark.asyncio


def event(number: int, source: str = "s") -> Event:
    return BotEvent(id=f"e{number}", name="bot.start", at=AT, source=source)


def arrivals(*numbers: int, handlers: tuple[str, ...] = ("h",)) -> list[Arrival]:
    return [Arrival(event=event(number), handlers=handlers) for number in numbers]


@asynccontextmanager
async def opened(file: Path | None = None) -> AsyncIterator[LocalEngine]:
    engine = LocalEngine(file)
    await engine.open()
    try:
        yield engine
    finally:
        await engine.close()


LANE = Lane("h", "s")
DONE = Outcome(duration=0.1, writes={})


async def test_events_and_their_cursor_are_kept_together(tmp_path: Path) -> None:
    async with opened(tmp_path / "s.db") as engine:
        fresh = await engine.append(arrivals(1, 2), "s", "cursor 1")
        assert [each.id for each in fresh] == ["e1", "e2"]
    async with opened(tmp_path / "s.db") as engine:
        assert await engine.cursor("s") == "cursor 1"
        assert [run.event.id for run in await engine.take(LANE, AT, 9)] == ["e1", "e2"]


async def test_an_event_that_is_known_changes_nothing() -> None:
    async with opened() as engine:
        await engine.append(arrivals(1), "s", "a")
        assert await engine.append(arrivals(1, 2), "s", "b") != []
        assert [run.event.id for run in await engine.take(LANE, AT, 9)] == ["e1", "e2"]


async def test_an_append_that_fails_keeps_neither_events_nor_cursor() -> None:
    async with opened() as engine:
        broken = [*arrivals(1), Arrival(event=event(2), handlers=("h", "h"))]
        with pytest.raises(Exception, match="UNIQUE"):
            await engine.append(broken, "s", "cursor")
        assert await engine.cursor("s") is None
        assert await engine.take(LANE, AT, 9) == []
        assert await engine.append(arrivals(3), "s", None)


async def test_a_finished_run_waits_no_more_and_its_writes_are_kept(tmp_path: Path) -> None:
    async with opened(tmp_path / "s.db") as engine:
        await engine.append(arrivals(1, 2), "s", None)
        first, _ = await engine.take(LANE, AT, 9)
        await engine.finish(
            [Ending(run=first, plugin="p", outcome=Outcome(duration=1, writes={"k": '"v"'}))]
        )
        assert await engine.value("p", "k") == '"v"'
        assert await engine.value("other", "k") is None
    async with opened(tmp_path / "s.db") as engine:
        (second,) = await engine.take(LANE, AT, 9)
        assert second.event.id == "e2"
        await engine.finish(
            [
                Ending(
                    run=second,
                    plugin="p",
                    outcome=Outcome(error="boom", duration=1, writes={"k": None}),
                )
            ]
        )
        assert await engine.value("p", "k") is None
        assert await engine.lanes() == []


async def test_runs_come_in_order_and_piece_by_piece() -> None:
    async with opened() as engine:
        await engine.append(arrivals(*range(10)), "s", None)
        found = []
        while runs := await engine.take(LANE, AT, 3):
            assert len(runs) <= 3
            found += [run.event.id for run in runs]
            for run in runs:
                await engine.finish([Ending(run=run, plugin="p", outcome=DONE)])
        assert found == [f"e{number}" for number in range(10)]


async def test_lanes_are_the_pairs_of_handler_and_source_with_work() -> None:
    async with opened() as engine:
        await engine.append(arrivals(1, handlers=("a", "b")), "s", None)
        await engine.append([Arrival(event=event(2, "t"), handlers=("a",))], "t", None)
        assert set(await engine.lanes()) == {Lane("a", "s"), Lane("b", "s"), Lane("a", "t")}


async def test_many_writers_at_once_are_all_served() -> None:
    async with opened() as engine:
        await asyncio.gather(*(engine.append(arrivals(n), "s", str(n)) for n in range(300)))
        assert len(await engine.take(LANE, AT, 1000)) == 300


async def test_what_another_program_changed_is_noticed_once(tmp_path: Path) -> None:
    other = LocalEngine(tmp_path / "s.db", alone=False)
    async with opened(tmp_path / "s.db") as engine:
        await engine.append(arrivals(1), "s", None)
        assert not await engine.changed_elsewhere()
        await other.open()
        await other.drop(1, "h")
        assert await engine.changed_elsewhere()
        assert not await engine.changed_elsewhere()
        await other.close()


async def test_a_run_that_was_done_in_the_meantime_is_neither_retried_nor_dropped() -> None:
    async with opened() as engine:
        await engine.append(arrivals(1), "s", None)
        (run,) = await engine.take(LANE, AT, 9)
        await engine.finish([Ending(run=run, plugin="p", outcome=DONE)])
        assert not await engine.retry(run.number, "h")
        assert not await engine.drop(run.number, "h")
        assert await engine.take(LANE, AT, 9) == []
