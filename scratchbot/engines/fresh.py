"""Runs handed on as they come, so that they need not be read back from the store."""

from collections import deque

from scratchbot.engines.engine import Lane, Run

MOST = 2_000
"""Runs of one lane: more than come from a source that minds whether there is room."""


class FreshRuns:
    """The newest runs of the lanes that are followed, and how far each lane was taken.

    A lane is followed from when the store holds nothing more of it that waits, until more comes
    than is kept here or something in it has changed.
    """

    def __init__(self) -> None:
        self._taken: dict[Lane, int] = {}
        self._followed: dict[Lane, deque[Run]] = {}

    def taken(self, lane: Lane) -> int:
        """Return the number of the last run that was taken in its turn."""
        return self._taken.get(lane, 0)

    def read(self, lane: Lane, last: int, *, is_all: bool) -> None:
        """Note that a lane was read from the store, up to that number and perhaps to its end."""
        self._taken[lane] = last
        if is_all:
            self._followed[lane] = deque()

    def forget(self, lane: Lane) -> None:
        """Have a lane read from the store again."""
        self._followed.pop(lane, None)

    def forget_all(self) -> None:
        """Have every lane read from the store again."""
        self._followed.clear()

    def follows(self, lane: Lane) -> bool:
        """Tell whether all that waits in a lane is here."""
        return lane in self._followed

    def count(self, lane: Lane) -> int:
        """Return how many runs wait in a lane that is followed."""
        return len(self._followed[lane])

    def add(self, run: Run) -> None:
        """Keep a run that was just stored, if its lane is followed."""
        lane = Lane(run.handler, run.event.source)
        runs = self._followed.get(lane)
        if runs is None or run.number <= self.taken(lane):
            return
        if len(runs) == MOST:
            self.forget(lane)
        else:
            runs.append(run)

    def take(self, lane: Lane, limit: int) -> list[Run]:
        """Return the next runs of a lane that is followed."""
        waiting = self._followed[lane]
        runs = [waiting.popleft() for _ in range(min(limit, len(waiting)))]
        if runs:
            self._taken[lane] = runs[-1].number
        return runs
