"""When ``bot.every`` and ``bot.cron`` fire: plain descriptions, checked when they are made."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from scratchbot.errors import RegistrationError

Missed = Literal["last", "all", "none"]


@dataclass(frozen=True)
class Every:
    """Fires again and again, the given time apart.

    :param missed: which of the times that nobody waited for are made up for.
    """

    interval: timedelta
    missed: Missed = "last"

    def __post_init__(self) -> None:
        _check_missed(self.missed)
        if self.interval < timedelta(seconds=1):
            raise RegistrationError(
                "every() needs at least one second: give hours, minutes or seconds"
            )

    def trigger(self, start: datetime) -> BaseTrigger:
        """Return what computes the times, the first one interval after ``start``."""
        return IntervalTrigger(
            seconds=self.interval.total_seconds(), start_date=start + self.interval, timezone="UTC"
        )


@dataclass(frozen=True)
class Cron:
    """Fires when a crontab line says so.

    :param line: minute, hour, day of month, month, day of week (0 and 7 are Sunday); a time must
        fit all five.
    :param timezone: an IANA name such as ``Europe/Rome``.
    :param missed: which of the times that nobody waited for are made up for.
    """

    line: str
    timezone: str
    missed: Missed = "last"

    def __post_init__(self) -> None:
        _check_missed(self.missed)
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError):
            raise RegistrationError(
                f"there is no time zone {self.timezone!r}; use a name like 'Europe/Rome' or 'UTC'"
            ) from None
        try:
            first = self.trigger().get_next_fire_time(None, datetime(2000, 1, 1, tzinfo=UTC))
        except (AttributeError, ValueError, IndexError) as error:
            raise RegistrationError(
                f"{self.line!r} is no crontab line ({error}); "
                "it has five parts: minute, hour, day of month, month, day of week"
            ) from None
        if first is None:
            raise RegistrationError(f"{self.line!r} never comes: there is no such day")

    def trigger(self, start: datetime | None = None) -> BaseTrigger:
        """Return what computes the times; crontab lines need no start."""
        minute, hour, day, month, weekday = self.line.split()
        return CronTrigger(
            minute=minute,
            hour=hour,
            day=day,
            month=month,
            day_of_week=_weekdays(weekday),
            timezone=ZoneInfo(self.timezone),
        )


Schedule = Every | Cron


def _check_missed(missed: str) -> None:
    if missed not in get_args(Missed):
        raise RegistrationError(f"missed={missed!r}: give 'last', 'all' or 'none'")


_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _weekdays(field: str) -> str:
    """Return a crontab's day of week as names: APScheduler counts the days from Monday.

    :raises ValueError: if it is none.
    """
    days: list[str] = []
    for part in field.lower().split(","):
        span, _, step = part.partition("/")
        first, _, last = ("0", "", "6") if span == "*" else span.partition("-")
        start = _day(first)
        end = _day(last) if last else (6 if step else start)
        if end < start:
            end += 7
        days += [_DAYS[day % 7] for day in range(start, end + 1, int(step or 1))]
    return ",".join(dict.fromkeys(days))


def _day(text: str) -> int:
    """Return the number of a day: 0 and 7 are Sunday."""
    return _DAYS.index(text) if text in _DAYS else range(8)[int(text)]
