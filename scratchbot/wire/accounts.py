"""Logging in and out, and who is logged in."""

import base64
import binascii
import json
import string
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from scratchbot.errors import (
    NotLoggedInError,
    SiteError,
    UnexpectedAnswerError,
    WrongCredentialsError,
)
from scratchbot.wire.fields import (
    Row,
    epoch,
    flag,
    inner,
    integer,
    optional_integer,
    optional_text,
    required_text,
    text,
)
from scratchbot.wire.request import SITE, Act, Answer, Request, refusal

LOG_IN = "account.log_in"
"""The kind of the act that logs in."""
BLOCKS = ("banned", "must_complete_registration", "must_reset_password", "vpn_required")
MAX_SESSION_JSON = 16_384
SESSION_LASTS = timedelta(days=14)
"""How long a session lasts, as far as is known: what Django does unless it is told otherwise."""
_DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase


@dataclass(frozen=True, kw_only=True)
class Login:
    """What an account is logged in with; its secrets do not show in ``repr``.

    :param blocks: the site's words for what keeps the account from doing anything.
    """

    username: str | None
    user_id: int | None
    session_id: str | None
    token: str | None
    blocks: tuple[str, ...] = ()

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
        act=Act(permission="account", kind=LOG_IN, target=f"user:{username}"),
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
    except (binascii.Error, zlib.error, ValueError, RecursionError):
        row = None
    if not isinstance(row, dict):
        row = {}
    return Login(
        username=optional_text(row, "username"),
        user_id=optional_integer(row, "_auth_user_id"),
        session_id=session_id,
        token=optional_text(row, "token"),
    )


def session_expiry(session_id: str) -> datetime | None:
    """Return when a session probably ends, ``None`` if its id does not say when it began.

    The part between the colons is the number of seconds since 1970, in base 62.
    """
    parts = session_id.strip('"').split(":")
    if len(parts) != 3 or not 1 <= len(parts[1]) <= 6:
        return None
    seconds = 0
    for letter in parts[1]:
        digit = _DIGITS.find(letter)
        if digit < 0:
            return None
        seconds = seconds * 62 + digit
    return datetime.fromtimestamp(seconds, UTC) + SESSION_LASTS


def session_status() -> Request[Login | None]:
    """``GET /session/``: who the session belongs to; ``None`` if to nobody."""
    return Request(
        method="GET", host=SITE, path="/session/", read=_read_status, about="the session"
    )


def _read_status(answer: Answer) -> Login | None:
    row = answer.row()
    user = inner(row, "user")
    if not user:
        return None
    told = {**user, **inner(row, "flags"), **row}
    return Login(
        username=optional_text(user, "username"),
        user_id=optional_integer(user, "id"),
        session_id=None,
        token=optional_text(user, "token"),
        blocks=tuple(word for word in BLOCKS if flag(told, word)),
    )


def csrf_token() -> Request[str]:
    """``GET /csrf_token/``: a new token against forged requests."""
    return Request(
        method="GET", host=SITE, path="/csrf_token/", read=_read_csrf_token, about="the CSRF token"
    )


def _read_csrf_token(answer: Answer) -> str:
    token = answer.cookies.get("scratchcsrftoken", "").strip('"')
    if not token:
        raise UnexpectedAnswerError("the site gave no CSRF token where it should: try again later")
    return token


def is_csrf_refusal(answer: Answer) -> bool:
    """Tell whether the site refused a request for its CSRF token alone."""
    return answer.status == 403 and b"CSRF verification failed" in answer.body


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


@dataclass(frozen=True, kw_only=True)
class Mute:
    """A mute of the account.

    :param ends: when it ends.
    :param kind: what for, in the site's word (``vulgarity``, ``spam``, …).
    :param warned: whether the site says that the next one blocks the account.
    """

    ends: datetime
    kind: str
    warned: bool


@dataclass(frozen=True, kw_only=True)
class AccountStatus:
    """What the site says of the account that is logged in.

    :param mute: the mute that goes on, ``None`` where there is none.
    :param scratcher: whether it is more than a New Scratcher's; ``social`` is whether its e-mail
        address is confirmed.
    :param must_reset_password: one of the things that the site wants before it lets the account
        act; so are ``must_complete_registration``, ``email_unconfirmed`` and ``vpn_required``.
    """

    username: str
    id: int
    banned: bool
    mute: Mute | None
    scratcher: bool
    invited: bool
    educator: bool
    student: bool
    team: bool
    social: bool
    must_reset_password: bool
    must_complete_registration: bool
    email_unconfirmed: bool
    vpn_required: bool
    raw: Row = field(repr=False, compare=False)


def get_account_status() -> Request[AccountStatus]:
    """``GET /session/``: what the site says of the account."""
    return Request(
        method="GET",
        host=SITE,
        path="/session/",
        read=_read_account_status,
        about="the session",
        login=True,
    )


def _read_account_status(answer: Answer) -> AccountStatus:
    row = answer.row()
    user, permissions, flags = inner(row, "user"), inner(row, "permissions"), inner(row, "flags")
    if not user:
        raise NotLoggedInError(
            "the site does not know this session (any more): log in again, or copy a new session id"
        )
    return AccountStatus(
        username=required_text(user, "username"),
        id=integer(user, "id"),
        banned=flag(user, "banned") or flag(row, "banned"),
        mute=_mute(inner(permissions, "mute_status")),
        scratcher=flag(permissions, "scratcher"),
        invited=flag(permissions, "invited_scratcher"),
        educator=flag(permissions, "educator"),
        student=flag(permissions, "student"),
        team=flag(permissions, "admin"),
        social=flag(permissions, "social"),
        must_reset_password=flag(flags, "must_reset_password"),
        must_complete_registration=flag(flags, "must_complete_registration"),
        email_unconfirmed=flag(flags, "has_outstanding_email_confirmation"),
        vpn_required=flag(row, "vpn_required"),
        raw=row,
    )


def _mute(row: Row) -> Mute | None:
    ends = epoch(row, "muteExpiresAt")
    if ends is None:
        return None
    return Mute(ends=ends, kind=text(row, "currentMessageType"), warned=flag(row, "showWarning"))
