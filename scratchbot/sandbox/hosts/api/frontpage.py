"""News, the front page, and questions about the site itself."""

import heapq
import itertools
import json
from collections.abc import Callable, Iterable
from typing import Any

from aiohttp import web

from scratchbot.sandbox.hosts.context import Route, body, context, page
from scratchbot.sandbox.render.old import CDN, UPLOADS
from scratchbot.sandbox.rules import RefusedError, username_verdict
from scratchbot.sandbox.world import Project, Row, Studio

SHOWN = 20


async def get_news(request: web.Request) -> web.Response:
    """Give the news, newest first."""
    return web.json_response(page(request, context(request).world.news))


async def get_featured(request: web.Request) -> web.Response:
    """Give the front page: JSON that says that it is XML."""
    world = context(request).world
    front, design = world.front_page, world.front_page.design_studio
    shared = [one for one in world.projects.values() if one.is_shared]
    told = {
        "community_featured_projects": [_project(one) for one in _seen(front.projects)],
        "community_featured_studios": [_studio(one) for one in front.studios],
        "community_most_loved_projects": _top(shared, lambda one: one.love_count),
        "community_most_remixed_projects": [
            {**row, "remixers_count": len(world.projects[row["id"]].shared_remixes)}
            for row in _top(shared, lambda one: len(one.shared_remixes))
        ],
        "community_newest_projects": _top(shared, lambda one: (one.shared or 0.0, one.id)),
        "curator_top_projects": [
            {**_project(one), "curator_name": front.curator} for one in _seen(front.curated)
        ],
        "scratch_design_studio": [
            {
                **_project(one),
                "remixers_count": len(one.shared_remixes),
                "gallery_id": design.id,
                "gallery_title": design.title,
            }
            for one in (_seen(design.projects.values()) if design is not None else ())
            if design is not None
        ],
    }
    return web.Response(text=json.dumps(told), content_type="application/xml")


def _seen(projects: Iterable[Project]) -> list[Project]:
    return [one for one in itertools.islice(projects, SHOWN) if one.is_shared]


def _top(projects: Iterable[Project], order: Callable[[Project], Any]) -> list[Row]:
    return [_project(one) for one in heapq.nlargest(SHOWN, projects, key=order)]


def _project(one: Project) -> Row:
    return {
        "type": "project",
        "id": one.id,
        "title": one.title,
        "thumbnail_url": f"{CDN}/project/{one.id}_480x360.png",
        "creator": one.author.username,
        "love_count": one.love_count,
    }


def _studio(one: Studio) -> Row:
    return {
        "type": "gallery",
        "id": one.id,
        "title": one.title,
        "thumbnail_url": f"{UPLOADS}/galleries/thumbnails/{one.id}.png",
    }


async def get_health(request: web.Request) -> web.Response:
    """Tell that the site is well."""
    return web.json_response({"version": "sandbox", "uptime": 1, "load": [0, 0, 0]})


async def surprise(request: web.Request) -> web.Response:
    """Answer the question whether this is a surprise."""
    return web.json_response({"surprise": request.method == "POST"})


async def check_username(request: web.Request) -> web.Response:
    """Tell whether an account can have a name."""
    name = request.match_info["username"]
    return web.json_response(
        {"username": name, "msg": username_verdict(context(request).world, name)}
    )


async def check_password(request: web.Request) -> web.Response:
    """Tell whether an account can have a password: common ones are refused."""
    password = (await body(request)).get("password")
    if not isinstance(password, str):
        raise RefusedError(400, "password")
    common = len(password) < 6 or password.lower() in ("password", "scratch", "123456", "abcdef")
    return web.json_response({"msg": "invalid password" if common else "valid password"})


ROUTES: list[Route] = [
    ("GET", "/news", get_news),
    ("GET", "/proxy/featured", get_featured),
    ("GET", "/health", get_health),
    ("GET", "/surprise", surprise),
    ("POST", "/surprise", surprise),
    ("GET", "/accounts/checkusername/{username}", check_username),
    ("POST", "/accounts/checkpassword", check_password),
]
