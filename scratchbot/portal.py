"""How synchronous code waits for asynchronous code: on a loop in a thread of its own."""

import asyncio
import contextlib
import threading
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import CancelledError, Future
from typing import Any, TypeVar

from scratchbot.cloud.site import CloudSite
from scratchbot.errors import ClosedError, ScratchbotError
from scratchbot.site import Account, AsyncSite
from scratchbot.wire.cloud import CloudChange
from scratchbot.wire.request import Answer, Request

T = TypeVar("T")


class Portal:
    """A running event loop that other threads hand coroutines to."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def wait(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the loop and return its result; an interrupt cancels it.

        :raises ClosedError: if the loop is closed.
        :raises ScratchbotError: if it is the one that this thread runs.
        """
        try:
            future = self._hand_over(coroutine)
        except BaseException:
            coroutine.close()
            raise
        try:
            return future.result()
        except CancelledError:
            raise ScratchbotError("the session was closed while it waited") from None
        except BaseException:
            future.cancel()
            raise

    async def fetch(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the loop, for one that runs on another, and return its result.

        :raises ClosedError: if the loop is closed.
        """
        if self._is_here():
            return await coroutine
        try:
            future = self._hand_over(coroutine)
        except BaseException:
            coroutine.close()
            raise
        return await asyncio.wrap_future(future)

    def begin(self, work: Callable[[], Coroutine[Any, Any, object]]) -> None:
        """Let the loop do something that nobody waits for; nothing, if it is closed.

        The garbage collector may call this in any thread, one that holds a lock as well.
        """
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(lambda: self._loop.create_task(work()))

    def _hand_over(self, coroutine: Coroutine[Any, Any, T]) -> "Future[T]":
        if self._is_here():
            raise ScratchbotError(
                "this would block the event loop: use AsyncScratchSession in async code"
            )
        try:
            return asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        except RuntimeError:  # The loop is closed; it may have been open a moment ago.
            raise ClosedError from None

    def _is_here(self) -> bool:
        try:
            return asyncio.get_running_loop() is self._loop
        except RuntimeError:
            return False


class ThreadPortal(Portal):
    """A portal with a loop and a thread of its own, which end when it is closed.

    :param last: what the loop still does before it ends.
    """

    def __init__(self, last: Callable[[], Awaitable[object]]) -> None:
        self._last = last
        self._stop = asyncio.Event()
        self._lock = threading.Lock()
        self._is_open = True
        started: Future[asyncio.AbstractEventLoop] = Future()
        self._thread = threading.Thread(
            target=asyncio.run, args=[self._serve(started)], name="scratchbot", daemon=True
        )
        self._thread.start()
        super().__init__(started.result())

    def close(self) -> None:
        """End the loop and its thread, and what waits there; closing twice changes nothing.

        The garbage collector may call this in any thread, the portal's own as well.
        """
        with self._lock:
            if self._is_open:
                self._is_open = False
                self._loop.call_soon_threadsafe(self._stop.set)
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _hand_over(self, coroutine: Coroutine[Any, Any, T]) -> "Future[T]":
        """Hand over what the loop still gets to: all of that comes before it is told to stop.

        A fork leaves its child a portal without a thread, on which it would wait for ever.
        """
        with self._lock:
            if not (self._is_open and self._thread.is_alive()):
                raise ClosedError
            return super()._hand_over(coroutine)

    async def _serve(self, started: "Future[asyncio.AbstractEventLoop]") -> None:
        started.set_result(asyncio.get_running_loop())
        await self._stop.wait()
        await self._last()


class FarSite:
    """A :class:`~scratchbot.cloud.site.CloudSite` for sockets on other loops than the site's own.

    :param site: what runs on the portal's loop.
    """

    def __init__(self, site: CloudSite, portal: Portal) -> None:
        self._site = site
        self._portal = portal

    @property
    def account(self) -> Account:
        """Who is logged in."""
        return self._site.account

    async def exchange(self, request: Request[Any]) -> Answer:
        """Send a request and return its answer, whatever its status."""
        return await self._portal.fetch(self._site.exchange(request))

    async def require_cloud_login(self, host: str) -> None:
        """Log in, unless that is done already or a cloud server does not ask for it."""
        await self._portal.fetch(self._site.require_cloud_login(host))

    async def doubt_session(self) -> None:
        """Ask the site whether the session is alive; if not, log in again."""
        await self._portal.fetch(self._site.doubt_session())


class BlockingSite:
    """A :class:`~scratchbot.site.Site` that waits for an asynchronous one."""

    def __init__(self, site: AsyncSite, portal: Portal) -> None:
        self._site = site
        self._portal = portal

    @property
    def account(self) -> Account:
        """Who is logged in."""
        return self._site.account

    def exchange(self, request: Request[Any]) -> Answer:
        """Send a request and return its answer, whatever its status."""
        return self._portal.wait(self._site.exchange(request))

    def wait(self, asked: Callable[[AsyncSite], Coroutine[Any, Any, T]]) -> T:
        """Return what asynchronous code gets from the site."""
        return self._portal.wait(asked(self._site))

    def change_cloud(self, change: CloudChange) -> None:
        """Change a cloud variable; returns when the change was sent."""
        self._portal.wait(self._site.change_cloud(change))

    def read_cloud(self, project_id: int | str, name: str, host: str) -> str:
        """Return the value of a cloud variable."""
        return self._portal.wait(self._site.read_cloud(project_id, name, host))
