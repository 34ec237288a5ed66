"""The demo's terminal view: what came, who took it, what was answered, how long it took."""

import asyncio
import statistics
from collections.abc import Callable
from typing import TextIO

from scratchbot.engines.engine import Outcome, Run
from scratchbot.events import CloudConnectEvent, CloudSetEvent, CommentEvent, Event, MessageEvent
from scratchbot.terminal import printable
from scratchbot.wire.request import Act


class View:
    """Writes a line for each step, and keeps count.

    ``started`` is set when the bot is ready and its cloud socket open.

    :param monotonic: seconds that never step back.
    """

    def __init__(self, out: TextIO, monotonic: Callable[[], float], *, color: bool) -> None:
        self._out = out
        self._monotonic = monotonic
        self._began = monotonic()
        self._color = color
        self._acts: dict[tuple[int, str], list[Act]] = {}
        self.comments: set[int] = set()
        self.pings = 0
        self.events = 0
        self.answers = 0
        self.durations: list[float] = []
        self.failed = 0
        self.started = asyncio.Event()
        self._missing = {"ready", "cloud"}

    def ready(self, sources: int, handlers: int) -> None:
        """Say that it begins."""
        self._line("ready", f"{sources} sources are watched, {handlers} handlers wait", "1")
        self._has_started("ready")

    def _has_started(self, part: str) -> None:
        self._missing.discard(part)
        if not self._missing:
            self.started.set()

    def arrived(self, event: Event) -> None:
        """Show what came."""
        self.events += 1
        if isinstance(event, CommentEvent):
            self.comments.add(event.comment_id)
        if isinstance(event, CloudConnectEvent):
            self._has_started("cloud")
        if isinstance(event, CloudSetEvent) and event.variable == "ping":
            self.pings += 1
        self._line("came", f"{event.name:<20} {_describe(event)}", "36")

    def acted(self, run: Run, act: Act, *, rehearsed: bool) -> None:
        """Remember what was answered, to show it with its run."""
        del rehearsed
        self.answers += 1
        self._acts.setdefault((run.number, run.handler), []).append(act)

    def finished(self, run: Run, outcome: Outcome) -> None:
        """Show who took it, what was answered and how long that took."""
        self.durations.append(outcome.duration)
        acts = self._acts.pop((run.number, run.handler), [])
        said = "; ".join(f"{act.kind} {act.text}" for act in acts) or "nothing to answer"
        took = f"{outcome.duration * 1000:.0f} ms"
        if outcome.error is not None:
            self.failed += 1
            self._line("failed", f"{run.handler:<20} {outcome.error}", "31")
        else:
            self._line("done", f"{run.handler:<20} {said} ({took})", "32")

    def figures(self, visited: int) -> dict[str, float]:
        """Return the figures of the whole demo."""
        median = statistics.median(self.durations) * 1000 if self.durations else 0
        return {
            "visited": visited,
            "events": self.events,
            "runs": len(self.durations),
            "failed": self.failed,
            "answers": self.answers,
            "median_ms": round(median, 1),
        }

    def summary(self, visited: int) -> str:
        """Say the figures in one line."""
        return (
            "{visited} comments and pings from visitors, {events} events, {runs} runs "
            "({failed} failed), {answers} answers, median {median_ms} ms a run"
        ).format_map(self.figures(visited))

    def _line(self, kind: str, text: str, color: str) -> None:
        label = f"{kind:>6}"
        if self._color:
            label = f"\x1b[{color}m{label}\x1b[0m"
        self._out.write(f"{self._monotonic() - self._began:6.2f} {label}  {printable(text)}\n")
        self._out.flush()


def _describe(event: Event) -> str:
    if isinstance(event, CommentEvent):
        return f"{event.author} at {event.where} {event.target}: {event.content}"
    if isinstance(event, CloudSetEvent):
        return f"{event.variable} = {event.value}"
    if isinstance(event, MessageEvent):
        return f"from {event.actor}"
    return ""
