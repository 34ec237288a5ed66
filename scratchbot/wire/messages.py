"""Messages and activity: rows that say who did what, in the site's own words."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal

from scratchbot.errors import UnexpectedAnswerError
from scratchbot.wire.accounts import AccountStatus, get_account_status
from scratchbot.wire.emoji import plain_text
from scratchbot.wire.fields import (
    Row,
    integer,
    optional_integer,
    optional_text,
    required_text,
    text,
    time,
)
from scratchbot.wire.request import API, SITE, Act, Answer, Request, nothing, page_query
from scratchbot.wire.settling import REPEAT, Asking, Trace, look_whether

Filter = Literal["", "comments", "projects", "studios", "forums"]


@dataclass(frozen=True, kw_only=True)
class _Deed:
    """Who did what to what; fields that a row does not have are ``None``."""

    id: str
    type: str
    actor: str
    actor_id: int | None
    created_timestamp: str
    project_id: int | None
    title: str | None
    project_title: str | None
    parent_id: int | None
    parent_title: str | None
    gallery_id: int | None
    gallery_title: str | None
    recipient_username: str | None
    followed_username: str | None
    username: str | None
    raw: Row = field(repr=False, compare=False)


@dataclass(frozen=True, kw_only=True)
class Message(_Deed):
    """A message that the account received.

    :param comment_type: 0 for a project, 1 for a profile, 2 for a studio.
    """

    comment_id: int | None
    comment_fragment: str | None
    commentee_username: str | None
    comment_obj_id: int | None
    comment_obj_title: str | None
    comment_type: int | None
    topic_id: int | None
    topic_title: str | None


@dataclass(frozen=True, kw_only=True)
class Activity(_Deed):
    """Something that somebody did: a line of the following feed, or of a studio's activity."""


def _deed(row: Row) -> dict[str, Any]:
    return {
        "id": str(row.get("id", "")),
        "type": required_text(row, "type"),
        "actor": text(row, "actor_username"),
        "actor_id": optional_integer(row, "actor_id"),
        "created_timestamp": required_text(row, "datetime_created"),
        "project_id": optional_integer(row, "project_id"),
        "title": optional_text(row, "title"),
        "project_title": optional_text(row, "project_title"),
        "parent_id": optional_integer(row, "parent_id"),
        "parent_title": optional_text(row, "parent_title"),
        "gallery_id": optional_integer(row, "gallery_id"),
        "gallery_title": optional_text(row, "gallery_title"),
        "recipient_username": optional_text(row, "recipient_username"),
        "followed_username": optional_text(row, "followed_username"),
        "username": optional_text(row, "username"),
        "raw": row,
    }


def message(row: Row) -> Message:
    """Return the message that a JSON object describes."""
    fragment = optional_text(row, "comment_fragment")
    return Message(
        **_deed(row),
        comment_id=optional_integer(row, "comment_id"),
        comment_fragment=None if fragment is None else plain_text(fragment),
        commentee_username=optional_text(row, "commentee_username"),
        comment_obj_id=optional_integer(row, "comment_obj_id"),
        comment_obj_title=optional_text(row, "comment_obj_title"),
        comment_type=optional_integer(row, "comment_type"),
        topic_id=optional_integer(row, "topic_id"),
        topic_title=optional_text(row, "topic_title"),
    )


def activity(row: Row) -> Activity:
    """Return the activity that a JSON object describes."""
    return Activity(**_deed(row))


def get_messages(username: str, limit: int, offset: int, filter: Filter) -> Request[list[Message]]:
    """``GET /users/{username}/messages``: newest first."""
    return Request(
        method="GET",
        host=API,
        path=f"/users/{username}/messages",
        query={**page_query(limit, offset), "filter": filter},
        read=lambda answer: [message(row) for row in answer.rows()],
        about="messages",
        login=True,
    )


def _read_activity(answer: Answer) -> list[Activity]:
    return [activity(row) for row in answer.rows()]


def get_activity(username: str, limit: int, offset: int) -> Request[list[Activity]]:
    """``GET /users/{username}/following/users/activity``: newest first."""
    return Request(
        method="GET",
        host=API,
        path=f"/users/{username}/following/users/activity",
        query=page_query(limit, offset),
        read=_read_activity,
        about="activity",
        login=True,
    )


def get_studio_activity(
    studio_id: int, limit: int, date_limit: str | None
) -> Request[list[Activity]]:
    """``GET /studios/{id}/activity``: newest first, none newer than ``date_limit``."""
    until = {} if date_limit is None else {"dateLimit": date_limit}
    return Request(
        method="GET",
        host=API,
        path=f"/studios/{studio_id}/activity",
        query={"limit": limit, **until},
        read=_read_activity,
        about=f"studio {studio_id}",
    )


def moment_before(timestamp: str) -> str:
    """Return the last time before one that the site wrote, written as the site does.

    :raises UnexpectedAnswerError: if it is no time.
    """
    try:
        before = time(timestamp) - timedelta(milliseconds=1)
    except OverflowError:
        raise UnexpectedAnswerError(f"the site's answer has {timestamp!r} as a time") from None
    return before.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def clear_messages() -> Request[None]:
    """``POST /site-api/messages/messages-clear/``: mark all messages as read."""
    return Request(
        method="POST",
        host=SITE,
        path="/site-api/messages/messages-clear/",
        json={},
        read=nothing,
        about="messages",
        login=True,
        act=Act(permission="account", kind="messages.clear", target="account", settling=REPEAT),
    )


@dataclass(frozen=True, kw_only=True)
class Alert:
    """A message of the Scratch Team, which stands apart from the others; ``message`` is HTML."""

    id: int
    created_timestamp: str
    message: str
    raw: Row = field(repr=False, compare=False)


def get_alerts(username: str, limit: int, offset: int) -> Request[list[Alert]]:
    """``GET /users/{username}/messages/admin``: newest first."""
    return Request(
        method="GET",
        host=API,
        path=f"/users/{username}/messages/admin",
        query=page_query(limit, offset),
        read=lambda answer: [_alert(row) for row in answer.rows()],
        about="messages of the Scratch Team",
        login=True,
    )


def _alert(row: Row) -> Alert:
    return Alert(
        id=integer(row, "id"),
        created_timestamp=text(row, "datetime_created"),
        message=text(row, "message"),
        raw=row,
    )


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """The invitation to become a Scratcher."""

    id: int
    created_timestamp: str
    raw: Row = field(repr=False, compare=False)


def get_invitation(username: str) -> Request[Invitation | None]:
    """``GET /users/{username}/invites``: the invitation to become a Scratcher, if there is one."""
    return Request(
        method="GET",
        host=API,
        path=f"/users/{username}/invites",
        read=_read_invitation,
        about="your invitation",
        login=True,
    )


def _read_invitation(answer: Answer) -> Invitation | None:
    row = answer.row()
    if "id" not in row:
        return None
    created = text(row, "datetime_created")
    return Invitation(id=integer(row, "id"), created_timestamp=created, raw=row)


def accept_invitation(username: str) -> Request[None]:
    """``GET /users/{username}/promote-to-scratcher/``: become a Scratcher."""
    return Request(
        method="GET",
        host=SITE,
        path=f"/users/{username}/promote-to-scratcher/",
        read=nothing,
        accepts=(302,),
        about="your invitation",
        login=True,
        act=Act(
            permission="account",
            kind="invitation.accept",
            target="account",
            settling=look_whether(_is_scratcher),
        ),
    )


def _is_scratcher(_: Trace) -> Asking[bool]:
    status: AccountStatus = yield get_account_status()
    return status.scratcher
