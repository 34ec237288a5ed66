"""Compares what two libraries gave for the same calls, field by field."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.interop.sidebyside.telling import MISSING

Row = dict[str, Any]


@dataclass(frozen=True)
class Difference:
    """Where two libraries gave different values.

    :param subject: the member whose value differs, such as ``Studio.visible``, or the call.
    """

    call: str
    subject: str
    theirs: Any
    ours: Any


@dataclass(frozen=True)
class Comparison:
    """What came of one call.

    :param equal: the properties whose values were equal, such as ``Studio.title``.
    """

    call: str
    raised: str
    equal: frozenset[str]
    differences: tuple[Difference, ...]


def compare(theirs: list[Row], ours: dict[str, Row]) -> list[Comparison]:
    """Compare every call that the others made."""
    return [_compare(row["call"], row, ours[row["call"]]) for row in theirs]


def _compare(call: str, theirs: Row, ours: Row) -> Comparison:
    equal: set[str] = set()
    found: list[Difference] = []
    for part in ("gives", "effect"):
        if part in theirs and part in ours:
            subject = call if part == "gives" else f"{call}: effect"
            mine = _at(ours[part], theirs.get("at", []) if part == "gives" else [])
            for where, their, our in _leaves(subject, theirs[part], mine):
                if their == our:
                    equal.add(where)
                else:
                    found.append(Difference(call, where, their, our))
    if theirs.get("raises") != ours.get("raises"):
        found.append(Difference(call, call, _end(theirs), _end(ours)))
    unequal = {each.subject for each in found}
    return Comparison(
        call, theirs.get("raises", ""), frozenset(equal - unequal), tuple(dict.fromkeys(found))
    )


def _at(value: Any, path: list[int]) -> Any:
    for step in path:
        value = value[step]
    return value


def _end(row: Row) -> str:
    return f"(raises {row['raises']})" if "raises" in row else "(works)"


def _leaves(subject: str, theirs: Any, ours: Any) -> Iterator[tuple[str, Any, Any]]:
    """Yield the values that stand in the same place, with the member that they belong to."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        name = theirs.get("class")
        if name is not None and name == ours.get("class"):
            yield subject, name, name
            for field, value in theirs["fields"].items():
                yield from _leaves(f"{name}.{field}", value, ours["fields"].get(field, MISSING))
            return
        if theirs.keys() == ours.keys():
            for key, value in theirs.items():
                yield from _leaves(subject, value, ours[key])
            return
    if isinstance(theirs, list) and isinstance(ours, list) and len(theirs) == len(ours):
        for their, our in zip(theirs, ours, strict=True):
            yield from _leaves(subject, their, our)
        return
    yield subject, _frozen(theirs), _frozen(ours)


def _frozen(value: Any) -> Any:
    return value if isinstance(value, str | int | float | None) else repr(value)
