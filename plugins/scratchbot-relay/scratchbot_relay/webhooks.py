"""Sending to webhooks, and reading what their answers ask for."""

import json
import math
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp

from scratchbot.errors import RateLimitedError, SiteDownError, SiteError
from scratchbot_relay.addresses import PrivateAddressError, open_public_socket
from scratchbot_relay.bodies import Fields, body, headers
from scratchbot_relay.settings import Target

LONGEST_ANSWER = 4_096
"""Bytes of an answer that are read, where any are."""
LONGEST_PAUSE = 86_400.0
"""Seconds that a webhook can ask to be left alone."""
SECONDS = 15.0
"""How long sending may take in all."""


class Webhooks:
    """Sends over the connections of one client session.

    No error says where to: an address that is known lets anybody write there.
    """

    def __init__(self, http: aiohttp.ClientSession) -> None:
        self._http = http

    async def send(self, name: str, target: Target, events: Sequence[Fields]) -> int:
        """Send events together, and return the status of the answer, which is final.

        :param name: what errors call the target.
        :raises RateLimitedError: if the target says when to come again.
        :raises SiteDownError: if it cannot be reached, or is out of order.
        """
        content = body(target, events)
        try:
            async with self._http.post(
                target.url.reveal(),
                data=content,
                headers=headers(target, events, content, int(time.time())),
                allow_redirects=False,
            ) as response:
                if response.status == 429 or response.status >= 500:
                    raise await _put_off(name, response)
                return response.status
        except (aiohttp.ClientError, TimeoutError) as error:
            raise SiteDownError(f"the target {name!r} {_trouble(error)}") from None


@asynccontextmanager
async def webhooks(*, allow_private: bool) -> AsyncIterator[Webhooks]:
    """Open a client session, and close it when the block ends.

    :param allow_private: whether to connect to addresses that are not public.
    """
    connector = aiohttp.TCPConnector(socket_factory=None if allow_private else open_public_socket)
    async with aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=SECONDS),
        auto_decompress=False,
    ) as http:
        yield Webhooks(http)


def wanted_pause(header: str, date: str, content: bytes) -> float | None:
    """Return the seconds that an answer asks to wait, if it does.

    :param header: ``Retry-After``: seconds or a time of day.
    :param date: ``Date``: the webhook's own time of day.
    :param content: the body: Discord's JSON says ``retry_after`` in seconds.
    """
    found = [pause for pause in (_in_header(header, date), _in_json(content)) if pause is not None]
    return min(max(found), LONGEST_PAUSE) if found else None


async def _put_off(name: str, response: aiohttp.ClientResponse) -> SiteError:
    """Return the error that says when to come again."""
    content = await _beginning(response) if response.status == 429 else b""
    given = response.headers
    pause = wanted_pause(given.get("Retry-After", ""), given.get("Date", ""), content)
    said = f"the target {name!r} answers with status {response.status}: it is tried again"
    if response.status == 429 or pause is not None:
        return RateLimitedError(said, retry_after=pause)
    return SiteDownError(said)


async def _beginning(response: aiohttp.ClientResponse) -> bytes:
    content = bytearray()
    while len(content) < LONGEST_ANSWER:
        piece = await response.content.read(LONGEST_ANSWER - len(content))
        if not piece:
            break
        content += piece
    return bytes(content)


def _in_header(header: str, date: str) -> float | None:
    seconds = _seconds(header)
    if seconds is not None:
        return seconds
    until = _moment(header)
    now = _moment(date) or datetime.now(UTC)
    return None if until is None else max(0.0, (until - now).total_seconds())


def _in_json(content: bytes) -> float | None:
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return _seconds(said.get("retry_after")) if isinstance(said, dict) else None


def _seconds(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        seconds = float(value)
    except (ValueError, OverflowError):
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _trouble(error: Exception) -> str:
    if isinstance(error, aiohttp.ClientConnectorError) and isinstance(
        error.os_error, PrivateAddressError
    ):
        return "is on a private address: set allow_private = true if that is meant"
    return f"does not answer ({type(error).__name__}): it is tried again"
