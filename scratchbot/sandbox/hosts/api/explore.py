"""Exploring and searching."""

import heapq
import re
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from aiohttp import web

from scratchbot.sandbox.hosts.context import Route, context, page_bounds
from scratchbot.sandbox.render import api
from scratchbot.sandbox.rules import RefusedError
from scratchbot.sandbox.world import Project, Studio

T = TypeVar("T")

TREND_SECONDS = 7 * 24 * 3600.0
FURTHEST = 10_000


async def explore_projects(request: web.Request) -> web.Response:
    """Give shared projects in the order of ``mode``, those that ``q`` finds."""
    world, now = context(request).world, context(request).clock()

    def loved_lately(one: Project) -> tuple[int, float, int]:
        lately = sum(at > now - TREND_SECONDS for at in one.loved_at.values())
        return (lately, one.shared or 0.0, one.id)

    orders: dict[str, Callable[[Project], Any]] = {
        "trending": loved_lately,
        "popular": lambda one: (one.love_count, one.id),
        "recent": lambda one: (one.shared or 0.0, one.id),
    }
    shared = (one for one in world.projects.values() if one.is_shared)
    found = _found(request, shared, _project_text, orders)
    return web.json_response([api.project(one, listed=True) for one in found])


async def explore_studios(request: web.Request) -> web.Response:
    """Give studios in the order of ``mode``, those that ``q`` finds."""
    world = context(request).world
    orders: dict[str, Callable[[Studio], Any]] = {
        "trending": lambda one: (one.modified, one.id),
        "popular": lambda one: (len(one.followers), len(one.projects), one.id),
        "recent": lambda one: (one.created, one.id),
    }
    found = _found(request, world.studios.values(), _studio_text, orders)
    return web.json_response([api.studio(one, world) for one in found])


def _project_text(one: Project) -> str:
    return f"{one.title} {one.instructions} {one.description} {one.author.username}"


def _studio_text(one: Studio) -> str:
    return f"{one.title} {one.description}"


def _found(
    request: web.Request,
    things: Iterable[T],
    text: Callable[[T], str],
    orders: dict[str, Callable[[T], Any]],
) -> list[T]:
    """Return the page of things that a request asks for."""
    mode = request.query.get("mode", "popular")
    if mode not in orders:
        raise RefusedError(400, "mode")
    words = re.findall(r"\w+", request.query.get("q", "*").lower())
    wanted = (one for one in things if not words or _has_all(text(one).lower(), words))
    limit, offset = page_bounds(request)
    first = heapq.nlargest(min(offset + limit, FURTHEST), wanted, key=orders[mode])
    return first[offset:]


def _has_all(text: str, words: list[str]) -> bool:
    return all(word in text for word in words)


ROUTES: list[Route] = [
    ("GET", "/explore/projects", explore_projects),
    ("GET", "/search/projects", explore_projects),
    ("GET", "/explore/studios", explore_studios),
    ("GET", "/search/studios", explore_studios),
]
