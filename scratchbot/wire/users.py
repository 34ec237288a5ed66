"""Users."""

from dataclasses import dataclass, field
from typing import Any, Literal

from scratchbot.wire.fields import (
    Row,
    flag,
    inner,
    integer,
    optional_integer,
    required_text,
    text,
)
from scratchbot.wire.request import API, SITE, Act, Answer, Request, nothing, page_query
from scratchbot.wire.settling import REPEAT

ReportedField = Literal["username", "icon", "description", "working_on"]


@dataclass(frozen=True, kw_only=True)
class UserData:
    """What the site says of a user.

    :param joined_timestamp: when the account was made, as the site writes times.
    """

    username: str
    id: int
    joined_timestamp: str
    scratchteam: bool
    raw: Row = field(repr=False, compare=False)


@dataclass(frozen=True, kw_only=True)
class IncompleteUser:
    """What the site says of a user beside something else, such as a project's author."""

    username: str
    id: int
    scratchteam: bool
    joined_timestamp: str
    avatar_URL: str
    raw: Row = field(repr=False, compare=False)


def user(row: Row) -> UserData:
    """Return the user that a JSON object describes."""
    return UserData(
        username=required_text(row, "username"),
        id=integer(row, "id"),
        joined_timestamp=text(inner(row, "history"), "joined"),
        scratchteam=flag(row, "scratchteam"),
        raw=row,
    )


def incomplete_user(row: Row) -> IncompleteUser:
    """Return the user that stands within another answer."""
    images = inner(inner(row, "profile"), "images")
    return IncompleteUser(
        username=text(row, "username"),
        id=optional_integer(row, "id") or 0,
        scratchteam=flag(row, "scratchteam"),
        joined_timestamp=text(inner(row, "history"), "joined"),
        avatar_URL=text(images, "90x90") or text(row, "image"),
        raw=row,
    )


def read_users(answer: Answer) -> list[UserData]:
    """Read an answer that is a list of users."""
    return [user(row) for row in answer.rows()]


def get_user(username: str) -> Request[UserData]:
    """``GET /users/{username}``."""
    return Request(
        method="GET",
        host=API,
        path=f"/users/{username}",
        read=lambda answer: user(answer.row()),
        about=f"user {username!r}",
    )


def get_followers(username: str, limit: int, offset: int) -> Request[list[UserData]]:
    """``GET /users/{username}/followers``: newest first."""
    return _people(username, "followers", limit, offset)


def get_following(username: str, limit: int, offset: int) -> Request[list[UserData]]:
    """``GET /users/{username}/following``: newest first."""
    return _people(username, "following", limit, offset)


def _people(username: str, kind: str, limit: int, offset: int) -> Request[list[UserData]]:
    return Request(
        method="GET",
        host=API,
        path=f"/users/{username}/{kind}",
        query=page_query(limit, offset),
        read=read_users,
        about=f"user {username!r}",
    )


def get_message_count(username: str) -> Request[int]:
    """``GET /users/{username}/messages/count``: how many messages are unread."""
    return Request(
        method="GET",
        host=API,
        path=f"/users/{username}/messages/count",
        read=lambda answer: integer(answer.row(), "count"),
        about=f"user {username!r}",
    )


def follow(username: str, follower: str) -> Request[dict[str, Any]]:
    """``PUT /site-api/users/followers/{username}/add/``."""
    return _following(username, follower, "add")


def unfollow(username: str, follower: str) -> Request[dict[str, Any]]:
    """``PUT /site-api/users/followers/{username}/remove/``."""
    return _following(username, follower, "remove")


def _following(username: str, follower: str, change: str) -> Request[dict[str, Any]]:
    return Request(
        method="PUT",
        host=SITE,
        path=f"/site-api/users/followers/{username}/{change}/",
        query={"usernames": follower},
        read=Answer.row,
        about=f"user {username!r}",
        login=True,
        act=Act(
            permission="social",
            kind=f"follow.{change}",
            target=f"user:{username}",
            settling=REPEAT,
        ),
    )


def report(username: str, reported: ReportedField) -> Request[None]:
    """``POST /site-api/users/all/{username}/report/``."""
    return Request(
        method="POST",
        host=SITE,
        path=f"/site-api/users/all/{username}/report/",
        json={"selected_field": reported},
        read=nothing,
        about=f"user {username!r}",
        login=True,
        act=Act(permission="account", kind="user.report", target=f"user:{username}", text=reported),
    )
