"""Messages and activity, the old way."""

import itertools

from aiohttp import web

from scratchbot.sandbox.hosts.context import (
    LAST,
    Route,
    body,
    context,
    html,
    old_site_login,
    optional_id,
    session,
)
from scratchbot.sandbox.render.html import activity
from scratchbot.sandbox.rules import RefusedError, is_public


async def clear_messages(request: web.Request) -> web.Response:
    """Mark all messages as read."""
    context(request).acts.clear_messages(old_site_login(request).username)
    return web.json_response({"success": True})


async def dismiss(request: web.Request) -> web.Response:
    """Put away a message of the Scratch Team, or the invitation to become a Scratcher."""
    user, asked = old_site_login(request), await body(request)
    is_invitation = asked.get("alertType") == "invite"
    number = None if is_invitation else optional_id(asked.get("alertId")) or 0
    context(request).acts.dismiss(user.username, number)
    return web.json_response({"success": True})


async def get_count(request: web.Request) -> web.Response:
    """Give the number of the reader's own unread messages."""
    found = session(request)
    return web.json_response({"msg_count": 0 if found is None else found.user.message_count})


async def get_user_activity(request: web.Request) -> web.Response:
    """Give what a user did lately, as HTML."""
    world = context(request).world
    user = world.user(request.query.get("user", ""))
    if user is None:
        raise RefusedError(404, "no such user")
    most = min(optional_id(request.query.get("max")) or 20, LAST)
    rows = (row for row in reversed(user.deeds) if is_public(world, row))
    return html(activity(itertools.islice(rows, most), context(request).clock()))


ROUTES: list[Route] = [
    ("POST", "/site-api/messages/messages-clear", clear_messages),
    ("POST", "/site-api/messages/messages-delete", dismiss),
    ("GET", "/messages/ajax/get-message-count", get_count),
    ("GET", "/messages/ajax/user-activity", get_user_activity),
]
