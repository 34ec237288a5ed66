"""Running one handler for one event."""

import asyncio
from collections.abc import Mapping
from functools import partial

import structlog

from scratchbot.aio.session import AsyncScratchSession
from scratchbot.aio.store import AsyncStore
from scratchbot.bot import Bot
from scratchbot.clock import Clock
from scratchbot.commands import UsageError
from scratchbot.engines.engine import Engine, Outcome, Run
from scratchbot.events import CommentEvent
from scratchbot.handlers import Handler, Ingredient
from scratchbot.portal import BlockingSite, Portal
from scratchbot.runtime.guard import Guard
from scratchbot.runtime.observer import Observer
from scratchbot.runtime.threads import call_in_thread
from scratchbot.site import AsyncSite
from scratchbot.sync.session import ScratchSession
from scratchbot.sync.store import Store
from scratchbot.wire.request import Act

Writes = dict[str, str | None]


class Runner:
    """Fills a handler's parameters, calls it, and says how that ended.

    :param permissions: what the handlers of each plugin may do.
    :param configs: the settings of each plugin.
    """

    def __init__(
        self,
        bot: Bot,
        site: AsyncSite,
        engine: Engine,
        *,
        clock: Clock,
        observer: Observer,
        permissions: Mapping[str, frozenset[str]],
        configs: Mapping[str, object],
        dry_run: bool,
    ) -> None:
        self._bot = bot
        self._site = site
        self._engine = engine
        self._clock = clock
        self._observer = observer
        self._permissions = permissions
        self._configs = configs
        self._dry_run = dry_run
        self._log = structlog.get_logger("scratchbot.handler")

    async def run(self, handler: Handler, run: Run) -> Outcome:
        """Call the handler; whatever it raises becomes part of the outcome."""
        call = self._call if handler.is_async else self._call_in_thread
        error: str | None = None
        writes: Writes = {}
        started = self._clock.monotonic()
        try:
            writes = await call(handler, run)
        except Exception as raised:
            self._log.debug("handler_raised", handler=handler.name, exc_info=raised)
            error = f"{type(raised).__name__}: {raised}".split("\n", 1)[0]
        return Outcome(error=error, duration=self._clock.monotonic() - started, writes=writes)

    async def _call(self, handler: Handler, run: Run) -> Writes:
        session = AsyncScratchSession.over(self._guard(handler, run))
        store = AsyncStore(partial(self._engine.value, handler.plugin))
        ingredients = self._ingredients(handler, run, session, store)
        try:
            returned = await handler.function(**handler.arguments(run.event, ingredients))
        except UsageError as error:
            returned = str(error)
        await self._answer(handler, run, returned)
        return store.writes()

    async def _call_in_thread(self, handler: Handler, run: Run) -> Writes:
        portal = Portal(asyncio.get_running_loop())
        session = ScratchSession.over(BlockingSite(self._guard(handler, run), portal))
        store = Store(lambda key: portal.wait(self._engine.value(handler.plugin, key)))
        ingredients = self._ingredients(handler, run, session, store)
        try:
            arguments = handler.arguments(run.event, ingredients)
            returned = await call_in_thread(partial(handler.function, **arguments), handler.name)
        except UsageError as error:
            returned = str(error)
        await self._answer(handler, run, returned)
        return store.writes()

    async def _answer(self, handler: Handler, run: Run, returned: object) -> None:
        """Reply with what a command returned, if it returned text."""
        if handler.command and isinstance(run.event, CommentEvent) and isinstance(returned, str):
            session = AsyncScratchSession.over(self._guard(handler, run))
            await session.reply(run.event, returned)

    def _guard(self, handler: Handler, run: Run) -> Guard:
        def acted(act: Act, rehearsed: bool) -> None:
            self._observer.acted(run, act, rehearsed=rehearsed)

        return Guard(
            self._site,
            handler.plugin,
            self._permissions[handler.plugin],
            dry_run=self._dry_run,
            acted=acted,
        )

    def _ingredients(
        self, handler: Handler, run: Run, session: object, store: object
    ) -> Mapping[Ingredient, object]:
        return {
            "event": run.event,
            "session": session,
            "bot": self._bot,
            "store": store,
            "config": self._configs.get(handler.plugin),
            "log": self._log.bind(handler=handler.name, id=run.event.id),
        }
