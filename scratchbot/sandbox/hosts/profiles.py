"""``scratch.mit.edu/site-api``: comments the old way, following, messages read."""

import itertools
import json

from aiohttp import web

from scratchbot.sandbox import render
from scratchbot.sandbox.hosts.context import (
    Route,
    asked_studio,
    asked_user,
    body,
    context,
    old_site_login,
    optional_id,
)
from scratchbot.sandbox.rules import RefusedError, RejectedError
from scratchbot.sandbox.world import Place, User

PAGE_SIZE = 10
LAST_PAGE = 67


async def get_comments(request: web.Request) -> web.Response:
    """Give a page of a profile's comments."""
    user = asked_user(request)
    page = optional_id(request.query.get("page", "1")) or 1
    start = (page - 1) * PAGE_SIZE
    tops = context(request).world.top_comments(Place("profile", user.key))
    shown = list(itertools.islice(tops, start, start + PAGE_SIZE))
    if page > LAST_PAGE or (page > 1 and not shown):
        raise RefusedError(404)
    return web.Response(text=render.profile_page(shown), content_type="text/html")


async def add_comment(request: web.Request) -> web.Response:
    """Post a comment on a profile; a refusal is HTML, too."""
    author = old_site_login(request)
    return await _add(request, author, Place("profile", asked_user(request).key))


async def add_studio_comment(request: web.Request) -> web.Response:
    """Post a comment in a studio the old way."""
    author = old_site_login(request)
    return await _add(request, author, Place("studio", str(asked_studio(request).id)))


async def _add(request: web.Request, author: User, place: Place) -> web.Response:
    asked = await body(request)
    try:
        comment = context(request).acts.post_comment(
            author.username,
            place,
            str(asked.get("content", "")),
            optional_id(asked.get("parent_id")),
            optional_id(asked.get("commentee_id")),
        )
    except RejectedError as rejection:
        facts = json.dumps({"mute_status": rejection.mute_status, "error": rejection.reason})
        text = f'<script id="error-data" type="application/json">{facts}</script>'
        return web.Response(text=text, content_type="text/html")
    return web.Response(text=render.profile_comment(comment), content_type="text/html")


async def delete_comment(request: web.Request) -> web.Response:
    """Delete a comment from a profile."""
    user = old_site_login(request)
    asked = await body(request)
    context(request).acts.delete_comment(user.username, optional_id(asked.get("id")) or 0)
    return web.Response(text="", content_type="text/html")


async def follow(request: web.Request) -> web.Response:
    """Follow a user."""
    follower, user = old_site_login(request), asked_user(request)
    context(request).acts.follow(follower.username, user.username)
    return web.json_response(_followers(user.username))


async def unfollow(request: web.Request) -> web.Response:
    """Stop following a user."""
    follower, user = old_site_login(request), asked_user(request)
    context(request).acts.unfollow(follower.username, user.username)
    return web.json_response(_followers(user.username))


def _followers(username: str) -> dict[str, object]:
    return {"success": True, "id": username, "model": "userprofile"}


async def clear_messages(request: web.Request) -> web.Response:
    """Mark all messages as read."""
    context(request).acts.clear_messages(old_site_login(request).username)
    return web.json_response({"success": True})


ROUTES: list[Route] = [
    ("GET", "/site-api/comments/user/{username}", get_comments),
    ("POST", "/site-api/comments/user/{username}/add", add_comment),
    ("POST", "/site-api/comments/user/{username}/del", delete_comment),
    ("POST", "/site-api/comments/gallery/{studio_id}/add", add_studio_comment),
    ("POST", "/site-api/comments/gallery/{studio_id}/del", delete_comment),
    ("PUT", "/site-api/users/followers/{username}/add", follow),
    ("PUT", "/site-api/users/followers/{username}/remove", unfollow),
    ("POST", "/site-api/messages/messages-clear", clear_messages),
]
