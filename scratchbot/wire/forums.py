"""The discussion forums: posts, and the Atom feeds of them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from bs4 import Tag

from scratchbot.errors import UnexpectedAnswerError
from scratchbot.wire.fields import time
from scratchbot.wire.markup import soup
from scratchbot.wire.request import SITE, Act, Answer, Request, nothing
from scratchbot.wire.settling import PARK, REPEAT, Asking, Effect, Look, Settling, Trace

_WENT = (302,)
_REHEARSED = b"0"
_TOPIC = re.compile(r"/discuss/topic/([0-9]{1,18})/")


@dataclass(frozen=True, kw_only=True)
class ForumPost:
    """A post as a feed shows it.

    :param title: the topic's title and the category's name.
    :param published: when it was posted, as the site writes times.
    :param content: the post as HTML.
    """

    id: int
    title: str
    link: str
    published: str
    author: str
    content: str = field(repr=False)


def get_topic_posts(topic_id: int) -> Request[list[ForumPost]]:
    """``GET /discuss/feeds/topic/{id}/``: the newest posts of a topic."""
    return _feed(f"/discuss/feeds/topic/{topic_id}/", f"topic {topic_id}")


def get_category_posts(category_id: int) -> Request[list[ForumPost]]:
    """``GET /discuss/feeds/forum/{id}/``: the newest posts of a category."""
    return _feed(f"/discuss/feeds/forum/{category_id}/", f"category {category_id}")


def _feed(path: str, about: str) -> Request[list[ForumPost]]:
    return Request(method="GET", host=SITE, path=path, read=_read_feed, about=about)


def _read_feed(answer: Answer) -> list[ForumPost]:
    feed = soup(answer)
    if feed.find("feed") is None:
        raise UnexpectedAnswerError("the site answered with something that is no feed")
    return [_post(entry) for entry in feed.find_all("entry") if isinstance(entry, Tag)]


def _post(entry: Tag) -> ForumPost:
    number = _text(entry, "id", recursive=False).rpartition("/")[2]
    if not (number.isascii() and number.isdecimal() and len(number) < 20):
        raise UnexpectedAnswerError("the site's feed has a post without a number")
    link = entry.find("link")
    address = link.get("href") if isinstance(link, Tag) else None
    return ForumPost(
        id=int(number),
        title=_text(entry, "title"),
        link=address if isinstance(address, str) else "",
        published=_text(entry, "published"),
        author=_text(entry, "name"),
        content=_text(entry, "summary"),
    )


def _text(entry: Tag, name: str, *, recursive: bool = True) -> str:
    found = entry.find(name, recursive=recursive)
    return found.get_text().strip() if isinstance(found, Tag) else ""


def get_post_source(post_id: int) -> Request[str]:
    """``GET /discuss/post/{id}/source/``: the BBCode of a post."""
    return Request(
        method="GET",
        host=SITE,
        path=f"/discuss/post/{post_id}/source/",
        read=Answer.text,
        about=f"post {post_id}",
    )


def create_topic(category_id: int, title: str, body: str) -> Request[int]:
    """``POST /discuss/{category}/topic/add``; returns the new topic's number."""
    parts = {"name": title, "body": body, "subscribe": "on", "AddPostForm": ""}
    return Request(
        method="POST",
        host=SITE,
        path=f"/discuss/{category_id}/topic/add",
        parts=parts,
        read=_read_number,
        accepts=_WENT,
        about=f"category {category_id}",
        login=True,
        act=_creation(
            "topic", f"category:{category_id}", _whole(title, body), _topics(category_id)
        ),
    )


def _whole(title: str, body: str) -> str:
    return f"{title}\n{body}"


def _topics(category_id: int) -> Look:
    """Return how a topic is found again, if the feed of its category still shows its first post."""

    def effects(trace: Trace) -> Asking[list[Effect]]:
        found = yield from _posted(get_category_posts(category_id), trace, _whole_of)
        topics = []
        for number in found:
            topics.append((yield get_topic_of(number)))
        return [_effect("topic", number) for number in topics]

    return Look(effects, again=False)


def _whole_of(post: ForumPost, source: str) -> str:
    return _whole(post.title.rpartition(" :: ")[0], source)


def _posted(
    feed: Request[list[ForumPost]], trace: Trace, written: Callable[[ForumPost, str], str]
) -> Asking[list[int]]:
    """Look through a feed, which is short, for own posts; return their numbers, oldest first.

    :param written: what was to be said, if the post with this source is the one.
    """
    found = []
    posts: list[ForumPost] = yield feed
    for post in reversed(posts):
        if trace.is_mine(post.author, time(post.published)):
            source: str = yield get_post_source(post.id)
            if trace.says(written(post, source)):
                found.append(post.id)
    return found


def post(topic_id: int, content: str) -> Request[int]:
    """``POST /discuss/topic/{id}/``; returns the new post's number."""
    return Request(
        method="POST",
        host=SITE,
        path=f"/discuss/topic/{topic_id}/",
        parts={"body": content, "AddPostForm": ""},
        read=_read_number,
        accepts=_WENT,
        about=f"topic {topic_id}, which may be closed",
        login=True,
        act=_creation("post", f"topic:{topic_id}", content, _posts(topic_id)),
    )


def _posts(topic_id: int) -> Look:
    """Return how a post is found again, if the feed of its topic still shows it."""

    def effects(trace: Trace) -> Asking[list[Effect]]:
        feed = get_topic_posts(topic_id)
        found = yield from _posted(feed, trace, lambda _, source: source)
        return [_effect("post", number) for number in found]

    return Look(effects, again=False)


def _creation(what: Literal["topic", "post"], target: str, content: str, look: Look) -> Act:
    act = _act(f"{what}.create", target, content, look)
    return replace(act, made=lambda answer: f"{what}:{_read_number(answer)}")


def _effect(what: Literal["topic", "post"], number: int) -> Effect:
    """Return a topic or a post as what the site sends on to when it was made."""
    address = f"https://{SITE}/discuss/{what}/{number}/"
    return Effect(f"{what}:{number}", Answer(status=302, body=b"", headers={"location": address}))


def get_topic_of(post_id: int) -> Request[int]:
    """``GET /discuss/post/{id}/``: the number of the topic that a post stands in."""
    return Request(
        method="GET",
        host=SITE,
        path=f"/discuss/post/{post_id}/",
        read=_read_topic,
        accepts=_WENT,
        about=f"post {post_id}",
    )


def _read_topic(answer: Answer) -> int:
    """Return the topic that the site sends on to, or that its page says to be."""
    address = answer.headers.get("location")
    if address is None:
        page = soup(answer).find("meta", property="og:url")
        address = str(page.get("content")) if isinstance(page, Tag) else ""
    found = _TOPIC.search(address)
    if found is None:
        raise UnexpectedAnswerError("the site's page of a post does not tell its topic")
    return int(found[1])


def _read_number(answer: Answer) -> int:
    """Return the number of what a form made, out of the page that the site sends on to."""
    found = re.search(r"/discuss/(?:topic|post)/([0-9]{1,18})/", answer.headers.get("location", ""))
    if found is not None:
        return int(found[1])
    if answer.body == _REHEARSED:
        return 0
    raise UnexpectedAnswerError(
        "the site did not take the text: it may be empty, or come too soon after another"
    )


def edit_post(post_id: int, content: str) -> Request[None]:
    """``POST /discuss/post/{id}/edit``."""
    return _change(
        f"/discuss/post/{post_id}/edit", "post.edit", f"post:{post_id}", content, {"body": content}
    )


def report_post(post_id: int, reason: str) -> Request[None]:
    """``POST /discuss/misc/?action=report``."""
    form = {"post": str(post_id), "reason": reason, "submit": ""}
    return Request(
        method="POST",
        host=SITE,
        path="/discuss/misc/",
        query={"action": "report", "post_id": post_id},
        form=form,
        read=nothing,
        accepts=_WENT,
        about=f"post {post_id}",
        login=True,
        act=_act("post.report", f"post:{post_id}", reason),
    )


def follow_topic(topic_id: int) -> Request[None]:
    """``POST /discuss/subscription/topic/{id}/add/``."""
    path = f"/discuss/subscription/topic/{topic_id}/add/"
    return _change(path, "topic.follow", f"topic:{topic_id}", None, {})


def unfollow_topic(topic_id: int) -> Request[None]:
    """``POST /discuss/subscription/topic/{id}/delete/``."""
    path = f"/discuss/subscription/topic/{topic_id}/delete/"
    return _change(path, "topic.unfollow", f"topic:{topic_id}", None, {})


def change_signature(username: str, signature: str) -> Request[None]:
    """``POST /discuss/settings/{username}/``."""
    form = {"signature": signature, "update": ""}
    path = f"/discuss/settings/{username}/"
    return _change(path, "signature", f"user:{username}", signature, form)


def _change(
    path: str, kind: str, target: str, content: str | None, form: Mapping[str, str]
) -> Request[None]:
    """Return a change that is a state: sending it again does no harm."""
    return Request(
        method="POST",
        host=SITE,
        path=path,
        form=form,
        read=nothing,
        accepts=_WENT,
        about=target.replace(":", " "),
        login=True,
        act=_act(kind, target, content, REPEAT),
    )


def _act(kind: str, target: str, content: str | None, settling: Settling = PARK) -> Act:
    return Act(
        permission="forum.post",
        kind=kind,
        target=target,
        text=content,
        rehearsed=_REHEARSED,
        settling=settling,
    )
