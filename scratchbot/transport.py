"""The one place that does HTTP."""

from collections.abc import Mapping
from random import Random
from typing import Any

import aiohttp

from scratchbot.budget import Budget
from scratchbot.clock import Clock
from scratchbot.errors import SiteDownError, UnexpectedAnswerError
from scratchbot.settings import Network
from scratchbot.site import Account
from scratchbot.version import VERSION
from scratchbot.wire.request import SITE, Answer, File, Request, retry_after

MAX_ANSWER = 16 * 1024 * 1024
READ_ATTEMPTS = 3
FIRST_BACKOFF = 0.5
MAX_RETRY_AFTER = 60.0

_TIMEOUT = aiohttp.ClientTimeout(total=60, connect=10, sock_connect=10, sock_read=20)
_PASSING_STATUSES = (429, 500, 502, 503, 504)


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

    async def send(self, request: Request[Any], account: Account) -> Answer:
        """Send a request in the account's name and return the answer, whatever its status.

        Reads are tried again when the site stumbles; acts are sent once.

        :raises SiteDownError: if there is no answer.
        :raises UnexpectedAnswerError: if the answer is too large.
        """
        attempts = READ_ATTEMPTS if request.method == "GET" else 1
        for attempt in range(1, attempts):
            try:
                answer = await self._send_once(request, account)
            except SiteDownError:
                await self._back_off(attempt, None)
                continue
            if answer.status not in _PASSING_STATUSES:
                return answer
            await self._back_off(attempt, retry_after(answer))
        return await self._send_once(request, account)

    async def close(self) -> None:
        """Close the kept connections."""
        if self._http is not None:
            await self._http.close()
            self._http = None

    async def _back_off(self, attempt: int, wanted: float | None) -> None:
        pause = self._jitter.uniform(0, FIRST_BACKOFF * 2 ** (attempt - 1))
        await self._clock.sleep(max(pause, min(wanted or 0, MAX_RETRY_AFTER)))

    async def _send_once(self, request: Request[Any], account: Account) -> Answer:
        if self._budget is not None:
            await self._budget.take(request.act)
        if self._http is None:
            self._http = aiohttp.ClientSession(
                cookie_jar=aiohttp.DummyCookieJar(), timeout=_TIMEOUT
            )
        base = self._network.endpoint or f"https://{request.host}"
        try:
            async with self._http.request(
                request.method,
                f"{base}{request.path}",
                params=request.query,
                json=request.json,
                data=_body(request),
                headers={"Host": request.host, **_headers(account)},
                allow_redirects=False,
            ) as response:
                return await _read(response)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise SiteDownError(self._unreachable(request, error)) from None

    def _unreachable(self, request: Request[Any], error: Exception) -> str:
        reason = type(error).__name__
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


async def _read(response: aiohttp.ClientResponse) -> Answer:
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
    )
