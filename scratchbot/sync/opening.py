"""How a synchronous session comes to its way to the site, and lets go of it.

Written by hand beside ``scratchbot/aio/opening.py``: this is the one place where they differ.
"""

import os
import weakref
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self, TypeVar, overload

from scratchbot.aio import opening
from scratchbot.checks import FileOrData, read_file
from scratchbot.settings import Credentials, Network
from scratchbot.site import Site
from scratchbot.wire.cloud import NO_HEADERS
from scratchbot.wire.cloudhosts import SCRATCH_CLOUD
from scratchbot.wire.request import Request

if TYPE_CHECKING:
    from scratchbot.aio.cloud import AsyncCloudConnection
    from scratchbot.client import Client
    from scratchbot.portal import Portal
    from scratchbot.sync.cloud import CloudConnection

T = TypeVar("T")


class Opening:
    """A session that logs in when it is made.

    It closes when a ``with`` block ends, when nothing that came from it is used any more, or at
    exit.
    """

    _site: Site
    _client: "Client | None"
    _portal: "Portal"
    _close: Callable[[], object] | None

    def __init__(self, credentials: Credentials) -> None:
        from scratchbot.client import Client
        from scratchbot.portal import BlockingSite, ThreadPortal

        self._client = client = Client(credentials, Network.from_environment(os.environ))
        self._connections: weakref.WeakSet[AsyncCloudConnection] = weakref.WeakSet()
        self._portal = portal = ThreadPortal(partial(_close, client, self._connections))
        self._site = BlockingSite(client, portal)
        # What the session gave out holds the way to the site too, and it stays open as long.
        self._close = weakref.finalize(self._site, portal.close)
        try:
            portal.wait(client.log_in())
        except BaseException:
            self.close()
            raise

    @classmethod
    def over(cls, site: Site) -> Self:
        """Return a session that uses a way to the site which somebody else opens and closes."""
        session = cls.__new__(cls)
        session._close = session._client = None
        session._site = site
        return session

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the session's connections and its thread; closing twice changes nothing."""
        if self._close is not None:
            self._close()

    @overload
    def create_cloud_connection(
        self,
        project_id: int | str,
        is_async: Literal[False] = False,
        cloud_host: str = SCRATCH_CLOUD,
        headers: Mapping[str, str] = NO_HEADERS,
    ) -> "CloudConnection": ...
    @overload
    def create_cloud_connection(
        self,
        project_id: int | str,
        is_async: Literal[True],
        cloud_host: str = SCRATCH_CLOUD,
        headers: Mapping[str, str] = NO_HEADERS,
    ) -> "AsyncCloudConnection": ...
    def create_cloud_connection(
        self,
        project_id: int | str,
        is_async: bool = False,
        cloud_host: str = SCRATCH_CLOUD,
        headers: Mapping[str, str] = NO_HEADERS,
    ) -> "CloudConnection | AsyncCloudConnection":
        """Return a connection to the cloud variables of a project.

        :param is_async: whether to return an asynchronous one, which is opened by its ``run()`` or
            ``await connect()``; the synchronous one is open.
        :param cloud_host: the cloud server: ``"scratch"``, ``"turbowarp"``, a host name, or a
            ``ws://`` address.
        :param headers: what is sent besides the usual when the connection is opened.
        :raises NotLoggedInError: if nobody is logged in and the server is Scratch's.
        :raises SiteDownError: if the server does not answer.
        """
        from scratchbot.portal import FarSite
        from scratchbot.sync.cloud import CloudConnection

        client = self._client
        site = None if client is None else FarSite(client, self._portal)
        connection = self._portal.wait(
            opening.cloud_connection(self._client, project_id, cloud_host, headers, site)
        )
        if is_async:
            return connection
        self._connections.add(connection)
        return CloudConnection(connection, self._portal, self._site)

    def _ask(self, request: Request[T]) -> T:
        return ask(self._site, request)


def ask(site: Site, request: Request[T]) -> T:
    """Send a request and return what its answer means.

    :raises SiteError: the one that fits the answer.
    """
    return request.result(site.exchange(request))


def ask_all(
    site: Site, requests: Sequence[Request[T]], last: Callable[[T], bool] = lambda _: False
) -> list[T]:
    """Send requests side by side and return what their answers mean, in the same order.

    :param last: whether nothing comes after what an answer means; then no more are sent.
    :raises SiteError: the one that fits the first answer that is a refusal.
    """
    return site.wait(lambda way: opening.ask_all(way, requests, last))


def contents(file_or_data: FileOrData) -> bytes:
    """Return bytes as they are, or the contents of the file that a path names.

    :raises InputError: if there is no such file.
    """
    return file_or_data if isinstance(file_or_data, bytes) else read_file(file_or_data)


async def _close(client: "Client", connections: "Collection[AsyncCloudConnection]") -> None:
    for connection in [*connections]:
        await connection.close()
    await client.close()
