"""``api.scratch.mit.edu/users``: users, their messages and feeds."""

import heapq
from collections.abc import Callable

from aiohttp import web

from scratchbot.sandbox import render
from scratchbot.sandbox.hosts.context import (
    Handler,
    Route,
    asked_user,
    page,
    required_login,
)
from scratchbot.sandbox.rules import RefusedError
from scratchbot.sandbox.world import Row, User

FILTERS = {
    "": None,
    "comments": {"addcomment"},
    "projects": {"loveproject", "favoriteproject", "remixproject"},
    "studios": {"curatorinvite", "studioactivity", "becomeownerstudio", "becomehoststudio"},
    "forums": {"forumpost"},
}


async def get_user(request: web.Request) -> web.Response:
    """Give a user."""
    return web.json_response(render.user(asked_user(request)))


async def get_projects(request: web.Request) -> web.Response:
    """Give the projects that a user shares."""
    shared = (one for one in asked_user(request).projects if one.state == "shared")
    return web.json_response([render.project(one, listed=True) for one in page(request, shared)])


def people(kind: Callable[[User], dict[str, User]]) -> Handler:
    """Return a handler that gives the followers of a user, or those whom the user follows."""

    async def get_people(request: web.Request) -> web.Response:
        found = reversed(kind(asked_user(request)).values())
        return web.json_response([render.user(one) for one in page(request, found)])

    return get_people


async def get_message_count(request: web.Request) -> web.Response:
    """Give the number of a user's unread messages, to anybody."""
    return web.json_response({"count": asked_user(request).unread})


async def get_messages(request: web.Request) -> web.Response:
    """Give the reader's own messages."""
    reader = _own(request)
    chosen = request.query.get("filter", "")
    if chosen not in FILTERS:
        raise RefusedError(400, "filter")
    kinds = FILTERS[chosen]
    rows = (row for row in reversed(reader.messages) if kinds is None or row["type"] in kinds)
    return web.json_response([_escaped(row) for row in page(request, rows)])


def _escaped(row: Row) -> Row:
    if "comment_fragment" not in row:
        return row
    return {**row, "comment_fragment": render.escape(row["comment_fragment"])}


async def get_following_activity(request: web.Request) -> web.Response:
    """Give what the people did whom the reader follows."""
    deeds = (reversed(user.deeds) for user in _own(request).following.values())
    feed = heapq.merge(*deeds, key=lambda row: -int(row["id"]))
    return web.json_response(page(request, feed))


def _own(request: web.Request) -> User:
    reader, user = required_login(request), asked_user(request)
    if reader is not user:
        raise RefusedError(403, "another's")
    return reader


ROUTES: list[Route] = [
    ("GET", "/users/{username}", get_user),
    ("GET", "/users/{username}/projects", get_projects),
    ("GET", "/users/{username}/followers", people(lambda user: user.followers)),
    ("GET", "/users/{username}/following", people(lambda user: user.following)),
    ("GET", "/users/{username}/messages/count", get_message_count),
    ("GET", "/users/{username}/messages", get_messages),
    ("GET", "/users/{username}/following/users/activity", get_following_activity),
]
