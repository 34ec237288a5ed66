"""Running one handler for one event."""

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from random import Random
from typing import NamedTuple

import structlog

from scratchbot.aio.session import AsyncScratchSession
from scratchbot.aio.store import AsyncStore
from scratchbot.bot import Bot
from scratchbot.clock import Clock
from scratchbot.commands import UsageError
from scratchbot.engines.engine import Engine, Outcome, Run
from scratchbot.errors import StoreError
from scratchbot.events import Event
from scratchbot.handlers import Handler, Ingredient
from scratchbot.portal import BlockingSite, Portal
from scratchbot.redaction import redact
from scratchbot.runtime.calls import Calls, outside
from scratchbot.runtime.guard import Guard
from scratchbot.runtime.observer import Observer
from scratchbot.runtime.outbox import Outbox, Places
from scratchbot.runtime.retries import decide
from scratchbot.runtime.standing import Standing
from scratchbot.runtime.threads import call_in_thread
from scratchbot.site import AsyncSite
from scratchbot.sync.session import ScratchSession
from scratchbot.sync.store import Store
from scratchbot.wire.request import Act

Writes = dict[str, str | None]

LONGEST_TRACEBACK = 4_000
"""Characters, from its end."""


class _Tools(NamedTuple):
    """What a handler is given to work with, in the form that it waits in."""

    session: object
    store: object
    emit: object


class Runner:
    """Fills a handler's parameters, calls it, and says how that ended.

    :param permissions: what the handlers of each plugin may do.
    :param configs: the settings of each plugin.
    :param tell: stores an event for the handlers of a plugin, and has them run.
    """

    def __init__(
        self,
        bot: Bot,
        site: AsyncSite,
        engine: Engine,
        *,
        clock: Clock,
        jitter: Random,
        calls: Calls,
        standing: Standing,
        observer: Observer,
        permissions: Mapping[str, frozenset[str]],
        configs: Mapping[str, object],
        tell: Callable[[Event, str], Awaitable[None]],
        dry_run: bool,
    ) -> None:
        self._bot = bot
        self._site = site
        self._engine = engine
        self._clock = clock
        self._jitter = jitter
        self._calls = calls
        self._standing = standing
        self._observer = observer
        self._permissions = permissions
        self._configs = configs
        self._tell = tell
        self._dry_run = dry_run
        self._places = Places()
        self._log = structlog.get_logger("scratchbot.handler")

    async def run(self, handler: Handler, run: Run) -> Outcome:
        """Call the handler once; whatever it raises becomes part of the outcome.

        :raises StoreError: if the store fails: that is not the handler's doing.
        """
        await self._calls.room(handler.name)
        guard = self._guard(handler, run)
        call = self._call if handler.is_async else self._call_in_thread
        started = self._clock.monotonic()
        error: BaseException | None = None
        writes: Writes = {}
        try:
            writes = await self._calls.make(
                handler.name,
                partial(call, handler, run, guard),
                handler.policy.timeout,
                lasting=run.event.name == "bot.start",
            )
        except StoreError:
            raise
        except asyncio.CancelledError as raised:
            if _is_cut_off():
                raise
            error = raised
        except BaseException as raised:
            error = raised
        finally:
            guard.close()
        duration = self._clock.monotonic() - started
        if error is None:
            return Outcome(duration=duration, writes=writes)
        return self._failed(handler, run, error, duration)

    def _failed(self, handler: Handler, run: Run, error: BaseException, duration: float) -> Outcome:
        retry = decide(error, run, handler.policy, self._clock.now(), self._jitter)
        self._log.debug("handler_raised", handler=handler.name, exc_info=error)
        return Outcome(
            duration=duration,
            writes={},
            error=redact(f"{type(error).__name__}: {error}".split("\n", 1)[0]),
            traceback=redact("".join(traceback.format_exception(error))[-LONGEST_TRACEBACK:]),
            fault=retry.fault,
            next_at=retry.at,
        )

    async def _call(self, handler: Handler, run: Run, guard: Guard) -> Writes:
        session = AsyncScratchSession.over(guard)
        store = AsyncStore(partial(self._engine.value, handler.plugin))
        tools = _Tools(session, store, partial(self._emit, handler))
        ingredient = partial(self._ingredient, handler, run, tools)
        try:
            returned = await handler.function(**handler.arguments(run.event, ingredient))
        except UsageError as error:
            returned = str(error)
        await self._answer(handler, run, guard, returned)
        return store.writes()

    async def _call_in_thread(self, handler: Handler, run: Run, guard: Guard) -> Writes:
        portal = Portal(asyncio.get_running_loop())
        session = ScratchSession.over(BlockingSite(guard, portal))
        store = Store(lambda key: portal.wait(self._engine.value(handler.plugin, key)))
        tools = _Tools(session, store, lambda event: portal.wait(self._emit(handler, event)))
        ingredient = partial(self._ingredient, handler, run, tools)
        try:
            arguments = handler.arguments(run.event, ingredient)
            returned = await call_in_thread(partial(handler.function, **arguments), handler.name)
        except UsageError as error:
            returned = str(error)
        await self._answer(handler, run, guard, returned)
        return store.writes()

    async def _answer(self, handler: Handler, run: Run, guard: Guard, returned: object) -> None:
        """Give what a handler returned to whoever called it with words."""
        if handler.call is not None:
            session = AsyncScratchSession.over(guard)
            await handler.call.answer(run.event, returned, session, partial(self._emit, handler))

    async def _emit(self, handler: Handler, event: Event) -> None:
        with outside():
            await self._tell(event, handler.plugin)

    def _guard(self, handler: Handler, run: Run) -> Guard:
        def acted(act: Act, rehearsed: bool) -> None:
            self._observer.acted(run, act, rehearsed=rehearsed)

        outbox = Outbox(run, self._site, self._engine, self._clock, places=self._places)
        return Guard(
            self._site,
            None if self._dry_run else outbox,
            self._standing,
            handler.plugin,
            self._permissions[handler.plugin],
            acted=acted,
        )

    def _ingredient(self, handler: Handler, run: Run, tools: _Tools, kind: Ingredient) -> object:
        match kind:
            case "event":
                return run.event
            case "session":
                return tools.session
            case "bot":
                return self._bot
            case "store":
                return tools.store
            case "config":
                return self._configs.get(handler.plugin)
            case "emit":
                return tools.emit
            case "log":
                return structlog.get_logger(
                    "scratchbot.handler", handler=handler.name, id=run.event.id
                )


def _is_cut_off() -> bool:
    """Tell whether this task was told to end, as opposed to a handler that says so itself."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
