"""What happened while a socket was away: told by the log's rows, and by the values after it."""

from collections.abc import Iterator, Mapping, Sequence

from scratchbot.cloud.memory import Memory
from scratchbot.cloud.notices import CloudNotice, Kind
from scratchbot.wire.cloudlog import LoggedChange


def tell_rows(memory: Memory, rows: Sequence[LoggedChange], at: int) -> Iterator[CloudNotice]:
    """Yield what nobody heard of; each is to be noted before the next is asked for.

    A variable that is not known cannot go: it came and went, or was gone before.
    """
    for row in rows:
        if row.method == "delete" and row.variable not in memory.values:
            continue
        yield CloudNotice(
            row.method,
            at,
            variable=row.variable,
            value=row.value if row.method == "delete" or row.value is not None else "0",
            previous=memory.values.get(row.variable),
            via="log",
            logged=row,
        )


def tell_differences(
    memory: Memory, values: Mapping[str, str], at: int, *, is_first: bool
) -> Iterator[CloudNotice]:
    """Yield how the values with which a server greets differ from those that are known.

    :param is_first: whether it greets for the first time: then unknown values are no changes.
    """
    for variable, value in values.items():
        known = memory.values.get(variable)
        if known is None and is_first:
            yield CloudNotice("value", at, variable, value)
        elif known != value:
            kind = _kind(memory, variable, value)
            yield CloudNotice(kind, at, variable, value, previous=known, via="values")


def tell_gone(memory: Memory, there: set[str], at: int) -> Iterator[CloudNotice]:
    """Yield which variables are there no more."""
    for variable in sorted(set(memory.values) - there):
        previous = memory.values[variable]
        yield CloudNotice("delete", at, variable, previous=previous, via="values")


def _kind(memory: Memory, variable: str, value: str) -> Kind:
    if memory.was_last(variable, value):
        return "value"  # The bot tried to set it when the socket broke, and it was set.
    return "set" if variable in memory.values else "create"
