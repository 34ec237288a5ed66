"""Profiles and following."""

from aiohttp import web

from scratchbot.sandbox.hosts.context import (
    Route,
    asked_user,
    body,
    context,
    form,
    old_site_login,
    optional_id,
    said,
)
from scratchbot.sandbox.render import old
from scratchbot.sandbox.rules import RefusedError
from scratchbot.sandbox.world import User


async def get_profile(request: web.Request) -> web.Response:
    """Give what a profile shows at its top."""
    return web.json_response(old.profile(asked_user(request)))


def _editor(request: web.Request) -> User:
    """Return whose profile is changed: one's own, or that of a student of one's class."""
    acting, user = old_site_login(request), asked_user(request)
    teaches = user.classroom is not None and user.classroom.educator is acting
    if acting is not user and not teaches:
        raise RefusedError(403, "another's")
    return user


async def edit_profile(request: web.Request) -> web.Response:
    """Change the texts or the featured project of a profile."""
    user, asked = _editor(request), await body(request)
    acts = context(request).acts
    texts = {name: said(asked[name]) for name in ("bio", "status") if name in asked}
    if texts:
        acts.edit_profile(user.username, **texts)
    project_id = optional_id(asked.get("featured_project"))
    if project_id is not None:
        label = optional_id(asked.get("featured_project_label"))
        acts.feature_project(user.username, project_id, label)
    return web.json_response({**old.profile(user), "bio": user.bio, "status": user.status})


async def set_avatar(request: web.Request) -> web.Response:
    """Change the picture of a profile."""
    user, asked = _editor(request), await form(request)
    image = asked.get("file", b"")
    if not isinstance(image, bytes) or not image:
        raise RefusedError(400, "file")
    context(request).acts.set_avatar(user.username, image)
    return web.json_response(old.profile(user))


async def report(request: web.Request) -> web.Response:
    """Report a profile."""
    user, asked = old_site_login(request), await form(request)
    reported = asked_user(request).username
    acts = context(request).acts
    acts.report_user(user.username, reported, str(asked.get("selected_field", "")))
    return web.json_response({"success": True, "moderation_status": "notreviewed"})


async def follow(request: web.Request) -> web.Response:
    """Follow a user, or stop following."""
    follower, user, acts = old_site_login(request), asked_user(request), context(request).acts
    act = acts.follow if request.path.rstrip("/").endswith("add") else acts.unfollow
    act(follower.username, user.username)
    return web.json_response({"success": True, "id": user.username, "model": "userprofile"})


ROUTES: list[Route] = [
    ("GET", "/site-api/users/all/{username}", get_profile),
    ("PUT", "/site-api/users/all/{username}", edit_profile),
    ("POST", "/site-api/users/all/{username}", set_avatar),
    ("POST", "/site-api/users/all/{username}/report", report),
    ("PUT", "/site-api/users/followers/{username}/add", follow),
    ("PUT", "/site-api/users/followers/{username}/remove", follow),
]
