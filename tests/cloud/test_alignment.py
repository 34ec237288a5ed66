"""The cloud log laid beside what was heard: what nobody heard of is told, and nothing twice."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from scratchbot.cloud.alignment import find_gap
from scratchbot.cloud.logreader import LogReading
from scratchbot.cloud.memory import Memory, mark
from scratchbot.cloud.notices import CloudNotice
from scratchbot.wire.cloudlog import LoggedChange

START = 1_760_000_000_000
SECOND = 1000


def change(name: str, value: str | None, at: float) -> LoggedChange:
    method = "delete" if value is None else "set"
    return LoggedChange(method, name, value, "bob", START + int(at * SECOND))  # type: ignore[arg-type]


def remember(changes: list[LoggedChange], *, late: int = 50, skew: int = 0) -> Memory:
    """Return the memory of who heard of changes a little later, on a clock that is behind."""
    memory = Memory()
    memory.note(CloudNotice("ready", START - 60 * SECOND - skew))
    memory.note(CloudNotice("accounted", START, accounted=(START - 60 * SECOND, 0)))
    for one in changes:
        at = one.timestamp + late - skew
        memory.note(CloudNotice(one.method, at, one.variable, one.value))
    return memory


def missed(
    rows: list[LoggedChange], memory: Memory, after: list[tuple[str, str | None]], skew: int
) -> list[LoggedChange]:
    return find_gap(LogReading(rows, skew, is_whole=True, at=0), memory, after).rows


def values(rows: list[LoggedChange]) -> list[tuple[str, str | None]]:
    return [(row.variable, row.value) for row in rows]


def test_what_came_in_the_gap_is_missed_and_nothing_else() -> None:
    before = [change("a", "1", 0), change("b", "1", 1), change("a", "2", 2)]
    gap = [change("b", "5", 3), change("a", "1", 4), change("a", "2", 5)]
    after = [change("b", "1", 6)]
    found = missed([*before, *gap, *after], remember(before), values(after), 0)
    assert found == gap


def test_a_log_that_is_behind_what_was_heard_tells_nothing() -> None:
    heard = [change("a", str(number), number) for number in range(5)]
    assert missed(heard[:3], remember(heard), [], 0) == []


def test_what_the_bot_tried_to_set_and_never_came_hides_nothing() -> None:
    lost = change("a", "7", 2)
    gap = [change("a", "8", 3), change("a", "9", 4)]
    before = [change("a", "1", 0)]
    assert missed([*before, *gap], remember([*before, lost]), [], 0) == gap


def test_few_changes_are_told_apart_by_their_order_whatever_the_clocks_say() -> None:
    before = [change("a", "1", 0)]
    gap = [change("a", "2", 0.02), change("a", "1", 0.04)]
    for wrong in (-500, 0, 500):
        assert missed([*before, *gap], remember(before), [], wrong) == gap


def test_what_was_accounted_for_before_is_not_missed() -> None:
    old = [change("a", str(number), number) for number in range(3)]
    memory = Memory()
    memory.note(CloudNotice("ready", START + 10 * SECOND, accounted=(old[-1].timestamp, 1)))
    late = change("a", "9", 2)._replace(number=1)
    assert missed([*old, late], memory, [], 0) == [late], "a second row of the same millisecond"


def test_who_never_knew_anything_missed_nothing() -> None:
    assert missed([change("a", "1", 0)], Memory(), [], 0) == []


def test_a_variable_that_was_deleted_unheard_is_missed() -> None:
    before = [change("a", "1", 0)]
    gap = [change("a", None, 1), change("a", "1", 2)]
    assert missed([*before, *gap], remember(before), [], 0) == gap


def test_a_mark_is_short_and_tells_values_apart() -> None:
    written = [None, "0", *(str(number).rjust(256, "0") for number in range(50))]
    marks = {mark(value) for value in written}
    assert len(marks) == len(written)
    assert max(len(each or "") for each in marks) <= 20


def test_a_memory_survives_a_trip_through_json_with_marks_for_values() -> None:
    memory = remember([change("a", "1", 0), change("b", "2" * 200, 1), change("a", None, 2)])
    again = Memory.from_json(memory.to_json())
    assert again.values == {"b": "2" * 200}
    heard = [(each.value, each.at) for each in again.heard["a"]]
    assert heard == [("1", START + 50), (None, START + 2050)]
    assert [each.value for each in again.heard["b"]] == [mark("2" * 200)]
    assert again.to_json() == memory.to_json()


names = st.sampled_from(["a", "b"])
pauses = st.floats(0.02, 3)


@st.composite
def histories(
    draw: st.DrawFn, contents: st.SearchStrategy[str]
) -> tuple[list[LoggedChange], int, int]:
    """Give a history, and where in it the gap begins and ends."""
    at, rows = 0.0, []
    for number in range(draw(st.integers(1, 60))):
        at += draw(pauses)
        rows.append(change(draw(names), draw(contents), at)._replace(number=number))
    begin = draw(st.integers(0, len(rows)))
    return rows, begin, draw(st.integers(begin, len(rows)))


def told(
    history: tuple[list[LoggedChange], int, int], late: int, skew: int, lag: int
) -> tuple[list[LoggedChange], list[LoggedChange]]:
    """Return what is told of a history, and what was missed of it and is in the log."""
    rows, begin, end = history
    log = rows[: len(rows) - lag] if lag else rows
    memory = remember(rows[:begin], late=late, skew=skew)
    found = missed(log, memory, values(rows[end:]), skew)
    return found, log[begin:end]


lates = st.integers(0, 2_000)
skews = st.integers(-3_600_000, 3_600_000)


@given(histories(st.uuids().map(lambda each: str(each.int))), lates, skews, st.integers(0, 3))
def test_of_values_that_differ_all_that_was_missed_is_told_in_order_and_nothing_twice(
    history: tuple[list[LoggedChange], int, int], late: int, skew: int, lag: int
) -> None:
    found, wanted = told(history, late, skew, lag)
    assert found == wanted


@given(histories(st.sampled_from("01")), st.integers(0, 9), skews)
def test_of_values_that_come_again_all_that_was_missed_is_told_where_time_tells_them_apart(
    history: tuple[list[LoggedChange], int, int], late: int, skew: int
) -> None:
    rows, begin, end = history
    found = missed(rows, remember(rows[:begin], late=late, skew=skew), values(rows[end:]), skew)
    missing = [row for row in rows[begin:end] if row not in found]
    twice = [row for row in found if row not in rows[begin:end]]
    # After the gap no time is known: what is alike at its end may be taken for one another.
    assert len(missing) == len(twice)


def test_a_switch_that_goes_to_and_fro_is_told_apart_by_its_times() -> None:
    random, at, rows = Random(1), 0.0, []
    for number in range(200):
        at += random.uniform(0.1, 0.3)
        rows.append(change("a", str(number % 2), at))
    found = missed(rows, remember(rows[:120], late=80, skew=-90_000), values(rows[160:]), -90_000)
    assert found == rows[120:160]
