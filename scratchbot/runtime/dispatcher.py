"""From stored events to handlers' runs, in order."""

import asyncio
import contextlib
from collections.abc import Collection, Coroutine, Sequence
from functools import partial
from typing import Any

import structlog

from scratchbot.clock import Clock
from scratchbot.engines.engine import Arrival, Ending, Engine, Lane, Outcome, Run
from scratchbot.events import BotErrorEvent, CommentEvent, Event
from scratchbot.handlers import Handler
from scratchbot.matching import Matcher
from scratchbot.runtime.ears import Ears
from scratchbot.runtime.lane import RUNS_IN_MEMORY, LaneWorker
from scratchbot.runtime.ledger import Ledger
from scratchbot.runtime.observer import Observer
from scratchbot.runtime.runner import Runner
from scratchbot.site import Account

OWN_SOURCE = "bot"
LOOK_SECONDS = 1.0
LONGEST_BACKLOG = 1_000
"""Runs that may wait in a lane before its source is held."""

_log = structlog.get_logger("scratchbot")


class Dispatcher:
    """Stores what sources bring, and has the runs that it calls for made, lane by lane."""

    def __init__(
        self,
        engine: Engine,
        handlers: Sequence[Handler],
        runner: Runner,
        ears: Ears,
        *,
        observer: Observer,
        account: Account,
        clock: Clock,
    ) -> None:
        self._engine = engine
        self._handlers = {each.name: each for each in (*handlers, *ears.handlers)}
        self._matcher = Matcher(handlers)
        self._runner = runner
        self._ears = ears
        self._observer = observer
        self._account = account
        self._clock = clock
        self._held: Collection[str] = ()
        self._ledger = Ledger(engine, self._recorded)
        self._lanes: dict[Lane, LaneWorker] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._rested = asyncio.Event()
        self._moved = asyncio.Event()
        self._is_stopping = False
        self._broken: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def start(self, held: Collection[str] = ()) -> None:
        """Go on with the runs that wait in the store.

        :param held: plugins whose runs are not made, but kept.
        """
        self._held = held
        self._recording = asyncio.create_task(self._guarded(self._ledger.work()), name="ledger")
        await self.ring_all()

    async def ring_all(self) -> None:
        """Let each lane in which runs wait look what its time has come for."""
        for lane in await self._engine.lanes():
            if lane.handler in self._handlers:
                self._ring(lane)

    async def heed_others(self) -> None:
        """Go on with what another program has changed in the lanes, such as a person's retry."""
        while True:
            await self._clock.sleep(LOOK_SECONDS)
            if await self._engine.changed_elsewhere():
                self._moved.set()
                await self.ring_all()

    async def deliver(
        self,
        events: Sequence[Event],
        source: str,
        cursor: str | None = None,
        stale: float | None = None,
    ) -> None:
        """Store events, their runs and the source's cursor, then let the handlers run.

        :param stale: seconds after which an event is too old to act on.
        """
        arrivals = [self._arrival(event, stale) for event in events]
        self._arrived(arrivals, await self._engine.append(arrivals, source, cursor))

    async def tell(self, event: Event, plugin: str) -> None:
        """Store an event that a plugin tells, and let those of its handlers run that take it."""
        own = [name for name in self._takers(event) if self._handlers[name].plugin == plugin]
        arrival = Arrival(event=event, handlers=tuple(own))
        self._arrived([arrival], await self._engine.append([arrival], event.source, None))

    async def room(self, source: str) -> None:
        """Wait until no handler is too far behind with what a source brought."""
        for lane in [lane for lane in self._lanes if lane.source == source]:
            if await self._engine.backlog(lane, LONGEST_BACKLOG) < LONGEST_BACKLOG:
                continue
            _log.warning("source_held", source=source, handler=lane.handler)
            while await self._engine.backlog(lane, LONGEST_BACKLOG) > LONGEST_BACKLOG // 2:
                self._moved.clear()
                await self._moved.wait()
            _log.info("source_released", source=source)

    async def watch(self) -> None:
        """Wait for ever.

        :raises StoreError: when a lane cannot go on because the store fails.
        """
        await self._broken

    async def idle(self, source: str | None = None) -> None:
        """Wait until no handler runs and none has anything to do.

        :param source: whose events alone count.
        """
        await self._ears.settled()
        while any(
            worker.is_busy
            for lane, worker in self._lanes.items()
            if source is None or lane.source == source
        ):
            self._rested.clear()
            await self._rested.wait()
            await self._ears.settled()

    async def stop(self, grace: float) -> None:
        """Take no new runs, and wait for those under way.

        :param grace: seconds that they have; then they are cut off, and run again next time.
        """
        self._is_stopping = True
        for lane in self._lanes.values():
            lane.stop()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=grace)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._ledger.settled()

    async def run_last(self, event: Event, grace: float) -> None:
        """Store one last event of the bot's own and run its handlers, after :meth:`stop`.

        :param grace: seconds that they have; then they are cut off.
        """
        await self.deliver([event], OWN_SOURCE)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(grace):
                await asyncio.gather(*(self._run_one(name, event) for name in self._takers(event)))
        await self._ledger.settled()
        self._recording.cancel()

    async def _run_one(self, name: str, event: Event) -> None:
        lane = Lane(name, OWN_SOURCE)
        for run in await self._engine.take(lane, self._clock.now(), RUNS_IN_MEMORY):
            if run.event.id == event.id:
                await self._run(self._handlers[name], run)

    def _arrival(self, event: Event, stale: float | None = None) -> Arrival:
        is_stale = stale is not None and (self._clock.now() - event.at).total_seconds() > stale
        return Arrival(event=event, handlers=self._takers(event), stale=is_stale)

    def _takers(self, event: Event) -> tuple[str, ...]:
        return tuple([handler.name for handler in self.takers(event)])

    def takers(self, event: Event) -> Sequence[Handler]:
        """Return the handlers that are to run for an event, the bot's own ears first."""
        own = self._account.username
        if own and isinstance(event, CommentEvent) and event.author.lower() == own.lower():
            return ()
        takers, ears = self._matcher.takers(event), self._ears.takers(event)
        return (*ears, *takers) if ears else takers

    def _arrived(self, arrivals: Sequence[Arrival], fresh: Sequence[Event]) -> None:
        ids = {event.id for event in fresh}
        for arrival in arrivals:
            if arrival.event.id in ids:
                self._observer.arrived(arrival.event)
                for handler in arrival.handlers:
                    self._ring(Lane(handler, arrival.event.source))

    def ring(self, lane: Lane) -> None:
        """Let a lane look what its time has come for."""
        if lane.handler in self._handlers:
            self._ring(lane)

    def _ring(self, lane: Lane) -> None:
        if self._is_stopping or self._handlers[lane.handler].plugin in self._held:
            return
        if lane not in self._lanes:
            self._lanes[lane] = worker = self._worker(lane)
            self._tasks.append(
                asyncio.create_task(self._guarded(worker.work()), name=f"lane {lane}")
            )
        self._lanes[lane].ring()

    def _worker(self, lane: Lane) -> LaneWorker:
        handler = self._handlers[lane.handler]
        return LaneWorker(
            lane,
            handler.policy.concurrency,
            engine=self._engine,
            clock=self._clock,
            make=partial(self._run, handler),
            rested=self._rested.set,
        )

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        """Let a failure of the store be the end of :meth:`watch`."""
        try:
            await work
        except* Exception as errors:
            if not self._broken.done():
                self._broken.set_exception(_first(errors))

    async def _run(self, handler: Handler, run: Run) -> None:
        outcome = await self._runner.run(handler, run)
        report = None
        if outcome.state == "dead" and run.event.name != "bot.error":
            report = self._arrival(self._report(run, outcome))
        notes = {} if outcome.state == "failed" else self._ears.notes(handler, run)
        self._ledger.add(
            Ending(run=run, plugin=handler.plugin, outcome=outcome, report=report, notes=notes)
        )
        if outcome.writes:  # The next run of the lane reads what this one wrote.
            await self._ledger.settled()

    def _recorded(self, ending: Ending) -> None:
        run, outcome = ending.run, ending.outcome
        self._moved.set()
        self._ears.ended(run, outcome)
        self._observer.finished(run, outcome)
        if ending.report is not None:
            self._arrived([ending.report], [ending.report.event])
        lane = self._lanes.get(Lane(run.handler, run.event.source))
        if lane is not None:
            lane.closed(run.number, failed=outcome.state == "failed")

    def _report(self, run: Run, outcome: Outcome) -> BotErrorEvent:
        return BotErrorEvent(
            id=f"bot.error:{run.handler}:{run.event.id}",
            name="bot.error",
            at=self._clock.now(),
            source=OWN_SOURCE,
            error=outcome.error or "",
            handler=run.handler,
            event_id=run.event.id,
        )


def _first(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    """Return the first error of a group, which may hold groups."""
    error = errors.exceptions[0]
    return _first(error) if isinstance(error, BaseExceptionGroup) else error
