"""The server: every host of the site on one port, told apart by the ``Host`` header."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from scratchbot.sandbox.acts import Acts
from scratchbot.sandbox.hosts import accounts, cloud, comments, profiles, projects, studios, users
from scratchbot.sandbox.hosts.context import CONTEXT, Context, Route
from scratchbot.sandbox.pages import people
from scratchbot.sandbox.rules import RefusedError
from scratchbot.sandbox.sessions import Sessions
from scratchbot.sandbox.world import World

_EMPTY_HOSTS = tuple(
    f"{name}.scratch.mit.edu" for name in ("projects", "assets", "backpack", "uploads", "cdn2")
)
_CODES = {400: "BadRequest", 403: "Forbidden", 404: "NotFound", 409: "Conflict"}


class Sandbox:
    """A local Scratch.

    :param world: what there is; acts change it.
    :param clock: seconds since 1970.
    :param limits: whether the site's rate limits are kept.
    """

    def __init__(self, world: World, *, clock: Callable[[], float], limits: bool = True) -> None:
        self.world = world
        self.acts = Acts(world, clock, limits=limits)
        self._context = Context(world, self.acts, Sessions(), clock)

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
        application = web.Application(middlewares=[_refusals])
        application[CONTEXT] = self._context
        cloud_server = cloud.CloudServer(self._context)
        hosts = {
            "scratch.mit.edu": [*accounts.ROUTES, *profiles.ROUTES],
            "api.scratch.mit.edu": [
                *users.ROUTES,
                *projects.ROUTES,
                *studios.ROUTES,
                *comments.ROUTES,
            ],
            "clouddata.scratch.mit.edu": cloud.routes(cloud_server),
        }
        for host in (*hosts, *_EMPTY_HOSTS):
            application.add_domain(host, _host(hosts.get(host, [])))
        _add(application, people.ROUTES)
        return application


def _host(routes: list[Route]) -> web.Application:
    application = web.Application()
    _add(application, routes)
    return application


def _add(application: web.Application, routes: list[Route]) -> None:
    """Add routes; the site takes each path with and without a slash at its end."""
    for method, path, handler in routes:
        application.router.add_route(method, path, handler)
        if path != "/":
            application.router.add_route(method, f"{path}/", handler)


@web.middleware
async def _refusals(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Answer refusals as the site does."""
    try:
        return await handler(request)
    except RefusedError as refused:
        code = _CODES.get(refused.status, "Error")
        return web.json_response({"code": code, "message": str(refused)}, status=refused.status)
    except web.HTTPNotFound:
        what = {"code": "ResourceNotFound", "message": f"{request.path} does not exist"}
        return web.json_response(what, status=404)
