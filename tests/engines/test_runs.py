"""Runs that fail, wait and die, acts that are written down, and what is let go."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from scratchbot.engines.engine import ActKey, Arrival, Ending, Outcome, Selection
from scratchbot.engines.local import LocalEngine
from scratchbot.events import BotEvent
from tests.engines.test_local import DONE, LANE, arrivals, event, opened
from tests.test_events import AT

pytestmark = pytest.mark.asyncio

SOON = AT + timedelta(seconds=10)
KEY = ActKey(number=1, handler="h", kind="comment.reply", target="project:104", count=0)


def failed(at: datetime | None, *, fault: bool = True) -> Outcome:
    return Outcome(duration=1, writes={}, error="boom", traceback="…", fault=fault, next_at=at)


async def ids(engine: LocalEngine, now: datetime) -> list[str]:
    return [run.event.id for run in await engine.take(LANE, now, 9)]


async def test_a_failed_run_waits_for_its_time_and_others_do_not_wait_for_it() -> None:
    async with opened() as engine:
        await engine.append(arrivals(1, 2), "s", None)
        (first,) = await engine.take(LANE, AT, 1)
        await engine.finish([Ending(run=first, plugin="p", outcome=failed(SOON))])
        assert await ids(engine, AT) == ["e2"]
        assert await engine.next_due(LANE) == SOON
        (again,) = await engine.take(LANE, SOON, 9)
        assert (again.event.id, again.attempts, again.faults) == ("e1", 1, 1)


async def test_a_run_is_taken_once_until_it_fails_or_the_engine_is_opened_anew(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path / "s.db") as engine:
        await engine.append(arrivals(1, 2), "s", None)
        assert await ids(engine, AT) == ["e1", "e2"]
        await engine.append(arrivals(3), "s", None)
        assert await ids(engine, AT) == ["e3"]
        assert await ids(engine, AT) == []
    async with opened(tmp_path / "s.db") as engine:
        (run,) = await engine.take(LANE, AT, 1)
        await engine.finish([Ending(run=run, plugin="p", outcome=failed(SOON))])
        assert await ids(engine, SOON) == ["e1", "e2", "e3"]
        assert await ids(engine, SOON) == []
    async with opened(tmp_path / "s.db") as engine:
        assert await ids(engine, AT) == ["e1", "e2", "e3"]


async def test_a_run_that_failed_in_an_earlier_life_is_taken_once(tmp_path: Path) -> None:
    async with opened(tmp_path / "s.db") as engine:
        await engine.append(arrivals(1, 2), "s", None)
        first, _ = await engine.take(LANE, AT, 9)
        await engine.finish([Ending(run=first, plugin="p", outcome=failed(SOON))])
    async with opened(tmp_path / "s.db") as engine:
        assert await ids(engine, SOON) == ["e1", "e2"]


async def test_what_waits_for_a_time_can_be_brought_forward_and_is_never_put_off() -> None:
    late = SOON + timedelta(hours=1)
    async with opened() as engine:
        await engine.append(arrivals(1, 2, 3), "s", None)
        for run, at in zip(await engine.take(LANE, AT, 2), (SOON, late), strict=True):
            await engine.finish([Ending(run=run, plugin="p", outcome=failed(at))])
        await engine.bring_forward(late - timedelta(minutes=5))
        assert await ids(engine, AT) == ["e3"]
        assert await engine.next_due(LANE) == SOON
        assert await ids(engine, late - timedelta(minutes=5)) == ["e1", "e2"]


async def test_a_failed_run_waits_for_its_time_however_far_that_is() -> None:
    async with opened() as engine:
        await engine.append(arrivals(1), "s", None)
        (run,) = await engine.take(LANE, AT, 9)
        await engine.finish([Ending(run=run, plugin="p", outcome=failed(SOON))])
        assert await ids(engine, SOON - timedelta(days=1)) == []
        assert await ids(engine, SOON) == ["e1"]


async def test_a_dead_run_is_kept_with_its_traceback_until_somebody_decides() -> None:
    async with opened() as engine:
        await engine.append(arrivals(1), "s", None)
        (run,) = await engine.take(LANE, AT, 9)
        await engine.finish([Ending(run=run, plugin="p", outcome=failed(None))])
        assert await ids(engine, SOON) == []
        (record,) = await engine.history(Selection(states=["dead"]), 9)
        assert (record.error, record.traceback) == ("boom", "…")
        await engine.retry(1, "h")
        (record,) = await engine.history(Selection(states=["pending"]), 9)
        assert record.next_at is None
        (run,) = await engine.take(LANE, AT, 9)
        assert run.faults == 0
        await engine.drop(1, "h")
        assert await ids(engine, SOON) == []


async def test_what_is_too_old_to_act_on_is_stored_and_does_not_run() -> None:
    async with opened() as engine:
        await engine.append([Arrival(event=event(1), handlers=("h",), stale=True)], "s", None)
        assert await ids(engine, AT) == []
        record = await engine.of_event("e1")
        assert record is not None
        assert [run.state for run in record.runs] == ["stale"]


async def test_an_act_is_known_by_what_it_is_not_by_what_it_says() -> None:
    async with opened() as engine:
        await engine.append(arrivals(1), "s", None)
        assert await engine.intend(KEY, AT, "first") is None
        again = await engine.intend(KEY, SOON, "second")
        assert again is not None
        assert (again.state, again.text, again.at) == ("intended", "first", AT)
        await engine.conclude(KEY, "comment:project:104:7", "answer")
        done = await engine.intend(KEY, SOON, "third")
        assert done is not None
        assert (done.state, done.answer) == ("done", "answer")
        assert await engine.taken(["comment:project:104:7", "other"]) == {"comment:project:104:7"}


async def test_an_act_that_was_withdrawn_can_be_done() -> None:
    async with opened() as engine:
        await engine.append(arrivals(1), "s", None)
        await engine.intend(KEY, AT, "first")
        await engine.withdraw(KEY)
        assert await engine.intend(KEY, AT, "second") is None


def seen(number: int, at: datetime) -> Arrival:
    known = BotEvent(id=f"comment:project:104:{number}", name="bot.start", at=at, source="s")
    return Arrival(event=known, handlers=("h",))


async def test_what_was_let_go_does_not_come_back_as_new() -> None:
    async with opened() as engine:
        days = [AT + timedelta(days=day) for day in range(6)]
        await engine.append([seen(day, at) for day, at in enumerate(days)], "s", "c")
        for run in await engine.take(LANE, AT, 9):
            if run.number != 2:
                await engine.finish([Ending(run=run, plugin="p", outcome=DONE)])
        assert await engine.trim(days[4], 1_000) == 3
        assert await engine.of_event("comment:project:104:0") is None
        assert await engine.of_event("comment:project:104:1") is not None
        assert await engine.append([seen(0, days[0]), seen(9, days[3])], "s", "c") == []
        assert len(await engine.append([seen(10, days[5])], "s", "c")) == 1


async def test_no_more_events_stay_than_may() -> None:
    async with opened() as engine:
        await engine.append(arrivals(*range(20)), "s", None)
        for run in await engine.take(LANE, AT, 50):
            await engine.finish([Ending(run=run, plugin="p", outcome=DONE)])
        assert await engine.trim(AT - timedelta(days=1), 5) == 15
        assert await engine.trim(AT - timedelta(days=1), 5) == 0
