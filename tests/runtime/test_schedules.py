import asyncio
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from scratchbot import Bot
from scratchbot.client import Client
from scratchbot.engines.local import LocalEngine
from scratchbot.errors import RegistrationError
from scratchbot.events import ScheduleEvent
from scratchbot.runtime.daemon import Daemon
from scratchbot.schedule import Cron, Missed
from scratchbot.settings import Credentials, Network, Settings
from tests.clock import FakeClock
from tests.running import Record
from tests.scratch import until

pytestmark = pytest.mark.asyncio

OWN = 3
"""Sleepers of the daemon itself: it trims the store, looks what others changed in it, and whether
the clock was set."""


class Running:
    """A bot without a site, whose time a test moves."""

    def __init__(self, bot: Bot, clock: FakeClock | None = None, store: Path | None = None) -> None:
        self.clock, self.record, self._stop = clock or FakeClock(), Record(), asyncio.Event()
        network = Network(endpoint="http://127.0.0.1:9", limits=False)
        daemon = Daemon(
            bot,
            Settings(network=network),
            engine=LocalEngine(store),
            client=Client(Credentials(), network, self.clock, Random(1)),
            clock=self.clock,
            jitter=Random(1),
            observer=self.record,
        )
        self._task = asyncio.create_task(daemon.run(self._stop))

    async def stop(self) -> None:
        self._stop.set()
        await self._task


async def test_every_fires_one_interval_apart() -> None:
    bot, times = Bot("bot"), []

    @bot.every(minutes=5)
    async def tick(event: ScheduleEvent) -> None:
        times.append(event.at)

    running = Running(bot)
    await until(lambda: running.clock.sleepers == OWN + 1)
    for count in (1, 2, 3):
        await running.clock.jump(300)
        await until(lambda: len(times) == count and running.clock.sleepers == OWN + 1)  # noqa: B023
    await running.stop()
    assert [(at.hour, at.minute) for at in times] == [(0, 5), (0, 10), (0, 15)]


@pytest.mark.parametrize(
    ("missed", "told"), [("last", [40]), ("all", [10, 20, 30, 40]), ("none", [])]
)
async def test_times_that_passed_while_the_bot_was_down_are_made_up_for_as_its_author_says(
    missed: Missed, told: list[int], tmp_path: Path
) -> None:
    bot, times = Bot("bot"), []
    before, after = FakeClock(), FakeClock(datetime(2026, 1, 1, 0, 45, tzinfo=UTC))

    @bot.every(minutes=10, missed=missed)
    async def tick(event: ScheduleEvent) -> None:
        times.append(event.at.minute)

    first = Running(bot, before, tmp_path / "bot.db")
    await until(lambda: before.sleepers == OWN + 1)
    await first.stop()
    second = Running(bot, after, tmp_path / "bot.db")
    await until(lambda: after.sleepers == OWN + 1 and len(times) == len(told))
    await after.jump(5 * 60)
    await until(lambda: times == [*told, 50])
    await second.stop()


async def test_times_that_were_slept_through_become_one() -> None:
    bot, times = Bot("bot"), []

    @bot.every(hours=1)
    async def tick(event: ScheduleEvent) -> None:
        times.append(event.at)

    running = Running(bot)
    await until(lambda: running.clock.sleepers == OWN + 1)
    running.clock.sleep_through(10 * 3600 + 60)
    await running.clock.jump(0)
    await until(lambda: times and running.clock.sleepers == OWN + 1)
    await running.clock.jump(3600)
    await until(lambda: len(times) == 2)
    await running.stop()
    assert times[-1] == datetime(2026, 1, 1, 11, tzinfo=UTC)


async def test_cron_fires_by_the_clock_of_its_time_zone() -> None:
    bot, times = Bot("bot"), []

    @bot.cron("0 9 * * *", timezone="Europe/Rome")
    async def daily(event: ScheduleEvent) -> None:
        times.append(event.at.astimezone(UTC))

    running = Running(bot)
    await until(lambda: running.clock.sleepers == OWN + 1)
    await running.clock.jump(24 * 3600)
    await until(lambda: times)
    await running.stop()
    assert times == [datetime(2026, 1, 1, 8, tzinfo=UTC)]


async def test_a_time_that_never_comes_is_refused() -> None:
    with pytest.raises(RegistrationError, match="never comes"):
        Cron("0 0 30 2 *", "UTC")


async def test_a_schedule_s_event_reaches_its_own_handler_only() -> None:
    bot, got = Bot("bot"), []

    @bot.every(seconds=10)
    async def first() -> None:
        got.append("first")

    @bot.every(seconds=3600)
    async def second() -> None:
        got.append("second")

    @bot.on("*")
    async def everything(event: object) -> None:
        got.append(type(event).__name__)

    running = Running(bot)
    await until(lambda: running.clock.sleepers == OWN + 2 and got)
    await running.clock.jump(10)
    await until(lambda: "first" in got)
    await running.stop()
    assert got == ["BotEvent", "first", "BotEvent"]


@pytest.mark.parametrize(
    ("field", "days"),
    [
        ("*", [0, 1, 2, 3, 4, 5, 6]),
        ("0", [6]),
        ("7", [6]),
        ("1-5", [0, 1, 2, 3, 4]),
        ("5-7", [4, 5, 6]),
        ("sun,wed", [2, 6]),
        ("*/2", [1, 3, 5, 6]),
        ("fri-mon", [0, 4, 5, 6]),
    ],
)
async def test_days_of_the_week_are_counted_as_in_every_crontab(
    field: str, days: list[int]
) -> None:
    trigger, found = Cron(f"0 0 * * {field}", "UTC").trigger(), set()
    time = datetime(2026, 1, 1, tzinfo=UTC)
    for _ in range(7):
        time = trigger.get_next_fire_time(time, time)
        found.add(time.weekday())
    assert sorted(found) == days


@pytest.mark.parametrize(
    "line", ["", "* * * *", "61 * * * *", "* * * * 8", "* * * * x", "a b c d e"]
)
async def test_a_line_that_is_no_crontab_is_refused(line: str) -> None:
    with pytest.raises(RegistrationError, match="is no crontab line"):
        Cron(line, "UTC")
