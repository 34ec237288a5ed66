"""Logging in and out, and who is logged in."""

import base64
import binascii
import json
import zlib
from dataclasses import dataclass

from scratchbot.errors import (
    SiteError,
    UnexpectedAnswerError,
    WrongCredentialsError,
)
from scratchbot.wire.fields import inner, optional_integer, optional_text, text
from scratchbot.wire.request import SITE, Answer, Request, refusal

MAX_SESSION_JSON = 16_384


@dataclass(frozen=True, kw_only=True)
class Login:
    """What an account is logged in with; its secrets do not show in ``repr``."""

    username: str | None
    user_id: int | None
    session_id: str | None
    token: str | None

    def __repr__(self) -> str:
        return f"Login(username={self.username!r})"


def log_in(username: str, password: str) -> Request[Login]:
    """``POST /accounts/login/``: a new session for a user name and password."""
    return Request(
        method="POST",
        host=SITE,
        path="/accounts/login/",
        json={"username": username, "password": password, "useMessages": True},
        read=_read_log_in,
        accepts=(401, 403),
        about=f"user {username}",
    )


def _read_log_in(answer: Answer) -> Login:
    session_id = answer.cookies.get("scratchsessionsid", "").strip('"')
    if not session_id:
        raise _log_in_refusal(answer)
    held = session_contents(session_id)
    row = answer.row()
    return Login(
        username=text(row, "username") or held.username,
        user_id=optional_integer(row, "id") or held.user_id,
        session_id=session_id,
        token=optional_text(row, "token") or held.token,
    )


def _log_in_refusal(answer: Answer) -> SiteError:
    try:
        row = answer.row()
    except UnexpectedAnswerError:
        return refusal(answer, "the log-in page")
    if text(row, "redirect"):
        return WrongCredentialsError(
            "the site wants this log-in to be finished in a browser: log in there once, "
            "then give the session id instead of the password"
        )
    return WrongCredentialsError(
        "the site refused this user name with this password: check both, "
        "or log in with a session id from a browser"
    )


def session_contents(session_id: str) -> Login:
    """Return what a session id says of its account; fields that it does not tell are ``None``.

    The part before the first colon is base64 of zlib-compressed JSON.
    """
    packed = session_id.strip('"').lstrip(".").partition(":")[0]
    try:
        pressed = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
        row = json.loads(zlib.decompressobj().decompress(pressed, MAX_SESSION_JSON))
    except (binascii.Error, zlib.error, ValueError):
        row = None
    if not isinstance(row, dict):
        row = {}
    return Login(
        username=optional_text(row, "username"),
        user_id=optional_integer(row, "_auth_user_id"),
        session_id=session_id,
        token=optional_text(row, "token"),
    )


def session_status() -> Request[Login | None]:
    """``GET /session/``: who the session belongs to; ``None`` if to nobody."""
    return Request(
        method="GET", host=SITE, path="/session/", read=_read_status, about="the session"
    )


def _read_status(answer: Answer) -> Login | None:
    user = inner(answer.row(), "user")
    if not user:
        return None
    return Login(
        username=optional_text(user, "username"),
        user_id=optional_integer(user, "id"),
        session_id=None,
        token=optional_text(user, "token"),
    )


def log_out() -> Request[None]:
    """``POST /accounts/logout/``."""
    return Request(
        method="POST",
        host=SITE,
        path="/accounts/logout/",
        json={},
        read=lambda _: None,
        accepts=(302,),
        about="the session",
        login=True,
    )
