"""The machine's clock is set while a bot runs, or between two of its lives."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from scratchbot import Bot
from scratchbot.events import ScheduleEvent
from scratchbot.runtime.retries import LONGEST_PAUSE
from scratchbot.runtime.schedules import LONGEST_SLEEP
from scratchbot.runtime.steps import LOOK_SECONDS
from tests.clock import FakeClock
from tests.runtime.test_schedules import OWN, Running
from tests.scratch import until

pytestmark = pytest.mark.asyncio

STEPS = pytest.mark.parametrize("hours", [-24, -1, -0.05, 1, 24])


async def asleep(running: Running, others: int) -> None:
    """Wait until the bot has nothing to do but to wait."""
    await until(lambda: running.clock.sleepers == OWN + others)


def failing() -> tuple[Bot, list[int]]:
    """Return a bot whose handler fails, and its tries."""
    bot, tries = Bot("bot"), list[int]()

    @bot.on("bot.start", retries=1_000)
    async def try_hard() -> None:
        tries.append(len(tries))
        raise RuntimeError("not yet")

    return bot, tries


@STEPS
async def test_what_failed_is_tried_again_soon_whatever_the_clock_says_now(hours: float) -> None:
    bot, tries = failing()
    running = Running(bot)
    await asleep(running, 1)
    for _ in range(3):
        before = len(tries)
        running.clock.set(hours * 3600)
        await running.clock.jump(LOOK_SECONDS)
        await asleep(running, 1)
        await running.clock.jump(LONGEST_PAUSE)
        await until(lambda: len(tries) > before)  # noqa: B023
        await asleep(running, 1)
    await running.stop()


async def test_what_failed_is_tried_soon_when_the_clock_was_set_back_between_two_lives(
    tmp_path: Path,
) -> None:
    bot, _ = failing()
    first = Running(bot, store=tmp_path / "bot.db")
    await asleep(first, 1)
    await first.stop()
    (failed,) = {run.event.id for run, _ in first.record.runs}
    earlier = FakeClock(datetime(2025, 12, 1, tzinfo=UTC))
    again = Running(bot, earlier, tmp_path / "bot.db")
    await until(lambda: again.record.runs)
    await asleep(again, 1)
    await earlier.jump(LONGEST_PAUSE)
    await until(lambda: failed in {run.event.id for run, _ in again.record.runs})
    await again.stop()


async def test_a_step_of_the_clock_is_told() -> None:
    with capture_logs() as logs:
        running = Running(Bot("bot"))
        await asleep(running, 0)
        running.clock.set(-3600)
        await running.clock.jump(LOOK_SECONDS)
        await running.clock.jump(3600)
        await running.stop()
    told = [entry["seconds"] for entry in logs if entry["event"] == "clock_stepped"]
    assert told == [-3600]


def ticking(**schedule: Any) -> tuple[Bot, list[datetime]]:
    bot, times = Bot("bot"), list[datetime]()
    register = bot.cron(**schedule) if "line" in schedule else bot.every(**schedule)

    @register
    async def tick(event: ScheduleEvent) -> None:
        times.append(event.at)

    return bot, times


@STEPS
async def test_every_goes_on_at_its_pace_whatever_the_clock_says(hours: float) -> None:
    bot, times = ticking(minutes=5)
    running = Running(bot)
    await asleep(running, 1)
    await running.clock.jump(7 * 60)
    await until(lambda: len(times) == 1)
    running.clock.set(hours * 3600 + 0.5)
    for number in range(4):
        await running.clock.jump(5 * 60 + LONGEST_SLEEP)
        await until(lambda: len(times) >= 2 + number)  # noqa: B023
    await running.stop()
    assert len(set(times)) == len(times) <= 7


async def pass_by(running: Running, hours: float) -> None:
    """Let hours pass that nobody sees, and wait until the bot sleeps again."""
    running.clock.sleep_through(hours * 3600)
    await running.clock.jump(0)
    await asleep(running, 1)


@pytest.mark.parametrize("hours", [-1, 1])
async def test_a_time_of_cron_that_the_clock_says_twice_comes_once_and_none_is_left_out(
    hours: float,
) -> None:
    bot, times = ticking(line="0 9 * * *", timezone="UTC")
    running = Running(bot, FakeClock(datetime(2026, 1, 1, 8, 30, tzinfo=UTC)))
    await asleep(running, 1)
    if hours < 0:
        await pass_by(running, 0.75)
        await until(lambda: len(times) == 1)
    running.clock.set(hours * 3600)
    for _ in range(3):
        await pass_by(running, 1)
    for _ in range(2):
        await pass_by(running, 24)
    await until(lambda: len(times) == 3)
    await running.stop()
    assert [(at.day, at.hour) for at in times] == [(1, 9), (2, 9), (3, 9)]


async def test_a_schedule_outlives_a_clock_that_was_years_ahead() -> None:
    bot, times = ticking(line="0 9 1 * *", timezone="UTC")
    running = Running(bot)
    await asleep(running, 1)
    years = timedelta(days=3650).total_seconds()
    running.clock.set(years)
    await pass_by(running, 0.1)
    await until(lambda: len(times) == 1)
    running.clock.set(-years)
    await pass_by(running, 0.1)
    await pass_by(running, 9)
    await until(lambda: len(times) == 2)
    await running.stop()
    assert times[1] == datetime(2026, 1, 1, 9, tzinfo=UTC)


async def test_a_machine_that_was_asleep_makes_up_for_what_it_missed_as_soon_as_it_wakes() -> None:
    bot, times = ticking(line="0 9 * * *", timezone="UTC")
    running = Running(bot)
    await asleep(running, 1)
    running.clock.set(20 * 3600)  # Asleep, only the time of day goes on.
    await running.clock.jump(LONGEST_SLEEP)
    await until(lambda: times)
    await running.stop()
