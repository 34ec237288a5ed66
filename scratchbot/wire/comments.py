"""Comments on projects and in studios."""

import json
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Any, Literal

from scratchbot.errors import CommentRejectedError
from scratchbot.wire.emoji import plain_text
from scratchbot.wire.fields import (
    Row,
    epoch,
    inner,
    integer,
    optional_integer,
    optional_text,
    required_text,
    text,
    time,
)
from scratchbot.wire.request import API, MAX_PAGE, Act, Answer, Request, nothing, page_query
from scratchbot.wire.settling import Asking, Effect, Look, Repeat, Trace, read_pages

_VISIBLE = "visible"


@dataclass(frozen=True, kw_only=True)
class CommentData:
    """What the site says of a comment; times are as the site writes them.

    :param parent_id: the top comment that this one answers; there are two levels only.
    :param commentee_id: the user whom it answers.
    :param content: plain text, entities decoded.
    """

    id: int
    parent_id: int | None
    commentee_id: int | None
    content: str
    reply_count: int
    author: str
    author_id: int
    created_timestamp: str
    last_modified_timestamp: str
    visible: bool
    raw: Row = field(repr=False, compare=False)


@dataclass(frozen=True)
class Ground:
    """Where the comments of a project or studio are read and written.

    :param owner: the project's author; a studio's comments are found without one.
    """

    kind: Literal["project", "studio"]
    id: int
    owner: str = ""

    @property
    def path(self) -> str:
        """The path of its comments."""
        if self.kind == "project":
            return f"/users/{self.owner}/projects/{self.id}/comments"
        return f"/studios/{self.id}/comments"

    def __str__(self) -> str:
        """Say the place in words."""
        return f"{self.kind} {self.id}"


def comment(row: Row) -> CommentData:
    """Return the comment that a JSON object describes."""
    author = inner(row, "author")
    return CommentData(
        id=integer(row, "id"),
        parent_id=optional_integer(row, "parent_id"),
        commentee_id=optional_integer(row, "commentee_id"),
        content=plain_text(text(row, "content")),
        reply_count=optional_integer(row, "reply_count") or 0,
        author=text(author, "username"),
        author_id=optional_integer(author, "id") or 0,
        created_timestamp=required_text(row, "datetime_created"),
        last_modified_timestamp=text(row, "datetime_modified"),
        visible=text(row, "visibility") == _VISIBLE,
        raw=row,
    )


Authors = dict[int, Row]
"""What the site says of people who wrote comments, by their ids."""


def _read_comments(answer: Answer, authors: Authors) -> list[CommentData]:
    rows = answer.rows()
    for row in rows:
        _share(row, authors)
    return [comment(row) for row in rows]


def _share(row: dict[str, Any], authors: Authors) -> None:
    """Put what is in memory already in the place of its equal: long lists repeat themselves."""
    author, created = inner(row, "author"), row.get("datetime_created")
    known = authors.setdefault(optional_integer(author, "id") or 0, author)
    for key, value in (("author", known), ("datetime_modified", created), ("visibility", _VISIBLE)):
        if row.get(key) == value:
            row[key] = value


def get_comments(
    ground: Ground, limit: int, offset: int, authors: Authors | None = None
) -> Request[list[CommentData]]:
    """``GET …/comments``: the top comments, newest first.

    :param authors: those of the pages before; the pages of one list share them.
    """
    known = {} if authors is None else authors
    return Request(
        method="GET",
        host=API,
        path=ground.path,
        query=page_query(limit, offset),
        read=lambda answer: _read_comments(answer, known),
        about=f"{ground}",
    )


def get_comment(ground: Ground, comment_id: int) -> Request[CommentData]:
    """``GET …/comments/{id}``."""
    return Request(
        method="GET",
        host=API,
        path=f"{ground.path}/{comment_id}",
        read=lambda answer: comment(answer.row()),
        about=f"comment {comment_id} of {ground}",
    )


def get_replies(
    ground: Ground, comment_id: int, limit: int, offset: int
) -> Request[list[CommentData]]:
    """``GET …/comments/{id}/replies``: the replies to a top comment, oldest first."""
    return Request(
        method="GET",
        host=API,
        path=f"{ground.path}/{comment_id}/replies",
        query=page_query(limit, offset),
        read=lambda answer: _read_comments(answer, {}),
        about=f"comment {comment_id} of {ground}",
    )


def post_comment(
    ground: Ground, content: str, parent_id: int | None, commentee_id: int | None
) -> Request[CommentData]:
    """``POST /proxy/comments/{project|studio}/{id}``; a refusal comes as 200 with ``rejected``."""
    reply = parent_id is not None
    return Request(
        method="POST",
        host=API,
        path=f"/proxy/comments/{ground.kind}/{ground.id}",
        json={
            "content": content,
            "parent_id": parent_id or "",
            "commentee_id": commentee_id or "",
        },
        read=_read_posted,
        about=f"{ground}",
        login=True,
        act=Act(
            permission="comment.reply" if reply else "comment.post",
            kind="comment.reply" if reply else "comment.post",
            target=f"{ground.kind}:{ground.id}" + (f":comment:{parent_id}" if reply else ""),
            text=content,
            rehearsed=_rehearsed(content, parent_id, commentee_id),
            settling=_look(ground, parent_id),
            made=lambda answer: _key(ground, comment(answer.row()).id),
        ),
    )


def _key(ground: Ground, comment_id: int) -> str:
    return f"comment:{ground.kind}:{ground.id}:{comment_id}"


def _look(ground: Ground, parent_id: int | None) -> Look:
    """Return how a comment is found again: replies come oldest first, top comments newest first."""
    is_complete = ground.kind == "studio" or ground.owner

    def effects(trace: Trace) -> Asking[list[Effect]]:
        place: Ground = ground if is_complete else (yield _get_owned(ground))

        def page(number: int) -> Request[list[CommentData]]:
            if parent_id is not None:
                return get_replies(place, parent_id, MAX_PAGE, MAX_PAGE * number)
            return get_comments(place, MAX_PAGE, MAX_PAGE * number)

        def is_last(page: list[CommentData]) -> bool:
            if len(page) < MAX_PAGE or parent_id is not None:
                return len(page) < MAX_PAGE
            return time(page[-1].created_timestamp) < trace.earliest

        found = yield from read_pages(page, is_last)
        return [
            _effect(ground, one)
            for one in sorted(found, key=attrgetter("id"))
            if _is_of(one, trace)
        ]

    return Look(effects)


def _is_of(found: CommentData, trace: Trace) -> bool:
    return trace.is_mine(found.author, time(found.created_timestamp)) and trace.says(found.content)


def _effect(ground: Ground, found: CommentData) -> Effect:
    return Effect(_key(ground, found.id), Answer(status=200, body=json.dumps(found.raw).encode()))


def _get_owned(ground: Ground) -> Request[Ground]:
    """``GET /projects/{id}``: who owns the project, without whom its comments are not found."""
    return Request(
        method="GET",
        host=API,
        path=f"/projects/{ground.id}",
        read=lambda answer: replace(ground, owner=text(inner(answer.row(), "author"), "username")),
        about=f"{ground}",
    )


def _read_posted(answer: Answer) -> CommentData:
    row = answer.row()
    mute_status = inner(inner(row, "status"), "mute_status")
    check_rejection(text(row, "rejected"), mute_status, optional_text(row, "appealId"))
    return comment(row)


def check_rejection(reason: str, mute_status: Row, appeal_id: str | None = None) -> None:
    """Do nothing if ``reason`` is empty.

    :raises CommentRejectedError: if it is not.
    """
    if reason:
        raise CommentRejectedError(reason, epoch(mute_status, "muteExpiresAt"), appeal_id)


def _rehearsed(content: str, parent_id: int | None, commentee_id: int | None) -> bytes:
    from html import escape

    return json.dumps(
        {
            "id": 0,
            "parent_id": parent_id,
            "commentee_id": commentee_id,
            "content": escape(content),
            "datetime_created": "1970-01-01T00:00:00.000Z",
            "visibility": _VISIBLE,
        }
    ).encode()


def delete_comment(ground: Ground, comment_id: int) -> Request[None]:
    """``DELETE /proxy/comments/{project|studio}/{id}/comment/{id}``."""
    return Request(
        method="DELETE",
        host=API,
        path=f"/proxy/comments/{ground.kind}/{ground.id}/comment/{comment_id}",
        json={},
        read=nothing,
        about=f"comment {comment_id} of {ground}",
        login=True,
        act=Act(
            permission="comment.delete",
            kind="comment.delete",
            target=f"{ground.kind}:{ground.id}:comment:{comment_id}",
            settling=Repeat(done=(404,)),
        ),
    )


def on_or_off(allowed: bool) -> str:
    """Return what an act that allows comments or not says of itself."""
    return "on" if allowed else "off"


def written_by(comment: CommentData, author: str) -> CommentData:
    """Return a comment just posted with its author's name, which the site's answer lacks."""
    return comment if comment.author else replace(comment, author=author)


def report_comment(ground: Ground, comment_id: int) -> Request[None]:
    """``POST /proxy/{project|studio}/{id}/comment/{id}/report``."""
    return Request(
        method="POST",
        host=API,
        path=f"/proxy/{ground.kind}/{ground.id}/comment/{comment_id}/report",
        json={},
        read=nothing,
        about=f"comment {comment_id} of {ground}",
        login=True,
        act=Act(
            permission="comment.report",
            kind="comment.report",
            target=f"{ground.kind}:{ground.id}:comment:{comment_id}",
        ),
    )
