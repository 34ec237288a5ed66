"""What the site shows in pages of the old kind only: counts, activity, signatures."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from bs4 import Tag
from bs4.element import NavigableString

from scratchbot.errors import UnexpectedAnswerError
from scratchbot.wire.markup import soup
from scratchbot.wire.messages import Activity, activity
from scratchbot.wire.request import SITE, Answer, Request

List = Literal["followers", "following", "favorites", "studios_following", "studios", "projects"]

_COUNT = re.compile(r"\((\d{1,18})\)\s*$", re.ASCII)
_UNITS = {
    "second": 1,
    "minute": 60,
    "hour": 3_600,
    "day": 86_400,
    "week": 7 * 86_400,
    "month": 30 * 86_400,
    "year": 365 * 86_400,
}
_LONGEST_AGO = 100 * 365 * 86_400


def get_count(username: str, listed: List) -> Request[int]:
    """``GET /users/{username}/{list}/``: how many there are, which the heading tells."""
    return Request(
        method="GET",
        host=SITE,
        path=f"/users/{username}/{listed}/",
        read=_read_count,
        about=f"user {username!r}",
    )


def _read_count(answer: Answer) -> int:
    heading = soup(answer).find("h2")
    found = _COUNT.search(heading.get_text()) if isinstance(heading, Tag) else None
    if found is None:
        raise UnexpectedAnswerError("the site's page has no count in its heading")
    return int(found[1])


def get_user_activity(username: str, most: int, now: datetime) -> Request[list[Activity]]:
    """``GET /messages/ajax/user-activity/``: what a user did in the last year, newest first.

    :param now: what the page's times, such as “2 days ago”, are counted back from.
    """
    return Request(
        method="GET",
        host=SITE,
        path="/messages/ajax/user-activity/",
        query={"user": username, "max": most},
        read=lambda answer: _read_activity(answer, now),
        about=f"user {username!r}",
    )


def _read_activity(answer: Answer, now: datetime) -> list[Activity]:
    found = [_deed(item, now) for item in soup(answer).find_all("li") if isinstance(item, Tag)]
    return [activity(row) for row in found if row is not None]


def _deed(item: Tag, now: datetime) -> dict[str, Any] | None:
    """Return a line of the page as a row of the API; one of an unknown kind says so."""
    actor, time = item.select_one(".actor"), item.select_one(".time")
    links = [link for link in item.find_all("a") if isinstance(link, Tag)]
    if actor is None or time is None:
        return None
    said = actor.next_sibling
    words = said.strip() if isinstance(said, NavigableString) else ""
    return {
        "actor_username": actor.get_text().strip(),
        "datetime_created": _time(time.get_text(), now),
        **_told(words, [(_number(link), link.get_text().strip()) for link in links]),
    }


def _told(words: str, links: list[tuple[int | None, str]]) -> dict[str, Any]:
    (number, title), (second, second_title) = [*links, (None, ""), (None, "")][:2]
    project = {"project_id": number, "project_title": title, "title": title}
    studio = {"gallery_id": number, "gallery_title": title, "title": title}
    match words:
        case "shared the project":
            return {"type": "shareproject", **project}
        case "loved":
            return {"type": "loveproject", **project}
        case "favorited":
            return {"type": "favoriteproject", **project}
        case "remixed":
            parent = {"parent_id": number, "parent_title": title}
            remix = {"project_id": second, "project_title": second_title, "title": second_title}
            return {"type": "remixproject", **parent, **remix}
        case "is now following the studio":
            return {"type": "followstudio", **studio}
        case "is now following":
            return {"type": "followuser", "followed_username": title}
        case "became a curator of":
            return {"type": "becomecurator", **studio}
        case "was promoted to manager of":
            return {"type": "becomeownerstudio", **studio}
        case "added":
            within = {"gallery_id": second, "gallery_title": second_title}
            return {"type": "addprojecttostudio", **project, **within}
    return {"type": words or "unknown"}


def _number(link: Tag) -> int | None:
    found = re.search(r"/([0-9]{1,18})/", str(link.get("href", "")))
    return int(found[1]) if found is not None else None


def _time(said: str, now: datetime) -> str:
    """Return a time such as “1 month, 2 days ago” as the API writes times."""
    sign = 1 if said.strip().startswith("in ") else -1
    parts = re.findall(r"([0-9]{1,6})\s*(second|minute|hour|day|week|month|year)", said)
    seconds = min(_LONGEST_AGO, sum(int(number) * _UNITS[unit] for number, unit in parts))
    moment = (now + timedelta(seconds=sign * seconds)).astimezone(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def get_signature(post_id: int, *, as_html: bool) -> Request[str]:
    """``GET /discuss/post/{id}/``: what stands below a post, as HTML or as BBCode."""
    return Request(
        method="GET",
        host=SITE,
        path=f"/discuss/post/{post_id}/",
        read=lambda answer: _read_signature(answer, post_id, as_html=as_html),
        about=f"post {post_id}",
    )


def _read_signature(answer: Answer, post_id: int, *, as_html: bool) -> str:
    post = soup(answer).find(id=f"p{post_id}")
    if not isinstance(post, Tag):
        raise UnexpectedAnswerError(f"the site's page does not show post {post_id}")
    signature = post.select_one(".postsignature")
    if signature is None:
        return ""
    for line in signature.find_all("hr"):
        line.extract()
    return signature.decode_contents().strip() if as_html else _bbcode(signature).strip()


_SPANS = {
    "bb-bold": "b",
    "bb-italic": "i",
    "bb-underline": "u",
    "bb-strikethrough": "s",
    "bb-big": "big",
    "bb-small": "small",
}
_DEEPEST = 100
"""How many tags can stand within each other in a signature; what is deeper is left out."""

_BLOCKS = {"ul": ("[list]", "[/list]"), "ol": ("[list=1]", "[/list]"), "li": ("[*]", "")}


def _bbcode(node: Tag, depth: int = 0) -> str:
    """Return a part of a post as the BBCode that it was made of."""
    if depth > _DEEPEST:
        return ""
    return "".join(
        _tag(child, depth + 1) if isinstance(child, Tag) else str(child).strip("\n")
        for child in node.children
    )


def _tag(node: Tag, depth: int) -> str:
    inner = _bbcode(node, depth)
    classes = node.get_attribute_list("class")
    style = str(node.get("style", ""))
    span = next((_SPANS[name] for name in classes if name in _SPANS), None)
    match node.name:
        case "br":
            return "\n"
        case "img":
            return f"[img]{node.get('src', '')}[/img]"
        case "a":
            return f"[url={node.get('href', '')}]{inner}[/url]"
        case "span" if span is not None:
            return f"[{span}]{inner}[/{span}]"
        case "span" if style.startswith("color:"):
            return f"[color={style.removeprefix('color:').strip(' ;')}]{inner}[/color]"
        case "div" if "center" in style:
            return f"[center]{inner}[/center]"
        case "div" if "code" in classes:
            return f"[code]{inner}[/code]"
        case "pre" if "blocks" in classes:
            return f"[scratchblocks]{inner}[/scratchblocks]"
        case "p" if "bb-quote-author" in classes:
            return ""
        case "blockquote":
            author = node.select_one(".bb-quote-author")
            who = author.get_text().removesuffix(" wrote:") if author is not None else ""
            return f"[quote={who}]{inner}[/quote]" if who else f"[quote]{inner}[/quote]"
        case name if name in _BLOCKS:
            opens, closes = _BLOCKS[name]
            return f"{opens}{inner}{closes}"
    return inner
