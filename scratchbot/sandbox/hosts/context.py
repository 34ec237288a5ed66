"""What every answer of the sandbox needs."""

import itertools
import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from aiohttp import web

from scratchbot.sandbox.acts import Acts
from scratchbot.sandbox.rules import RefusedError
from scratchbot.sandbox.sessions import Login, Sessions
from scratchbot.sandbox.world import Project, Studio, User, World

T = TypeVar("T")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Route = tuple[str, str, Handler]

MOST = 40
USUAL = 20


@dataclass(frozen=True)
class Context:
    """The world behind a server."""

    world: World
    acts: Acts
    sessions: Sessions
    clock: Callable[[], float]


CONTEXT = web.AppKey("context", Context)


def context(request: web.Request) -> Context:
    """Return the world that a request asks about."""
    return request.config_dict[CONTEXT]


def login(request: web.Request) -> Login | None:
    """Return who asks: by token, as the API takes it, or by session cookie."""
    sessions = context(request).sessions
    token = request.headers.get("X-Token") or request.query.get("x-token")
    if token:
        return sessions.by_token(token)
    return sessions.by_session(request.cookies.get("scratchsessionsid", ""))


def required_login(request: web.Request) -> User:
    """Return who asks.

    :raises RefusedError: if nobody is logged in.
    """
    found = login(request)
    if found is None:
        raise RefusedError(403, "not logged in")
    return found.user


def old_site_login(request: web.Request) -> User:
    """Return who acts on the old site, which wants a CSRF token as well.

    :raises RefusedError: if nobody is logged in, or the token does not match its cookie.
    """
    sent = request.headers.get("X-CSRFToken", "")
    if not sent or sent != request.cookies.get("scratchcsrftoken", "").strip('"'):
        raise RefusedError(403, "CSRF verification failed")
    found = context(request).sessions.by_session(request.cookies.get("scratchsessionsid", ""))
    if found is None:
        raise RefusedError(403, "not logged in")
    return found.user


def asked_user(request: web.Request) -> User:
    """Return the user whom the path names.

    :raises RefusedError: if there is none.
    """
    user = context(request).world.user(request.match_info["username"])
    if user is None:
        raise RefusedError(404, "no such user")
    return user


def asked_project(request: web.Request) -> Project:
    """Return the project that the path names, if the reader may see it.

    :raises RefusedError: if there is none.
    """
    project = context(request).world.projects.get(number(request.match_info["project_id"]))
    reader = login(request)
    own = project is not None and reader is not None and reader.user is project.author
    if project is None or not (project.state == "shared" or own):
        raise RefusedError(404, "no such project")
    return project


def asked_studio(request: web.Request) -> Studio:
    """Return the studio that the path names.

    :raises RefusedError: if there is none.
    """
    studio = context(request).world.studios.get(number(request.match_info["studio_id"]))
    if studio is None:
        raise RefusedError(404, "no such studio")
    return studio


def number(text: str) -> int:
    """Return a number out of a path.

    :raises RefusedError: if it is none.
    """
    if text.isascii() and text.isdecimal() and len(text) < 20:
        return int(text)
    raise RefusedError(404, "no such thing")


def page(request: web.Request, items: Iterable[T], most: int = MOST) -> list[T]:
    """Return the items that ``limit`` and ``offset`` ask for.

    :raises RefusedError: if the limit is over what the site allows, or is no number.
    """
    limit, offset = _count(request, "limit", USUAL), _count(request, "offset", 0)
    if not 1 <= limit <= most:
        raise RefusedError(400, "limit")
    return list(itertools.islice(items, offset, offset + limit))


def _count(request: web.Request, key: str, usual: int) -> int:
    text = request.query.get(key, str(usual))
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise RefusedError(400, key)
    return int(text)


async def body(request: web.Request) -> dict[str, Any]:
    """Return the JSON object of a request, whatever its content type says.

    :raises RefusedError: if there is something else.
    """
    raw = await request.read()
    try:
        value = json.loads(raw or b"{}")
    except ValueError:
        raise RefusedError(400, "JSON") from None
    if not isinstance(value, dict):
        raise RefusedError(400, "JSON")
    return value


def optional_id(value: object) -> int | None:
    """Return an id that clients send as a number, as text, or as nothing."""
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    return int(text) if text.isascii() and text.isdecimal() else None
