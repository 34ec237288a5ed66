"""``api.scratch.mit.edu/studios``."""

from collections.abc import Iterator

from aiohttp import web

from scratchbot.sandbox import render
from scratchbot.sandbox.hosts.context import (
    Route,
    asked_studio,
    context,
    number,
    page,
    required_login,
)
from scratchbot.sandbox.rules import RefusedError
from scratchbot.sandbox.world import Place, Project, Row, Studio, World


async def get_studio(request: web.Request) -> web.Response:
    """Give a studio."""
    studio = asked_studio(request)
    return web.json_response(render.studio(studio, _comment_count(context(request).world, studio)))


def _comment_count(world: World, studio: Studio) -> int:
    return len(world.threads.get(Place("studio", str(studio.id)), {}))


async def get_managers(request: web.Request) -> web.Response:
    """Give the managers of a studio, the host first."""
    managers = asked_studio(request).managers.values()
    return web.json_response([render.user(one) for one in page(request, managers)])


async def get_curators(request: web.Request) -> web.Response:
    """Give the curators of a studio."""
    curators = asked_studio(request).curators.values()
    return web.json_response([render.user(one) for one in page(request, curators)])


async def get_projects(request: web.Request) -> web.Response:
    """Give the projects of a studio, newest first."""
    found = reversed(asked_studio(request).projects.values())
    return web.json_response([_listed(row) for row in page(request, found)])


def _listed(project: Project) -> Row:
    return {
        "id": project.id,
        "actor_id": project.author.id,
        "creator_id": project.author.id,
        "title": project.title,
        "image": f"{render.CDN}/project/{project.id}_480x360.png",
        "username": project.author.username,
        "avatar": {},
    }


async def get_activity(request: web.Request) -> web.Response:
    """Give what happened in a studio, none newer than ``dateLimit``, which counts too."""
    limit = request.query.get("dateLimit", "")
    rows = _until(asked_studio(request), limit)
    return web.json_response(page(request, rows))


def _until(studio: Studio, limit: str) -> Iterator[Row]:
    for row in reversed(studio.activity):
        if not limit or row["datetime_created"] <= limit:
            yield row


async def change_project(request: web.Request) -> web.Response:
    """Add a project to a studio, or take it out."""
    user, studio = required_login(request), asked_studio(request)
    project_id = number(request.match_info["project_id"])
    acts = context(request).acts
    act = acts.add_project if request.method == "POST" else acts.remove_project
    act(user.username, studio.id, project_id)
    return web.json_response({})


async def get_roles(request: web.Request) -> web.Response:
    """Give the roles of a user in a studio."""
    reader, studio = required_login(request), asked_studio(request)
    if reader is not context(request).world.user(request.match_info["username"]):
        raise RefusedError(403, "another's")
    return web.json_response(
        {
            "manager": reader.key in studio.managers,
            "curator": reader.key in studio.curators,
            "invited": False,
            "following": reader.key in studio.followers,
        }
    )


ROUTES: list[Route] = [
    ("GET", "/studios/{studio_id}", get_studio),
    ("GET", "/studios/{studio_id}/managers", get_managers),
    ("GET", "/studios/{studio_id}/curators", get_curators),
    ("GET", "/studios/{studio_id}/projects", get_projects),
    ("GET", "/studios/{studio_id}/activity", get_activity),
    ("GET", "/studios/{studio_id}/users/{username}", get_roles),
    ("POST", "/studios/{studio_id}/project/{project_id}", change_project),
    ("DELETE", "/studios/{studio_id}/project/{project_id}", change_project),
]
