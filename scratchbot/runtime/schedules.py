"""Firing ``every`` and ``cron``: APScheduler's triggers say when, the bot's clock waits."""

from scratchbot.clock import Clock
from scratchbot.events import ScheduleEvent
from scratchbot.runtime.dispatcher import Dispatcher
from scratchbot.schedule import Schedule

SOURCE = "schedule"


async def fire(handler: str, schedule: Schedule, dispatcher: Dispatcher, clock: Clock) -> None:
    """Deliver an event at each planned time; times that were slept through become one."""
    trigger = schedule.trigger(clock.now())
    planned = trigger.get_next_fire_time(None, clock.now())
    while planned is not None:
        await clock.sleep(max(0.0, (planned - clock.now()).total_seconds()))
        if clock.now() < planned:
            continue
        following = trigger.get_next_fire_time(planned, clock.now())
        while following is not None and following <= clock.now():
            planned, following = following, trigger.get_next_fire_time(following, clock.now())
        event = ScheduleEvent(
            id=f"schedule:{handler}:{planned.isoformat()}",
            name="schedule",
            at=planned,
            source=SOURCE,
            handler=handler,
        )
        await dispatcher.deliver([event], SOURCE)
        planned = following
