"""The one place that does HTTP."""

from collections.abc import Mapping
from random import Random
from typing import Any

import aiohttp

from scratchbot.budget import Budget
from scratchbot.clock import Clock
from scratchbot.errors import ClosedError, SiteDownError, UnexpectedAnswerError
from scratchbot.settings import Network
from scratchbot.site import Account
from scratchbot.version import VERSION
from scratchbot.wire.request import SITE, Answer, File, Request, retry_after

MAX_ANSWER = 16 * 1024 * 1024
"""Bytes of an answer, unpacked."""
ATTEMPTS = 3
FIRST_BACKOFF = 0.5
MAX_RETRY_AFTER = 60.0
CONNECTIONS = 32
CONNECTIONS_A_HOST = 16
KEPT_SECONDS = 15.0

_TIMEOUT = aiohttp.ClientTimeout(total=60, sock_connect=10, sock_read=20)
_PASSING_STATUSES = (429, 500, 502, 503, 504)
_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (aiohttp.ClientConnectorDNSError, "its name is not known"),
    (aiohttp.ClientSSLError, "there is no safe connection"),
    (aiohttp.ClientConnectorError, "there is no connection"),
    (aiohttp.ServerDisconnectedError, "it hung up"),
    (TimeoutError, "it took too long"),
)
"""Why there is no answer, in words; the first that fits."""
_UNSENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)


class Transport:
    """Sends requests over a pool of kept connections.

    :param network: where they go: to the site's hosts or all to one endpoint.
    :param jitter: where the jitter of the backoff comes from.
    """

    def __init__(self, network: Network, clock: Clock, jitter: Random) -> None:
        self._network = network
        self._clock = clock
        self._jitter = jitter
        self._budget = Budget(clock) if network.limits else None
        self._http: aiohttp.ClientSession | None = None
        self._is_closed = False

    async def send(self, request: Request[Any], account: Account) -> Answer:
        """Send a request in the account's name and return the answer, whatever its status.

        Reads are tried again when the site stumbles; acts only where none can have arrived.

        :raises SiteDownError: if there is no answer.
        :raises UnexpectedAnswerError: if the answer is too large.
        :raises ClosedError: after :meth:`close`.
        """
        is_read = request.method == "GET" and request.act is None
        for attempt in range(1, ATTEMPTS):
            try:
                answer = await self._send_once(request, account)
            except SiteDownError as error:
                if error.arrived and not is_read:
                    raise
                await self._back_off(attempt)
                continue
            wanted = retry_after(answer) or 0
            if answer.status not in _PASSING_STATUSES or not is_read or wanted > MAX_RETRY_AFTER:
                return answer
            await self._back_off(attempt, wanted)
        return await self._send_once(request, account)

    async def close(self) -> None:
        """Close the kept connections, for good."""
        self._is_closed = True
        if self._http is not None:
            await self._http.close()

    async def _back_off(self, attempt: int, wanted: float = 0) -> None:
        pause = self._jitter.uniform(0, FIRST_BACKOFF * 2 ** (attempt - 1))
        await self._clock.sleep(max(pause, wanted))

    async def _send_once(self, request: Request[Any], account: Account) -> Answer:
        if self._budget is not None:
            await self._budget.take(request.act)
        base = self._network.endpoint or f"https://{request.host}"
        try:
            async with self._open().request(
                request.method,
                f"{base}{request.path}",
                params=request.query,
                json=request.json,
                data=_body(request),
                headers={"Host": request.host, **_headers(account)},
                allow_redirects=False,
            ) as response:
                return await self._read(response)
        except (aiohttp.ClientError, TimeoutError) as error:
            arrived = not isinstance(error, _UNSENT)
            raise SiteDownError(self._unreachable(request, error), arrived=arrived) from None

    def _open(self) -> aiohttp.ClientSession:
        if self._is_closed:
            raise ClosedError
        if self._http is None:
            self._http = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=CONNECTIONS,
                    limit_per_host=CONNECTIONS_A_HOST,
                    keepalive_timeout=KEPT_SECONDS,
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=_TIMEOUT,
            )
            # aiohttp would send DELETE and PUT a second time when a kept connection breaks.
            self._http._retry_connection = False
        return self._http

    async def _read(self, response: aiohttp.ClientResponse) -> Answer:
        body = bytearray()
        async for chunk in response.content.iter_any():
            body += chunk
            if len(body) > MAX_ANSWER:
                raise UnexpectedAnswerError("the site's answer is larger than any that makes sense")
        return Answer(
            status=response.status,
            body=bytes(body),
            headers={name.lower(): value for name, value in response.headers.items()},
            cookies={name: morsel.value for name, morsel in response.cookies.items()},
            at=self._clock.now(),
        )

    def _unreachable(self, request: Request[Any], error: Exception) -> str:
        reason = next((said for kind, said in _REASONS if isinstance(error, kind)), "it broke off")
        if self._network.endpoint is not None:
            return (
                f"nothing answers at {self._network.endpoint} ({reason}): "
                "is the sandbox running there?"
            )
        return f"{request.host} does not answer ({reason}): check the network, or try again later"


def _body(request: Request[Any]) -> bytes | aiohttp.FormData | None:
    """Return what a request sends besides JSON."""
    if request.parts is None and request.form is None:
        return request.body
    form = aiohttp.FormData(default_to_multipart=request.parts is not None)
    for name, value in (request.parts or request.form or {}).items():
        if isinstance(value, File):
            form.add_field(
                name, value.contents, filename=value.name, content_type=value.content_type
            )
        else:
            form.add_field(name, value)
    return form


def _headers(account: Account) -> Mapping[str, str]:
    """Return what the site's own pages send along."""
    cookies = {"scratchlanguage": "en"}
    headers = {
        "User-Agent": f"scratchbot/{VERSION}",
        "Accept": "application/json, text/html",
        "Accept-Encoding": "gzip, deflate, br",
        "X-Requested-With": "XMLHttpRequest",
        "Referer": f"https://{SITE}/",
        "Origin": f"https://{SITE}",
    }
    if account.csrf_token:
        cookies["scratchcsrftoken"] = headers["X-CSRFToken"] = account.csrf_token
    if account.token:
        headers["X-Token"] = account.token
    if account.session_id:
        cookies["scratchsessionsid"] = f'"{account.session_id}"'
    headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return headers
