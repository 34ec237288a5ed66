"""The page where a person can be any user, and the small API behind it."""

import dataclasses
import itertools
from collections.abc import Iterable
from importlib import resources
from typing import Any

from aiohttp import web

from scratchbot.sandbox.hosts.context import (
    Context,
    Handler,
    Route,
    body,
    context,
    number,
    optional_id,
    said,
)
from scratchbot.sandbox.rules import RefusedError, RejectedError
from scratchbot.sandbox.times import site_time
from scratchbot.sandbox.world import CLOUD_SIGN, Comment, Place, Project, Row, Studio, User, World

SHOWN_THREADS = 20
SHOWN_ENTRIES = 60
SHOWN_PEOPLE = 100
SHOWN_PLACES = 100
SHOWN_NAMES = 20
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:"
)


def file(name: str, content_type: str) -> Handler:
    """Return a handler that gives a file of the page."""

    async def get_file(_: web.Request) -> web.Response:
        text = (resources.files("scratchbot.sandbox") / "pages" / name).read_text("utf-8")
        headers = {"Content-Security-Policy": _POLICY, "X-Content-Type-Options": "nosniff"}
        return web.Response(text=text, content_type=content_type, headers=headers)

    return get_file


async def places(request: web.Request) -> web.Response:
    """Give who can be, and where one can go; of a big world, what comes first."""
    world = context(request).world

    def first(things: Any) -> Any:
        return itertools.islice(things, SHOWN_PLACES)

    return web.json_response(
        {
            "users": [user.username for user in first(world.users.values())],
            "places": [
                *[[f"project:{one.id}", one.title] for one in first(world.projects.values())],
                *[[f"studio:{one.id}", one.title] for one in first(world.studios.values())],
                *[[f"profile:{one.key}", one.username] for one in first(world.users.values())],
            ],
        }
    )


async def glance(request: web.Request) -> web.Response:
    """Give how much there is, and who."""
    world = context(request).world
    return web.json_response(
        {
            "counts": {
                "people": len(world.users),
                "projects": len(world.projects),
                "studios": len(world.studios),
                "comments": len(world.comments),
                "topics": len(world.topics),
                "classes": len(world.classrooms),
            },
            "people": [
                {
                    "name": user.username,
                    "role": _role(user, context(request).clock()),
                    "unread": user.message_count,
                    "followers": len(user.followers),
                    "projects": len(user.projects),
                }
                for user in itertools.islice(world.users.values(), SHOWN_PEOPLE)
            ],
        }
    )


def _role(user: User, now: float) -> str:
    states = {"banned": user.banned, "muted": user.muted_until > now, "removed": user.removed}
    told = [state for state, holds in states.items() if holds]
    return ", ".join([user.role.replace("_", " "), *told])


async def state(request: web.Request) -> web.Response:
    """Give what somebody sees in a place, and what happened last."""
    site, place = context(request), _place(context(request), request.query.get("place", ""))
    reader = site.world.user(request.query.get("who", ""))
    thing = _thing(site.world, place)
    seen = not isinstance(thing, Project) or thing.visible_to(reader)
    return web.json_response(
        {
            "comments": _threads(site.world, place) if seen else [],
            "title": (thing.username if isinstance(thing, User) else thing.title) if seen else "",
            "facts": _facts(thing) if seen else "Not shared: only its author sees it.",
            "about": [[name, text] for name, text in _about(thing) if text] if seen else [],
            "can": _can(thing, reader) if seen else [],
            "cloud": _cloud(thing) if seen else [],
            "messages": _messages(reader) if thing is reader and reader is not None else None,
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
    on_thing = {
        ("love", "project"): acts.love,
        ("favorite", "project"): acts.favorite,
        ("share", "project"): acts.share,
        ("unshare", "project"): acts.unshare,
        ("follow-studio", "studio"): acts.follow_studio,
    }
    match said(asked.get("act")):
        case "comment":
            parent = optional_id(asked.get("parent"))
            acts.post_comment(who, place, str(asked.get("text", "")), parent)
        case "delete":
            acts.delete_comment(who, optional_id(asked.get("comment")) or 0)
        case "report":
            acts.report_comment(who, optional_id(asked.get("comment")) or 0)
        case "follow" if place.kind == "profile":
            acts.follow(who, place.key)
        case "cloud" if place.kind == "project":
            name = CLOUD_SIGN + str(asked.get("name", "")).removeprefix(CLOUD_SIGN)
            acts.set_cloud(who, number(place.key), name, said(asked.get("value")).strip())
        case name if (name, place.kind) in on_thing:
            on_thing[name, place.kind](who, number(place.key))
        case _:
            raise RefusedError(400, "there is no such act here")


def _place(site: Context, text: str) -> Place:
    try:
        place = Place.parse(text)
    except ValueError as error:
        raise RefusedError(404, str(error)) from None
    if not site.world.place_exists(place):
        raise RefusedError(404, "no such place")
    return place


def _thing(world: World, place: Place) -> User | Project | Studio:
    if place.kind == "profile":
        return world.users[place.key]
    things = world.projects if place.kind == "project" else world.studios
    return things[int(place.key)]


def _threads(world: World, place: Place) -> list[dict[str, Any]]:
    tops = itertools.islice(world.top_comments(place), SHOWN_THREADS)
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


def _messages(reader: User) -> list[Row]:
    return [
        {
            "type": row["type"],
            "actor": row["actor_username"],
            "at": row["datetime_created"],
            "text": row.get("comment_fragment", row.get("title", row.get("project_title", ""))),
        }
        for row in itertools.islice(reversed(reader.messages), SHOWN_ENTRIES)
    ]


def _facts(thing: User | Project | Studio) -> str:
    if isinstance(thing, Project):
        state = "" if thing.is_shared else " · not shared"
        loves, favorites = thing.love_count, len(thing.favorites)
        return f"by {thing.author.username} · {loves} loves · {favorites} favourites{state}"
    if isinstance(thing, Studio):
        return f"hosted by {thing.host.username} · {len(thing.projects)} projects"
    return f"{len(thing.followers)} followers · {thing.message_count} unread messages"


def _about(thing: User | Project | Studio) -> list[tuple[str, str]]:
    """Return the texts of a thing, and what belongs to it, for the page to show."""
    if isinstance(thing, Project):
        parents = [] if thing.parent is None or not thing.parent.is_shared else [thing.parent]
        return [
            ("Instructions", thing.instructions),
            ("Notes and credits", thing.description),
            ("Remix of", _titles(parents)),
            ("Remixes", _titles(thing.shared_remixes)),
            ("Studios", _titles(thing.studios.values())),
        ]
    if isinstance(thing, Studio):
        return [
            ("Description", thing.description),
            ("Managers", _names(thing.managers)),
            ("Curators", _names(thing.curators)),
            ("Projects", _titles(thing.projects.values())),
        ]
    return [
        ("About me", thing.bio),
        ("What I'm working on", thing.status),
        ("Projects", _titles(one for one in thing.projects.values() if one.is_shared)),
        ("Follows", _names(thing.following)),
    ]


def _titles(things: Iterable[Project | Studio]) -> str:
    return ", ".join(one.title for one in itertools.islice(things, SHOWN_NAMES))


def _names(people: dict[str, User]) -> str:
    return ", ".join(one.username for one in itertools.islice(people.values(), SHOWN_NAMES))


def _can(thing: User | Project | Studio, reader: User | None) -> list[str]:
    """Return what the page offers to do here."""
    if isinstance(thing, Studio):
        return ["follow-studio"]
    if isinstance(thing, User):
        return [] if thing is reader else ["follow"]
    own = [] if thing.author is not reader else ["unshare" if thing.is_shared else "share"]
    return ["love", "favorite", *own]


def _cloud(thing: User | Project | Studio) -> list[list[str]]:
    if not isinstance(thing, Project):
        return []
    return [[name.removeprefix(CLOUD_SIGN), value] for name, value in thing.cloud.items()]


ROUTES: list[Route] = [
    ("GET", "/", file("index.html", "text/html")),
    ("GET", "/sandbox/style.css", file("style.css", "text/css")),
    ("GET", "/sandbox/app.js", file("app.js", "text/javascript")),
    ("GET", "/sandbox/places", places),
    ("GET", "/sandbox/world", glance),
    ("GET", "/sandbox/state", state),
    ("POST", "/sandbox/act", act),
]
