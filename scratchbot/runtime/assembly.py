"""What stands between an engine and a bot's handlers, put together."""

from collections.abc import Callable, Mapping
from functools import partial
from random import Random

from scratchbot.bot import Bot
from scratchbot.clock import Clock
from scratchbot.engines.engine import Engine, Lane
from scratchbot.events import Event
from scratchbot.router import Middleware
from scratchbot.runtime.caller import Caller
from scratchbot.runtime.calls import Calls
from scratchbot.runtime.dispatcher import Dispatcher
from scratchbot.runtime.ears import Ears
from scratchbot.runtime.guard import Desk
from scratchbot.runtime.inclusion import read_tables
from scratchbot.runtime.kit import Supplies
from scratchbot.runtime.lifespans import Lifespans
from scratchbot.runtime.manners import Manners
from scratchbot.runtime.observer import Observer
from scratchbot.runtime.outbox import Places
from scratchbot.runtime.runner import Runner
from scratchbot.runtime.standing import Standing
from scratchbot.runtime.tallies import Tallies
from scratchbot.runtime.waits import Waits
from scratchbot.settings import Settings
from scratchbot.site import AsyncSite


class Assembly:
    """Makes the parts of a running bot and holds those that others need.

    :param told: is told of what the owner should know.
    :ivar handlers: all handlers of the bot and its plugins.
    :ivar waits: what runs wait for.
    """

    def __init__(
        self,
        bot: Bot,
        settings: Settings,
        *,
        engine: Engine,
        site: AsyncSite,
        clock: Clock,
        jitter: Random,
        observer: Observer,
        told: Callable[[str], None],
    ) -> None:
        configs, grants = read_tables(bot, settings)
        by_name = {each.name: each for router in bot.routers for each in router.handlers}
        self.handlers = tuple(by_name.values())
        manners = Manners(
            engine,
            clock,
            site.account,
            answers=settings.answers if settings.network.limits else None,
            is_called=lambda name: name in by_name and by_name[name].call is not None,
            told=told,
        )
        self._tallies, self.waits = Tallies(engine, clock), Waits(engine, clock, self._ring)
        self._ears = Ears(self.waits, manners, self._tallies)
        is_strict = settings.failed_plugins == "stop"
        self.lifespans = Lifespans(bot, configs, told=told, is_strict=is_strict)
        desk = Desk(
            site=site,
            engine=engine,
            clock=clock,
            places=Places(),
            standing=Standing(clock, told),
            manners=manners,
            grants=grants,
            watched=partial(_watched, bot),
            observer=observer,
            is_dry=settings.dry_run,
        )
        supplies = Supplies(
            bot=bot,
            engine=engine,
            waits=self.waits,
            desk=desk,
            configs=configs,
            states=self.lifespans.states,
            tell=self._tell,
        )
        self.caller = Caller(
            supplies, clock=clock, tallies=self._tallies, middlewares=_middlewares(bot)
        )
        self.dispatcher = Dispatcher(
            engine,
            self.handlers,
            Runner(self.caller, Calls(told), clock=clock, jitter=jitter),
            self._ears,
            observer=observer,
            account=site.account,
            clock=clock,
        )

    async def start(self) -> None:
        """Remember what an earlier life has left, and go on with it."""
        await self._ears.load()
        await self._tallies.let_go(self.handlers)
        await self.dispatcher.start(self.lifespans.failed)

    def _ring(self, lane: Lane) -> None:
        self.dispatcher.ring(lane)

    async def _tell(self, event: Event, plugin: str) -> None:
        await self.dispatcher.tell(event, plugin)


def _watched(bot: Bot) -> set[str]:
    return {each.place for router in bot.routers for each in router.watches if each.place}


def _middlewares(bot: Bot) -> Mapping[str, tuple[Middleware, ...]]:
    own = bot.middlewares
    found = {plugin.name: (*own, *plugin.middlewares) for plugin in bot.plugins}
    return {name: each for name, each in {bot.name: own, **found}.items() if each}
