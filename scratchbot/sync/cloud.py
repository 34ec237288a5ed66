"""Connections to the cloud variables of a project, for programs without a loop of their own.

Written by hand beside ``scratchbot/aio/cloud.py``: the connection lives on the session's loop, and
its listeners are called one after the other in a thread of their own, so that they may wait.
"""

import asyncio
import contextlib
import threading
import weakref
from types import TracebackType
from typing import Self

import structlog

from scratchbot.aio.cloud import AsyncCloudConnection
from scratchbot.cloud.audience import Queue
from scratchbot.cloud.tellings import tell_of
from scratchbot.cloud_events import CloudEvents, Event, waits
from scratchbot.errors import ClosedError, ScratchbotError
from scratchbot.portal import Portal
from scratchbot.site import Site

_log = structlog.get_logger("scratchbot.cloud")


class CloudConnection(CloudEvents):
    """The cloud variables of one project, over a connection that comes back when it drops.

    While there are listeners, the program goes on until the connection is closed.

    :param connection: what is done here, awaited.
    :param portal: the loop that it lives on.
    :param site: what has to stay open for it, if its session is gone.
    """

    def __init__(self, connection: AsyncCloudConnection, portal: Portal, site: Site) -> None:
        super().__init__()
        self._site = site
        self._connection = connection
        self._portal = portal
        self._is_closed = False
        self._thread: threading.Thread | None = None
        portal.wait(connection.opened())
        weakref.finalize(self, portal.begin, connection.close).atexit = False

    @property
    def project_id(self) -> int | str:
        """The project."""
        return self._connection.project_id

    @property
    def cloud_host(self) -> str:
        """The cloud server."""
        return self._connection.cloud_host

    def get_cloud_variable(self, name: str) -> str:
        """Return the value of a variable, as the connection knows it.

        :param name: with or without the cloud sign.
        :raises NotFoundError: if the project has no such variable.
        :raises ForbiddenError: if the server has thrown the account out.
        """
        return self._connection.get_cloud_variable(name)

    def set_cloud_variable(
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
        self._portal.wait(self._connection.set_cloud_variable(name, value, queue=queue, seen=seen))

    def create_cloud_variable(self, name: str, initial_value: float | str = 0) -> None:
        """Make a variable; returns when that was sent.

        :param name: with or without the cloud sign.
        :param initial_value: a number of at most 256 characters.
        :raises InputError: if the value is no such number, or the project has ten variables.
        """
        self._portal.wait(self._connection.create_cloud_variable(name, initial_value))

    def delete_cloud_variable(self, name: str) -> None:
        """Delete a variable; returns when that was sent.

        :param name: with or without the cloud sign.
        """
        self._portal.wait(self._connection.delete_cloud_variable(name))

    def close(self) -> None:
        """Close the connection and call no listener any more; closing twice changes nothing.

        A listener that has been called is waited for.
        """
        self._is_closed = True
        with contextlib.suppress(ClosedError):
            self._portal.wait(self._connection.close())
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()

    def _listened(self) -> None:
        if self._thread is None or self._is_closed:
            queue = self._portal.wait(self._open_queue())
            self._thread = threading.Thread(
                target=self._call, args=[queue], name="scratchbot cloud"
            )
            self._thread.start()

    async def _open_queue(self) -> Queue:
        return self._connection._open_socket.open_queue()

    def _call(self, queue: Queue) -> None:
        """Call listeners in their turn, until the connection is closed."""
        with contextlib.suppress(ScratchbotError):  # the session's end
            while notices := self._portal.wait(queue.take()):
                for notice in notices:
                    tell_of(notice, self._connection.username, self._tell)

    def _tell(self, event: Event, *told: object) -> None:
        for listener in self._take(event):
            if self._is_closed:
                return
            try:
                rest = waits(listener(*told))
                if rest is not None:
                    asyncio.run(rest)
            except (Exception, asyncio.CancelledError):  # of something that it waited for
                _log.exception("cloud_listener_failed", key=event)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
