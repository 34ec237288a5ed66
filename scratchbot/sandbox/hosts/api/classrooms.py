"""Classrooms, as everybody sees them."""

from aiohttp import web

from scratchbot.sandbox.hosts.context import Route, context, number
from scratchbot.sandbox.render import api
from scratchbot.sandbox.rules import RefusedError


async def get_classroom(request: web.Request) -> web.Response:
    """Give a class that has not ended."""
    classroom = context(request).world.classrooms.get(number(request.match_info["classroom_id"]))
    if classroom is None or classroom.closed is not None:
        raise RefusedError(404, "no such class")
    return web.json_response(api.classroom(classroom))


async def get_classroom_of_token(request: web.Request) -> web.Response:
    """Give the class that a sign-up link names."""
    token = request.match_info["token"]
    rooms = context(request).world.classrooms.values()
    found = next((room for room in rooms if room.token == token and room.closed is None), None)
    if found is None:
        raise RefusedError(404, "no such class")
    return web.json_response(api.classroom(found))


ROUTES: list[Route] = [
    ("GET", "/classrooms/{classroom_id}", get_classroom),
    ("GET", "/classtoken/{token}", get_classroom_of_token),
]
