"""How an asynchronous session comes to its way to the site, and lets go of it."""

import asyncio
import os
from collections.abc import Sequence
from types import TracebackType
from typing import Self, TypeVar

from scratchbot.checks import FileOrData, read_file
from scratchbot.client import Client
from scratchbot.settings import Credentials, Network
from scratchbot.site import AsyncSite
from scratchbot.wire.request import Request

T = TypeVar("T")


class AsyncOpening:
    """A session that logs in when an ``async with`` block begins and closes when it ends."""

    _site: AsyncSite
    _client: Client | None

    def __init__(self, credentials: Credentials) -> None:
        self._client = Client(credentials, Network.from_environment(os.environ))
        self._site = self._client

    @classmethod
    def over(cls, site: AsyncSite) -> Self:
        """Return a session that uses a way to the site which somebody else opens and closes."""
        session = cls.__new__(cls)
        session._client = None
        session._site = site
        return session

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
            await self._client.close()

    async def _ask(self, request: Request[T]) -> T:
        return await ask(self._site, request)


async def ask(site: AsyncSite, request: Request[T]) -> T:
    """Send a request and return what its answer means.

    :raises SiteError: the one that fits the answer.
    """
    return request.result(await site.exchange(request))


async def ask_all(site: AsyncSite, requests: Sequence[Request[T]]) -> list[T]:
    """Send requests side by side and return what their answers mean, in the same order.

    :raises SiteError: the one that fits the first answer that is a refusal.
    """
    answers = await asyncio.gather(*(site.exchange(request) for request in requests))
    return [request.result(answer) for request, answer in zip(requests, answers, strict=True)]


async def contents(file_or_data: FileOrData) -> bytes:
    """Return bytes as they are, or the contents of the file that a path names.

    :raises InputError: if there is no such file.
    """
    if isinstance(file_or_data, bytes):
        return file_or_data
    return await asyncio.to_thread(read_file, file_or_data)
