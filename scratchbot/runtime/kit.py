"""What one call of a handler may ask for, made when it does."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import structlog

from scratchbot.aio.conversation import AsyncConversation
from scratchbot.aio.session import AsyncScratchSession
from scratchbot.aio.store import AsyncStore
from scratchbot.bot import Bot
from scratchbot.engines.engine import Engine, Run
from scratchbot.errors import RegistrationError
from scratchbot.events import Event
from scratchbot.handlers import Handler
from scratchbot.portal import BlockingSite, Portal
from scratchbot.runtime.calls import outside
from scratchbot.runtime.guard import Desk, Guard
from scratchbot.runtime.waits import Suspended, Waits
from scratchbot.sync.conversation import Conversation
from scratchbot.sync.session import ScratchSession
from scratchbot.sync.store import Store
from scratchbot.waiting import Wanted

AGAIN_SECONDS = 0.1
"""Before a handler that has caught its own end hears of it again: it may ask in a loop."""


@dataclass(frozen=True, kw_only=True)
class Supplies:
    """What all calls share.

    :param desk: what the runs' ways to the site share.
    :param configs: the settings of each plugin.
    :param states: what the lifespan of each has yielded.
    :param tell: stores an event for the handlers of a plugin, and has them run.
    """

    bot: Bot
    engine: Engine
    waits: Waits
    desk: Desk
    configs: Mapping[str, object]
    states: Mapping[str, object]
    tell: Callable[[Event, str], Awaitable[None]]


class Kit:
    """Gives a handler what its parameters are filled with: an attribute for each ingredient.

    :ivar suspended: says that the run waits, whatever the handler makes of it.
    """

    suspended: Suspended | None = None
    _waits = 0
    _is_closed = False
    _guard: Guard | None = None

    def __init__(self, supplies: Supplies, handler: Handler, run: Run) -> None:
        self.event = run.event
        self._supplies = supplies
        self._handler = handler
        self._run = run

    @property
    def bot(self) -> Bot:
        """The bot."""
        return self._supplies.bot

    @property
    def config(self) -> object:
        """The plugin's settings."""
        return self._supplies.configs.get(self._handler.plugin)

    @property
    def state(self) -> object:
        """What the plugin's lifespan has yielded."""
        try:
            return self._supplies.states[self._handler.plugin]
        except KeyError:
            raise RegistrationError(
                f"{self._handler.name} asks for 'state', and {self._handler.plugin!r} has no "
                "lifespan that yields one"
            ) from None

    @property
    def log(self) -> Any:
        """A log that names the handler and the event."""
        return structlog.get_logger(
            "scratchbot.handler", handler=self._handler.name, id=self._run.event.id
        )

    # A cached_property of Python 3.11 takes a lock, which costs more than what it keeps.
    def guarded(self) -> Guard:
        """Return the way to the site."""
        if self._guard is None:
            self._guard = Guard(self._supplies.desk, self._handler, self._run)
            if self._is_closed:
                self._guard.close()
        return self._guard

    @property
    def awaited_session(self) -> AsyncScratchSession:
        """The session whose methods are awaited."""
        return AsyncScratchSession.over(self.guarded)

    session: Any = awaited_session
    """The session, in the form that the handler waits in."""

    @cached_property
    def store(self) -> AsyncStore | Store:
        """The plugin's memory."""
        return AsyncStore(partial(self._supplies.engine.value, self._handler.plugin))

    @property
    def conversation(self) -> object:
        """What asks people and waits."""
        return AsyncConversation(self.wait)

    @property
    def emit(self) -> Callable[[Event], object]:
        """What tells an event to the plugin's other handlers."""
        return self.tell

    def writes(self) -> dict[str, str | None]:
        """Return what was written into the store."""
        return self.store.writes() if "store" in self.__dict__ else {}

    def close(self) -> None:
        """Let nothing pass any more."""
        self._is_closed = True
        if self._guard is not None:
            self._guard.close()

    async def tell(self, event: Event) -> None:
        """Tell an event to the plugin's other handlers."""
        with outside():
            await self._supplies.tell(event, self._handler.plugin)

    async def wait(self, wanted: Wanted) -> Event:
        """Return what the handler waits for, or end its run for now: nothing passes any more."""
        if self.suspended is not None:
            await asyncio.sleep(AGAIN_SECONDS)
            raise self.suspended
        number, self._waits = self._waits, self._waits + 1

        async def ask() -> None:
            if wanted.below is not None:
                await self.awaited_session.reply(wanted.below, wanted.question)

        try:
            return await self._supplies.waits.wait(self._run, number, wanted, ask)
        except Suspended as suspended:
            self.suspended = suspended
            self.close()
            raise


class BlockingKit(Kit):
    """The same for a plain function, in a thread of its own."""

    def __init__(self, supplies: Supplies, handler: Handler, run: Run) -> None:
        super().__init__(supplies, handler, run)
        self._portal = Portal(asyncio.get_running_loop())

    @cached_property
    def session(self) -> ScratchSession:
        """The session whose methods block."""
        return ScratchSession.over(BlockingSite(self.guarded(), self._portal))

    @cached_property
    def store(self) -> Store:
        """The plugin's memory."""
        value, plugin = self._supplies.engine.value, self._handler.plugin
        return Store(lambda key: self._portal.wait(value(plugin, key)))

    @property
    def conversation(self) -> object:
        """What asks people and waits."""
        return Conversation(lambda wanted: self._portal.wait(self.wait(wanted)))

    @property
    def emit(self) -> Callable[[Event], object]:
        """What tells an event to the plugin's other handlers."""
        return lambda event: self._portal.wait(self.tell(event))
