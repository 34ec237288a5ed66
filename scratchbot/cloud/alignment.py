"""What of the cloud log was not heard: its rows laid beside what was heard of each variable.

What is heard bears neither an id nor the site's time, so a value is taken for a row with the same
value that is not younger than it, and as near to it in time as the order allows. See
``docs/decisions/0014-the-log-laid-beside-what-was-heard.md``.
"""

import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from scratchbot.cloud.memory import Heard, Memory, mark
from scratchbot.wire.cloudlog import LoggedChange

LATE = 60_000
"""Milliseconds by which a change may be heard later than what followed it elsewhere."""
EARLY = 5_000
"""Milliseconds by which the site's time of a change may be later than ours of hearing it."""
SLOWEST = 600_000
"""Milliseconds from a change to when a bot that was busy heard of it, at most."""


def floor(memory: Memory, skew: int) -> int:
    """Return how far back the log matters, in milliseconds since 1970 by the site's clock.

    :param skew: milliseconds by which the site's clock is ahead of ours.
    """
    if memory.is_new:
        return sys.maxsize
    accounted = memory.accounted[0] if memory.accounted is not None else 0
    return max(accounted, memory.alive + skew) - LATE


def missed(
    rows: Sequence[LoggedChange],
    memory: Memory,
    after: Sequence[tuple[str, str | None]],
    skew: int,
) -> list[LoggedChange]:
    """Return the rows that nobody heard of, in their order.

    :param rows: oldest first.
    :param after: variable and value of each change that was heard after the gap, in order.
    :param skew: milliseconds by which the site's clock is ahead of ours.
    """
    mine: defaultdict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        mine[row.variable].append(place)
    first = _first_unaccounted(rows, memory, skew)
    found = []
    for variable, places in mine.items():
        own = [rows[place] for place in places]
        marks = [mark(value) for name, value in after if name == variable]
        start, end = _gap(own, memory.heard.get(variable, ()), marks, skew)
        found += [place for place in places[start:end] if place >= first]
    return [rows[place] for place in sorted(found)]


def _first_unaccounted(rows: Sequence[LoggedChange], memory: Memory, skew: int) -> int:
    """Return the place of the first row that is not accounted for."""
    since, bearing = memory.accounted or (0, 0)
    if since < floor(memory, skew):
        since, bearing = floor(memory, skew), 0
    for place, row in enumerate(rows):
        if row.timestamp == since and bearing:
            bearing -= 1
        elif row.timestamp >= since:
            return place
    return len(rows)


def _gap(
    rows: Sequence[LoggedChange], heard: Sequence[Heard], after: Sequence[str], skew: int
) -> tuple[int, int]:
    """Return where among one variable's rows those begin and end that were not heard.

    Of all ways to lay the rows beside what was heard, before the gap and after it, this is the one
    that explains the most of it, and of those the one that is nearest in time.
    """
    expected = [Heard(each.mark, each.at + skew) for each in heard]
    matches = list(_matches(rows, expected))
    ends = [len(rows) - number for number in _tails(rows, after)]
    end = max(
        ends, key=lambda end: (matches[end].explained + len(rows) - end, matches[end].nearness)
    )
    start = matches[end].place
    if start == 0 and expected:
        start = min(end, sum(row.timestamp <= expected[-1].at for row in rows))
    return start, end


def _tails(rows: Sequence[LoggedChange], after: Sequence[str]) -> Iterator[int]:
    """Yield how many of the last rows can be what was heard first after the gap."""
    marks = [mark(row.value) for row in rows]
    for number in range(min(len(after), len(marks)), -1, -1):
        if [*after[:number]] == marks[len(marks) - number :]:
            yield number


class _Match(NamedTuple):
    """How much of what was heard rows explain.

    :param nearness: milliseconds between rows and hearing, all in all, below zero.
    :param place: the place after the last row that was heard.
    """

    explained: int = 0
    nearness: int = 0
    place: int = 0


def _matches(rows: Sequence[LoggedChange], heard: Sequence[Heard]) -> Iterator[_Match]:
    """Yield the best match of what was heard with no row, with the first row, and so on."""
    best = [_Match()] * (len(heard) + 1)
    yield best[-1]
    for place, row in enumerate(rows, 1):
        before = best[:]
        for number, each in enumerate(heard, 1):
            if _fits(row, each):
                explained, nearness, _ = before[number - 1]
                taken = _Match(explained + 1, nearness - abs(each.at - row.timestamp), place)
                best[number] = max(best[number], taken)
            best[number] = max(best[number], best[number - 1])
        yield best[-1]


def _fits(row: LoggedChange, heard: Heard) -> bool:
    is_then = heard.at - SLOWEST <= row.timestamp <= heard.at + EARLY
    return is_then and mark(row.value) == heard.mark
