"""How a synchronous session comes to its way to the site, and lets go of it.

Written by hand beside ``scratchbot/aio/opening.py``: this is the one place where they differ.
"""

import os
import weakref
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self, TypeVar

from scratchbot.checks import FileOrData, read_file
from scratchbot.client import Client
from scratchbot.portal import BlockingSite, ThreadPortal
from scratchbot.settings import Credentials, Network
from scratchbot.site import Site
from scratchbot.wire.request import Request

T = TypeVar("T")


class Opening:
    """A session that logs in when it is made and closes when a ``with`` block ends, or at exit."""

    _site: Site
    _close: Callable[[], object] | None

    def __init__(self, credentials: Credentials) -> None:
        client = Client(credentials, Network.from_environment(os.environ))
        portal = ThreadPortal()
        self._close = weakref.finalize(self, _close, client, portal)
        self._site = BlockingSite(client, portal)
        try:
            portal.wait(client.log_in())
        except BaseException:
            self.close()
            raise

    @classmethod
    def over(cls, site: Site) -> Self:
        """Return a session that uses a way to the site which somebody else opens and closes."""
        session = cls.__new__(cls)
        session._close = None
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

    def _ask(self, request: Request[T]) -> T:
        return ask(self._site, request)


def ask(site: Site, request: Request[T]) -> T:
    """Send a request and return what its answer means.

    :raises SiteError: the one that fits the answer.
    """
    return request.result(site.exchange(request))


def ask_all(site: Site, requests: Sequence[Request[T]]) -> list[T]:
    """Send requests side by side and return what their answers mean, in the same order.

    :raises SiteError: the one that fits the first answer that is a refusal.
    """
    answers = site.exchange_all(requests)
    return [request.result(answer) for request, answer in zip(requests, answers, strict=True)]


def contents(file_or_data: FileOrData) -> bytes:
    """Return bytes as they are, or the contents of the file that a path names.

    :raises InputError: if there is no such file.
    """
    return file_or_data if isinstance(file_or_data, bytes) else read_file(file_or_data)


def _close(client: Client, portal: ThreadPortal) -> None:
    portal.wait(client.close())
    portal.close()
