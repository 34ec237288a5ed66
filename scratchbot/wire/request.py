"""A request to the site and the site's answer, both as plain values."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Generic, Literal, TypeVar, cast

from scratchbot.errors import (
    ConflictError,
    ForbiddenError,
    NotFoundError,
    RateLimitedError,
    SiteDownError,
    SiteError,
    UnexpectedAnswerError,
)
from scratchbot.redaction import redact
from scratchbot.wire.settling import PARK, Settling

T = TypeVar("T")
Method = Literal["GET", "POST", "PUT", "DELETE"]

SITE = "scratch.mit.edu"
API = "api.scratch.mit.edu"
PROJECTS = "projects.scratch.mit.edu"
ASSETS = "assets.scratch.mit.edu"
BACKPACK = "backpack.scratch.mit.edu"
CLOUD = "clouddata.scratch.mit.edu"

MAX_PAGE = 40

SAMPLE = 200
"""Characters of an answer that an error shows."""
SAMPLED = 4_000
"""Characters that are searched for secrets before they are cut: one may be cut in half here."""

AGREEING = timedelta(seconds=2)
"""What the site's time of an answer, which is whole seconds, may be behind when the answer comes.
"""
LONGEST_WAIT = 1e9
"""Seconds; whoever asks for more asks for never."""

PERMISSIONS = (
    "account",
    "cloud.set",
    "comment.delete",
    "comment.post",
    "comment.reply",
    "comment.report",
    "forum.post",
    "profile.edit",
    "project.edit",
    "social",
    "studio.curate",
    "studio.edit",
)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the site answered to one request.

    :param headers: their names in small letters.
    :param cookies: those that it sets, values as the site wrote them.
    :param at: when it came (aware, UTC), if it came from the site.
    """

    status: int
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    cookies: Mapping[str, str] = field(default_factory=dict, repr=False)
    at: datetime | None = None

    def text(self) -> str:
        """Return the body as text; bytes that are no UTF-8 are replaced."""
        return self.body.decode("utf-8", "replace")

    def sample(self) -> str:
        """Return how the body begins, in one line and without secrets."""
        text = redact(self.body[:SAMPLED].decode("utf-8", "replace"))
        return " ".join(text.split())[:SAMPLE]

    def json(self) -> Any:
        """Return the body read as JSON, whatever its label says.

        :raises UnexpectedAnswerError: if it is no JSON.
        """
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            raise UnexpectedAnswerError(
                f"the site answered {self.status} with something that is not JSON; "
                "it may be down for maintenance, try again later"
            ) from None

    def row(self) -> dict[str, Any]:
        """Return the body as one JSON object; a list of one object counts as that object.

        :raises UnexpectedAnswerError: if it is something else.
        """
        value = self.json()
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if not isinstance(value, dict):
            raise UnexpectedAnswerError("the site answered with JSON that is no object")
        return cast("dict[str, Any]", value)

    def rows(self) -> list[dict[str, Any]]:
        """Return the body as a list of JSON objects.

        :raises UnexpectedAnswerError: if it is something else.
        """
        value = self.json()
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise UnexpectedAnswerError("the site answered with JSON that is no list of objects")
        return value


@dataclass(frozen=True, kw_only=True)
class Act:
    """What a request changes on the site.

    :param permission: what a plugin needs to be allowed, such as ``studio.curate``.
    :param kind: the change, such as ``project.add``.
    :param target: the thing acted on, such as ``project:104``.
    :param text: what is said, or what tells what it makes from other things, if something does.
    :param rehearsed: the body that a dry run takes for the site's answer.
    :param settling: how to find out whether it was done, if its answer never comes.
    :param made: what it made, told by the site's answer: an id that other acts' results differ
        from.
    """

    permission: str
    kind: str
    target: str
    text: str | None = None
    rehearsed: bytes = b"{}"
    settling: Settling = PARK
    made: "Callable[[Answer], str | None]" = field(default=lambda _: None, repr=False)

    @property
    def ground(self) -> str:
        """The place that it is done in, such as ``studio:26135902`` or ``profile:griffpatch``."""
        kind, _, rest = self.target.partition(":")
        kind = "profile" if kind == "user" else kind
        return ":".join([kind, *rest.split(":", 1)[:1]]) if rest else kind

    def __str__(self) -> str:
        """Say the act in one line."""
        said = "" if self.text is None else f" {self.text!r}"
        return f"{self.kind} {self.target}{said}"


def nothing(_: Answer) -> None:
    """Read an answer of which only the status matters."""


@dataclass(frozen=True)
class File:
    """A file within a form."""

    name: str
    content_type: str
    contents: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Request(Generic[T]):
    """One question to the site, or one act on it.

    :param about: the thing asked for, in words for an error message.
    :param login: whether it makes sense without a log-in.
    :param json: the body as JSON; ``form`` as a form, ``parts`` as one of several parts (where
        files can be), ``body`` as it stands. At most one of them is given.
    :param accepts: the statuses, beside 2xx, of answers that ``read`` understands.
    :param act: what it changes, if it changes anything.
    """

    method: Method
    host: str
    path: str
    read: Callable[[Answer], T]
    about: str
    query: Mapping[str, str | int] = field(default_factory=dict)
    json: Mapping[str, Any] | None = field(default=None, repr=False)
    form: Mapping[str, str] | None = field(default=None, repr=False)
    parts: Mapping[str, str | File] | None = field(default=None, repr=False)
    body: bytes | None = field(default=None, repr=False)
    login: bool = False
    accepts: tuple[int, ...] = ()
    act: Act | None = None

    def result(self, answer: Answer) -> T:
        """Return what the answer means.

        :raises SiteError: the one that fits the answer's status or form.
        """
        try:
            if 200 <= answer.status < 300 or answer.status in self.accepts:
                return self.read(answer)
            raise refusal(answer, self.about)
        except UnexpectedAnswerError as error:
            error.sample = answer.sample()
            raise


def refusal(answer: Answer, about: str) -> SiteError:
    """Return the error that an answer's status stands for."""
    status = answer.status
    if status in (401, 403):
        return ForbiddenError(
            f"the site does not let this account do that with {about} ({status}); "
            "check that the account is logged in and may do it in a browser"
        )
    if status == 404:
        return NotFoundError(f"there is no {about} on the site, or it is not shared")
    if status == 409:
        return ConflictError(f"{about}: the site says that this is so already; look before you act")
    if status == 429:
        seconds, at = retry_after(answer), answer.at
        until = None if seconds is None or at is None else at + timedelta(seconds=seconds)
        return RateLimitedError(
            f"the site asks to slow down ({about}); wait a while", seconds, until
        )
    if status >= 500:
        return SiteDownError(f"the site is out of order ({status} for {about}); try again later")
    return UnexpectedAnswerError(f"the site answered {status} for {about}")


def retry_after(answer: Answer) -> float | None:
    """Return the seconds that the ``Retry-After`` header asks to wait, if it holds any.

    A time of day counts from the site's own clock where the answer tells it.
    """
    value = answer.headers.get("retry-after", "")
    if value.isascii() and value.isdecimal():
        return min(float(value), LONGEST_WAIT)
    moment = _http_date(value)
    now = site_time(answer) or answer.at
    if moment is None or now is None:
        return None
    return min(max(0.0, (moment - now).total_seconds()), LONGEST_WAIT)


def site_time(answer: Answer) -> datetime | None:
    """Return the site's time when it gave an answer, in whole seconds, if it says."""
    return _http_date(answer.headers.get("date", ""))


def by_site_clock(answer: Answer, moment: datetime) -> datetime:
    """Return a moment of this machine's clock by the site's, early rather than late.

    :param answer: tells how far the clocks are apart, in whole seconds: if they agree as far as
        that, they are taken to agree.
    """
    told = site_time(answer)
    if told is None or answer.at is None or timedelta(0) <= answer.at - told < AGREEING:
        return moment
    return moment + (told - answer.at) - AGREEING


def _http_date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def page_query(limit: int, offset: int) -> dict[str, str | int]:
    """Return the query of one page of a list; the site gives at most 40 items a page."""
    return {"limit": limit, "offset": offset}
