"""The end of a log that was read later than a server greeted: the socket has yet to tell of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from scratchbot.cloud.logreader import ROUNDING, LogReading
from scratchbot.wire.cloudlog import LoggedChange

Values = Mapping[str, str]


def without_what_comes(
    reading: LogReading,
    known: Values,
    greeting: Values,
    after: Sequence[tuple[str, str | None]],
    at: int,
) -> LogReading:
    """Return a reading without the rows at its end that the socket will tell of by itself.

    What was before the greeting has led to its values, and what is after it comes by the socket.

    :param known: the values before the gap.
    :param greeting: the values with which the server greeted.
    :param after: variable and value of each change that was heard since, in order.
    :param at: when the server greeted, in milliseconds since 1970 by this machine's clock.
    """
    rows, greeted = reading.rows, at + reading.skew
    first = sum(row.timestamp < greeted - 2 * ROUNDING for row in rows)
    before = _values(known, rows[:first])

    def badness(place: int) -> tuple[int, bool, int]:
        different = dict(_values(before, rows[first:place]).items() ^ greeting.items())
        pairs = zip(rows[place:], after, strict=False)
        is_other = any((row.variable, row.value) != heard for row, heard in pairs)
        return len(different), is_other, max(0, len(rows) - place - len(after))

    place = min(range(first, len(rows) + 1), key=badness)
    return replace(reading, rows=rows[: place + len(after)])


def _values(known: Values, rows: Sequence[LoggedChange]) -> Values:
    """Return what rows make of values."""
    values = dict(known)
    for row in rows:
        if row.method == "delete":
            values.pop(row.variable, None)
        else:
            values[row.variable] = "0" if row.value is None else row.value
    return values
