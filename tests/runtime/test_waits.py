"""Answers that come at the worst moment: the run that waits for them goes on all the same."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from scratchbot.clock import Clock, SystemClock
from scratchbot.engines.engine import Arrival, Ending, Lane, Outcome, Run
from scratchbot.engines.local import LocalEngine
from scratchbot.errors import InputError, NoAnswerError
from scratchbot.events import CommentEvent
from scratchbot.runtime.ears import Ears
from scratchbot.runtime.manners import Manners
from scratchbot.runtime.tallies import Tallies
from scratchbot.runtime.waits import Suspended, Waits
from scratchbot.site import Account
from scratchbot.waiting import Wanted
from tests.clock import FakeClock

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LANE = Lane("bot.ask", "project-comments:104")
WAITING = Outcome(
    duration=0, writes={}, error="waits", next_at=NOW + timedelta(days=999), is_waiting=True
)


def comment(number: int, *, at: datetime = NOW) -> CommentEvent:
    return CommentEvent(
        id=f"comment:project:104:{number}",
        name="comment.project",
        at=at,
        source=LANE.source,
        comment_id=number,
        content="hi",
        author="alice",
        where="project",
        target="104",
    )


WANTED = Wanted(name="comment", values={"author": "alice"}, timeout=60, since=NOW)


async def ask() -> None: ...


async def waiting(engine: LocalEngine, clock: Clock | None = None) -> tuple[Run, Waits, list[Lane]]:
    """Return a run that waits for another comment, and the lanes that are rung."""
    await engine.open()
    await engine.append([Arrival(comment(1), (LANE.handler,))], LANE.source, None)
    (run,) = await engine.take(LANE, NOW, 1)
    rung: list[Lane] = []
    waits = Waits(engine, clock or SystemClock(), rung.append)
    waits.expect_looks(LANE.source)
    with pytest.raises(Suspended):
        await waits.wait(run, 0, WANTED, ask)
    return run, waits, rung


async def finish(engine: LocalEngine, run: Run) -> None:
    await engine.finish([Ending(run=run, plugin="bot", outcome=WAITING)])


async def is_due(engine: LocalEngine) -> bool:
    return bool(await engine.take(LANE, datetime.now(UTC), 1))


@pytest.mark.asyncio
async def test_an_answer_wakes_the_run() -> None:
    engine = LocalEngine(None)
    run, waits, rung = await waiting(engine)
    await finish(engine, run)
    assert not await is_due(engine)
    await waits.hear(comment(2))
    assert rung == [LANE]
    assert await is_due(engine)
    assert (await waits.wait(run, 0, WANTED, ask)).id == comment(2).id
    await engine.close()


@pytest.mark.asyncio
async def test_an_answer_that_comes_while_the_run_is_still_being_made_wakes_it_after() -> None:
    engine = LocalEngine(None)
    run, waits, _ = await waiting(engine)
    await waits.hear(comment(2))
    await finish(engine, run)
    assert not await is_due(engine)
    manners = Manners(
        engine,
        SystemClock(),
        Account(),
        answers=None,
        is_called=lambda _: False,
        told=lambda _: None,
    )
    ears = Ears(waits, manners, Tallies(engine, SystemClock()))
    ears.ended(run, WAITING)
    await asyncio.gather(*ears._waking)
    assert await is_due(engine)
    await engine.close()


@pytest.mark.asyncio
async def test_an_answer_that_was_written_down_just_before_a_kill_wakes_the_run_after() -> None:
    engine = LocalEngine(None)
    run, waits, _ = await waiting(engine)
    await waits.hear(comment(2))
    await finish(engine, run)
    assert not await is_due(engine)
    again = Waits(engine, SystemClock(), lambda _: None)
    await again.load()
    assert await is_due(engine)
    assert (await again.wait(run, 0, WANTED, ask)).id == comment(2).id
    await engine.close()


def test_what_happened_before_the_question_is_no_answer() -> None:
    assert WANTED.is_met_by(comment(2))
    assert not WANTED.is_met_by(comment(2, at=NOW - timedelta(seconds=1)))


@pytest.mark.asyncio
async def test_a_run_stops_waiting_only_when_all_is_known_of_its_time() -> None:
    engine, clock = LocalEngine(None), FakeClock()
    run, waits, rung = await waiting(engine, clock)
    await finish(engine, run)
    begun = clock.now()
    clock.set(61)
    await waits.looked(LANE.source, begun + timedelta(seconds=59))
    await waits.looked("project-comments:105", clock.now())
    assert rung == []
    with pytest.raises(Suspended):
        await waits.wait(run, 0, WANTED, ask)
    await waits.looked(LANE.source, clock.now())
    assert rung == [LANE]
    with pytest.raises(NoAnswerError):
        await waits.wait(run, 0, WANTED, ask)
    await engine.close()


@pytest.mark.asyncio
async def test_an_answer_that_is_on_its_way_is_waited_for_whatever_the_clocks_say() -> None:
    engine, clock = LocalEngine(None), FakeClock()
    run, waits, rung = await waiting(engine, clock)
    await finish(engine, run)
    answer = comment(2, at=clock.now() + timedelta(minutes=5))
    assert waits.want(answer)
    clock.set(61)
    await waits.looked(LANE.source, clock.now())
    assert rung == []
    await waits.hear(answer)
    assert (await waits.wait(run, 0, WANTED, ask)).id == answer.id
    await engine.close()


@pytest.mark.parametrize("timeout", [float("inf"), float("nan"), -1, 1e12])
def test_what_would_be_waited_for_without_end_is_refused(timeout: float) -> None:
    with pytest.raises(InputError, match="give seconds"):
        Wanted(name="comment", values={}, timeout=timeout)
