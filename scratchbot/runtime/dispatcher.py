"""From stored events to handlers' runs, in order."""

import asyncio
import contextlib
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from scratchbot.clock import Clock
from scratchbot.engines.engine import Arrival, Engine, Lane, Outcome, Run
from scratchbot.events import BotErrorEvent, CommentEvent, Event
from scratchbot.handlers import Handler
from scratchbot.runtime.observer import Observer
from scratchbot.runtime.runner import Runner
from scratchbot.site import Account

RUNS_IN_MEMORY = 100
OWN_SOURCE = "bot"
LOOK_SECONDS = 1.0


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
        """Go on with the runs that wait in the store."""
        for lane in await self._engine.lanes():
            self._ring(lane)

    async def heed_others(self) -> None:
        """Go on with what another program has put into the lanes, such as a person's retry."""
        while True:
            await self._clock.sleep(LOOK_SECONDS)
            if await self._engine.changed_elsewhere():
                await self.start()

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
        arrivals = [
            Arrival(event=event, handlers=self._takers(event), stale=self._is_stale(event, stale))
            for event in events
        ]
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
        lane = Lane(name, OWN_SOURCE)
        for run in await self._engine.waiting(lane, self._clock.now(), RUNS_IN_MEMORY):
            if run.event.id == event.id:
                await self._run(self._handlers[name], run)

    def _is_stale(self, event: Event, stale: float | None) -> bool:
        return stale is not None and (self._clock.now() - event.at).total_seconds() > stale

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
        except* Exception as errors:
            if not self._broken.done():
                self._broken.set_exception(_first(errors))

    async def _work_off(self, lane: Lane) -> None:
        handler, bell = self._handlers[lane.handler], self._bells[lane]
        slots = asyncio.Semaphore(handler.policy.concurrency)
        under_way: dict[int, asyncio.Task[None]] = {}
        async with asyncio.TaskGroup() as group:
            while not self._stopping:
                bell.clear()
                wanted = RUNS_IN_MEMORY + len(under_way)
                runs = await self._engine.waiting(lane, self._clock.now(), wanted)
                fresh = [run for run in runs if run.number not in under_way]
                for run in fresh:
                    await slots.acquire()
                    if self._stopping:
                        return
                    task = group.create_task(self._run(handler, run), name=f"run of {run.handler}")
                    under_way[run.number] = task
                    task.add_done_callback(partial(_end, run.number, under_way, slots))
                if not fresh:
                    await self._rest(lane, under_way.values())

    async def _rest(self, lane: Lane, under_way: Collection[asyncio.Task[None]]) -> None:
        """Wait for a run under way; without one, for the bell or the time of a failed run."""
        if under_way:
            await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
            return
        due, bell = await self._engine.next_due(lane), self._bells[lane]
        if not bell.is_set():
            self._busy.discard(lane)
            async with self._rested:
                self._rested.notify_all()
        await self._wait(bell, due)
        self._busy.add(lane)

    async def _wait(self, bell: asyncio.Event, due: datetime | None) -> None:
        seconds = None if due is None else (due - self._clock.now()).total_seconds()
        waits: list[asyncio.Future[Any]] = [asyncio.ensure_future(bell.wait())]
        if seconds is not None:
            if seconds <= 0:
                bell.set()
            waits.append(asyncio.ensure_future(self._clock.sleep(max(0.0, seconds))))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def _run(self, handler: Handler, run: Run) -> None:
        outcome = await self._runner.run(handler, run)
        await self._engine.finish(run, handler.plugin, outcome)
        self._observer.finished(run, outcome)
        if outcome.state == "dead" and run.event.name != "bot.error":
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


def _end(
    number: int,
    under_way: dict[int, asyncio.Task[None]],
    slots: asyncio.Semaphore,
    task: asyncio.Task[None],
) -> None:
    del task
    under_way.pop(number, None)
    slots.release()


def _first(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    """Return the first error of a group, which may hold groups."""
    error = errors.exceptions[0]
    return _first(error) if isinstance(error, BaseExceptionGroup) else error
