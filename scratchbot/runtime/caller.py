"""Calling one handler for one event: through the middlewares, with its parameters filled."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

import structlog

from scratchbot.aio.session import AsyncScratchSession
from scratchbot.checks import MAX_COMMENT_LENGTH
from scratchbot.clock import Clock
from scratchbot.commands import Named, UsageError
from scratchbot.engines.engine import Run
from scratchbot.errors import NotFoundError
from scratchbot.events import CommentEvent, Event, person
from scratchbot.handlers import Handler
from scratchbot.router import CallNext, Middleware
from scratchbot.runtime.kit import BlockingKit, Kit, Supplies
from scratchbot.runtime.manners import HOUR
from scratchbot.runtime.tallies import Tallies
from scratchbot.runtime.threads import call_in_thread
from scratchbot.sync.session import ScratchSession

Reach = Callable[[Event], Awaitable[Any]]

MOST_USAGES = 1_000
"""People who are remembered for having been told how a command is used."""

_log = structlog.get_logger("scratchbot")


class _Middlewares(NamedTuple):
    """What stands around the handlers of one plugin; the innermost comes first."""

    outermost: Middleware
    inner: tuple[Middleware, ...]


class Caller:
    """Calls handlers.

    :param middlewares: what stands around the handlers of each plugin that has some, the outermost
        first.
    :param tallies: counts the runs of handlers with limits.
    """

    def __init__(
        self,
        supplies: Supplies,
        *,
        clock: Clock,
        tallies: Tallies,
        middlewares: Mapping[str, tuple[Middleware, ...]],
    ) -> None:
        self._supplies = supplies
        self._clock = clock
        self._tallies = tallies
        self._middlewares = {
            plugin: _Middlewares(outermost, tuple(reversed(inner)))
            for plugin, (outermost, *inner) in middlewares.items()
        }
        self._told: dict[tuple[str, str], tuple[float, str]] = {}

    def forget(self) -> None:
        """Forget who was told what, as a bot does that is started again."""
        self._told.clear()

    def kit(self, handler: Handler, run: Run) -> Kit:
        """Return what a call may ask for."""
        kind = Kit if handler.is_async else BlockingKit
        return kind(self._supplies, handler, run)

    async def call(self, handler: Handler, kit: Kit) -> None:
        """Call a handler, and give what it returns to whoever called it with words."""
        event = kit.event
        if handler.limits:
            limit = self._tallies.take(handler, event)
            if limit is not None:
                _log.info("run_limited", handler=handler.name, id=event.id)
                if limit.say is not None and self._is_first(handler.name, event, limit.seconds):
                    await _say(kit, limit.say)
                return
        middlewares = self._middlewares.get(handler.plugin)
        if middlewares is None:
            returned = await self._reach(handler, kit, event)
        else:
            reach: Reach = partial(self._reach, handler, kit)
            for middleware in middlewares.inner:
                reach = partial(_through, middleware, reach)
            returned = await middlewares.outermost(event, reach)
        if handler.call is not None:
            await handler.call.answer(event, returned, kit.awaited_session, kit.tell)

    async def _reach(self, handler: Handler, kit: Kit, event: Event) -> object:
        kit.event = event
        if handler.filters and not handler.passes(event):
            return None
        try:
            arguments = handler.arguments(event, kit)
            if handler.is_async:
                if handler.call is not None:
                    await _look_up_all(arguments, kit.awaited_session)
                return await handler.function(**arguments)
            return await call_in_thread(partial(_call_plain, handler, arguments, kit), handler.name)
        except UsageError as error:
            self._tallies.give_back(handler, event)
            # A program that asks waits for its answer each time; a person has read it.
            is_told = isinstance(event, CommentEvent) and not self._is_first(
                f"usage of {handler.name}", event, HOUR
            )
            return None if is_told else str(error)[:MAX_COMMENT_LENGTH]

    def _is_first(self, what: str, event: Event, seconds: float) -> bool:
        """Tell whether somebody has not been told something for some time; then they have been."""
        key, now = (what, (person(event) or "").lower()), self._clock.monotonic()
        at, event_id = self._told.get(key, (now - seconds, ""))
        if now - at < seconds and event_id != event.id:
            return False
        self._told[key] = (now, event.id)
        if len(self._told) > MOST_USAGES:
            del self._told[next(iter(self._told))]
        return True


def _through(middleware: Middleware, call_next: CallNext, event: Event) -> Awaitable[Any]:
    return middleware(event, call_next)


def _call_plain(handler: Handler, arguments: dict[str, object], kit: Kit) -> object:
    """Call a plain function, in its thread."""
    session = kit.session if any(isinstance(one, Named) for one in arguments.values()) else None
    if isinstance(session, ScratchSession):
        for name, value in arguments.items():
            if isinstance(value, Named):
                arguments[name] = _look_up_blocking(value, session)
    return handler.function(**arguments)


async def _look_up_all(arguments: dict[str, object], session: AsyncScratchSession) -> None:
    for name, value in arguments.items():
        if isinstance(value, Named):
            arguments[name] = await _look_up(value, session)


async def _look_up(named: Named, session: AsyncScratchSession) -> object:
    try:
        if named.thing == "user":
            return await session.get_user(named.key)
        return await session.get_project(named.key)
    except NotFoundError:
        raise _unknown(named) from None


def _look_up_blocking(named: Named, session: ScratchSession) -> object:
    try:
        return (session.get_user if named.thing == "user" else session.get_project)(named.key)
    except NotFoundError:
        raise _unknown(named) from None


def _unknown(named: Named) -> UsageError:
    return UsageError(
        f"There is no {named.thing} {named.key} on Scratch. Write it like this: {named.usage}"
    )


async def _say(kit: Kit, text: str) -> None:
    if isinstance(kit.event, CommentEvent):
        await kit.awaited_session.reply(kit.event, text)
