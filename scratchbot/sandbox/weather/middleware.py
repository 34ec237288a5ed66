"""Lets the weather loose on the answers of the server."""

import asyncio
import json
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from random import Random
from typing import Any

from aiohttp import web

from scratchbot.sandbox.weather.effects import Effects
from scratchbot.sandbox.weather.weather import Weather

KEPT_ANSWERS = 50
KEPT_LISTS = 200
"""Paths, each as one reader sees it, whose answers are kept: those asked for last."""
LOOK_SECONDS = 0.05
CHUNKS_A_SECOND = 10
STRUCK = web.RequestKey("weather", str)
"""What the weather did to a request, in words."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Storm:
    """Carries out what the weather decides.

    :param log_out: ends the session of who asks.
    :param clock: seconds since 1970.
    """

    def __init__(
        self,
        weather: Weather,
        clock: Callable[[], float],
        log_out: Callable[[web.Request], None],
    ) -> None:
        self._weather = weather
        self._clock = clock
        self._log_out = log_out
        self._answers: OrderedDict[str, deque[tuple[float, str, web.Response]]] = OrderedDict()

    async def pass_through(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer a request through the weather."""
        effects = self._weather.request(request.method, request.host, request.path)
        request[STRUCK] = ", ".join(effects.as_json())
        if not effects:
            answer = await handler(request)
            self._keep(request, answer)
            return answer
        if effects.delay:
            await asyncio.sleep(effects.delay)
        if effects.timeout:
            return await _silence(request)
        if effects.maintenance:
            return _maintenance()
        if effects.status is not None:
            return _cdn_error(effects.status)
        if effects.log_out:
            self._log_out(request)
        old = self._old_answer(request, effects)
        if old is not None:
            return await self._damage(request, old, effects)
        answer = await handler(request)
        self._keep(request, answer)
        return await self._damage(request, answer, effects)

    async def _damage(
        self, request: web.Request, answer: web.StreamResponse, effects: Effects
    ) -> web.StreamResponse:
        if not isinstance(answer, web.Response):
            return answer
        raw = _raw(answer)
        if effects.reorder:
            raw = _reordered(raw, f"{self._weather.seed}:{request.path_qs}")
        if effects.truncate:
            raw = raw[: len(raw) // 2]
        changed = _copy(answer, raw)
        if effects.reset:
            return await _broken_off(request, changed, raw)
        if effects.bytes_per_second:
            return await _slowly(request, changed, raw, effects.bytes_per_second)
        return changed

    def _keep(self, request: web.Request, answer: web.StreamResponse) -> None:
        wanted = request.method == "GET" and self._weather.keeps_answers
        if wanted and isinstance(answer, web.Response) and answer.status == 200:
            who = _who_asks(request)
            kept = self._answers.setdefault(who, deque(maxlen=KEPT_ANSWERS))
            kept.append((self._clock(), request.query_string, _copy(answer, _raw(answer))))
            self._answers.move_to_end(who)
            if len(self._answers) > KEPT_LISTS:
                self._answers.popitem(last=False)

    def _old_answer(self, request: web.Request, effects: Effects) -> web.Response | None:
        kept = self._answers.get(_who_asks(request), ())
        if effects.stale is not None:
            same = [(at, one) for at, query, one in kept if query == request.query_string]
            old = [one for at, one in same if at <= self._clock() - (effects.stale or 0.0)]
            found = old[-1] if old else (same[0][1] if same else None)
            return None if found is None else _copy(found, _raw(found))
        if effects.repeat and request.query.get("offset", "0") != "0" and kept:
            return _copy(kept[-1][2], _raw(kept[-1][2]))
        return None


def _who_asks(request: web.Request) -> str:
    """Return what tells the answers of one reader from those of another."""
    token, cookie = request.headers.get("X-Token", ""), request.headers.get("Cookie", "")
    return f"{request.host}{request.path}|{token}|{cookie}"


def _raw(answer: web.Response) -> bytes:
    return bytes(answer.body) if isinstance(answer.body, bytes | bytearray) else b""


def _copy(answer: web.Response, raw: bytes) -> web.Response:
    kept = {
        name: value
        for name, value in answer.headers.items()
        if name.lower() not in ("content-length", "content-type")
    }
    return web.Response(
        body=raw,
        status=answer.status,
        headers={**kept, "Content-Type": answer.headers.get("Content-Type", "text/plain")},
    )


def _reordered(raw: bytes, seed: str) -> bytes:
    try:
        rows: Any = json.loads(raw)
    except ValueError:
        return raw
    if isinstance(rows, list):
        Random(seed).shuffle(rows)
    return json.dumps(rows).encode()


def _cdn_error(status: int) -> web.Response:
    text = (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n<html>\n  <head>\n'
        f"    <title>{status} first byte timeout</title>\n  </head>\n  <body>\n"
        f"    <h1>Error {status} first byte timeout</h1>\n    <p>first byte timeout</p>\n"
        "    <h3>Guru Mediation:</h3>\n    <p>Details: cache-sandbox</p>\n    <hr>\n"
        "    <p>Varnish cache server</p>\n  </body>\n</html>\n"
    )
    return web.Response(text=text, content_type="text/html", status=status)


def _maintenance() -> web.Response:
    text = (
        "<!DOCTYPE html>\n<html><head><title>Scratch - Under Maintenance</title></head>"
        "<body><h1>Scratch is under maintenance</h1><p>We will be back soon.</p></body></html>\n"
    )
    return web.Response(text=text, content_type="text/html", status=503)


async def _silence(request: web.Request) -> web.StreamResponse:
    """Never answer: wait until the client has gone."""
    transport = request.transport
    while transport is not None and not transport.is_closing():  # noqa: ASYNC110
        await asyncio.sleep(LOOK_SECONDS)
    return web.Response(status=504)


async def _broken_off(request: web.Request, answer: web.Response, raw: bytes) -> web.StreamResponse:
    """Send half of an answer and cut the line; one without a body is promised a byte of it."""
    transport = request.transport
    head = f"HTTP/1.1 {answer.status} OK\r\nContent-Length: {len(raw) or 1}\r\n"
    kind = f"Content-Type: {answer.headers['Content-Type']}\r\n\r\n"
    if transport is not None:
        transport.write((head + kind).encode() + raw[: len(raw) // 2])
        await asyncio.sleep(0)
        transport.close()
    return answer


async def _slowly(
    request: web.Request, answer: web.Response, raw: bytes, bytes_per_second: float
) -> web.StreamResponse:
    stream = web.StreamResponse(status=answer.status, headers=answer.headers)
    stream.content_length = len(raw)
    await stream.prepare(request)
    size = max(1, int(bytes_per_second / CHUNKS_A_SECOND))
    for start in range(0, len(raw), size):
        await stream.write(raw[start : start + size])
        await asyncio.sleep(min(size, len(raw) - start) / bytes_per_second)
    await stream.write_eof()
    return stream
