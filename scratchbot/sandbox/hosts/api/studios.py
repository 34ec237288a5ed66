"""Studios."""

from collections.abc import Callable, Iterator

from aiohttp import web

from scratchbot.sandbox.hosts.context import (
    Handler,
    Route,
    asked_studio,
    body,
    context,
    number,
    own,
    page,
    required_login,
)
from scratchbot.sandbox.render import api
from scratchbot.sandbox.rules import RefusedError, is_public
from scratchbot.sandbox.world import Row, Studio, User


async def get_studio(request: web.Request) -> web.Response:
    """Give a studio."""
    return web.json_response(api.studio(asked_studio(request), context(request).world))


def people(kind: Callable[[Studio], dict[str, User]]) -> Handler:
    """Return a handler that gives the managers of a studio, the host first, or its curators."""

    async def get_people(request: web.Request) -> web.Response:
        found = kind(asked_studio(request)).values()
        return web.json_response([api.user(one) for one in page(request, found)])

    return get_people


async def get_projects(request: web.Request) -> web.Response:
    """Give the projects of a studio, newest first."""
    studio = asked_studio(request)
    found = page(request, reversed(studio.projects.values()))
    return web.json_response([api.studio_project(one, studio.adders[one.id]) for one in found])


async def get_activity(request: web.Request) -> web.Response:
    """Give what happened in a studio, none newer than ``dateLimit``, which counts too."""
    limit = request.query.get("dateLimit", "")
    world = context(request).world
    rows = (row for row in _until(asked_studio(request), limit) if is_public(world, row))
    return web.json_response(page(request, rows))


def _until(studio: Studio, limit: str) -> Iterator[Row]:
    for row in reversed(studio.activity):
        if not limit or row["datetime_created"] <= limit:
            yield row


async def get_classroom(request: web.Request) -> web.Response:
    """Give the class that a studio belongs to."""
    classroom_id = asked_studio(request).classroom_id
    if classroom_id is None:
        raise RefusedError(404, "no class")
    return web.json_response({"id": classroom_id})


async def change_project(request: web.Request) -> web.Response:
    """Add a project to a studio, or take it out."""
    user, studio = required_login(request), asked_studio(request)
    project_id = number(request.match_info["project_id"])
    acts = context(request).acts
    act = acts.add_project if request.method == "POST" else acts.remove_project
    act(user.username, studio.id, project_id)
    return web.json_response({"projectId": project_id, "actorId": user.id})


async def get_roles(request: web.Request) -> web.Response:
    """Give the reader's own roles in a studio."""
    user, studio = own(request), asked_studio(request)
    return web.json_response(
        {
            "manager": studio.manages(user),
            "curator": user.key in studio.curators,
            "invited": user.key in studio.invited,
            "following": user.key in studio.followers,
        }
    )


async def transfer(request: web.Request) -> web.Response:
    """Hand one's own studio over to one of its managers."""
    user, studio, asked = required_login(request), asked_studio(request), await body(request)
    password = str(asked.get("password", ""))
    acts = context(request).acts
    acts.transfer_studio(user.username, studio.id, request.match_info["username"], password)
    return web.json_response(api.studio(studio, context(request).world))


ROUTES: list[Route] = [
    ("GET", "/studios/{studio_id}", get_studio),
    ("GET", "/studios/{studio_id}/managers", people(lambda studio: studio.managers)),
    ("GET", "/studios/{studio_id}/curators", people(lambda studio: studio.curators)),
    ("GET", "/studios/{studio_id}/projects", get_projects),
    ("GET", "/studios/{studio_id}/activity", get_activity),
    ("GET", "/studios/{studio_id}/classroom", get_classroom),
    ("GET", "/studios/{studio_id}/users/{username}", get_roles),
    ("POST", "/studios/{studio_id}/project/{project_id}", change_project),
    ("DELETE", "/studios/{studio_id}/project/{project_id}", change_project),
    ("PUT", "/studios/{studio_id}/transfer/{username}", transfer),
]
