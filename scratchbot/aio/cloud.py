"""Connections to the cloud variables of a project."""

import asyncio
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Self

import structlog

from scratchbot.cloud.notices import CloudNotice
from scratchbot.cloud.socket import CloudSocket
from scratchbot.cloud.tellings import tell_of
from scratchbot.cloud_events import CloudEvents, Event, waits
from scratchbot.errors import ScratchbotError, SiteDownError
from scratchbot.wire.cloud import (
    CloudChange,
    Method,
    cloud_name,
    cloud_value,
)
from scratchbot.wire.cloudhosts import CloudHost

OPENED_WITHIN = 30.0
"""Seconds that the server has for its first answer."""

_log = structlog.get_logger("scratchbot.cloud")


class AsyncCloudConnection(CloudEvents):
    """The cloud variables of one project, over a connection that comes back when it drops.

    Listeners can be plain functions or coroutine functions; what goes wrong in one is logged.

    :param project_id: the project.
    :param server: the cloud server.
    :param username: who plays.
    :param socket: makes the socket, in the loop that will run it.
    """

    def __init__(
        self,
        project_id: int | str,
        server: CloudHost,
        username: str,
        socket: Callable[[], CloudSocket],
    ) -> None:
        super().__init__()
        self.project_id = project_id
        self.cloud_host = server.address
        self._server = server
        self.username = username
        self._make_socket = socket
        self._socket: CloudSocket | None = None
        self._life: asyncio.Task[None] | None = None
        self._connected: asyncio.Event
        self._telling: set[asyncio.Task[None]] = set()

    def run(self) -> None:
        """Connect and listen until the connection is closed, in a loop of its own."""
        asyncio.run(self.connect())

    async def connect(self) -> None:
        """Connect and listen until the connection is closed.

        :raises ForbiddenError: if the server does not let this account in, now or later.
        :raises NotFoundError: if there is no such project.
        """
        life = self.life
        try:
            await asyncio.shield(life)
        except asyncio.CancelledError:
            if not life.cancelled():
                raise
        self._check_life()

    async def opened(self) -> Self:
        """Connect, go on listening in the background, and return when the values are there.

        :raises SiteDownError: if the server does not answer.
        :raises ForbiddenError: if the server does not let this account in.
        :raises NotFoundError: if there is no such project.
        """
        life = self.life
        connected = asyncio.ensure_future(self._connected.wait())
        try:
            await asyncio.wait(
                [life, connected], timeout=OPENED_WITHIN, return_when=asyncio.FIRST_COMPLETED
            )
        except asyncio.CancelledError:
            await self.close()
            raise
        finally:
            connected.cancel()
        if life.done() and not life.cancelled():
            life.result()  # such as that of headers that are none
        self._check_life()
        if not self._connected.is_set():
            await self.close()
            raise SiteDownError(f"the cloud server {self.cloud_host} does not answer: try later")
        return self

    @property
    def life(self) -> "asyncio.Task[None]":
        """The listening, which ends when the connection is closed."""
        return self._start()

    async def close(self) -> None:
        """Close the connection; closing twice changes nothing."""
        if self._life is not None and not self._life.done():
            self._life.cancel()
            await asyncio.wait([self._life])
        self._socket = None

    async def __aenter__(self) -> Self:
        return await self.opened()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    def get_cloud_variable(self, name: str) -> str:
        """Return the value of a variable, as the connection knows it.

        :param name: with or without the cloud sign.
        :raises NotFoundError: if the project has no such variable.
        :raises ForbiddenError: if the server has thrown the account out.
        """
        return self._open_socket.value(cloud_name(name))

    async def set_cloud_variable(
        self, name: str, value: float | str, *, queue: bool = False, seen: bool = False
    ) -> None:
        """Set a variable; returns when the new value was sent.

        The site takes ten sets a second. Of those to one variable that wait for their turn only the
        last is sent.

        :param name: with or without the cloud sign.
        :param value: a number of at most 256 characters.
        :param queue: whether to send it even if a newer value waits too, as for messages; then it
            is sent when the server has answered a ping after it.
        :param seen: whether to return only when the server has shown the value, in its log or by
            an echo.
        :raises InputError: if the value is no such number.
        :raises NotFoundError: if there is no such variable and the server makes none by setting.
        :raises SiteDownError: if the server cannot be reached, or shows no sign of the value.
        """
        await self._change("set", name, self._written(value), queue=queue, seen=seen)

    async def create_cloud_variable(self, name: str, initial_value: float | str = 0) -> None:
        """Make a variable; returns when that was sent.

        :param name: with or without the cloud sign.
        :param initial_value: a number of at most 256 characters.
        :raises InputError: if the value is no such number, or the project has ten variables.
        """
        await self._change("create", name, self._written(initial_value))

    async def delete_cloud_variable(self, name: str) -> None:
        """Delete a variable; returns when that was sent.

        :param name: with or without the cloud sign.
        """
        await self._change("delete", name, None)

    @property
    def _open_socket(self) -> CloudSocket:
        if self._socket is None:
            raise ScratchbotError(
                "the connection is not open: create another one, or if it is an asynchronous one, "
                "await connect() in a task first"
            )
        return self._socket

    def _check_life(self) -> None:
        """Do nothing unless the server has ended the connection for good."""
        if self._socket is not None:
            self._socket.check_life()

    def _start(self) -> "asyncio.Task[None]":
        if self._life is None or self._life.done():
            self._socket, self._connected = self._make_socket(), asyncio.Event()
            self._life = asyncio.create_task(self._listen(self._socket))
        return self._life

    async def _listen(self, socket: CloudSocket) -> None:
        socket.listen(self._hear)
        try:
            await socket.live()
        except ScratchbotError as error:
            _log.error("cloud_ended", project=self.project_id, error=str(error)[:200])
        finally:
            self._connected.clear()
            await socket.close()

    def _hear(self, notice: CloudNotice) -> None:
        if notice.kind == "ready":
            self._connected.set()
        tell_of(notice, self.username, self._tell)

    def _written(self, value: float | str) -> str:
        return cloud_value(value, self._server.longest_value)

    async def _change(
        self,
        method: Method,
        name: str,
        value: str | None,
        *,
        queue: bool = False,
        seen: bool = False,
    ) -> None:
        change = CloudChange(
            project_id=self.project_id,
            host=self.cloud_host,
            method=method,
            name=cloud_name(name),
            value=value,
            queue=queue,
            seen=seen,
        )
        await self._open_socket.change(change)

    def _tell(self, key: Event, *told: object) -> None:
        for listener in self._take(key):
            try:
                result = listener(*told)
            except (Exception, asyncio.CancelledError):  # of something that it waited for
                _log.exception("cloud_listener_failed", key=key)
                continue
            if result is not None:
                self._await(key, waits(result))

    def _await(self, key: Event, rest: Coroutine[Any, Any, Any] | None) -> None:
        """Let a listener that is a coroutine function go on."""
        if rest is not None:
            task = asyncio.create_task(_finish(key, rest))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)


async def _finish(key: Event, rest: Coroutine[Any, Any, Any]) -> None:
    try:
        await rest
    except Exception:
        _log.exception("cloud_listener_failed", key=key)
