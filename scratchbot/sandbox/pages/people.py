"""The page where a person can be any user, and the small API behind it."""

import dataclasses
from importlib import resources
from typing import Any

from aiohttp import web

from scratchbot.sandbox.hosts.context import Context, Route, body, context, number, optional_id
from scratchbot.sandbox.rules import RefusedError, RejectedError
from scratchbot.sandbox.times import site_time
from scratchbot.sandbox.world import CLOUD_SIGN, Comment, Place, World

SHOWN_THREADS = 20
SHOWN_ENTRIES = 60
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'"
)


async def page(_: web.Request) -> web.Response:
    """Give the page."""
    text = (resources.files("scratchbot.sandbox") / "pages" / "people.html").read_text("utf-8")
    headers = {"Content-Security-Policy": _POLICY, "X-Content-Type-Options": "nosniff"}
    return web.Response(text=text, content_type="text/html", headers=headers)


async def places(request: web.Request) -> web.Response:
    """Give who can be, and where one can go."""
    world = context(request).world
    return web.json_response(
        {
            "users": [user.username for user in world.users.values()],
            "places": [
                *[[f"project:{one.id}", one.title] for one in world.projects.values()],
                *[[f"studio:{one.id}", one.title] for one in world.studios.values()],
                *[[f"profile:{one.key}", one.username] for one in world.users.values()],
            ],
        }
    )


async def state(request: web.Request) -> web.Response:
    """Give what there is to see in a place, and what happened last."""
    site, place = context(request), _place(context(request), request.query.get("place", ""))
    return web.json_response(
        {
            "comments": _threads(site.world, place),
            "facts": _facts(site.world, place),
            "cloud": _cloud(site.world, place),
            "journal": [
                {**dataclasses.asdict(entry), "at": site_time(entry.at)}
                for entry in reversed(list(site.world.journal)[-SHOWN_ENTRIES:])
            ],
        }
    )


async def act(request: web.Request) -> web.Response:
    """Do something as somebody; only the page itself may ask for that."""
    origin = request.headers.get("Origin", "")
    if origin.partition("://")[2] != request.host:
        raise RefusedError(403, "only the sandbox's own page may act")
    asked = await body(request)
    try:
        _act(context(request), asked)
    except RejectedError as rejection:
        return web.json_response({"message": f"The site rejects this: {rejection.reason}"})
    except RefusedError as refused:
        return web.json_response({"message": f"The site refuses: {refused}"})
    return web.json_response({"message": ""})


def _act(site: Context, asked: dict[str, Any]) -> None:
    acts, who, place = site.acts, str(asked.get("who")), _place(site, str(asked.get("place")))
    match asked.get("act"):
        case "comment":
            parent = optional_id(asked.get("parent"))
            acts.post_comment(who, place, str(asked.get("text", "")), parent)
        case "delete":
            acts.delete_comment(who, optional_id(asked.get("comment")) or 0)
        case "love" if place.kind == "project":
            acts.love(who, number(place.key))
        case "follow" if place.kind == "profile":
            acts.follow(who, place.key)
        case "cloud" if place.kind == "project":
            name = CLOUD_SIGN + str(asked.get("name", "")).removeprefix(CLOUD_SIGN)
            acts.set_cloud(who, number(place.key), name, _number(str(asked.get("value"))))
        case _:
            raise RefusedError(400, "there is no such act here")


def _number(text: str) -> str:
    try:
        float(text)
    except ValueError:
        raise RefusedError(400, "a cloud variable holds a number") from None
    return text


def _place(site: Context, text: str) -> Place:
    try:
        place = Place.parse(text)
    except ValueError:
        raise RefusedError(404, "no such place") from None
    if not site.world.place_exists(place):
        raise RefusedError(404, "no such place")
    return place


def _threads(world: World, place: Place) -> list[dict[str, Any]]:
    tops = [top for _, top in zip(range(SHOWN_THREADS), world.top_comments(place), strict=False)]
    return [
        {**_comment(top), "replies": [_comment(reply) for reply in top.replies.values()]}
        for top in tops
    ]


def _comment(one: Comment) -> dict[str, Any]:
    return {
        "id": one.id,
        "author": one.author.username,
        "text": one.content,
        "at": site_time(one.created),
    }


def _facts(world: World, place: Place) -> str:
    if place.kind == "project":
        project = world.projects[int(place.key)]
        loves, favorites = project.love_count, len(project.favorites)
        return f"by {project.author.username} · {loves} loves · {favorites} favourites"
    if place.kind == "studio":
        studio = world.studios[int(place.key)]
        return f"hosted by {studio.host.username} · {len(studio.projects)} projects"
    user = world.users[place.key]
    return f"{len(user.followers)} followers · {user.unread} unread messages"


def _cloud(world: World, place: Place) -> list[list[str]]:
    if place.kind != "project":
        return []
    variables = world.projects[int(place.key)].cloud
    return [[name.removeprefix(CLOUD_SIGN), value] for name, value in variables.items()]


ROUTES: list[Route] = [
    ("GET", "/", page),
    ("GET", "/sandbox/places", places),
    ("GET", "/sandbox/state", state),
    ("POST", "/sandbox/act", act),
]
