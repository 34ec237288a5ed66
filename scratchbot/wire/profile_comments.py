"""Comments on profiles, which the site gives as HTML only."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import TYPE_CHECKING

from scratchbot.errors import UnexpectedAnswerError
from scratchbot.wire.comments import check_rejection, on_or_off
from scratchbot.wire.emoji import code
from scratchbot.wire.fields import inner, text, time
from scratchbot.wire.markup import soup
from scratchbot.wire.request import SITE, Act, Answer, Request, nothing, refusal
from scratchbot.wire.settling import (
    PARK,
    Asking,
    Effect,
    Look,
    Repeat,
    Trace,
    look_whether,
    read_pages,
)

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag
    from bs4.element import PageElement


@dataclass(frozen=True, kw_only=True)
class ProfileCommentData:
    """What the site says of a comment on a profile; times are as the site writes them.

    :param user: whose profile it stands on.
    :param replies: those to a top comment, oldest first.
    """

    id: int
    parent_id: int | None
    commentee_id: int | None
    content: str
    replies: "list[ProfileCommentData]" = field(repr=False, hash=False)
    author: str
    author_id: int
    created_timestamp: str
    last_modified_timestamp: str
    visible: bool
    user: str

    @property
    def reply_count(self) -> int:
        """How many replies there are."""
        return len(self.replies)


def get_comments(username: str, page: int) -> Request[list[ProfileCommentData]]:
    """``GET /site-api/comments/user/{username}/?page=N``: newest first; past the last, nothing."""
    return Request(
        method="GET",
        host=SITE,
        path=f"/site-api/comments/user/{username}/",
        query={"page": page},
        read=lambda answer: _read_page(answer, username, page),
        accepts=(404,),
        about=f"user {username!r}",
    )


def _read_page(answer: Answer, username: str, page: int) -> list[ProfileCommentData]:
    if answer.status == 404:
        if page == 1:
            raise refusal(answer, f"user {username!r}")
        return []
    threads = soup(answer).select("li.top-level-reply")
    return [comment for thread in threads if (comment := _thread(thread, username)) is not None]


def _thread(thread: "Tag", username: str) -> ProfileCommentData | None:
    top = thread.select_one("div.comment")
    if top is None:
        return None
    first = _comment(top, username, parent_id=None)
    nodes = thread.select("ul.replies li.reply div.comment")
    replies = [_comment(node, username, parent_id=first.id) for node in nodes]
    people = {one.author.lower(): one.author_id for one in (first, *replies)}
    answered = [
        replace(one, commentee_id=people.get(_mention(node).lower(), first.author_id))
        for one, node in zip(replies, nodes, strict=True)
    ]
    return replace(first, replies=answered)


def _comment(node: "Tag", username: str, parent_id: int | None) -> ProfileCommentData:
    """Return a comment by itself: whom it answers, and who answers it, its thread tells."""
    mention = _mention(node) if parent_id is not None else ""
    when = _attribute(node.select_one("span.time"), "title")
    return ProfileCommentData(
        id=_number(node, "data-comment-id"),
        parent_id=parent_id,
        commentee_id=None,
        content=_content(node.select_one("div.content"), mention),
        replies=[],
        author=_attribute(node.select_one("a#comment-user"), "data-comment-user"),
        author_id=_author_id(node),
        created_timestamp=when,
        last_modified_timestamp=when,
        visible=True,
        user=username,
    )


def _attribute(node: "Tag | None", name: str) -> str:
    value = node.get(name) if node is not None else None
    return value if isinstance(value, str) else ""


def _number(node: "Tag | None", name: str) -> int:
    value = _attribute(node, name)
    if not (value.isascii() and value.isdecimal() and len(value) < 20):
        raise UnexpectedAnswerError(f"the site's page of comments has no number {name!r}")
    return int(value)


def _author_id(node: "Tag") -> int:
    """Return the author's id, which only the link for answering the comment tells."""
    value = _attribute(node.select_one("a.reply"), "data-commentee-id")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 20 else 0


def _mention(node: "Tag") -> str:
    """Return the name of whom a reply answers, which the site puts before its text as a link."""
    first = node.select_one("div.content > a")
    said = first.get_text().strip() if first is not None else ""
    return said[1:] if said.startswith("@") else ""


def _content(node: "Tag | None", mention: str) -> str:
    """Return the text, emoji as their codes, without the mention that the site puts before it.

    ``content`` of project and studio comments has no such mention either.
    """
    if node is None:
        return ""
    text = "".join(_written(part) for part in node.descendants).strip()
    return text.removeprefix(f"@{mention}").strip() if mention else text


def _written(part: "PageElement") -> str:
    from bs4 import Tag

    if isinstance(part, Tag):
        return code(_attribute(part, "src")) if part.name == "img" else ""
    return str(part)


def post_comment(
    username: str, content: str, parent_id: int | None, commentee_id: int | None
) -> Request[ProfileCommentData]:
    """``POST /site-api/comments/user/{username}/add/``; the answer is HTML, a refusal too."""
    reply = parent_id is not None
    return Request(
        method="POST",
        host=SITE,
        path=f"/site-api/comments/user/{username}/add/",
        json={
            "content": content,
            "parent_id": parent_id or "",
            "commentee_id": commentee_id or "",
        },
        read=lambda answer: _read_posted(answer, username, parent_id),
        about=f"user {username!r}",
        login=True,
        act=Act(
            permission="comment.reply" if reply else "comment.post",
            kind="comment.reply" if reply else "comment.post",
            target=f"profile:{username}" + (f":comment:{parent_id}" if reply else ""),
            text=content,
            rehearsed=_rehearsed(content),
            settling=_look(username, parent_id),
            made=lambda answer: _key(username, _read_posted(answer, username, parent_id).id),
        ),
    )


def _key(username: str, comment_id: int) -> str:
    return f"comment:profile:{username.lower()}:{comment_id}"


def _look(username: str, parent_id: int | None) -> Look:
    """Return how a comment is found again: threads come newest first, each with its replies."""

    def page(number: int) -> Request[list[ProfileCommentData]]:
        request = get_comments(username, number + 1)
        return replace(request, read=lambda answer: _flat(request.read(answer), parent_id))

    def effects(trace: Trace) -> Asking[list[Effect]]:
        def is_last(page: list[ProfileCommentData]) -> bool:
            newest = max((time(one.created_timestamp) for one in page), default=None)
            return newest is None or (parent_id is None and newest < trace.earliest)

        found = yield from read_pages(page, is_last)
        return [_effect(one) for one in sorted(found, key=attrgetter("id")) if _is_of(one, trace)]

    return Look(effects)


def _is_of(found: ProfileCommentData, trace: Trace) -> bool:
    return trace.is_mine(found.author, time(found.created_timestamp)) and trace.says(found.content)


def _effect(found: ProfileCommentData) -> Effect:
    return Effect(_key(found.user, found.id), Answer(status=200, body=_markup(found)))


def _flat(threads: Sequence[ProfileCommentData], parent_id: int | None) -> list[ProfileCommentData]:
    """Return top comments, or those with the replies to one of them."""
    return [one for top in threads for one in (top, *(top.replies if top.id == parent_id else ()))]


def _read_posted(answer: Answer, username: str, parent_id: int | None) -> ProfileCommentData:
    page = soup(answer)
    _check_error(page)
    node = page.select_one("div.comment")
    if node is None:
        raise UnexpectedAnswerError("the site's answer to the comment holds no comment")
    return _comment(node, username, parent_id=parent_id)


def _check_error(page: "BeautifulSoup") -> None:
    script = page.select_one("script#error-data")
    if script is None:
        return
    try:
        facts = json.loads(script.get_text())
    except (ValueError, RecursionError):
        facts = None
    if not isinstance(facts, dict):
        facts = {}
    check_rejection(text(facts, "error") or "unknown", inner(facts, "mute_status"))


def _rehearsed(content: str) -> bytes:
    return _written_down(0, content, "1970-01-01T00:00:00Z", "", 0)


def _markup(comment: ProfileCommentData) -> bytes:
    """Return a comment as the site answers the one who wrote it."""
    return _written_down(
        comment.id,
        comment.content,
        comment.created_timestamp,
        comment.author,
        comment.author_id,
    )


def _written_down(number: int, content: str, at: str, author: str, author_id: int) -> bytes:
    from html import escape

    return (
        f'<div class="comment" data-comment-id="{number}">'
        f'<a id="comment-user" data-comment-user="{escape(author)}"></a>'
        f'<div class="content">{escape(content)}</div>'
        f'<a class="reply" data-commentee-id="{author_id or ""}"></a>'
        f'<span class="time" title="{escape(at)}"></span></div>'
    ).encode()


def delete_comment(username: str, comment_id: int) -> Request[None]:
    """``POST /site-api/comments/user/{username}/del/``."""
    return _change(username, comment_id, "del", "delete")


def report_comment(username: str, comment_id: int) -> Request[None]:
    """``POST /site-api/comments/user/{username}/rep/``."""
    return _change(username, comment_id, "rep", "report")


def _change(username: str, comment_id: int, verb: str, what: str) -> Request[None]:
    return Request(
        method="POST",
        host=SITE,
        path=f"/site-api/comments/user/{username}/{verb}/",
        json={"id": str(comment_id)},
        read=nothing,
        about=f"comment {comment_id} of user {username!r}",
        login=True,
        act=Act(
            permission=f"comment.{what}",
            kind=f"comment.{what}",
            target=f"profile:{username}:comment:{comment_id}",
            settling=Repeat(done=(404,)) if what == "delete" else PARK,
        ),
    )


def toggle_commenting(username: str, *, to: bool) -> Request[None]:
    """``POST /site-api/comments/user/{username}/toggle-comments/``: on one's own profile.

    :param to: whether comments will be allowed; the site is not told.
    """
    return Request(
        method="POST",
        host=SITE,
        path=f"/site-api/comments/user/{username}/toggle-comments/",
        json={},
        read=nothing,
        about=f"the profile of {username!r}",
        login=True,
        act=Act(
            permission="profile.edit",
            kind="profile.comments",
            target=f"user:{username}",
            text=on_or_off(to),
            settling=_look_at_commenting(username),
        ),
    )


def _look_at_commenting(username: str) -> Look:
    def is_as_wanted(trace: Trace) -> Asking[bool]:
        allowed: bool = yield allows_comments(username)
        return trace.text == on_or_off(allowed)

    return look_whether(is_as_wanted)


def allows_comments(username: str) -> Request[bool]:
    """``GET /users/{username}/``: whether comments are allowed, which only the page tells."""
    return Request(
        method="GET",
        host=SITE,
        path=f"/users/{username}/",
        read=_read_allowed,
        about=f"user {username!r}",
    )


def _read_allowed(answer: Answer) -> bool:
    form = soup(answer).select_one("div#comment-form")
    if form is None:
        raise UnexpectedAnswerError("the site's page of a profile has no place for comments")
    return form.find("div", class_="template-feature-off comments-off") is None
