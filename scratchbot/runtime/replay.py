"""Running a bot over recorded events without acting, and comparing with what was done then."""

import asyncio
import heapq
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Literal, NamedTuple

from scratchbot.bot import Bot
from scratchbot.engines.engine import ActKey, ActRecord, EventRecord, Outcome, Run
from scratchbot.engines.local import LocalEngine
from scratchbot.events import (
    BotErrorEvent,
    CloudAnswerEvent,
    CloudRequestEvent,
    Event,
    PluginEvent,
)
from scratchbot.runtime.assembly import Assembly
from scratchbot.runtime.calls import noting_tasks
from scratchbot.runtime.dispatcher import OWN_SOURCE
from scratchbot.runtime.inclusion import include_missing
from scratchbot.runtime.schedules import SOURCE as SCHEDULES
from scratchbot.settings import Settings
from scratchbot.site import AsyncSite
from scratchbot.watch import (
    Activity,
    Cloud,
    Messages,
    ProfileComments,
    ProjectComments,
    StudioActivity,
    StudioComments,
)
from scratchbot.wire.request import Act

Verdict = Literal["same", "new", "gone", "failed", "mended"]
"""An act that is done as before, only now, or only then; or a run that fails only now, or that
failed then and goes through now.
"""

_NEVER_ACTED = ("stale", "dropped")
_WATCHES = (
    Activity,
    Cloud,
    Messages,
    ProfileComments,
    ProjectComments,
    StudioActivity,
    StudioComments,
)
_FROM_OUTSIDE = frozenset({*(watch.kind for watch in _WATCHES), SCHEDULES, OWN_SOURCE})
"""How the sources of events begin that no plugin has told."""
_TOLD = (BotErrorEvent, CloudRequestEvent, CloudAnswerEvent, PluginEvent)
"""Events that handlers tell, whatever their source."""


class Deed(NamedTuple):
    """What a handler does on the site."""

    kind: str
    target: str
    text: str | None


class Finding(NamedTuple):
    """One act of one run, or how the run fails or failed, beside what was recorded.

    :param deed: the act; ``None`` for a failure, or one that is mended.
    :param error: how the run fails, or failed then, in one line.
    """

    event: Event
    handler: str
    verdict: Verdict
    deed: Deed | None = None
    error: str | None = None


@dataclass
class _Noted:
    deeds: list[Deed] = field(default_factory=list)
    error: str | None = None
    is_over: bool = False
    is_done: bool = False


class ReplayClock:
    """Shows the time of what is played, and never waits for it."""

    def __init__(self, start: datetime) -> None:
        self._start = self._now = start
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._turns = count()

    def now(self) -> datetime:
        """Return the time of day (aware, UTC)."""
        return self._now

    def timestamp(self) -> float:
        """Return the time of day in seconds since 1970."""
        return self._now.timestamp()

    def monotonic(self) -> float:
        """Return seconds that never step back."""
        return (self._now - self._start).total_seconds()

    async def sleep(self, seconds: float) -> None:
        """Wait until what is played happened later than that."""
        if seconds > 0:
            woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            until = self._now + timedelta(seconds=min(seconds, 1e9))
            heapq.heappush(self._sleepers, (until, next(self._turns), woken))
            await woken

    def advance(self, to: datetime) -> None:
        """Let the time come at which something happened."""
        self._now = max(self._now, to)
        while self._sleepers and self._sleepers[0][0] <= self._now:
            woken = heapq.heappop(self._sleepers)[2]
            if not woken.done():
                woken.set_result(None)


class _Notes:
    """Notes what each run would do; a run that begins anew does all of it again."""

    def __init__(self) -> None:
        self.runs: defaultdict[str, dict[str, _Noted]] = defaultdict(dict)

    def ready(self, sources: int, handlers: int) -> None:
        """Hear nothing: no source is read."""

    def arrived(self, event: Event) -> None:
        """Hear nothing: the events are known."""

    def acted(self, run: Run, act: Act, *, rehearsed: bool) -> None:
        """Note an act."""
        noted = self.runs[run.event.id].get(run.handler)
        if noted is None or noted.is_over:
            noted = self.runs[run.event.id][run.handler] = _Noted()
        noted.deeds.append(Deed(act.kind, act.target, act.text))

    def finished(self, run: Run, outcome: Outcome) -> None:
        """Note how a run ended."""
        noted = self.runs[run.event.id].setdefault(run.handler, _Noted())
        noted.is_over, noted.error = True, None if outcome.is_waiting else outcome.error
        noted.is_done = outcome.state == "done"


async def replay(
    bot: Bot,
    settings: Settings,
    records: Iterable[EventRecord],
    site: AsyncSite,
    *,
    told: Callable[[str], None],
) -> AsyncIterator[Finding]:
    """Run a bot over recorded events and yield what it would do, beside what was done.

    Nothing is sent; what handlers read from the site, they read as it is now. The bot begins with
    an empty store.

    :param site: what is read from; its account is who the bot is taken for.
    :param told: is told of what the owner should know.
    :raises ScratchbotError: if the bot cannot start.
    """
    records, notes = [*records], _Notes()
    if not records:
        return
    include_missing(bot, settings)
    clock, engine = ReplayClock(records[0].event.at), LocalEngine(None)
    assembly = Assembly(
        bot,
        settings,
        engine=engine,
        site=site,
        clock=clock,
        jitter=Random(0),
        observer=notes,
        told=told,
    )
    await engine.open()
    try:
        with noting_tasks(asyncio.get_running_loop()):
            async with assembly.lifespans.running(bot.routers):
                await assembly.start()
                for record in records:
                    if _comes_from_outside(record.event):
                        clock.advance(record.event.at)
                        if record.event.name == "bot.start":
                            assembly.caller.forget()
                        await assembly.dispatcher.deliver([record.event], record.event.source)
                        await assembly.dispatcher.idle()
                await assembly.dispatcher.stop(0)
    finally:
        await engine.close()
    for record in records:
        for finding in _compare(record, notes.runs[record.event.id]):
            yield finding


def _comes_from_outside(event: Event) -> bool:
    """Tell whether an event is no work of handlers, which tell theirs again by themselves."""
    is_told = isinstance(event, _TOLD)
    return event.source.partition(":")[0] in _FROM_OUTSIDE and not is_told


def _compare(record: EventRecord, noted: Mapping[str, _Noted]) -> Iterator[Finding]:
    event, before = record.event, {run.run.handler: run for run in record.runs}
    for handler in dict.fromkeys((*before, *noted)):
        then, now = before.get(handler), noted.get(handler, _Noted())
        if then is not None and then.state in _NEVER_ACTED:
            continue
        done = [] if then is None else [_deed(key, act) for key, act in then.acts]
        for deed, verdict in _verdicts(done, now.deeds):
            yield Finding(event, handler, verdict, deed)
        if now.error is not None:
            has_failed = then is not None and then.error is not None
            yield Finding(event, handler, "same" if has_failed else "failed", error=now.error)
        elif then is not None and then.error is not None and now.is_done:
            yield Finding(event, handler, "mended", error=then.error)


def _deed(key: ActKey, act: ActRecord) -> Deed:
    return Deed(key.kind, key.target, act.text)


def _verdicts(then: Sequence[Deed], now: Sequence[Deed]) -> Iterator[tuple[Deed, Verdict]]:
    left = Counter(then)
    for deed in now:
        is_same = left[deed] > 0
        left[deed] -= 1
        yield deed, "same" if is_same else "new"
    for deed in then:
        if left[deed] > 0:
            left[deed] -= 1
            yield deed, "gone"
