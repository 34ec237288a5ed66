"""``scratch.mit.edu``: logging in and out, and who is logged in."""

import secrets

from aiohttp import web

from scratchbot.sandbox.hosts.context import Route, body, context, old_site_login
from scratchbot.sandbox.rules import RefusedError
from scratchbot.sandbox.sessions import Login
from scratchbot.sandbox.times import site_time

SESSION_COOKIE = "scratchsessionsid"
CSRF_COOKIE = "scratchcsrftoken"


async def csrf_token(_: web.Request) -> web.Response:
    """Set the CSRF cookie."""
    answer = web.Response(text="", content_type="text/html")
    answer.headers["Set-Cookie"] = f"{CSRF_COOKIE}={secrets.token_hex(16)}; Path=/"
    return answer


async def log_in(request: web.Request) -> web.Response:
    """Open a session for a user name and password."""
    if request.headers.get("X-CSRFToken", "") != request.cookies.get(CSRF_COOKIE, "").strip('"'):
        raise RefusedError(403, "CSRF verification failed")
    asked = await body(request)
    username = str(asked.get("username", ""))
    user = context(request).world.user(username)
    if user is None or user.password != asked.get("password"):
        failure = {
            "username": username,
            "num_tries": 1,
            "success": 0,
            "msg": "Incorrect username or password.",
            "messages": [],
            "id": None,
        }
        return web.json_response([failure], status=403)
    opened = context(request).sessions.open(user, context(request).clock())
    success = {
        "username": user.username,
        "token": opened.token,
        "num_tries": 1,
        "success": 1,
        "msg": "",
        "messages": [],
        "id": user.id,
    }
    answer = web.json_response([success])
    answer.headers["Set-Cookie"] = (
        f'{SESSION_COOKIE}="{opened.session_id}"; Domain=.scratch.mit.edu; HttpOnly; Path=/'
    )
    return answer


async def log_out(request: web.Request) -> web.Response:
    """End the session."""
    old_site_login(request)
    found = _session(request)
    if found is not None:
        context(request).sessions.close(found)
    return web.Response(status=302, headers={"Location": "https://scratch.mit.edu/"})


async def session(request: web.Request) -> web.Response:
    """Tell who is logged in."""
    if request.headers.get("X-Requested-With") != "XMLHttpRequest":
        raise RefusedError(404)
    found = _session(request)
    if found is None:
        return web.json_response({"flags": _flags()})
    user = found.user
    return web.json_response(
        {
            "user": {
                "id": user.id,
                "banned": False,
                "should_vpn": False,
                "username": user.username,
                "token": found.token,
                "thumbnailUrl": f"//uploads.scratch.mit.edu/users/avatars/{user.id}.png",
                "dateJoined": site_time(user.joined).replace(".000Z", ""),
                "email": "",
                "birthYear": None,
                "birthMonth": None,
                "gender": "",
            },
            "permissions": {
                "admin": user.role == "team",
                "scratcher": user.role != "new_scratcher",
                "new_scratcher": user.role == "new_scratcher",
                "invited_scratcher": False,
                "social": True,
                "educator": False,
                "educator_invitee": False,
                "student": False,
                "mute_status": {},
            },
            "flags": _flags(),
        }
    )


def _session(request: web.Request) -> Login | None:
    return context(request).sessions.by_session(request.cookies.get(SESSION_COOKIE, ""))


def _flags() -> dict[str, bool]:
    return {
        "must_reset_password": False,
        "must_complete_registration": False,
        "has_outstanding_email_confirmation": False,
        "show_welcome": False,
        "confirm_email_banner": False,
        "unsupported_browser_banner": False,
        "with_parent_email": False,
        "project_comments_enabled": True,
        "gallery_comments_enabled": True,
        "userprofile_comments_enabled": True,
        "everything_is_totally_normal": False,
    }


ROUTES: list[Route] = [
    ("GET", "/csrf_token", csrf_token),
    ("POST", "/login", log_in),
    ("POST", "/accounts/login", log_in),
    ("POST", "/accounts/logout", log_out),
    ("GET", "/session", session),
]
