"""A local Scratch for one test."""

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from scratchbot.bot import Bot
from scratchbot.sandbox import Sandbox, World, load_world
from scratchbot.sandbox.proxy import Proxy, proxy
from scratchbot.sandbox.weather import read_weather
from scratchbot.sandbox.world import CLOUD_SIGN
from scratchbot.settings import Credentials, Settings
from scratchbot.testing.clock import JumpingClock
from scratchbot.testing.people import Person, Posted, place_of
from scratchbot.testing.running import PATIENCE, RunningBot

T = TypeVar("T")


class Scratch:
    """A local Scratch in a thread of its own, usable from any other.

    Places are a project's number, or ``"project:104"``, ``"studio:26135902"``,
    ``"profile:scratchcat"``.

    :param world: what there is; the default world if left out.
    """

    def __init__(self, world: World | None = None) -> None:
        self.clock = JumpingClock()
        self._sandbox = Sandbox(world or load_world(), clock=self.clock.timestamp, limits=False)
        self._running: dict[int, RunningBot] = {}
        self._proxy: Proxy | None = None
        started: Future[str] = Future()
        self._thread = threading.Thread(target=asyncio.run, args=[self._serve(started)])
        self._thread.start()
        self.address = started.result(PATIENCE)

    @property
    def world(self) -> World:
        """What there is, to look at."""
        return self._sandbox.world

    @property
    def environment(self) -> dict[str, str]:
        """Environment variables that make this Scratch the real one for another program.

        :raises ProxyError: if ``scratchbot[proxy]`` is not installed.
        """
        if self._proxy is None:
            self._proxy = asyncio.run_coroutine_threadsafe(self._start_proxy(), self._loop).result(
                PATIENCE
            )
        authority = str(self._proxy.authority)
        return {
            "SCRATCHBOT_ENDPOINT": self.address,
            "SCRATCHBOT_LIMITS": "off",
            "HTTPS_PROXY": self._proxy.address,
            "SSL_CERT_FILE": authority,
            "REQUESTS_CA_BUNDLE": authority,
            "CURL_CA_BUNDLE": authority,
            "NODE_EXTRA_CA_CERTS": authority,
            "NODE_USE_ENV_PROXY": "1",
        }

    @contextmanager
    def redirected(self) -> Iterator[None]:
        """Make this Scratch the real one for all code inside the ``with`` block.

        For bots of other libraries; whatever heeds ``HTTPS_PROXY`` follows.
        """
        before = dict(os.environ)
        os.environ.update(self.environment)
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)

    def user(self, name: str) -> "Person":
        """Return somebody, who can then do something.

        :raises LookupError: if nobody has this name.
        """
        user = self.world.user(name)
        if user is None:
            known = ", ".join(one.username for one in self.world.users.values())
            raise LookupError(f"there is no user {name!r}; there are {known}")
        return Person(self, user.username)

    def comments(self, place: int | str) -> list["Posted"]:
        """Return the threads of a place, newest first."""
        tops = self.do(lambda: list(self.world.top_comments(place_of(place))))
        return [Posted(self, top) for top in tops]

    def cloud(self, project_id: int, name: str) -> str | None:
        """Return the value of a cloud variable, None where there is none."""
        variables = self.world.projects[project_id].cloud
        return variables.get(CLOUD_SIGN + name.removeprefix(CLOUD_SIGN))

    def weather(self, *, seed: int = 0, **rule: Any) -> None:
        """Let one rule of bad weather begin, such as ``status=503, share=0.5``; none ends it.

        :raises WeatherError: if there is no such rule.
        """
        rules = [rule] if rule else []
        self.do(lambda: self._sandbox.weather.set(*read_weather({"seed": seed, "rules": rules})))

    def jump(self, **time: float) -> None:
        """Let time pass at once, for the site and for bots: ``jump(hours=1)``."""
        self.clock.jump(timedelta(**time).total_seconds())

    def log_out(self, name: str) -> None:
        """End all sessions of a user, as the site does at times."""
        user = self.world.users[name.lower()]
        self.do(lambda: self._sandbox.sessions.close_all(user))

    @asynccontextmanager
    async def running(
        self,
        bot: Bot,
        *,
        username: str = "demo-bot",
        store: Path | None = None,
        settings: Settings | None = None,
    ) -> AsyncIterator[None]:
        """Run a bot here inside the ``async with`` block.

        :param username: whom it is logged in as.
        :param store: the file that it keeps its events in; in memory if left out.
        """
        password = self.world.users[username.lower()].password
        running = RunningBot(bot, self, Credentials(username=username, password=password))
        async with running.until_closed(store, settings):
            self._running[id(bot)] = running
            try:
                yield
            finally:
                del self._running[id(bot)]

    async def settled(self, bot: Bot) -> None:
        """Wait until a bot has seen all that has happened and has done all that follows.

        :raises AssertionError: if one of its handlers failed meanwhile.
        """
        running = self._running.get(id(bot))
        if running is None:
            raise LookupError("the bot is not running: async with scratch.running(bot)")
        async with asyncio.timeout(PATIENCE):
            await running.settle()

    def do(self, work: Callable[[], T]) -> T:
        """Do something in the sandbox's own thread and return its result."""

        async def task() -> T:
            return work()

        return asyncio.run_coroutine_threadsafe(task(), self._loop).result(PATIENCE)

    def act(self, name: str, *values: Any, **named: Any) -> Any:
        """Do an act of the sandbox, for what :meth:`user` does not offer."""
        method = getattr(self._sandbox.acts, name)
        return self.do(lambda: method(*values, **named))

    def close(self) -> None:
        """End this Scratch."""
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    async def _serve(self, started: "Future[str]") -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        async with AsyncExitStack() as self._stack:
            address = await self._stack.enter_async_context(self._sandbox.serve())
            started.set_result(address)
            await self._stop.wait()

    async def _start_proxy(self) -> Proxy:
        return await self._stack.enter_async_context(proxy(self.address))
