"""One's own studios, their looks and their people."""

from collections.abc import Callable
from typing import Any

from aiohttp import web

from scratchbot.sandbox.acts import StudioEditError
from scratchbot.sandbox.hosts.context import (
    Route,
    asked_studio,
    body,
    context,
    form,
    html,
    numbered_page,
    old_site_login,
    said,
)
from scratchbot.sandbox.hosts.site.projects import comment_count, logged_in, ordered
from scratchbot.sandbox.render import old
from scratchbot.sandbox.rules import RefusedError
from scratchbot.sandbox.world import Row, Studio, User, World

FILTERS: dict[str, Callable[[Studio, User], bool]] = {
    "all": lambda studio, user: True,
    "owned": lambda studio, user: studio.host is user,
    "curated": lambda studio, user: studio.host is not user,
}
ORDERS: dict[str, Callable[[Studio], Any]] = {
    "": lambda one: (one.modified, one.id),
    "projecters_count": lambda one: len(one.projects),
    "title": lambda one: one.title.lower(),
}


async def create_studio(request: web.Request) -> web.Response:
    """Make a studio; a refusal is a list of one object."""
    user = old_site_login(request)
    try:
        studio = context(request).acts.create_studio(user.username)
    except RefusedError as refused:
        return web.json_response([{"success": False, "errors": [str(refused)]}])
    return web.json_response({"success": True, "redirect": f"/studios/{studio.id}/"})


async def get_studios(request: web.Request) -> web.Response:
    """Give a page of the studios that the reader tends."""
    user, wanted = logged_in(request), FILTERS[request.match_info["filter"]]
    found = ordered(request, [one for one in user.studios.values() if wanted(one, user)], ORDERS)
    world = context(request).world
    return web.json_response([_row(one, world) for one in numbered_page(request, found)])


def _row(one: Studio, world: World) -> Row:
    return old.studio(one, comment_count(world, one))


async def edit_studio(request: web.Request) -> web.Response:
    """Change the texts of a studio, or delete it; a refusal is 200 with ``errors``."""
    user, studio, asked = old_site_login(request), asked_studio(request), await body(request)
    acts = context(request).acts
    if asked.get("visibility") == "delbyusr":
        acts.delete_studio(user.username, studio.id)
        return web.json_response({"success": True})
    fields = {name: said(asked[name]) for name in ("title", "description") if name in asked}
    try:
        acts.edit_studio(user.username, studio.id, **fields)
    except StudioEditError as error:
        return web.json_response({"errors": [error.error]})
    return web.json_response(_edited(studio))


async def set_thumbnail(request: web.Request) -> web.Response:
    """Change the picture of a studio; a refusal is 200 with ``errors``."""
    user, studio = old_site_login(request), asked_studio(request)
    image = (await form(request)).get("file") if _is_form(request) else await request.read()
    acts = context(request).acts
    try:
        acts.set_studio_thumbnail(
            user.username, studio.id, image if isinstance(image, bytes) else b""
        )
    except StudioEditError as error:
        return web.json_response({"status": "error", "errors": [error.error]})
    return web.json_response({"status": "ok", **_edited(studio)})


def _is_form(request: web.Request) -> bool:
    return request.content_type.startswith("multipart/")


def _edited(studio: Studio) -> Row:
    return {
        "success": True,
        "id": studio.id,
        "title": studio.title,
        "description": studio.description,
        "thumbnail_url": f"{old.UPLOADS}/galleries/thumbnails/{studio.id}.png",
    }


async def mark(request: web.Request) -> web.Response:
    """Open a studio to everybody's projects, or close it."""
    user, studio = old_site_login(request), asked_studio(request)
    to_all = request.match_info["state"] == "open"
    context(request).acts.open_studio(user.username, studio.id, to_all=to_all)
    return web.json_response({"success": True})


async def report(request: web.Request) -> web.Response:
    """Report a studio."""
    user, studio, asked = old_site_login(request), asked_studio(request), await form(request)
    acts = context(request).acts
    acts.report_studio(user.username, studio.id, str(asked.get("selected_field", "")))
    return web.json_response({"success": True, "moderation_status": "notreviewed"})


async def follow(request: web.Request) -> web.Response:
    """Follow a studio, or stop following."""
    user, studio, acts = old_site_login(request), asked_studio(request), context(request).acts
    act = acts.follow_studio if request.match_info["verb"] == "add" else acts.unfollow_studio
    act(user.username, studio.id)
    return web.json_response({"success": True, "id": studio.id, "model": "gallery"})


async def change_curators(request: web.Request) -> web.Response:
    """Invite, promote or remove the users named, or accept one's own invitation."""
    user, studio, acts = old_site_login(request), asked_studio(request), context(request).acts
    names = request.query.get("usernames", "")
    match request.match_info["verb"]:
        case "add":
            acts.accept_curator(user.username, studio.id)
        case "invite_curator":
            return _invited(request, user, studio, names)
        case "promote":
            acts.promote_curator(user.username, studio.id, names)
        case _:
            acts.remove_curator(user.username, studio.id, names)
            return html("")
    return web.json_response({"success": True, "message": names})


def _invited(request: web.Request, user: User, studio: Studio, name: str) -> web.Response:
    """Invite somebody; that they are in already is no failure but an answer."""
    try:
        context(request).acts.invite_curator(user.username, studio.id, name)
    except RefusedError as refused:
        if refused.status != 409:
            raise
        return web.json_response({"status": "error", "message": str(refused)})
    return web.json_response({"status": "success", "message": f"{name} invited"})


ROUTES: list[Route] = [
    ("POST", "/studios/create", create_studio),
    *[("GET", f"/site-api/galleries/{{filter:{name}}}", get_studios) for name in FILTERS],
    ("PUT", "/site-api/galleries/all/{studio_id}", edit_studio),
    ("POST", "/site-api/galleries/all/{studio_id}", set_thumbnail),
    ("POST", "/site-api/galleries/all/{studio_id}/report", report),
    ("PUT", "/site-api/galleries/{studio_id}/mark/{state:open|closed}", mark),
    ("PUT", "/site-api/users/bookmarkers/{studio_id}/{verb:add|remove}", follow),
    (
        "PUT",
        "/site-api/users/curators-in/{studio_id}/{verb:add|invite_curator|promote|remove}",
        change_curators,
    ),
]
