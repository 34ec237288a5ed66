"""From stored events to handlers' runs, in order."""

import asyncio
import contextlib
from collections.abc import Sequence

from scratchbot.clock import Clock
from scratchbot.engines.engine import Arrival, Engine, Lane, Outcome, Run
from scratchbot.events import BotErrorEvent, CommentEvent, Event
from scratchbot.handlers import Handler
from scratchbot.runtime.observer import Observer
from scratchbot.runtime.runner import Runner
from scratchbot.site import Account

RUNS_IN_MEMORY = 100
OWN_SOURCE = "bot"


class Dispatcher:
    """Stores what sources bring and works off the runs that it calls for.

    Each lane, the events of one source for one handler, has one worker that reads the store
    piece by piece: that keeps the order, and memory bounded however much waits.
    """

    def __init__(
        self,
        engine: Engine,
        handlers: Sequence[Handler],
        runner: Runner,
        *,
        observer: Observer,
        account: Account,
        clock: Clock,
    ) -> None:
        self._engine = engine
        self._handlers = {handler.name: handler for handler in handlers}
        self._runner = runner
        self._observer = observer
        self._account = account
        self._clock = clock
        self._workers: dict[Lane, asyncio.Task[None]] = {}
        self._bells: dict[Lane, asyncio.Event] = {}
        self._busy: set[Lane] = set()
        self._rested = asyncio.Condition()
        self._stopping = False
        self._broken: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def start(self) -> None:
        """Go on with the runs that were not done when the bot last stopped."""
        for lane in await self._engine.lanes():
            self._ring(lane)

    async def deliver(
        self, events: Sequence[Event], source: str, cursor: str | None = None
    ) -> None:
        """Store events, their runs and the source's cursor, then let the handlers run."""
        arrivals = [Arrival(event=event, handlers=self._takers(event)) for event in events]
        fresh = {event.id for event in await self._engine.append(arrivals, source, cursor)}
        for arrival in arrivals:
            if arrival.event.id in fresh:
                self._observer.arrived(arrival.event)
                for handler in arrival.handlers:
                    self._ring(Lane(handler, arrival.event.source))

    async def watch(self) -> None:
        """Wait for ever.

        :raises StoreError: when a lane cannot go on because the store fails.
        """
        await self._broken

    async def idle(self) -> None:
        """Wait until no handler runs and none has anything to do."""
        async with self._rested:
            await self._rested.wait_for(lambda: not self._busy)

    async def stop(self, grace: float) -> None:
        """Take no new runs, and wait for those under way.

        :param grace: seconds that they have; then they are cut off, and run again next time.
        """
        self._stopping = True
        for bell in self._bells.values():
            bell.set()
        if self._workers:
            _, late = await asyncio.wait(self._workers.values(), timeout=grace)
            for worker in late:
                worker.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def run_last(self, event: Event, grace: float) -> None:
        """Store one last event of the bot's own and run its handlers, after :meth:`stop`.

        :param grace: seconds that they have; then they are cut off.
        """
        await self.deliver([event], OWN_SOURCE)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(grace):
                await asyncio.gather(*(self._run_one(name, event) for name in self._takers(event)))

    async def _run_one(self, name: str, event: Event) -> None:
        for run in await self._engine.waiting(Lane(name, OWN_SOURCE), 0, RUNS_IN_MEMORY):
            if run.event.id == event.id:
                await self._run(self._handlers[name], run)

    def _takers(self, event: Event) -> tuple[str, ...]:
        if isinstance(event, CommentEvent) and self._is_own(event):
            return ()
        return tuple(handler.name for handler in self._handlers.values() if handler.takes(event))

    def _is_own(self, event: CommentEvent) -> bool:
        own = self._account.username
        return own is not None and event.author.lower() == own.lower()

    def _ring(self, lane: Lane) -> None:
        if lane.handler not in self._handlers:
            return
        if lane not in self._workers:
            self._bells[lane] = asyncio.Event()
            self._workers[lane] = asyncio.create_task(self._work(lane), name=f"lane {lane}")
        self._busy.add(lane)
        self._bells[lane].set()

    async def _work(self, lane: Lane) -> None:
        try:
            await self._work_off(lane)
        except Exception as error:
            if not self._broken.done():
                self._broken.set_exception(error)

    async def _work_off(self, lane: Lane) -> None:
        handler, bell, last = self._handlers[lane.handler], self._bells[lane], 0
        while not self._stopping:
            bell.clear()
            runs = await self._engine.waiting(lane, last, RUNS_IN_MEMORY)
            for run in runs:
                if self._stopping:
                    return
                await self._run(handler, run)
                last = run.number
            if not runs:
                await self._rest(lane)

    async def _rest(self, lane: Lane) -> None:
        """Wait for the lane's bell; if it has not rung already, the lane is idle."""
        if not self._bells[lane].is_set():
            self._busy.discard(lane)
            async with self._rested:
                self._rested.notify_all()
        await self._bells[lane].wait()

    async def _run(self, handler: Handler, run: Run) -> None:
        outcome = await self._runner.run(handler, run)
        await self._engine.finish(run, handler.plugin, outcome)
        self._observer.finished(run, outcome)
        if outcome.error is not None and run.event.name != "bot.error":
            await self._report(run, outcome)

    async def _report(self, run: Run, outcome: Outcome) -> None:
        event = BotErrorEvent(
            id=f"bot.error:{run.handler}:{run.event.id}",
            name="bot.error",
            at=self._clock.now(),
            source=OWN_SOURCE,
            error=outcome.error or "",
            handler=run.handler,
            event_id=run.event.id,
        )
        await self.deliver([event], OWN_SOURCE)
