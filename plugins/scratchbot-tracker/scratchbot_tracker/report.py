"""The daily report: what grew by how much, as a line, as Markdown, and with charts."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scratchbot_tracker.axis import time_name
from scratchbot_tracker.chart import draw, signed
from scratchbot_tracker.database import Count, Database
from scratchbot_tracker.things import Thing

CHART_DAYS = 30

_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~&:@/])")


@dataclass(frozen=True)
class Growth:
    """How a count changed in a day.

    :param before: the count when the day began, or the first one in it.
    :param after: the last one.
    """

    thing: Thing
    metric: str
    before: Count
    after: Count

    @property
    def change(self) -> int:
        """By how much it grew; below 0, it shrank."""
        return self.after.value - self.before.value


@dataclass(frozen=True)
class Report:
    """What happened in the 24 hours up to a time.

    :param end: in seconds since 1970.
    """

    end: int
    growths: tuple[Growth, ...]

    @property
    def day(self) -> str:
        """The date on which it is made, such as ``2026-11-26``."""
        return f"{datetime.fromtimestamp(self.end, UTC):%Y-%m-%d}"

    @property
    def line(self) -> str:
        """What changed, in one line without anything that people wrote."""
        changed = [
            f"{one.thing} {one.metric} {signed(one.change)}" for one in self.growths if one.change
        ]
        return ", ".join(changed) or "nothing changed"


def report_end(now: datetime, hour: int) -> int:
    """Return when the latest report is due, in seconds since 1970.

    :param hour: of the day, in UTC.
    """
    end = now.astimezone(UTC).replace(hour=hour, minute=0, second=0, microsecond=0)
    return int((end if end <= now else end - timedelta(days=1)).timestamp())


def make_report(database: Database, things: Iterable[Thing], end: int) -> Report:
    """Return the report of the 24 hours up to a time, of what was read in them."""
    start = end - 86_400
    found = (
        _growth(database, thing, metric, start, end) for thing in things for metric in thing.metrics
    )
    return Report(end, tuple(growth for growth in found if growth is not None))


def _growth(database: Database, thing: Thing, metric: str, start: int, end: int) -> Growth | None:
    inside = database.read(str(thing), metric, start + 1, end).counts
    if not inside:
        return None
    before = database.last(str(thing), metric, start) or inside[0]
    return Growth(thing, metric, before, inside[-1])


def write_report(report: Report, database: Database, folder: Path) -> Path:
    """Write a report and its charts into a folder of its day, and return that.

    What is there of the same day is written anew.

    :raises OSError: if it cannot be written.
    """
    place = folder / report.day
    place.mkdir(parents=True, exist_ok=True)
    for growth in report.growths:
        start = report.end - CHART_DAYS * 86_400
        series = database.read(str(growth.thing), growth.metric, start, report.end)
        _write(place / _chart_name(growth), draw(series, start, report.end))
    _write(place / "report.md", "\n".join(_markdown(report, database)) + "\n")
    return place


def _markdown(report: Report, database: Database) -> Iterator[str]:
    yield f"# Scratch counts, {time_name(report.end)} UTC"
    for thing in dict.fromkeys(growth.thing for growth in report.growths):
        growths = [growth for growth in report.growths if growth.thing == thing]
        yield ""
        yield f"## {_escaped(database.title(str(thing)))} ({thing.kind} {_escaped(thing.key)})"
        yield ""
        yield "| count | now | change | from | to |"
        yield "| --- | ---: | ---: | --- | --- |"
        for one in growths:
            span = f"{time_name(one.before.at)} | {time_name(one.after.at)}"
            yield f"| {one.metric} | {one.after.value:,} | {signed(one.change)} | {span} |"
        for one in growths:
            yield ""
            yield f"![{one.metric}]({_chart_name(one)})"


def _escaped(text: str) -> str:
    """Return what strangers wrote so that Markdown takes it for text only."""
    return _MARKUP.sub(r"\\\1", text)


def _chart_name(growth: Growth) -> str:
    return f"{growth.thing.kind}-{growth.thing.key}-{growth.metric}.svg"


def _write(file: Path, text: str) -> None:
    """Write a file whole or not at all."""
    part = file.with_name(f"{file.name}.part")
    part.write_text(text, "utf-8", newline="\n")
    part.replace(file)
