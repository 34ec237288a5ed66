"""What every answer of the sandbox needs."""

import itertools
import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from aiohttp import web

from scratchbot.sandbox.acts import Acts
from scratchbot.sandbox.requestlog import RequestLog
from scratchbot.sandbox.rules import ForgedError, RefusedError
from scratchbot.sandbox.sessions import Login, Sessions
from scratchbot.sandbox.weather import Weather
from scratchbot.sandbox.world import Comment, Place, Project, Studio, User, World

T = TypeVar("T")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Route = tuple[str, str, Handler]

MOST = 40
USUAL = 20
LAST = 1_000_000_000
"""The furthest that a list can be asked for."""
LONGEST_NUMBER = 18
SESSION_COOKIE = "scratchsessionsid"
CSRF_COOKIE = "scratchcsrftoken"


@dataclass(frozen=True)
class Context:
    """The world behind a server."""

    world: World
    acts: Acts
    sessions: Sessions
    weather: Weather
    requests: RequestLog
    clock: Callable[[], float]


CONTEXT = web.AppKey("context", Context)


def context(request: web.Request) -> Context:
    """Return the world that a request asks about."""
    return request.config_dict[CONTEXT]


def session(request: web.Request) -> Login | None:
    """Return the log-in of the session cookie."""
    return context(request).sessions.by_session(request.cookies.get(SESSION_COOKIE, ""))


def login(request: web.Request) -> Login | None:
    """Return who asks: by token, as the API takes it, or by session cookie."""
    sent = token(request)
    return context(request).sessions.by_token(sent) if sent else session(request)


def token(request: web.Request) -> str:
    """Return the token that a request carries, empty where there is none."""
    return request.headers.get("X-Token") or request.query.get("x-token") or ""


def reader(request: web.Request) -> User | None:
    """Return who asks, if anybody is logged in."""
    found = login(request)
    return None if found is None else found.user


def required_login(request: web.Request) -> User:
    """Return who asks; an act on the API needs the token, since any page could send the cookie.

    :raises RefusedError: if nobody is logged in, or the account is banned.
    """
    user = reader(request)
    if user is None:
        raise RefusedError(403, "not logged in")
    if request.method != "GET":
        if user.banned:
            raise RefusedError(403, f"{user.username} is banned")
        if host_name(request).startswith("api.") and not token(request):
            raise RefusedError(403, "the API wants the token")
    return user


def host_name(request: web.Request) -> str:
    """Return the host that a request is for, without its port."""
    return request.host.partition(":")[0].lower()


def check_csrf(request: web.Request, sent: object = None) -> None:
    """Compare the CSRF token of the header, or of a form, with its cookie.

    :raises ForgedError: if there is none or they differ.
    """
    token = request.headers.get("X-CSRFToken") or sent
    if not token or token != request.cookies.get(CSRF_COOKIE, "").strip('"'):
        raise ForgedError


def old_site_login(request: web.Request, csrf: object = None) -> User:
    """Return who acts on the old site, which wants a CSRF token as well.

    :raises RefusedError: if nobody is logged in, the token does not match its cookie, or the
        account is banned.
    """
    check_csrf(request, csrf)
    found = session(request)
    if found is None:
        raise RefusedError(403, "not logged in")
    if found.user.banned:
        raise RefusedError(403, f"{found.user.username} is banned")
    return found.user


def own(request: web.Request) -> User:
    """Return the user whom the path names, who has to be the one who asks.

    :raises RefusedError: if it is another.
    """
    asking = required_login(request)
    if asking is not asked_user(request):
        raise RefusedError(403, "another's")
    return asking


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
    if project is None or not project.visible_to(reader(request)):
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
    found = optional_id(text)
    if found is None:
        raise RefusedError(404, "no such thing")
    return found


def page(request: web.Request, items: Iterable[T], most: int = MOST) -> list[T]:
    """Return the items that ``limit`` and ``offset`` ask for.

    :raises RefusedError: if the limit is over what the site allows, or is no number.
    """
    limit, offset = page_bounds(request, most)
    return list(itertools.islice(items, offset, offset + limit))


def page_bounds(request: web.Request, most: int = MOST) -> tuple[int, int]:
    """Return the ``limit`` and the ``offset`` that a request asks for.

    :raises RefusedError: if the limit is over what the site allows, or is no number.
    """
    limit, offset = _count(request, "limit", USUAL), _count(request, "offset", 0)
    if not 1 <= limit <= most:
        raise RefusedError(400, "limit")
    return limit, offset


def numbered_page(request: web.Request, items: Iterable[T], size: int = MOST) -> list[T]:
    """Return the items of the page that ``page`` asks for.

    :raises RefusedError: if it is past the last; the first is always there.
    """
    asked = _count(request, "page", 1)
    start = (asked - 1) * size
    found = list(itertools.islice(items, max(0, start), max(0, start) + size))
    if asked < 1 or (asked > 1 and not found):
        raise RefusedError(404, "no such page")
    return found


def _count(request: web.Request, key: str, usual: int) -> int:
    found = optional_id(request.query.get(key) or str(usual))
    if found is None or found > LAST:
        raise RefusedError(400, key)
    return found


async def body(request: web.Request) -> dict[str, Any]:
    """Return the JSON object of a request, whatever its content type says.

    :raises RefusedError: if there is something else.
    """
    try:
        value = read_json(await request.read() or b"{}")
    except ValueError:
        raise RefusedError(400, "JSON") from None
    if not isinstance(value, dict):
        raise RefusedError(400, "JSON")
    return value


def read_json(raw: bytes | str) -> Any:
    """Return what JSON says.

    :raises ValueError: if it is none, or a text in it holds half a character, which no answer
        could be written with.
    """
    text = raw if isinstance(raw, str) else raw.decode()
    try:
        value = json.loads(text, parse_constant=_no_number)
        if "\\ud" in text.lower():
            json.dumps(value, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return value


async def form(request: web.Request) -> dict[str, Any]:
    """Return what a form sends, as a form or as JSON; files are bytes unless they are texts."""
    if request.content_type.startswith("multipart/"):
        try:
            sent = await request.post()
        except (ValueError, LookupError, RuntimeError):
            raise RefusedError(400, "multipart") from None
        return {key: _field(value) for key, value in sent.items()}
    raw = await request.read()
    try:
        value = read_json(raw or b"{}")
    except ValueError:
        value = None
    if isinstance(value, dict):
        return value
    text = raw.decode("utf-8", "replace").strip('"')
    return dict(parse_qsl(text, keep_blank_values=True))


def _field(value: Any) -> Any:
    raw = value.file.read() if isinstance(value, web.FileField) else value
    if not isinstance(raw, bytes):
        return raw
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no JSON")


def said(value: object) -> str:
    """Return a text that clients send; anything else counts as none."""
    return value if isinstance(value, str) else ""


def optional_id(value: object) -> int | None:
    """Return an id that clients send as a number, as text, or as nothing."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value if 0 <= value < 10**LONGEST_NUMBER else None
    text = said(value)
    is_number = text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER
    return int(text) if is_number else None


async def post_comment(request: web.Request, author: User, place: Place) -> Comment:
    """Post the comment that a request brings.

    :raises RejectedError: if the site rejects it.
    """
    asked = await body(request)
    return context(request).acts.post_comment(
        author.username,
        place,
        said(asked.get("content")),
        optional_id(asked.get("parent_id")),
        optional_id(asked.get("commentee_id")),
    )


def html(text: str, status: int = 200) -> web.Response:
    """Answer with HTML."""
    return web.Response(text=text, content_type="text/html", status=status)
