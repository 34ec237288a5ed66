"""Runs handed on as they come, so that they need not be read back from the store."""

from collections import defaultdict, deque
from collections.abc import Iterable

from scratchbot.engines.engine import Lane, Run

MOST = 2_000
"""Runs of one lane: more than come from a source that minds whether there is room."""


class FreshRuns:
    """The newest runs of the lanes that are followed, and how far each lane was taken.

    A lane is followed while all that waits in it is here: from the beginning, or from when it was
    read to its end, until more comes than is kept here or something in it has changed.

    :param unread: the lanes in which runs wait in the store.
    """

    def __init__(self, unread: Iterable[Lane]) -> None:
        self._unread = set(unread)
        self._taken: dict[Lane, int] = {}
        self._waiting: defaultdict[Lane, deque[Run]] = defaultdict(deque)

    def taken(self, lane: Lane) -> int:
        """Return the number of the last run that was taken in its turn."""
        return self._taken.get(lane, 0)

    def read(self, lane: Lane, last: int, *, is_all: bool) -> None:
        """Note that a lane was read from the store, up to that number and perhaps to its end."""
        self._taken[lane] = last
        if is_all:
            self._unread.discard(lane)

    def forget(self, lane: Lane) -> None:
        """Have a lane read from the store again."""
        self._unread.add(lane)
        self._waiting.pop(lane, None)

    def forget_all(self, unread: Iterable[Lane]) -> None:
        """Have these lanes, and all of which something is here, read from the store again."""
        for lane in {*unread, *self._waiting}:
            self.forget(lane)

    def follows(self, lane: Lane) -> bool:
        """Tell whether all that waits in a lane is here."""
        return lane not in self._unread

    def count(self, lane: Lane) -> int:
        """Return how many runs wait in a lane that is followed."""
        return len(self._waiting[lane])

    def add(self, run: Run) -> None:
        """Keep a run that was just stored, if its lane is followed."""
        lane = Lane(run.handler, run.event.source)
        if lane in self._unread or run.number <= self.taken(lane):
            return
        waiting = self._waiting[lane]
        if len(waiting) == MOST:
            self.forget(lane)
        else:
            waiting.append(run)

    def take(self, lane: Lane, limit: int) -> list[Run]:
        """Return the next runs of a lane that is followed."""
        waiting = self._waiting[lane]
        runs = [waiting.popleft() for _ in range(min(limit, len(waiting)))]
        if runs:
            self._taken[lane] = runs[-1].number
        return runs
