"""``api.scratch.mit.edu``: projects, loves and favourites."""

from aiohttp import web

from scratchbot.sandbox import render
from scratchbot.sandbox.hosts.context import (
    Route,
    asked_project,
    asked_user,
    body,
    context,
    number,
    page,
    required_login,
)
from scratchbot.sandbox.rules import RefusedError

EDITABLE = ("title", "instructions", "description")


async def get_project(request: web.Request) -> web.Response:
    """Give a project."""
    return web.json_response(render.project(asked_project(request)))


async def edit_project(request: web.Request) -> web.Response:
    """Change the title, instructions or description of one's own project."""
    project = asked_project(request)
    if required_login(request) is not project.author:
        raise RefusedError(403, "another's")
    asked = await body(request)
    for field in EDITABLE:
        if isinstance(asked.get(field), str):
            setattr(project, field, asked[field])
    if isinstance(asked.get("comments_allowed"), bool):
        project.comments_allowed = asked["comments_allowed"]
    project.modified = context(request).clock()
    return web.json_response(render.project(project))


async def get_remixes(request: web.Request) -> web.Response:
    """Give the remixes of a project."""
    remixes = (one for one in asked_project(request).remixes if one.state == "shared")
    return web.json_response([render.project(one, listed=True) for one in page(request, remixes)])


async def view(request: web.Request) -> web.Response:
    """Count a view."""
    asked_project(request).views += 1
    return web.json_response({"views": asked_project(request).views})


async def share(request: web.Request) -> web.Response:
    """Share one's own project."""
    user = required_login(request)
    context(request).acts.share(user.username, number(request.match_info["project_id"]))
    return web.json_response({})


async def love(request: web.Request) -> web.Response:
    """Ask for, give or take back a love."""
    project, user = asked_project(request), asked_user(request)
    changed = False
    if request.method != "GET":
        if required_login(request) is not user:
            raise RefusedError(403, "another's")
        acts = context(request).acts
        act = acts.love if request.method == "POST" else acts.unlove
        changed = act(user.username, project.id)
    return web.json_response(
        {
            "projectId": str(project.id),
            "userLove": user.key in project.loves,
            "statusChanged": changed,
        }
    )


async def favorite(request: web.Request) -> web.Response:
    """Ask for, add or remove a favourite."""
    project, user = asked_project(request), asked_user(request)
    changed = False
    if request.method != "GET":
        if required_login(request) is not user:
            raise RefusedError(403, "another's")
        acts = context(request).acts
        act = acts.favorite if request.method == "POST" else acts.unfavorite
        changed = act(user.username, project.id)
    return web.json_response(
        {
            "projectId": str(project.id),
            "userFavorite": user.key in project.favorites,
            "statusChanged": changed,
        }
    )


_OPINIONS: list[Route] = [
    (method, f"{start}/projects/{{project_id}}/{name}/user/{{username}}", handler)
    for method in ("GET", "POST", "DELETE")
    for start in ("", "/proxy")
    for name, handler in (("loves", love), ("favorites", favorite))
]

ROUTES: list[Route] = [
    ("GET", "/projects/{project_id}", get_project),
    ("PUT", "/projects/{project_id}", edit_project),
    ("GET", "/projects/{project_id}/remixes", get_remixes),
    ("POST", "/users/{owner}/projects/{project_id}/views", view),
    ("PUT", "/proxy/projects/{project_id}/share", share),
    *_OPINIONS,
]
