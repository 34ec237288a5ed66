"""Projects, loves and favourites."""

from collections.abc import Callable

from aiohttp import web

from scratchbot.sandbox.hosts.context import (
    Route,
    asked_project,
    asked_user,
    body,
    context,
    number,
    own,
    page,
    required_login,
)
from scratchbot.sandbox.render import api

EDITABLE = ("title", "instructions", "description", "comments_allowed")


async def get_project(request: web.Request) -> web.Response:
    """Give a project."""
    return web.json_response(api.project(asked_project(request)))


async def count_projects(request: web.Request) -> web.Response:
    """Give how many projects there are."""
    return web.json_response({"count": len(context(request).world.projects)})


async def edit_project(request: web.Request) -> web.Response:
    """Change the texts of one's own project, or turn its comments on and off."""
    user, asked = required_login(request), await body(request)
    fields = {name: asked[name] for name in EDITABLE if name in asked}
    project_id = number(request.match_info["project_id"])
    project = context(request).acts.edit_project(user.username, project_id, **fields)
    return web.json_response(api.project(project))


async def get_remixes(request: web.Request) -> web.Response:
    """Give the remixes of a project, newest first."""
    remixes = page(request, reversed(asked_project(request).shared_remixes))
    return web.json_response([api.project(one, listed=True) for one in remixes])


async def share(request: web.Request) -> web.Response:
    """Share one's own project, or take it back."""
    user, acts = required_login(request), context(request).acts
    act = acts.unshare if request.path.rstrip("/").endswith("unshare") else acts.share
    act(user.username, number(request.match_info["project_id"]))
    return web.json_response(api.project(asked_project(request)))


async def report(request: web.Request) -> web.Response:
    """Report a project."""
    user, asked = required_login(request), await body(request)
    category, notes = str(asked.get("report_category", "")), str(asked.get("notes", ""))
    acts = context(request).acts
    acts.report_project(user.username, asked_project(request).id, category, notes)
    return web.json_response({"success": True, "moderation_status": "notreviewed"})


async def love(request: web.Request) -> web.Response:
    """Ask for, give or take back a love."""
    acts = context(request).acts
    changed = _change(request, acts.love, acts.unlove)
    loved = asked_user(request).key in asked_project(request).loves
    return _opinion(request, "userLove", loved, changed)


async def favorite(request: web.Request) -> web.Response:
    """Ask for, add or remove a favourite."""
    acts = context(request).acts
    changed = _change(request, acts.favorite, acts.unfavorite)
    kept = asked_user(request).key in asked_project(request).favorites
    return _opinion(request, "userFavorite", kept, changed)


def _change(
    request: web.Request, give: Callable[[str, int], bool], take: Callable[[str, int], bool]
) -> bool:
    """Change one's own opinion, unless it is only asked for; tell whether that changed it."""
    project = asked_project(request)
    if request.method == "GET":
        return False
    act = give if request.method == "POST" else take
    return act(own(request).username, project.id)


def _opinion(request: web.Request, key: str, holds: bool, changed: bool) -> web.Response:
    project_id = request.match_info["project_id"]
    return web.json_response({"projectId": project_id, key: holds, "statusChanged": changed})


_OPINIONS: list[Route] = [
    (method, f"{start}/projects/{{project_id}}/{name}/user/{{username}}", handler)
    for method in ("GET", "POST", "DELETE")
    for start in ("", "/proxy")
    for name, handler in (("loves", love), ("favorites", favorite))
]

ROUTES: list[Route] = [
    ("GET", "/projects/count/all", count_projects),
    ("GET", "/projects/{project_id}", get_project),
    ("PUT", "/projects/{project_id}", edit_project),
    ("GET", "/projects/{project_id}/remixes", get_remixes),
    ("PUT", "/proxy/projects/{project_id}/share", share),
    ("PUT", "/proxy/projects/{project_id}/unshare", share),
    ("POST", "/proxy/projects/{project_id}/report", report),
    *_OPINIONS,
]
