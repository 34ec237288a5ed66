"""The bot, running: everything put together, started and stopped in order."""

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta
from random import Random

import structlog

from scratchbot.bot import Bot
from scratchbot.client import Client
from scratchbot.clock import Clock
from scratchbot.engines.engine import Engine
from scratchbot.errors import NotLoggedInError
from scratchbot.events import BotErrorEvent, BotEvent, is_of_the_site, time_key
from scratchbot.runtime.assembly import Assembly
from scratchbot.runtime.calls import noting_tasks
from scratchbot.runtime.dispatcher import OWN_SOURCE
from scratchbot.runtime.inclusion import include_missing
from scratchbot.runtime.observer import Observer
from scratchbot.runtime.pacing import interval
from scratchbot.runtime.poller import Hearer, Poller
from scratchbot.runtime.schedules import fire, last_time
from scratchbot.runtime.steps import forget_times, heed_steps
from scratchbot.runtime.watchdog import Watchdog
from scratchbot.settings import Settings
from scratchbot.sources.build import build_source
from scratchbot.sources.cloud import CloudSource
from scratchbot.watch import Activity, Cloud, Messages, Watch
from scratchbot.wire.cloudhosts import find_host

GRACE = 30.0
TRIM_EVERY = 3600.0
TRIM_PAUSE = 0.1

_log = structlog.get_logger("scratchbot")


class Daemon:
    """Runs a bot until it is told to stop.

    :param engine: where events wait; the daemon opens and closes it.
    :param client: the way to the site; the daemon logs it in and closes it.
    """

    def __init__(
        self,
        bot: Bot,
        settings: Settings,
        *,
        engine: Engine,
        client: Client,
        clock: Clock,
        jitter: Random,
        observer: Observer,
    ) -> None:
        self._bot = bot
        self._settings = settings
        self._engine = engine
        self._client = client
        self._clock = clock
        self._jitter = jitter
        self._observer = observer
        self._has_started = False
        self._troubles: asyncio.Queue[str] = asyncio.Queue()
        self._pollers: list[Poller] = []
        self._hearers: list[Hearer] = []
        include_missing(bot, settings)
        self._assembly = Assembly(
            bot,
            settings,
            engine=engine,
            site=client,
            clock=clock,
            jitter=jitter,
            observer=observer,
            told=self._tell,
        )
        self._dispatcher = self._assembly.dispatcher

    async def run(self, stop: asyncio.Event) -> None:
        """Run until ``stop`` is set, then finish the handlers under way.

        :raises ScratchbotError: if the bot cannot start: its store, its log-in, its settings.
        """
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self._client.close)
            await self._engine.open()
            stack.push_async_callback(self._engine.close)
            await self._client.log_in()
            self._check_login()
            stack.enter_context(Watchdog(self._clock))
            stack.enter_context(noting_tasks(asyncio.get_running_loop()))
            await forget_times(self._engine, self._clock)
            await stack.enter_async_context(self._assembly.lifespans.running(self._bot.routers))
            await self._assembly.start()
            await self._work(stop)

    async def _work(self, stop: asyncio.Event) -> None:
        self._check_watches()
        schedules = await self._start_schedules()
        tasks = [*self._start_sources(stop), *schedules]
        tasks.append(asyncio.create_task(self._dispatcher.watch()))
        tasks.append(asyncio.create_task(self._dispatcher.heed_others()))
        tasks.append(asyncio.create_task(heed_steps(self._engine, self._dispatcher, self._clock)))
        tasks.append(asyncio.create_task(self._tell_troubles()))
        tasks.append(asyncio.create_task(self._keep_small()))
        stopped = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait([stopped, *tasks], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (stopped, *tasks):
                task.cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
        await self._stop()
        for result in results:
            if isinstance(result, Exception):
                raise result

    async def _stop(self) -> None:
        """Finish the handlers under way; those of ``bot.stop`` run if ``bot.start`` was told."""
        if self._has_started:
            _log.info("bot_stopping")
        await self._dispatcher.stop(GRACE)
        if self._has_started:
            await self._dispatcher.run_last(self._own_event("bot.stop"), GRACE)

    def _tell(self, trouble: str) -> None:
        self._troubles.put_nowait(trouble)

    async def _tell_troubles(self) -> None:
        """Tell as ``bot.error`` what is wrong with no handler."""
        while True:
            trouble, at = await self._troubles.get(), self._clock.now()
            event = BotErrorEvent(
                id=f"bot.error:{time_key(at)}",
                name="bot.error",
                at=at,
                source=OWN_SOURCE,
                error=trouble,
            )
            await self._dispatcher.deliver([event], OWN_SOURCE)

    async def _keep_small(self) -> None:
        """Let go of what is over and old, a piece at a time."""
        keep = self._settings.keep
        while True:
            before = self._clock.now() - timedelta(days=keep.days)
            while await self._engine.trim(before, keep.events):
                await self._clock.sleep(TRIM_PAUSE)
            await self._clock.sleep(TRIM_EVERY)

    def _start_sources(self, stop: asyncio.Event) -> list[asyncio.Task[None]]:
        workers = [self._worker(watch) for watch in self._watches()]
        self._pollers = [worker for worker in workers if isinstance(worker, Poller)]
        self._hearers = [worker for worker in workers if isinstance(worker, Hearer)]
        tasks = [asyncio.create_task(worker.run()) for worker in workers]
        return [*tasks, asyncio.create_task(self._announce(stop))]

    def _worker(self, watch: Watch) -> Poller | Hearer:
        source = build_source(watch, self._client)
        if isinstance(source, CloudSource):
            return Hearer(source, told=self._tell, engine=self._engine, dispatcher=self._dispatcher)
        self._assembly.waits.expect_looks(source.name)
        return Poller(
            source,
            interval(watch, limits=self._settings.network.limits),
            stale=watch.stale,
            told=self._tell,
            looked=self._assembly.waits.looked,
            engine=self._engine,
            dispatcher=self._dispatcher,
            clock=self._clock,
            jitter=self._jitter,
        )

    async def settle(self) -> None:
        """Look at all that is watched now, and wait until all that was found is handled."""
        await asyncio.gather(*(poller.look() for poller in self._pollers))
        for hearer in self._hearers:
            await hearer.rested.wait()
        await self._engine.cursor(OWN_SOURCE)  # behind all that is being stored already
        await self._dispatcher.idle()

    async def _announce(self, stop: asyncio.Event) -> None:
        """Say that the bot is ready, once every poller has looked and nothing new can be missed."""
        for poller in self._pollers:
            await poller.tried.wait()
        self._observer.ready(len(self._watches()), len(self._assembly.handlers))
        self._has_started = True
        await self._dispatcher.deliver([self._own_event("bot.start")], OWN_SOURCE)
        await stop.wait()

    async def _start_schedules(self) -> list[asyncio.Task[None]]:
        tasks = []
        for router in self._bot.routers:
            for handler, schedule in router.schedules.items():
                last = await last_time(handler, self._engine, self._clock)
                firing = fire(handler, schedule, last, self._dispatcher, self._clock)
                tasks.append(asyncio.create_task(firing))
        return tasks

    def _watches(self) -> list[Watch]:
        """Return the watches of the bot and its plugins, each once; all is more than the latest."""
        watches: dict[str, Watch] = {}
        for watch in (watch for router in self._bot.routers for watch in router.watches):
            is_less = isinstance(watch, Cloud) and watch.delivery == "latest"
            if watch.name not in watches or not is_less:
                watches[watch.name] = watch
        return list(watches.values())

    def _check_watches(self) -> None:
        """Warn of a bot whose handlers will hear nothing, as beginners write it."""
        deaf = [each.name for each in self._assembly.handlers if is_of_the_site(each.pattern)]
        if deaf and not self._watches():
            advice = "say with bot.watch(...) what the bot is to see"
            _log.warning("nothing_watched", handlers=deaf, advice=advice)

    def _check_login(self) -> None:
        needy = [watch for watch in self._watches() if needs_login(watch)]
        if needy and not self._client.account.logged_in:
            raise NotLoggedInError(
                f"{type(needy[0]).__name__}() needs a log-in: run `scratchbot login`, or set "
                "SCRATCHBOT_USERNAME and SCRATCHBOT_PASSWORD, or SCRATCHBOT_SESSION_ID"
            )

    def _own_event(self, name: str) -> BotEvent:
        at = self._clock.now()
        return BotEvent(id=f"{name}:{time_key(at)}", name=name, at=at, source=OWN_SOURCE)


def needs_login(watch: Watch) -> bool:
    """Tell whether something can be watched only by who is logged in."""
    if isinstance(watch, Cloud):
        return find_host(watch.host).needs_login
    return isinstance(watch, Messages | Activity)
