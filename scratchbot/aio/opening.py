"""How an asynchronous session comes to its way to the site, and lets go of it."""

import asyncio
import os
from collections import deque
from collections.abc import Callable, Coroutine, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from scratchbot.checks import FileOrData, read_file
from scratchbot.errors import ScratchbotError
from scratchbot.settings import Credentials, Network
from scratchbot.site import SIDE_BY_SIDE, AsyncSite
from scratchbot.wire.cloud import NO_HEADERS
from scratchbot.wire.cloudhosts import SCRATCH_CLOUD, CloudHost, find_host
from scratchbot.wire.request import Request

if TYPE_CHECKING:
    from scratchbot.aio.cloud import AsyncCloudConnection
    from scratchbot.client import Client
    from scratchbot.cloud.site import CloudSite

T = TypeVar("T")


class AsyncOpening:
    """A session that logs in when an ``async with`` block begins and closes when it ends."""

    _find_site: Callable[[], AsyncSite]
    _client: "Client | None" = None
    _connections: "list[AsyncCloudConnection]"

    def __init__(self, credentials: Credentials) -> None:
        from scratchbot.client import Client

        self._client = client = Client(credentials, Network.from_environment(os.environ))
        self._find_site = lambda: client
        self._connections = []

    @classmethod
    def over(cls, find_site: Callable[[], AsyncSite]) -> Self:
        """Return a session that uses a way to the site which somebody else opens and closes.

        :param find_site: gives the way, whenever the session needs it.
        """
        session: Self = object.__new__(cls)
        session._find_site = find_site
        return session

    @property
    def _site(self) -> AsyncSite:
        return self._find_site()

    async def __aenter__(self) -> Self:
        if self._client is not None:
            try:
                await self._client.log_in()
            except BaseException:
                await self._client.close()
                raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the session's connections; closing twice changes nothing."""
        if self._client is not None:
            for connection in self._connections:
                await connection.close()
            await self._client.close()

    async def create_cloud_connection(
        self,
        project_id: int | str,
        is_async: bool = False,
        cloud_host: str = SCRATCH_CLOUD,
        headers: Mapping[str, str] = NO_HEADERS,
    ) -> "AsyncCloudConnection":
        """Open a connection to the cloud variables of a project and return it.

        :param is_async: is for the synchronous session, which has both kinds of connection.
        :param cloud_host: the cloud server: ``"scratch"``, ``"turbowarp"``, a host name, or a
            ``ws://`` address.
        :param headers: what is sent besides the usual when the connection is opened.
        :raises NotLoggedInError: if nobody is logged in and the server is Scratch's.
        :raises SiteDownError: if the server does not answer.
        """
        connection = await cloud_connection(self._client, project_id, cloud_host, headers)
        self._connections.append(connection)
        return await connection.opened()

    async def _ask(self, request: Request[T]) -> T:
        return await ask(self._site, request)


def cloud_connection(
    client: "Client | None",
    project_id: int | str,
    host: str,
    headers: Mapping[str, str],
    site: "CloudSite | None" = None,
) -> "Coroutine[Any, Any, AsyncCloudConnection]":
    """Return what logs in and makes a connection to the cloud variables of a project, not open yet.

    :param site: how it reaches the site, if it does not live on the client's loop.
    :raises ScratchbotError: in a handler, whose session shares the bot's connections.
    """
    if client is None:
        raise ScratchbotError(
            "a handler opens no connection of its own: watch Cloud(project_id), and use "
            "session.get_cloud_variable and session.set_cloud_variable"
        )
    server = find_host(host)
    return _cloud_connection(client, server.check_project(project_id), server, headers, site)


async def _cloud_connection(
    client: "Client",
    project_id: int | str,
    server: CloudHost,
    headers: Mapping[str, str],
    site: "CloudSite | None",
) -> "AsyncCloudConnection":
    from scratchbot.aio.cloud import AsyncCloudConnection

    await client.require_cloud_login(server.address)
    return AsyncCloudConnection(
        project_id,
        server,
        client.account.username or "",
        lambda: client.new_socket(project_id, server.address, headers, site=site),
    )


async def ask(site: AsyncSite, request: Request[T]) -> T:
    """Send a request and return what its answer means.

    :raises SiteError: the one that fits the answer.
    """
    return request.result(await site.exchange(request))


async def ask_all(
    site: AsyncSite, requests: Sequence[Request[T]], last: Callable[[T], bool] = lambda _: False
) -> list[T]:
    """Send requests side by side and return what their answers mean, in the same order.

    :param last: whether nothing comes after what an answer means; then no more are sent.
    :raises SiteError: the one that fits the first answer that is a refusal.
    """
    found: dict[int, T] = {}
    waiting = deque(enumerate(requests))

    async def send() -> None:
        while waiting:
            number, request = waiting.popleft()
            found[number] = await ask(site, request)
            if last(found[number]):
                waiting.clear()

    try:
        await asyncio.gather(*(send() for _ in requests[:SIDE_BY_SIDE]))
    finally:
        waiting.clear()
    return [found[number] for number in sorted(found)]


async def contents(file_or_data: FileOrData) -> bytes:
    """Return bytes as they are, or the contents of the file that a path names.

    :raises InputError: if there is no such file.
    """
    if isinstance(file_or_data, bytes):
        return file_or_data
    return await asyncio.to_thread(read_file, file_or_data)
