"""Who is told what the daemon does: the log, a terminal view, later a dashboard."""

from typing import Protocol

import structlog

from scratchbot.engines.engine import Outcome, Run
from scratchbot.events import Event
from scratchbot.wire.request import Act


class Observer(Protocol):
    """Is told of each step, after it was taken."""

    def ready(self, sources: int, handlers: int) -> None:
        """Every source was read once: from here on nothing new is missed."""

    def arrived(self, event: Event) -> None:
        """An event is new and was stored."""

    def acted(self, run: Run, act: Act, *, rehearsed: bool) -> None:
        """A handler changed the site, or in a dry run would have."""

    def finished(self, run: Run, outcome: Outcome) -> None:
        """An attempt at a handler's run ended and that was recorded."""


class LogObserver:
    """Writes each step to the log; what people wrote stays out of it."""

    def __init__(self) -> None:
        self._log = structlog.get_logger("scratchbot")

    def ready(self, sources: int, handlers: int) -> None:
        """Log it."""
        self._log.info("bot_ready", sources=sources, handlers=handlers)

    def arrived(self, event: Event) -> None:
        """Log it."""
        self._log.info("event_stored", name=event.name, id=event.id)

    def acted(self, run: Run, act: Act, *, rehearsed: bool) -> None:
        """Log it; a dry run shows the text too, since showing it is what it is for."""
        if rehearsed:
            self._log.info(
                "act_rehearsed", handler=run.handler, act=act.kind, target=act.target, text=act.text
            )
        else:
            self._log.info("act_sent", handler=run.handler, act=act.kind, target=act.target)

    def finished(self, run: Run, outcome: Outcome) -> None:
        """Log it."""
        fields = {"handler": run.handler, "id": run.event.id, "seconds": round(outcome.duration, 3)}
        if outcome.state == "done":
            self._log.info("run_done", **fields)
        elif outcome.is_waiting:
            self._log.info("run_waits", **fields)
        elif outcome.next_at is not None:
            again = outcome.next_at.isoformat(timespec="seconds")
            self._log.warning("run_failed", **fields, error=outcome.error, again=again)
        else:
            self._log.error("run_dead", **fields, error=outcome.error)
