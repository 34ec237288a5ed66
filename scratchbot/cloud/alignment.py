"""What of the cloud log was not heard: its rows laid beside what was heard of each variable.

What is heard bears neither an id nor the site's time. It is laid beside rows with the same values,
in the same order; see ``docs/decisions/0014-the-log-laid-beside-what-was-heard.md``.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from scratchbot.cloud.logreader import ROUNDING, LogReading
from scratchbot.cloud.memory import KEPT, Memory, mark
from scratchbot.wire.cloudlog import LoggedChange

LATE = 60_000
"""Milliseconds by which a change may be heard later than what followed it elsewhere."""
EARLY = 5_000
"""Milliseconds by which the site's time of a change may be later than ours of hearing it."""
SLOWEST = 600_000
"""Milliseconds from a change to when a bot that was busy heard of it, at most."""
DOUBTS = range(-600, 601, 100)
"""Milliseconds by which the site's clock may be off from where its whole seconds put it."""


class Gap(NamedTuple):
    """What was not heard.

    :param rows: oldest first.
    :param unlogged: by variable, how many of the last changes that were heard the log does not
        show yet.
    """

    rows: list[LoggedChange]
    unlogged: dict[str, int]


def floor(memory: Memory, skew: int) -> int:
    """Return how far back the log matters, in milliseconds since 1970 by the site's clock.

    :param skew: milliseconds by which the site's clock is ahead of ours.
    """
    if memory.is_new:
        return sys.maxsize
    accounted = memory.accounted[0] if memory.accounted is not None else memory.born + skew
    return max(accounted, memory.alive + skew - LATE)


def find_gap(reading: LogReading, memory: Memory, after: Sequence[tuple[str, str | None]]) -> Gap:
    """Return what nobody heard of.

    :param after: variable and value of each change that was heard after the gap, in order.
    """
    rows, found = reading.rows, list[int]()
    since = floor(memory, reading.skew)
    unlogged = {variable: len(heard) for variable, heard in memory.heard.items()}
    by_variable: dict[str, list[int]] = {}
    for place in range(_first_unaccounted(rows, since, memory), len(rows)):
        by_variable.setdefault(rows[place].variable, []).append(place)
    for variable, places in by_variable.items():
        own = [rows[place] for place in places]
        heard = memory.heard.get(variable, ())
        expected = [_Heard(mark(each.value), each.at + reading.skew) for each in heard]
        recent = [each for each in expected if each.at >= since - ROUNDING]
        marks = [mark(value) for name, value in after if name == variable]
        is_all = reading.is_whole and len(heard) < KEPT
        start, end, unlogged[variable] = _lay(own, recent, marks, is_all=is_all)
        found += places[start:end]
    return Gap([rows[place] for place in sorted(found)], unlogged)


def _first_unaccounted(rows: Sequence[LoggedChange], since: int, memory: Memory) -> int:
    """Return the place of the first row that is not accounted for."""
    accounted, bearing = memory.accounted or (0, 0)
    bearing = bearing if since == accounted else 0
    for place, row in enumerate(rows):
        if row.timestamp == since and bearing:
            bearing -= 1
        elif row.timestamp >= since:
            return place
    return len(rows)


class _Heard(NamedTuple):
    """A change that was heard, by the site's clock."""

    mark: str | None
    at: int


class _Match(NamedTuple):
    """How much of what was heard some rows explain.

    :param cost: of the rows that were taken, below zero.
    :param place: the place after the last row that was heard.
    :param number: how many changes were heard up to that row.
    """

    explained: int = 0
    cost: int = 0
    place: int = 0
    number: int = 0


def _lay(
    rows: Sequence[LoggedChange],
    heard: Sequence[_Heard],
    after: Sequence[str | None],
    *,
    is_all: bool,
) -> tuple[int, int, int]:
    """Return where among one variable's rows the gap begins and ends, and how much is unlogged.

    Of all ways to lay the rows beside what was heard, before the gap and after it, this is the one
    that explains the most of it. Of those it takes the first rows that fit if all was heard from
    there on and is remembered; else those that are nearest in time.

    :param heard: by the site's clock.
    """
    costs: list[_Cost] = [lambda place, row, each: place] if is_all else [*map(_distance, DOUBTS)]
    end, match = max(
        (_best(rows, after, list(_matches(rows, heard, cost))) for cost in costs),
        key=lambda best: (best[1].explained - best[0], best[1].cost),
    )
    start = match.place
    if start == 0 and heard:
        start = min(end, sum(row.timestamp <= heard[-1].at for row in rows))
    return start, end, len(heard) - match.number


def _best(
    rows: Sequence[LoggedChange], after: Sequence[str | None], matches: Sequence[_Match]
) -> tuple[int, _Match]:
    """Return where what was heard after the gap begins, and the match of the rows before."""
    ends = [len(rows) - number for number in _tails(rows, after)]
    end = max(ends, key=lambda end: (matches[end].explained - end, matches[end].cost))
    return end, matches[end]


def _tails(rows: Sequence[LoggedChange], after: Sequence[str | None]) -> Iterator[int]:
    """Yield how many of the last rows can be what was heard first after the gap."""
    marks = [mark(row.value) for row in rows]
    for number in range(min(len(after), len(marks)), -1, -1):
        if [*after[:number]] == marks[len(marks) - number :]:
            yield number


_Cost = Callable[[int, LoggedChange, _Heard], int]


def _distance(doubt: int) -> _Cost:
    return lambda _, row, heard: abs(heard.at + doubt - row.timestamp)


def _matches(
    rows: Sequence[LoggedChange], heard: Sequence[_Heard], cost: _Cost
) -> Iterator[_Match]:
    """Yield the best match of what was heard with no row, with the first row, and so on."""
    best = [_Match()] * (len(heard) + 1)
    yield best[-1]
    for place, row in enumerate(rows, 1):
        before = best[:]
        for number, each in enumerate(heard, 1):
            if _fits(row, each):
                last = before[number - 1]
                paid = last.cost - cost(place, row, each)
                best[number] = max(best[number], _Match(last.explained + 1, paid, place, number))
            best[number] = max(best[number], best[number - 1])
        yield best[-1]


def _fits(row: LoggedChange, heard: _Heard) -> bool:
    is_then = heard.at - SLOWEST <= row.timestamp <= heard.at + EARLY
    return is_then and mark(row.value) == heard.mark
