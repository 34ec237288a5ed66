"""One's own projects, thumbnails and the remix tree."""

import json
from collections.abc import Callable
from typing import Any

from aiohttp import web

from scratchbot.sandbox.hosts.context import (
    Route,
    asked_project,
    body,
    context,
    numbered_page,
    old_site_login,
    session,
)
from scratchbot.sandbox.render import old
from scratchbot.sandbox.rules import RefusedError
from scratchbot.sandbox.world import Place, PlaceKind, Project, Row, Studio, User, World

FILTERS: dict[str, Callable[[Project], bool]] = {
    "all": lambda one: one.state != "trashed",
    "shared": lambda one: one.is_shared,
    "notshared": lambda one: one.state == "unshared",
    "unshared": lambda one: one.state == "unshared",
    "trashed": lambda one: one.state == "trashed",
}
ORDERS: dict[str, Callable[[Project], Any]] = {
    "": lambda one: (one.modified, one.id),
    "view_count": lambda one: one.views,
    "love_count": lambda one: one.love_count,
    "remixers_count": lambda one: len(one.shared_remixes),
    "title": lambda one: one.title.lower(),
}


def logged_in(request: web.Request) -> User:
    """Return who reads their own things on the old site.

    :raises RefusedError: if nobody is logged in.
    """
    found = session(request)
    if found is None:
        raise RefusedError(403, "not logged in")
    return found.user


async def get_projects(request: web.Request) -> web.Response:
    """Give a page of the reader's own projects."""
    user, wanted = logged_in(request), FILTERS[request.match_info["filter"]]
    found = ordered(request, [one for one in user.projects.values() if wanted(one)], ORDERS)
    world = context(request).world
    return web.json_response(
        [old.project(one, comment_count(world, one)) for one in numbered_page(request, found)]
    )


def ordered(request: web.Request, things: list[Any], orders: dict[str, Callable[..., Any]]) -> Any:
    """Return things in the order that ``ascsort`` or ``descsort`` asks for.

    :raises RefusedError: if there is no such order.
    """
    ascending, descending = request.query.get("ascsort", ""), request.query.get("descsort", "")
    order = orders.get(ascending or descending)
    if order is None:
        raise RefusedError(400, "sort")
    return sorted(things, key=order, reverse=not ascending)


def comment_count(world: World, one: Project | Studio) -> int:
    """Return how many threads of comments stand on a project or in a studio."""
    kind: PlaceKind = "project" if isinstance(one, Project) else "studio"
    return len(world.threads.get(Place(kind, str(one.id)), {}))


async def get_project(request: web.Request) -> web.Response:
    """Give one project the old way: a list of one."""
    project = asked_project(request)
    return web.json_response([old.project(project, comment_count(context(request).world, project))])


def _own_project(request: web.Request, user: User) -> Project:
    project = asked_project(request)
    if project.author is not user:
        raise RefusedError(403, "another's")
    return project


async def edit_project(request: web.Request) -> web.Response:
    """Throw one's own project away, restore it, share it, or change its title."""
    user, asked, acts = old_site_login(request), await body(request), context(request).acts
    project_id = _own_project(request, user).id
    if asked.get("visibility") == "trshbyusr":
        acts.trash(user.username, project_id)
    elif asked.get("visibility") == "visible":
        acts.restore(user.username, project_id)
    if asked.get("isPublished") is True:
        acts.share(user.username, project_id)
    elif asked.get("isPublished") is False:
        acts.unshare(user.username, project_id)
    if "title" in asked:
        acts.edit_project(user.username, project_id, title=asked["title"])
    project = context(request).world.projects[project_id]
    return web.json_response(old.project(project, comment_count(context(request).world, project)))


async def empty_trash(request: web.Request) -> web.Response:
    """Delete for good what is in the trash."""
    user, asked = old_site_login(request), await body(request)
    number_gone = context(request).acts.empty_trash(user.username, str(asked.get("password", "")))
    return web.json_response({"trashed": number_gone})


async def set_thumbnail(request: web.Request) -> web.Response:
    """Change the picture of one's own project."""
    user, image = old_site_login(request), await request.read()
    project_id = _own_project(request, user).id
    context(request).acts.set_project_thumbnail(user.username, project_id, image)
    return web.json_response(
        {"status": "ok", "content-length": len(image), "content-name": str(project_id)}
    )


async def get_remix_tree(request: web.Request) -> web.Response:
    """Give the whole family of a project: JSON that says that it is text."""
    root = asked_project(request).shown_root
    tree: dict[str, Any] = {}
    waiting = [root]
    while waiting:
        one = waiting.pop()
        tree[str(one.id)] = _branch(one, root)
        waiting.extend(one.shared_remixes)
    return web.Response(text=json.dumps({**tree, "root_id": str(root.id)}))


def _branch(one: Project, root: Project) -> Row:
    parent = one.parent if one is not root else None
    return {
        "username": one.author.username,
        "moderation_status": "notreviewed",
        "ctime": {"$date": int(one.created * 1000)},
        "title": one.title,
        "datetime_created": {"$date": int(one.created * 1000)},
        "parent_id": str(parent.id) if parent is not None else None,
        "visibility": "visible",
        "love_count": one.love_count,
        "mtime": {"$date": int(one.modified * 1000)},
        "datetime_shared": {"$date": int((one.shared or one.created) * 1000)},
        "children": [str(remix.id) for remix in one.shared_remixes],
        "favorite_count": len(one.favorites),
        "is_published": one.is_shared,
    }


ROUTES: list[Route] = [
    *[("GET", f"/site-api/projects/{{filter:{name}}}", get_projects) for name in FILTERS],
    ("PUT", "/site-api/projects/trashed/empty", empty_trash),
    ("GET", "/site-api/projects/all/{project_id:\\d+}", get_project),
    ("PUT", "/site-api/projects/all/{project_id:\\d+}", edit_project),
    ("POST", "/internalapi/project/thumbnail/{project_id}/set", set_thumbnail),
    ("GET", "/projects/{project_id:\\d+}/remixtree/bare", get_remix_tree),
]
