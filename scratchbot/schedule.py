"""When ``bot.every`` and ``bot.cron`` fire: plain descriptions, checked when they are made."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from scratchbot.errors import RegistrationError


@dataclass(frozen=True)
class Every:
    """Fires again and again, the given time apart."""

    interval: timedelta

    def __post_init__(self) -> None:
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

    :param line: minute, hour, day of month, month, day of week.
    :param timezone: an IANA name such as ``Europe/Rome``.
    """

    line: str
    timezone: str

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError):
            raise RegistrationError(
                f"there is no time zone {self.timezone!r}; use a name like 'Europe/Rome' or 'UTC'"
            ) from None
        try:
            self.trigger()
        except ValueError as error:
            raise RegistrationError(
                f"{self.line!r} is no crontab line ({error}); "
                "it has five parts: minute, hour, day of month, month, day of week"
            ) from None

    def trigger(self, start: datetime | None = None) -> BaseTrigger:
        """Return what computes the times; crontab lines need no start."""
        return CronTrigger.from_crontab(self.line, timezone=ZoneInfo(self.timezone))


Schedule = Every | Cron
