"""Reading a project's cloud log back to where it matters."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from scratchbot.clock import Clock
from scratchbot.cloud.site import CloudSite
from scratchbot.wire.cloudlog import (
    MOST_LOGS,
    CloudLog,
    LoggedChange,
    get_logs,
    logged_changes,
)
from scratchbot.wire.request import Answer, site_time

MOST_PAGES = 25
OVERLAP = 5
"""Rows that a page shares with the one before: they show that the log did not move in between."""
ROUNDING = 1_000
"""Milliseconds by which the site's time may be misjudged."""


@dataclass(frozen=True)
class LogReading:
    """What the log told.

    :param rows: oldest first.
    :param skew: milliseconds by which the site's clock is ahead of ours.
    :param is_whole: whether it reaches back as far as it was to.
    :param at: when it was read, by the site's clock, in milliseconds since 1970.
    """

    rows: list[LoggedChange]
    skew: int
    is_whole: bool
    at: int

    @property
    def accounted(self) -> tuple[int, int]:
        """The timestamp of the newest row, and how many rows bear it."""
        if not self.rows:
            return self.at - ROUNDING, 0
        newest = self.rows[-1].timestamp
        return newest, sum(row.timestamp == newest for row in self.rows)


async def read_back(
    site: CloudSite, project_id: int | str, floor: Callable[[int], int], clock: Clock
) -> LogReading:
    """Read the log of a project, page by page, back to a time.

    :param floor: returns that time, by the site's clock, in milliseconds since 1970, for the
        milliseconds by which the site's clock is ahead of ours.
    :raises SiteError: if the log cannot be read.
    """
    logs: list[CloudLog] = []
    skew, is_whole = 0, False
    for _ in range(MOST_PAGES):
        request = get_logs(project_id, MOST_LOGS, max(0, len(logs) - OVERLAP))
        answer = await site.exchange(request)
        page, skew = request.result(answer), _skew(answer, clock)
        joined = _join(logs, page)
        if joined is None:
            logs = []
            continue
        logs = joined
        if len(page) < MOST_LOGS or logs[-1]["timestamp"] < floor(skew):
            is_whole = True
            break
    at = int(clock.timestamp() * 1000) + skew
    return LogReading(list(logged_changes(reversed(logs))), skew, is_whole, at)


def _join(logs: list[CloudLog], page: list[CloudLog]) -> list[CloudLog] | None:
    """Return the rows with those of the next page, or ``None`` if the log moved too far."""
    last = logs[-OVERLAP:]
    for place in range(len(page) - len(last) + 1):
        if page[place : place + len(last)] == last:
            return logs + page[place + len(last) :]
    return None


def _skew(answer: Answer, clock: Clock) -> int:
    """Return how far ahead the site's clock is; its answers bear whole seconds."""
    told = site_time(answer)
    if told is None:
        return 0
    return int((told + timedelta(seconds=0.5) - clock.now()) / timedelta(milliseconds=1))
