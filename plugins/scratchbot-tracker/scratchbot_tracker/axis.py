"""The marks of a chart's axes: round numbers, and round times."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400

_SECONDS = (
    *(count * _MINUTE for count in (1, 2, 5, 10, 15, 30)),
    *(count * _HOUR for count in (1, 2, 3, 6, 12)),
    *(count * _DAY for count in (1, 2, 7, 14)),
)
_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1_200, 2_400, 6_000, 12_000)
_FIRST_MONDAY = 4 * _DAY

MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Tick:
    """A mark on the axis of time.

    :param at: in seconds since 1970.
    """

    at: int
    label: str


def value_ticks(low: int, high: int, most: int = 6) -> list[int]:
    """Return round numbers, one step apart, the outer two of which enclose all counts.

    :param low: the lowest count.
    :param high: the highest.
    :param most: how many numbers there can be, from 3 up.
    """
    if low == high:
        low, high = max(0, low - 1), high + 1
    return next(
        list(found) for step in _round_numbers() if len(found := _around(low, high, step)) <= most
    )


def _round_numbers() -> Iterator[int]:
    power = 1
    while True:
        yield from (power, 2 * power, 5 * power)
        power *= 10


def _around(low: int, high: int, step: int) -> range:
    first, last = low // step, -(-high // step)
    return range(first * step, last * step + 1, step)


def time_ticks(start: int, end: int, most: int = 7) -> list[Tick]:
    """Return round times of UTC between two times, all in seconds since 1970.

    :param most: how many times there can be, from 2 up.
    """
    for step in _SECONDS:
        if len(within := _within(start, end, step)) <= most:
            return [Tick(at, _time_label(at, step)) for at in within]
    for months in _MONTHS:
        if len(firsts := list(_firsts(start, end, months))) <= most:
            return [Tick(at, _month_label(at, months)) for at in firsts]
    return []


def _within(start: int, end: int, step: int) -> range:
    offset = _FIRST_MONDAY if step % (7 * _DAY) == 0 else 0
    first = offset - (offset - start) // step * step
    return range(first, end + 1, step)


def _firsts(start: int, end: int, months: int) -> Iterator[int]:
    """Yield the first moments of months, of which each so-many-th counts."""
    begin, finish = _moment(start), _moment(end)
    number = (begin.year * 12 + begin.month - 1) // months * months
    while number <= finish.year * 12 + finish.month - 1:
        if number >= 12:
            at = int(datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC).timestamp())
            if start <= at <= end:
                yield at
        number += months


def _time_label(at: int, step: int) -> str:
    if step < _DAY and at % _DAY:
        return f"{_moment(at):%H:%M}"
    return day_name(at)


def _month_label(at: int, months: int) -> str:
    moment = _moment(at)
    return f"{moment.year}" if months >= 12 else f"{MONTH_NAMES[moment.month - 1]} {moment.year}"


def day_name(at: int) -> str:
    """Return the day that a time lies in, such as ``26 Nov``."""
    moment = _moment(at)
    return f"{moment.day} {MONTH_NAMES[moment.month - 1]}"


def time_name(at: int) -> str:
    """Return a time in words, such as ``26 Nov 2026, 09:00``; in UTC."""
    return f"{day_name(at)} {_moment(at):%Y, %H:%M}"


def _moment(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)
