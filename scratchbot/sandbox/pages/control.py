"""The control API: weather, requests and switches, for programs on this machine only."""

import dataclasses
import ipaddress

from aiohttp import web

from scratchbot.sandbox.hosts.context import Route, body, context, host_name, optional_id
from scratchbot.sandbox.rules import RefusedError
from scratchbot.sandbox.weather import WeatherError


def check_local(request: web.Request) -> None:
    """Let in who is on this machine, and no page of another site.

    :raises RefusedError: if the request comes from elsewhere.
    """
    origin = request.headers.get("Origin")
    if origin is not None and origin.partition("://")[2] != request.host:
        raise RefusedError(403, "only the sandbox's own page may do that")
    if not _is_own_name(host_name(request)):
        raise RefusedError(403, "ask the sandbox by its address")
    remote = request.remote or ""
    if not ipaddress.ip_address(remote.partition("%")[0]).is_loopback:
        raise RefusedError(403, "only programs on this machine may do that")


def _is_own_name(host: str) -> bool:
    """Tell whether no page of the web can have made up this name for the sandbox's address."""
    if host.startswith("[") or host in ("localhost", "scratch.mit.edu"):
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


async def get_weather(request: web.Request) -> web.Response:
    """Give the rules of the weather and what it has done."""
    check_local(request)
    return web.json_response(context(request).weather.as_json())


async def set_weather(request: web.Request) -> web.Response:
    """Begin other weather."""
    check_local(request)
    weather = context(request).weather
    try:
        weather.read(await body(request))
    except WeatherError as error:
        raise RefusedError(400, str(error)) from None
    return web.json_response(weather.as_json())


async def get_requests(request: web.Request) -> web.Response:
    """Give the requests that came after a number."""
    check_local(request)
    after = optional_id(request.query.get("after", "0")) or 0
    found = context(request).requests.since(after)
    return web.json_response([dataclasses.asdict(one) for one in found])


async def end_sessions(request: web.Request) -> web.Response:
    """Log everybody out, or one user."""
    check_local(request)
    asked, site = await body(request), context(request)
    name = asked.get("username")
    user = site.world.user(str(name)) if name is not None else None
    if name is not None and user is None:
        raise RefusedError(404, f"there is no user {name!r}")
    site.sessions.close_all(user)
    return web.json_response({})


async def set_captcha(request: web.Request) -> web.Response:
    """Make log-ins ask for a captcha, or no longer."""
    check_local(request)
    context(request).sessions.captcha = (await body(request)).get("wanted") is True
    return web.json_response({})


ROUTES: list[Route] = [
    ("GET", "/sandbox/weather", get_weather),
    ("PUT", "/sandbox/weather", set_weather),
    ("GET", "/sandbox/requests", get_requests),
    ("POST", "/sandbox/sessions/end", end_sessions),
    ("PUT", "/sandbox/captcha", set_captcha),
]
