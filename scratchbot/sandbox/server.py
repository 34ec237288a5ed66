"""The server: every host of the site on one port, told apart by the ``Host`` header."""

import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from scratchbot.sandbox import hosts
from scratchbot.sandbox.acts import Acts
from scratchbot.sandbox.hosts.context import (
    CONTEXT,
    Context,
    Route,
    host_name,
    login,
    session,
)
from scratchbot.sandbox.limits import Limits
from scratchbot.sandbox.pages import control, people
from scratchbot.sandbox.render.html import forged, lost, page
from scratchbot.sandbox.requestlog import LoggedRequest, RequestLog, shown
from scratchbot.sandbox.rules import ForgedError, MutedError, RefusedError
from scratchbot.sandbox.sessions import Sessions
from scratchbot.sandbox.times import header_time
from scratchbot.sandbox.weather import Weather
from scratchbot.sandbox.weather.middleware import STRUCK, Storm
from scratchbot.sandbox.world import World

OLD_SITE = "scratch.mit.edu"
_CODES = {
    400: "BadRequest",
    403: "Forbidden",
    404: "NotFound",
    405: "MethodNotAllowed",
    409: "Conflict",
    429: "TooManyRequests",
}
_REDIRECTED = ("/users/", "/discuss", "/classes/", "/session", "/csrf_token", "/projects/all/")
"""Paths of the old site that send who leaves out the last slash to where it is."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Sandbox:
    """A local Scratch.

    :param world: what there is; acts change it.
    :param clock: seconds since 1970.
    :param limits: whether the site's rate limits are kept.
    """

    def __init__(self, world: World, *, clock: Callable[[], float], limits: bool = True) -> None:
        self.world = world
        self.weather = Weather(clock)
        self.acts = Acts(world, self.now, limits=limits)
        self.sessions = Sessions(self.now)
        self.requests = RequestLog()
        self._clock = clock
        self._limits = Limits(clock) if limits else None
        self._context = Context(
            world, self.acts, self.sessions, self.weather, self.requests, self.now
        )
        self._storm = Storm(self.weather, clock, self._log_out)

    def now(self) -> float:
        """Return the site's time, which the weather can put wrong."""
        return self._clock() + self.weather.skew

    @asynccontextmanager
    async def serve(self, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
        """Serve the world inside an ``async with`` block, whose value is the address.

        :param port: 0 takes a free one.
        :raises OSError: if the port is in use.
        """
        runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        try:
            site = web.TCPSite(runner, host, port)
            await site.start()
            used = runner.addresses[0][1]
            shown = f"[{host}]" if ":" in host else host
            yield f"http://{shown}:{used}"
        finally:
            await runner.cleanup()

    def _application(self) -> web.Application:
        application = web.Application(
            middlewares=[self._logged, self._weathered, self._limited, _polite],
            client_max_size=16 << 20,
        )
        application.on_response_prepare.append(self._date)
        application[CONTEXT] = self._context
        pages = [*people.ROUTES, *control.ROUTES]
        for host, routes in hosts.routes(self._context).items():
            application.add_domain(host, _host([*pages, *routes] if host == OLD_SITE else routes))
        _add(application, pages)
        return application

    async def _date(self, request: web.Request, answer: web.StreamResponse) -> None:
        """Let answers bear the site's time, and not the machine's."""
        answer.headers["Date"] = header_time(self.now())

    @web.middleware
    async def _logged(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Write each request to one of the site's hosts into the log."""
        if not _asks_the_site(request):
            return await handler(request)
        began, status, answered = time.perf_counter(), 500, ""
        asking = login(request)
        try:
            asked = await _asked(request)
        except web.RequestPayloadError:
            return _refused(request, RefusedError(400, "the body is not what its headers say"))
        try:
            answer = await handler(request)
            status, answered = answer.status, shown(getattr(answer, "body", None))
            return answer
        finally:
            self.requests.requests.append(
                LoggedRequest(
                    number=next(self.requests.numbers),
                    at=self.now(),
                    who=asking.user.username if asking is not None else "",
                    method=request.method,
                    host=request.host,
                    path=str(request.rel_url.without_query_params("x-token")),
                    status=status,
                    milliseconds=(time.perf_counter() - began) * 1000,
                    weather=request.get(STRUCK, ""),
                    asked=asked,
                    answered=answered,
                )
            )

    @web.middleware
    async def _weathered(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let the weather loose on the site's hosts, not on the sandbox's own pages."""
        if not _asks_the_site(request):
            return await handler(request)
        return await self._storm.pass_through(request, handler)

    @web.middleware
    async def _limited(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuse who asks too often."""
        if self._limits is not None and _asks_the_site(request):
            asking = login(request)
            client = asking.user.key if asking is not None else f"address {request.remote}"
            wait = self._limits.wait(client, write=request.method not in ("GET", "HEAD"))
            if wait:
                answer = web.Response(status=429)
                if host_name(request) != OLD_SITE:
                    answer = _refused(request, RefusedError(429, "too many requests"))
                answer.headers["Retry-After"] = str(int(wait) + 1)
                return answer
        return await handler(request)

    def _log_out(self, request: web.Request) -> None:
        for found in (login(request), session(request)):
            if found is not None:
                self.sessions.close(found)


@web.middleware
async def _polite(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer refusals as the site does, and let its own pages read its other hosts."""
    if not _asks_the_site(request):
        return await _answered(request, handler)
    if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
        return _shared(request, web.Response(status=204))
    missing_slash = host_name(request) == OLD_SITE and request.method == "GET"
    if missing_slash and not request.path.endswith("/") and request.path.startswith(_REDIRECTED):
        return _moved(301, request, f"{request.rel_url.raw_path}/")
    return _shared(request, await _answered(request, handler))


async def _asked(request: web.Request) -> str:
    """Return how the body begins; one of several parts can be read only once, by its handler."""
    if not request.can_read_body:
        return ""
    if request.content_type.startswith("multipart/"):
        return "(several parts)"
    return shown(await request.read())


async def _answered(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Return a handler's answer, or what tells that there is none."""
    try:
        return await handler(request)
    except RefusedError as refused:
        return _refused(request, refused)
    except web.HTTPNotFound:
        return _no_such_path(request)
    except web.HTTPMethodNotAllowed:
        return _refused(request, RefusedError(405, "no such method"))


def _refused(request: web.Request, refused: RefusedError) -> web.Response:
    """Return a refusal: a page on the old site, else JSON that keeps its reasons to itself."""
    headers = {"X-Sandbox-Reason": re.sub(r"[^ -~]", "?", str(refused))}
    if isinstance(refused, MutedError):
        mute = {"mute_status": refused.mute_status}
        return web.json_response(mute, status=refused.status, headers=headers)
    if host_name(request) == OLD_SITE and not refused.told:
        shown = lost() if refused.status == 404 else page(str(refused.status), "<p>Sorry.</p>")
        if isinstance(refused, ForgedError):
            shown = forged()
        return web.Response(
            text=shown, content_type="text/html", status=refused.status, headers=headers
        )
    told = {"code": _CODES.get(refused.status, "Error"), "message": refused.told}
    if not hosts.is_scratch(host_name(request)):
        told["message"] = str(refused)
    return web.json_response(told, status=refused.status, headers=headers)


def _no_such_path(request: web.Request) -> web.Response:
    if "//" in request.path:
        return _moved(308, request, re.sub("/+", "/", request.rel_url.raw_path))
    if host_name(request) == OLD_SITE:
        return _refused(request, RefusedError(404, "no such page"))
    told = {"code": "ResourceNotFound", "message": f"{request.path} does not exist"}
    return web.json_response(told, status=404)


def _moved(status: int, request: web.Request, path: str) -> web.Response:
    query = request.rel_url.raw_query_string
    return web.Response(status=status, headers={"Location": f"{path}?{query}" if query else path})


def _asks_the_site(request: web.Request) -> bool:
    """Tell whether a request is for Scratch, not for the sandbox's own pages."""
    own = request.path == "/" and host_name(request) == OLD_SITE
    return (
        hosts.is_scratch(host_name(request))
        and not request.path.startswith("/sandbox/")
        and not own
    )


def _shared(request: web.Request, answer: web.StreamResponse) -> web.StreamResponse:
    origin = request.headers.get("Origin", "")
    if origin in ("https://scratch.mit.edu", "http://scratch.mit.edu") and not answer.prepared:
        asked = request.headers.get("Access-Control-Request-Headers", "*")
        answer.headers["Access-Control-Allow-Origin"] = origin
        answer.headers["Access-Control-Allow-Credentials"] = "true"
        answer.headers["Access-Control-Allow-Headers"] = asked
        answer.headers["Access-Control-Allow-Methods"] = "GET, POST, PUT, DELETE"
    return answer


def _host(routes: list[Route]) -> web.Application:
    application = web.Application()
    _add(application, routes)
    return application


def _add(application: web.Application, routes: list[Route]) -> None:
    """Add routes; the site takes each path with and without a slash at its end."""
    for method, path, handler in routes:
        for form in {path, path if path == "/" else f"{path}/"}:
            application.router.add_route(method, form, handler)
            if method == "GET":
                application.router.add_route("HEAD", form, handler)
