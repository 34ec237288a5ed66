"""An observer that waits for a number of runs."""

import asyncio

from scratchbot.engines.engine import Outcome, Run
from scratchbot.events import Event
from scratchbot.wire.request import Act


class CountingObserver:
    """Says when as many runs as expected are done."""

    def __init__(self, expected: int) -> None:
        self.all_done = asyncio.Event()
        self._left = expected

    def ready(self, sources: int, handlers: int) -> None:
        """Do nothing."""

    def arrived(self, event: Event) -> None:
        """Do nothing."""

    def acted(self, run: Run, act: Act, *, rehearsed: bool) -> None:
        """Do nothing."""

    def finished(self, run: Run, outcome: Outcome) -> None:
        """Count a run."""
        assert outcome.state == "done"
        self._left -= 1
        if self._left == 0:
            self.all_done.set()
