"""Firing ``every`` and ``cron``: APScheduler's triggers say when, the bot's clock waits."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from apscheduler.triggers.base import BaseTrigger

from scratchbot.clock import Clock
from scratchbot.engines.engine import Engine
from scratchbot.events import ScheduleEvent, time_key
from scratchbot.runtime.dispatcher import Dispatcher
from scratchbot.schedule import Missed, Schedule

SOURCE = "schedule"
LATE = timedelta(seconds=5)
"""A time that came longer ago than this was missed."""
MOST_MISSED = 1_000
LONGEST_SLEEP = 60.0
"""Seconds after which the clock is looked at again: it may have been set meanwhile."""


async def last_time(handler: str, engine: Engine, clock: Clock) -> datetime:
    """Return the last planned time that was dealt with; the first start counts as one."""
    cursor = await engine.cursor(_source(handler))
    if cursor is None:
        cursor = clock.now().isoformat()
        await engine.append([], _source(handler), cursor)
    return datetime.fromisoformat(cursor)


async def fire(
    handler: str, schedule: Schedule, last: datetime, dispatcher: Dispatcher, clock: Clock
) -> None:
    """Deliver an event at each planned time after ``last``.

    A time that comes again because the clock was set back has the id that it had before.
    """
    while True:
        last = min(last, clock.now())  # It lies ahead when the clock was set back.
        trigger = schedule.trigger(last)
        planned = _after(trigger, last)
        if planned is None:
            return
        if clock.now() < planned:
            await clock.sleep(min(LONGEST_SLEEP, (planned - clock.now()).total_seconds()))
            continue
        times = [planned, *_until(trigger, planned, clock.now())]
        events = [_event(handler, time) for time in _made_up(times, schedule.missed, clock.now())]
        last = times[-1]
        await dispatcher.deliver(events, _source(handler), last.isoformat())


def _source(handler: str) -> str:
    return f"{SOURCE}:{handler}"


def _made_up(times: list[datetime], missed: Missed, now: datetime) -> list[datetime]:
    """Return those of the times that have come which are still to be told."""
    if missed == "all":
        return times
    return times[-1:] if missed == "last" or now - times[-1] <= LATE else []


def _until(trigger: BaseTrigger, start: datetime, end: datetime) -> Iterator[datetime]:
    """Yield the times after ``start`` that have come by ``end``."""
    for _ in range(MOST_MISSED):
        following = _after(trigger, start)
        if following is None or following > end:
            return
        yield following
        start = following


def _after(trigger: BaseTrigger, moment: datetime) -> datetime | None:
    """Return the first time after a moment."""
    found = trigger.get_next_fire_time(moment, moment + timedelta(microseconds=1))
    return found if isinstance(found, datetime) else None


def _event(handler: str, planned: datetime) -> ScheduleEvent:
    return ScheduleEvent(
        id=f"schedule:{handler}:{time_key(planned)}",
        name="schedule",
        at=planned.astimezone(UTC),
        source=SOURCE,
        handler=handler,
    )
