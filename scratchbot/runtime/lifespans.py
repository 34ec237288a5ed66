"""What plugins start before the first event, and end after the last."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import structlog

from scratchbot.bot import Bot
from scratchbot.errors import AppError, RegistrationError, one_line
from scratchbot.handlers import read_lifespan
from scratchbot.places import line_of
from scratchbot.router import Lifespan, Router, Stage
from scratchbot.runtime.calls import is_cut_off

STARTED_WITHIN = 60.0
ENDED_WITHIN = 30.0

_log = structlog.get_logger("scratchbot")


class Lifespans:
    """Starts what the bot and its plugins have registered, in their order, and ends it in reverse.

    :param configs: the settings of each plugin.
    :param told: is told which plugin did not start.
    :param is_strict: whether one that does not start stops the bot.
    :ivar states: what each has yielded, for its handlers.
    :ivar failed: the names of the plugins that did not start.
    """

    def __init__(
        self,
        bot: Bot,
        configs: Mapping[str, object],
        *,
        told: Callable[[str], None],
        is_strict: bool,
    ) -> None:
        self.states: dict[str, object] = {}
        self.failed: set[str] = set()
        self._bot = bot
        self._configs = configs
        self._told = told
        self._is_strict = is_strict

    @asynccontextmanager
    async def running(self, routers: Sequence[Router]) -> AsyncIterator[None]:
        """Start all; end them when the block ends.

        :raises AppError: if one does not start that the bot cannot do without.
        """
        async with AsyncExitStack() as stack:
            stack.callback(_enter_stage, routers, "loading")
            _enter_stage(routers, "starting")
            for router in routers:
                if router.resources is not None:
                    await self._start(router, router.resources, stack)
            _enter_stage(routers, "running")
            yield

    async def _start(self, router: Router, lifespan: Lifespan, stack: AsyncExitStack) -> None:
        wanted = read_lifespan(lifespan, router.config)
        life = lifespan(**{name: self._given(router, kind) for name, kind in wanted.items()})
        try:
            async with asyncio.timeout(STARTED_WITHIN):
                self.states[router.name] = await _begin(lifespan, life)
        except BaseException as error:
            if not _is_own(error):
                raise
            self._fail(router, error)
            return
        stack.push_async_callback(_end, router.name, lifespan, life)

    def _given(self, router: Router, kind: str) -> object:
        match kind:
            case "bot":
                return self._bot
            case "config":
                return self._configs.get(router.name)
            case _:
                return structlog.get_logger("scratchbot.plugin", plugin=router.name)

    def _fail(self, router: Router, error: BaseException) -> None:
        said = one_line(error)
        if self._is_strict or router is self._bot:
            raise AppError(f"{router.name!r} did not start: {said}") from error
        self.failed.add(router.name)
        _log.error("plugin_failed", plugin=router.name, error=said)
        self._told(
            f"the plugin {router.name!r} did not start, and the rest runs without it: {said}; what "
            "it is to do is kept until it starts"
        )


def _enter_stage(routers: Sequence[Router], stage: Stage) -> None:
    for router in routers:
        router.stage = stage


async def _begin(lifespan: Lifespan, life: AsyncIterator[Any]) -> object:
    async for state in life:
        return state
    raise RegistrationError(
        "its lifespan ended without a yield: let it yield once, or raise an error",
        line_of(lifespan),
    )


async def _finish(lifespan: Lifespan, life: AsyncIterator[Any]) -> None:
    async for _ in life:
        raise RegistrationError(
            "its lifespan has yielded twice, and ends there: let it yield once", line_of(lifespan)
        )


async def _end(name: str, lifespan: Lifespan, life: AsyncIterator[Any]) -> None:
    try:
        async with asyncio.timeout(ENDED_WITHIN):
            await _finish(lifespan, life)
    except BaseException as error:
        if not _is_own(error):
            raise
        said = one_line(error)
        _log.error("plugin_end_failed", plugin=name, error=said)


def _is_own(error: BaseException) -> bool:
    """Tell what a lifespan itself raised, be it to end the program, from what ends the bot."""
    if isinstance(error, asyncio.CancelledError):
        return not is_cut_off()
    return isinstance(error, Exception | SystemExit)
