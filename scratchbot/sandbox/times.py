"""How the site writes times: whole seconds, UTC."""

from datetime import UTC, datetime, timedelta
from email.utils import formatdate
from functools import lru_cache

_MONTHS = [
    "Jan.",
    "Feb.",
    "March",
    "April",
    "May",
    "June",
    "July",
    "Aug.",
    "Sept.",
    "Oct.",
    "Nov.",
    "Dec.",
]
_UNITS = (
    ("year", 365 * 86_400),
    ("month", 30 * 86_400),
    ("week", 7 * 86_400),
    ("day", 86_400),
    ("hour", 3_600),
    ("minute", 60),
)


def site_time(seconds: float) -> str:
    """Return a time as the new API writes it."""
    return _written(int(seconds)) + ".000Z"


def page_time(seconds: float) -> str:
    """Return a time as the old pages write it."""
    return _written(int(seconds)) + "Z"


def old_site_time(seconds: float) -> str:
    """Return a time as the old API writes it: without a zone, and it means UTC."""
    return _written(int(seconds))


def header_time(seconds: float) -> str:
    """Return a time as the headers of answers write it."""
    return _header_time(int(seconds))


@lru_cache(maxsize=4096)
def _header_time(seconds: int) -> str:
    return formatdate(seconds, usegmt=True)


@lru_cache(maxsize=4096)
def _written(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def month(seconds: float) -> int:
    """Return the first second of the month that a time is in."""
    return _month(int(seconds // 86_400))


@lru_cache(maxsize=4096)
def _month(day: int) -> int:
    then = datetime.fromtimestamp(day * 86_400, UTC)
    return int(datetime(then.year, then.month, 1, tzinfo=UTC).timestamp())


def forum_time(seconds: float, now: float) -> str:
    """Return a time as the forums write it: the day by name where it is near."""
    then, today = datetime.fromtimestamp(int(seconds), UTC), datetime.fromtimestamp(now, UTC)
    clock = then.strftime("%H:%M:%S")
    if then.date() == today.date():
        return f"Today {clock}"
    if then.date() == today.date() - timedelta(days=1):
        return f"Yesterday {clock}"
    return f"{_MONTHS[then.month - 1]} {then.day}, {then.year} {clock}"


def time_ago(seconds: float, now: float) -> str:
    """Return how long ago something was, in its two largest units."""
    left, parts = max(0, int(now - seconds)), []
    for name, size in _UNITS:
        number, left = divmod(left, size)
        if number:
            parts.append(f"{number}\xa0{name}{'s' if number > 1 else ''}")
        elif parts:
            break
    return ", ".join(parts[:2] or ["0\xa0minutes"]) + " ago"
