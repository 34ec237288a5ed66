"""Logging in and out, and who is logged in."""

import re
import secrets

from aiohttp import web

from scratchbot.sandbox.hosts.context import (
    CSRF_COOKIE,
    SESSION_COOKIE,
    Route,
    body,
    check_csrf,
    context,
    form,
    html,
    old_site_login,
    session,
)
from scratchbot.sandbox.rules import mute_status, username_verdict
from scratchbot.sandbox.sessions import Login
from scratchbot.sandbox.times import old_site_time
from scratchbot.sandbox.world import Row, User

CAPTCHA_PAGE = "/accounts/login-retry"
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")
_COOKIE_LIFE = "expires=Tue, 01 Jan 2030 00:00:00 GMT; Max-Age=31449600"


async def csrf_token(_: web.Request) -> web.Response:
    """Set the CSRF cookie, behind another one as the site does."""
    answer = html("")
    answer.headers.add("Set-Cookie", f"permissions=%7B%7D; {_COOKIE_LIFE}; Path=/")
    answer.headers.add(
        "Set-Cookie", f"{CSRF_COOKIE}={secrets.token_hex(16)}; {_COOKIE_LIFE}; Path=/"
    )
    return answer


async def log_in(request: web.Request) -> web.Response:
    """Open a session for a user name and password."""
    check_csrf(request)
    asked, sessions = await body(request), context(request).sessions
    username = str(asked.get("username", ""))
    user = context(request).world.user(username)
    solved = "g-recaptcha-response" in asked
    if sessions.captcha_wanted(username) and not solved:
        return _refusal(username, sessions.tries(username), redirect=CAPTCHA_PAGE)
    if user is None or user.removed or user.password != asked.get("password"):
        return _refusal(username, sessions.count_try(username))
    messages = [{"message": "canceled-deletion"}] if user.leaving else []
    if user.leaving:
        context(request).acts.leave(user.username, leaving=False)
    opened = sessions.open(user, context(request).clock())
    success = {
        "username": user.username,
        "token": opened.token,
        "num_tries": 1,
        "success": 1,
        "msg": "",
        "messages": messages,
        "id": user.id,
    }
    answer = web.json_response([success])
    set_session(answer, opened)
    return answer


def set_session(answer: web.Response, opened: Login) -> None:
    """Set the session cookie, whose value is the only one in quotes."""
    answer.headers["Set-Cookie"] = (
        f'{SESSION_COOKIE}="{opened.session_id}"; Domain=.scratch.mit.edu; HttpOnly; Path=/'
    )


def _refusal(username: str, tries: int, redirect: str | None = None) -> web.Response:
    failure = {
        "username": username,
        "num_tries": tries,
        "success": 0,
        "msg": "Incorrect username or password.",
        "messages": [],
        "id": None,
    }
    if redirect is not None:
        failure |= {"msg": "Please fill in the captcha.", "redirect": redirect}
    answer = web.json_response([failure], status=403)
    answer.headers["Set-Cookie"] = f"{CSRF_COOKIE}={secrets.token_hex(16)}; {_COOKIE_LIFE}; Path=/"
    return answer


async def log_out(request: web.Request) -> web.Response:
    """End the session."""
    check_csrf(request, (await form(request)).get("csrfmiddlewaretoken"))
    found = session(request)
    if found is not None:
        context(request).sessions.close(found)
    return web.Response(status=302, headers={"Location": "https://scratch.mit.edu/"})


async def get_session(request: web.Request) -> web.Response:
    """Tell who is logged in, to scripts only; others are sent to the front page."""
    if request.headers.get("X-Requested-With") != "XMLHttpRequest":
        return web.Response(status=302, headers={"Location": "https://scratch.mit.edu/"})
    found = session(request)
    if found is None:
        return web.json_response({"flags": _flags(None)})
    user = found.user
    told: Row = {
        "user": _user(user, found.token),
        "permissions": {
            "admin": user.is_team,
            "scratcher": not user.is_new,
            "new_scratcher": user.is_new,
            "invited_scratcher": bool(user.invited_at),
            "social": user.email_confirmed,
            "educator": user.role == "educator",
            "educator_invitee": False,
            "student": user.role == "student",
            "mute_status": mute_status(user, context(request).clock()),
        },
        "flags": _flags(user),
    }
    if user.banned:
        told |= {"banned": True, "redirectURL": "/accounts/banned-response/"}
    if user.vpn_required:
        told |= {"vpn_required": True, "redirectURL": "/accounts/vpn_required/"}
    return web.json_response(told)


def _user(user: User, token: str) -> Row:
    told = {
        "id": user.id,
        "banned": user.banned,
        "should_vpn": user.vpn_required,
        "username": user.username,
        "token": token,
        "thumbnailUrl": f"//uploads.scratch.mit.edu/users/avatars/{user.id}.png",
        "dateJoined": old_site_time(user.joined),
        "email": user.email,
        "birthYear": None,
        "birthMonth": None,
        "gender": "",
    }
    if user.classroom is not None:
        told["classroomId"] = user.classroom.id
    return told


def _flags(user: User | None) -> dict[str, bool]:
    unconfirmed = user is not None and not user.email_confirmed
    dismissed = set() if user is None else user.dismissed_cues
    return {
        "must_reset_password": user is not None and user.must_reset_password,
        "must_complete_registration": user is not None and user.must_complete_registration,
        "has_outstanding_email_confirmation": unconfirmed,
        "show_welcome": False,
        "confirm_email_banner": unconfirmed and "confirm_email_banner" not in dismissed,
        "unsupported_browser_banner": False,
        "with_parent_email": False,
        "project_comments_enabled": True,
        "gallery_comments_enabled": True,
        "userprofile_comments_enabled": True,
        "everything_is_totally_normal": False,
        "accepted_terms_of_service": True,
        "under_consent_age": False,
        "parental_consent_required": False,
        "has_active_membership": False,
    }


async def check_username(request: web.Request) -> web.Response:
    """Tell whether an account can have a name."""
    name, world = request.match_info["username"], context(request).world
    user = world.user(name)
    shown = name if user is None else user.username
    return web.json_response([{"username": shown, "msg": username_verdict(world, name)}])


async def check_email(request: web.Request) -> web.Response:
    """Tell whether an account can have an e-mail address."""
    email = request.query.get("email", "")
    verdict = "valid email" if _EMAIL.fullmatch(email) else "Enter a valid email address."
    return web.json_response([{"email": email, "msg": verdict}])


async def check_password(request: web.Request) -> web.Response:
    """Tell whether a password is the user's own."""
    asked = await form(request)
    user = old_site_login(request, asked.get("csrfmiddlewaretoken"))
    return web.json_response({"success": asked.get("password") == user.password})


ROUTES: list[Route] = [
    ("GET", "/csrf_token", csrf_token),
    ("POST", "/login", log_in),
    ("POST", "/login_retry", log_in),
    ("POST", "/accounts/login", log_in),
    ("POST", "/accounts/logout", log_out),
    ("GET", "/session", get_session),
    ("POST", "/session", get_session),
    ("GET", "/accounts/check_username/{username}", check_username),
    ("GET", "/accounts/check_email", check_email),
    ("POST", "/accounts/check_password", check_password),
]
