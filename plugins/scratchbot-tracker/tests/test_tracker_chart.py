"""Charts, and the marks of their axes."""

from collections.abc import Sequence
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scratchbot_tracker.axis import time_ticks, value_ticks
from scratchbot_tracker.chart import HEIGHT, WIDTH, draw
from scratchbot_tracker.database import Count, Series, Slot
from scratchbot_tracker.things import plain

HOUR, DAY = 3_600, 86_400
START = 1_790_000_000 // DAY * DAY

MOMENTS = st.integers(0, 4_000_000_000)
VALUES = st.integers(0, 10**12)


def counts(*values: int | None) -> list[Count]:
    """Return a count for each hour; ``None`` is an hour that was missed."""
    return [
        Count(START + hour * HOUR + 7, value, Slot(START + hour * HOUR, HOUR))
        for hour, value in enumerate(values)
        if value is not None
    ]


def drawn(found: Sequence[Count], title: str = "Maze", end: int | None = None) -> str:
    until = end or (found[-1].at if found else START)
    return draw(Series("project:104", title, "loves", found), START, until)


def parts(chart: str, kind: str) -> list[ElementTree.Element]:
    return [each for each in ElementTree.fromstring(chart).iter() if each.get("class") == kind]


@given(VALUES, VALUES, st.integers(3, 12))
def test_the_numbers_of_an_axis_are_round_and_enclose_all_counts(
    one: int, other: int, most: int
) -> None:
    low, high = sorted((one, other))
    ticks = value_ticks(low, high, most)
    steps = {later - earlier for earlier, later in pairwise(ticks)}
    assert 2 <= len(ticks) <= most
    assert ticks[0] <= low <= high <= ticks[-1]
    assert ticks[0] >= 0
    (step,) = steps
    assert str(step).rstrip("0") in {"1", "2", "5"}
    assert all(tick % step == 0 for tick in ticks)


@given(MOMENTS, st.integers(0, 2_000_000_000), st.integers(2, 12))
def test_the_times_of_an_axis_are_in_order_within_it_and_few(
    start: int, span: int, most: int
) -> None:
    ticks = time_ticks(start, start + span, most)
    times = [tick.at for tick in ticks]
    assert len(times) <= most
    assert times == sorted(set(times))
    assert all(start <= at <= start + span for at in times)
    assert all(tick.at % 60 == 0 and tick.label for tick in ticks)


@given(MOMENTS, st.integers(HOUR, 1_000_000_000))
def test_an_axis_of_an_hour_or_more_has_times_to_go_by(start: int, span: int) -> None:
    ticks = time_ticks(start, start + span)
    assert len(ticks) >= 2
    assert all(one.label != following.label for one, following in pairwise(ticks))


@pytest.mark.parametrize(
    ("span", "labels"),
    [
        (12 * HOUR, ["26 Nov", "02:00", "04:00", "06:00", "08:00", "10:00", "12:00"]),
        (7 * DAY, ["27 Nov", "29 Nov", "1 Dec", "3 Dec"]),
        (29 * DAY, ["30 Nov", "7 Dec", "14 Dec", "21 Dec"]),
        (365 * DAY, ["Jan 2027", "Mar 2027", "May 2027", "Jul 2027", "Sep 2027", "Nov 2027"]),
        (2_500 * DAY, ["2027", "2028", "2029", "2030", "2031", "2032", "2033"]),
    ],
)
def test_times_are_named_as_people_do(span: int, labels: list[str]) -> None:
    start = 1_795_651_200
    assert [tick.label for tick in time_ticks(start, start + span)] == labels


@given(st.lists(st.none() | VALUES, max_size=60), st.text(), st.integers(0, 100 * DAY))
def test_any_counts_and_any_title_make_a_chart_that_can_be_read(
    values: list[int | None], title: str, after: int
) -> None:
    found = counts(*values)
    chart = drawn(found, plain(title), (found[-1].at if found else START) + after)
    tree = ElementTree.fromstring(chart)
    assert chart.isascii()
    assert tree[0].tag.endswith("title")
    assert tree[1].tag.endswith("desc")
    assert tree.get("aria-labelledby") == f"{tree[0].get('id')} {tree[1].get('id')}"
    for circle in [*parts(chart, "dot"), *parts(chart, "last")]:
        assert 0 <= float(circle.get("cx", "")) <= WIDTH
        assert 0 <= float(circle.get("cy", "")) <= HEIGHT


def test_a_hostile_title_stays_text() -> None:
    title = "</title><script>alert(1)</script>\"'&<img src=x onerror=alert(1)>]]>"
    tree = ElementTree.fromstring(drawn(counts(1, 2), title))
    tags = {element.tag.rpartition("}")[2] for element in tree.iter()}
    assert tags <= {"svg", "title", "desc", "style", "rect", "line", "text", "path", "circle"}
    assert tree[0].text is not None
    assert tree[0].text.startswith("Loves of </title><script>")


@given(st.text())
def test_a_title_becomes_one_line_of_visible_characters(title: str) -> None:
    assert plain(title).isprintable()
    assert plain(title) == plain(plain(title))


def test_what_turns_text_around_is_left_out_of_titles() -> None:
    assert plain("abc\u202edef\nghi\x00") == "abc def ghi"


def test_a_line_breaks_where_counts_are_missing() -> None:
    chart = drawn(counts(1, 2, None, None, 5, 6))
    first, second = [path.get("d", "") for path in parts(chart, "line")]
    assert first.count("L") == second.count("L") == 1
    (band,) = parts(chart, "band")
    assert float(band.get("width", "")) > 100
    assert "grey: not read" in chart


def test_a_count_alone_between_gaps_is_a_dot() -> None:
    lone = [None, *([1] * 30), None, 2, None, *([3] * 30)]
    assert len(parts(drawn(counts(*lone)), "dot")) == 1


def test_nothing_is_missing_when_counts_are_late_but_in_their_hour() -> None:
    late = Count(START + 2 * HOUR - 1, 2, Slot(START + HOUR, HOUR))
    chart = drawn([*counts(1), late, *counts(None, None, 3)])
    assert len(parts(chart, "line")) == 1
    assert not parts(chart, "band")


def test_a_tracker_that_stopped_leaves_a_gap_up_to_now() -> None:
    assert len(parts(drawn(counts(1, 2), end=START + 5 * HOUR), "band")) == 1
    assert not parts(drawn(counts(1, 2), end=START + 2 * HOUR + 5), "band")


def test_a_year_of_counts_every_five_minutes_is_a_small_file() -> None:
    found = [Count(START + 300 * n, n % 977, Slot(START + 300 * n, 300)) for n in range(105_120)]
    assert len(drawn(found)) < 60_000


def test_a_chart_without_counts_says_so() -> None:
    assert "No counts yet" in drawn([])
