"""Charts, as SVG that reads well by day and by night."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from xml.etree.ElementTree import Element, SubElement, tostring

from scratchbot_tracker.axis import Tick, time_name, time_ticks, value_ticks
from scratchbot_tracker.database import Count, Series

WIDTH, HEIGHT = 600, 300
TOP, BOTTOM, RIGHT = 64, 264, 576
MARGIN = 6
DIGIT = 7.5
"""How wide a digit of a label is."""

MOST_CELLS = 50
"""How many letters of usual width a heading has room for."""

BROAD = "MWmw@%"

FEW = 40
"""Up to so many counts, each is marked by a dot."""

NARROWEST_BAND = 1.5

_STYLE = """
svg { --back: #ffffff; --text: #1f2328; --soft: #59636e; --grid: #e3e7ec; --band: #eef0f3;
 --line: #7a3fd0; color-scheme: light dark; }
@media (prefers-color-scheme: dark) {
 svg { --back: #16181d; --text: #f0f2f5; --soft: #a3abb6; --grid: #2d323a; --band: #23272e;
 --line: #b794ff; }
}
text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif;
 fill: var(--soft); font-variant-numeric: tabular-nums; }
.heading { font-size: 15px; font-weight: 600; fill: var(--text); }
.back { fill: var(--back); }
.band { fill: var(--band); }
.grid { stroke: var(--grid); }
.axis { stroke: var(--soft); }
.line { fill: none; stroke: var(--line); stroke-width: 2; stroke-linejoin: round;
 stroke-linecap: round; }
.dot { fill: var(--line); }
.last { fill: var(--line); stroke: var(--back); stroke-width: 2; }
"""


@dataclass(frozen=True)
class _Plane:
    """Where times and counts lie in the picture."""

    start: int
    end: int
    times: Sequence[Tick]
    values: Sequence[int]
    left: float

    def x(self, at: int) -> float:
        return self.left + (at - self.start) / (self.end - self.start) * (RIGHT - self.left)

    def y(self, value: int) -> float:
        low, high = self.values[0], self.values[-1]
        return BOTTOM - (value - low) / (high - low) * (BOTTOM - TOP)


def draw(series: Series, start: int, end: int) -> str:
    """Return the chart of a series as a file of SVG.

    Where no count was read for longer than its time, the line breaks and the ground is darker.

    :param start: the first moment that is shown, in seconds since 1970; where the counts begin
        later, so does the chart.
    :param end: the last moment; where the counts end later, so does the chart.
    """
    counts = series.counts
    end = max(end, counts[-1].at) if counts else end
    heading = _fitting(f"{series.metric.capitalize()} of {series.title}")
    gaps = list(_gaps(counts, end))
    svg = _frame(series, heading, _description(counts, gaps))
    _write(svg, heading, 24, 27, "heading")
    _write(svg, _summary(counts, gaps), 24, 47)
    if counts:
        plane = _plane(counts, start, end)
        _draw_ground(svg, plane, gaps)
        _draw_line(svg, plane, counts)
    written: bytes = tostring(svg, encoding="us-ascii")
    return written.decode("ascii") + "\n"


def _plane(counts: Sequence[Count], start: int, end: int) -> _Plane:
    first = max(start, counts[0].at)
    if end - first < 3_600:
        first = end - 3_600
    values = value_ticks(min(one.value for one in counts), max(one.value for one in counts))
    left = 36 + DIGIT * max(len(f"{value:,}") for value in values)
    return _Plane(first, end, time_ticks(first, end), values, left)


def _frame(series: Series, heading: str, description: str) -> Element:
    name = f"{series.name}-{series.metric}".replace(":", "-")
    svg = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {WIDTH} {HEIGHT}",
            "width": f"{WIDTH}",
            "height": f"{HEIGHT}",
            "role": "img",
            "aria-labelledby": f"title-{name} about-{name}",
        },
    )
    SubElement(svg, "title", id=f"title-{name}").text = heading
    SubElement(svg, "desc", id=f"about-{name}").text = description
    SubElement(svg, "style").text = _STYLE
    SubElement(
        svg, "rect", {"class": "back", "width": f"{WIDTH}", "height": f"{HEIGHT}", "rx": "8"}
    )
    return svg


def _draw_ground(svg: Element, plane: _Plane, gaps: Sequence[tuple[int, int]]) -> None:
    for begin, finish in gaps:
        x, width = plane.x(begin), plane.x(finish) - plane.x(begin)
        if width >= NARROWEST_BAND:
            box = {
                "x": _short(x),
                "y": f"{TOP}",
                "width": _short(width),
                "height": f"{BOTTOM - TOP}",
            }
            SubElement(svg, "rect", {"class": "band"} | box)
    for value in plane.values:
        y = plane.y(value)
        ends = {"x1": _short(plane.left), "x2": f"{RIGHT}", "y1": _short(y), "y2": _short(y)}
        SubElement(svg, "line", {"class": "grid"} | ends)
        _write(svg, f"{value:,}", plane.left - 10, y + 4, anchor="end")
    ground = {"x1": _short(plane.left), "x2": f"{RIGHT}", "y1": f"{BOTTOM}", "y2": f"{BOTTOM}"}
    SubElement(svg, "line", {"class": "axis"} | ground)
    for tick in plane.times:
        x = plane.x(tick.at)
        mark = {"x1": _short(x), "x2": _short(x), "y1": f"{BOTTOM}", "y2": f"{BOTTOM + 5}"}
        SubElement(svg, "line", {"class": "axis"} | mark)
        rightmost = WIDTH - MARGIN - DIGIT * len(tick.label) / 2
        _write(svg, tick.label, min(x, rightmost), BOTTOM + 20, anchor="middle")


def _draw_line(svg: Element, plane: _Plane, counts: Sequence[Count]) -> None:
    runs = list(_runs(counts))
    for run in runs:
        places = [(plane.x(one.at), plane.y(one.value)) for one in run]
        drawn = " L".join(f"{_short(x)} {_short(y)}" for x, y in _thinned(places))
        SubElement(svg, "path", {"class": "line", "d": f"M{drawn}"})
    lone = [run[0] for run in runs if len(run) == 1]
    for one in counts if len(counts) <= FEW else lone:
        _dot(svg, plane, one, "dot", 2.5)
    _dot(svg, plane, counts[-1], "last", 5)


def _dot(svg: Element, plane: _Plane, count: Count, kind: str, radius: float) -> None:
    place = {"cx": _short(plane.x(count.at)), "cy": _short(plane.y(count.value))}
    SubElement(svg, "circle", {"class": kind, "r": f"{radius}"} | place)


def _runs(counts: Sequence[Count]) -> Iterator[list[Count]]:
    """Yield the counts between which nothing is missing."""
    run: list[Count] = []
    for count in counts:
        if run and not run[-1].is_followed_by(count):
            yield run
            run = []
        run.append(count)
    yield run


def _gaps(counts: Sequence[Count], end: int) -> Iterator[tuple[int, int]]:
    """Yield from when to when nothing was read although it was time."""
    for one, following in pairwise(counts):
        if not one.is_followed_by(following):
            yield one.at, following.at
    if counts and end >= counts[-1].slot.start + 2 * counts[-1].slot.period:
        yield counts[-1].at, end


def _thinned(places: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """Yield what is seen of a line: of each column of pixels the ends and the extremes."""
    columns: dict[int, list[tuple[float, float]]] = {}
    for place in places:
        columns.setdefault(int(place[0]), []).append(place)
    for column in columns.values():
        heights = [y for _, y in column]
        wanted = {0, len(column) - 1, heights.index(min(heights)), heights.index(max(heights))}
        yield from (column[number] for number in sorted(wanted))


def _summary(counts: Sequence[Count], gaps: Sequence[object]) -> str:
    if not counts:
        return "No counts yet"
    first, last = counts[0], counts[-1]
    change = last.value - first.value
    grown = signed(change) if change else "no change"
    grey = " (grey: not read)" if gaps else ""
    return f"{last.value:,}, {grown} since {time_name(first.at)} UTC{grey}"


def _description(counts: Sequence[Count], gaps: Sequence[object]) -> str:
    if not counts:
        return "A chart without a count yet."
    first, last = counts[0], counts[-1]
    values = [count.value for count in counts]
    return (
        f"A line from {first.value:,} on {time_name(first.at)} to {last.value:,} on "
        f"{time_name(last.at)} (UTC); the lowest count is {min(values):,}, the highest "
        f"{max(values):,}. Times without counts: {len(gaps)}."
    )


def signed(change: int) -> str:
    """Return a change with its sign, such as ``+1`` and ``-2``; no change is ``0``."""
    return f"{change:+,}" if change else "0"


def _fitting(heading: str) -> str:
    """Return a heading, cut where it would leave the picture."""
    cells = 0.0
    for position, letter in enumerate(heading):
        cells += _cells(letter)
        if cells > MOST_CELLS:
            return f"{heading[:position].rstrip()}…"
    return heading


def _cells(letter: str) -> float:
    if letter in BROAD or unicodedata.east_asian_width(letter) in "WF":
        return 2
    return 1.4 if letter.isupper() else 1


def _write(
    svg: Element, text: str, x: float, y: float, kind: str = "", *, anchor: str = "start"
) -> None:
    place = {"x": _short(x), "y": _short(y), "text-anchor": anchor}
    SubElement(svg, "text", place | ({"class": kind} if kind else {})).text = text


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
