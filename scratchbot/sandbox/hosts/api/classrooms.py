"""Classrooms, as everybody sees them."""

from aiohttp import web

from scratchbot.sandbox.hosts.context import Route, context, number, page
from scratchbot.sandbox.render import api
from scratchbot.sandbox.rules import RefusedError
from scratchbot.sandbox.world import Classroom


def _asked(request: web.Request) -> Classroom:
    found = context(request).world.classrooms.get(number(request.match_info["classroom_id"]))
    if found is None or found.closed is not None:
        raise RefusedError(404, "no such class")
    return found


async def get_classroom(request: web.Request) -> web.Response:
    """Give a class that has not ended."""
    return web.json_response(api.classroom(_asked(request)))


async def get_projects(request: web.Request) -> web.Response:
    """Give the shared projects of a class's students, newest first."""
    students = _asked(request).students.values()
    shared = [one for user in students for one in user.projects.values() if one.is_shared]
    shared.sort(key=lambda one: (one.shared or 0.0, one.id), reverse=True)
    return web.json_response([api.project(one, listed=True) for one in page(request, shared)])


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
    ("GET", "/classrooms/{classroom_id}/projects", get_projects),
    ("GET", "/classtoken/{token}", get_classroom_of_token),
]
