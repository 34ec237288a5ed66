"""The old site's pages about users."""

from collections.abc import Callable, Sequence
from typing import Any

from aiohttp import web

from scratchbot.sandbox.hosts.context import (
    Handler,
    Route,
    asked_user,
    context,
    html,
    numbered_page,
)
from scratchbot.sandbox.render.html import (
    list_page,
    project_item,
    studio_item,
    user_item,
    user_page,
)
from scratchbot.sandbox.rules import RefusedError
from scratchbot.sandbox.world import User

USERS_A_PAGE = 60


async def get_user(request: web.Request) -> web.Response:
    """Give the page of a profile."""
    user = asked_user(request)
    if user.removed:
        raise RefusedError(404)
    return html(user_page(user, context(request).clock()))


def listing(
    heading: str,
    things: Callable[[User], Sequence[Any]],
    item: Callable[[Any], str],
    size: int = 40,
) -> Handler:
    """Return a handler for a page of a list, newest first, with its count in the heading."""

    async def get_page(request: web.Request) -> web.Response:
        user = asked_user(request)
        found = things(user)
        shown = numbered_page(request, reversed(found), size)
        return html(list_page(user.username, heading, len(found), [item(one) for one in shown]))

    return get_page


def _shared(projects: dict[int, Any]) -> list[Any]:
    return [one for one in projects.values() if one.is_shared]


_USER = "/users/{username}"

ROUTES: list[Route] = [
    ("GET", _USER, get_user),
    (
        "GET",
        f"{_USER}/followers",
        listing("Followers", lambda user: list(user.followers.values()), user_item, USERS_A_PAGE),
    ),
    (
        "GET",
        f"{_USER}/following",
        listing("Following", lambda user: list(user.following.values()), user_item, USERS_A_PAGE),
    ),
    (
        "GET",
        f"{_USER}/projects",
        listing("Shared Projects", lambda user: _shared(user.projects), project_item),
    ),
    (
        "GET",
        f"{_USER}/favorites",
        listing("Favorites", lambda user: _shared(user.favorites), project_item),
    ),
    (
        "GET",
        f"{_USER}/studios",
        listing("Studios I Curate", lambda user: list(user.studios.values()), studio_item),
    ),
    (
        "GET",
        f"{_USER}/studios_following",
        listing("Studios I Follow", lambda user: list(user.followed_studios.values()), studio_item),
    ),
    (
        "GET",
        "/projects/all/{username}/loves",
        listing("", lambda user: _shared(user.loves), project_item),
    ),
]
