"""The forums' pages and feeds."""

from collections.abc import Sequence
from itertools import groupby

from scratchbot.sandbox.render.bbcode import to_html
from scratchbot.sandbox.render.html import CDN, text
from scratchbot.sandbox.times import forum_time, page_time
from scratchbot.sandbox.world import Category, ForumPost, Topic, User

SIGNATURE_START = "\n" + " " * 48 + "<hr />\n" + " " * 49
SIGNATURE_END = "\n" + " " * 28
"""As much white space as scratchclient cuts off around a signature."""


def _page(title: str, crumbs: str, body: str, meta: str = "") -> str:
    return f"""<!DOCTYPE html>
<html>
<head><title>{text(title)} - Discuss Scratch</title>{meta}</head>
<body>
<div class="djangobb">
<div id="brdmenu"><ul><li><a href="/discuss/">Index</a></li></ul></div>
<div class="linkst"><div class="inbox"><ul>{crumbs}</ul></div></div>
{body}
</div>
</body>
</html>
"""


def _crumbs(*links: tuple[str, str], last: str = "") -> str:
    items = [f'<li><a href="{href}">{text(name)}</a></li>' for href, name in links]
    if last:
        items.append(f"<li>» {text(last)}</li>")
    return "".join(items)


def _pagination(number: int, pages: int) -> str:
    links = [
        f'<span class="current page">{one}</span>'
        if one == number
        else f'<a class="page" href="?page={one}">{one}</a>'
        for one in range(1, pages + 1)
    ]
    return f'<div class="pagination">{" ".join(links)}</div>'


def _last_post(post: ForumPost | None, now: float) -> str:
    if post is None:
        return '<td class="tcr"></td>'
    when, who = forum_time(post.created, now), text(post.author.username)
    return (
        f'<td class="tcr"><a href="/discuss/post/{post.id}/">{when}</a> '
        f'<span class="byuser">by {who}</span></td>'
    )


def index(categories: Sequence[Category], now: float) -> str:
    """Return the page of all categories, by their boxes."""
    boxes = []
    for box, members in groupby(categories, key=lambda one: one.box):
        rows = "\n".join(_category_row(one, now) for one in members)
        boxes.append(
            f'<div class="box"><div class="box-head"><h4><span class="toggle"></span>{text(box)}'
            f'</h4></div>\n<div class="box-content"><table><tbody>\n{rows}\n</tbody></table></div>'
            "</div>"
        )
    body = '<div class="blocktable">' + "\n".join(boxes) + "</div>"
    return _page("Index", _crumbs(("/discuss/", "Discuss Scratch")), body)


def _category_row(one: Category, now: float) -> str:
    return (
        f'<tr><td class="tcl"><div class="tclcon"><h3><a href="/discuss/{one.id}/">'
        f"{text(one.name)}</a></h3>{text(one.description) or ' '}</div></td>"
        f'<td class="tc2">{len(one.topics)}</td><td class="tc3">{one.post_count}</td>'
        f"{_last_post(one.newest_post, now)}</tr>"
    )


def category(one: Category, topics: Sequence[Topic], number: int, pages: int, now: float) -> str:
    """Return a page of a category's topics."""
    rows = "\n".join(_topic_row(topic, now) for topic in topics)
    if not topics:
        rows = '<tr><td class="djangobbcon1" colspan="4">Forum is empty.</td></tr>'
    crumbs = _crumbs(("/discuss/", "Discuss Scratch"), last=one.name)
    body = f"""{_pagination(number, pages)}
<div id="vf" class="blocktable"><div class="box">
<div class="box-head"><h4><span>{text(one.name)}</span></h4></div>
<div class="box-content"><table>
<thead><tr><th>Topic</th><th>Replies</th><th>Views</th><th>Last post</th></tr></thead>
<tbody>
{rows}
</tbody></table></div>
</div></div>"""
    return _page(one.name, crumbs, body)


def _topic_row(one: Topic, now: float) -> str:
    icon = {
        (False, False): "forumicon",
        (True, False): "isticky",
        (False, True): "iclosed",
        (True, True): "isticky iclosed",
    }[one.sticky, one.closed]
    return (
        f'<tr><td class="tcl"><div class="{icon}"></div><div class="tclcon">'
        f'<h3 class="topic_isread"><a href="/discuss/topic/{one.id}/">{text(one.title)}</a></h3> '
        f'<span class="byuser">by {text(one.author.username)}</span></div></td>'
        f'<td class="tc2">{len(one.posts) - 1}</td><td class="tc3">{one.views}</td>'
        f"{_last_post(one.posts[-1], now)}</tr>"
    )


def topic(
    one: Topic, first: int, posts: Sequence[ForumPost], pages: tuple[int, int], now: float
) -> str:
    """Return a page of a topic's posts.

    :param first: the number of the first post on the page.
    :param pages: the number of the page, and how many there are.
    """
    shown = "\n".join(_post(post, first + place, now) for place, post in enumerate(posts))
    crumbs = _crumbs(
        ("/discuss/", "Discuss Scratch"),
        (f"/discuss/{one.category.id}/", one.category.name),
        last=one.title,
    )
    meta = f'<meta property="og:url" content="https://scratch.mit.edu/discuss/topic/{one.id}/" />'
    return _page(one.title, crumbs, f"{_pagination(*pages)}\n{shown}", meta)


def _post(one: ForumPost, number: int, now: float) -> str:
    name = text(one.author.username)
    edited = ""
    if one.editor is not None and one.edited is not None:
        when = forum_time(one.edited, now)
        edited = (
            f'<p class="postedit"><em class="posteditmessage">Last edited by '
            f"{text(one.editor.username)} ({when})</em></p>"
        )
    signature = ""
    if one.author.signature:
        signature = (
            f'<div class="postfootleft"><div class="postsignature">{SIGNATURE_START}'
            f"{to_html(one.author.signature)}{SIGNATURE_END}</div></div>"
        )
    return f"""<div id="p{one.id}" class="blockpost roweven firstpost"><div class="box">
<div class="box-head"><span class="conr">#{number}</span> \
<a href="/discuss/post/{one.id}/">{forum_time(one.created, now)}</a></div>
<div class="box-content"><div class="inbox">
<div class="postleft"><dl><dt><a href="/users/{name}">{name}</a></dt>
<dd class="postavatar"><a href="/users/{name}/">\
<img src="{CDN}/user/{one.author.id}_90x90.png"/></a></dd>
</dl></div>
<div class="postright"><h3>{text(one.topic.title)}</h3>
<div class="postmsg"><div class="post_body_html">{to_html(one.source)}</div>{edited}</div>
{signature}</div>
</div></div></div></div>"""


_NO_XML = {number: None for number in range(32) if chr(number) not in "\t\n\r"}
"""Characters that XML cannot hold."""


def feed(title: str, link: str, posts: Sequence[ForumPost]) -> str:
    """Return an Atom feed of posts, newest first."""
    updated = page_time(posts[0].created) if posts else page_time(0)
    entries = "".join(_entry(post) for post in posts)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-us">'
        f"<title>{text(title)}</title>"
        f'<link href="https://scratch.mit.edu{link}" rel="alternate"></link>'
        f"<id>https://scratch.mit.edu{link}</id><updated>{updated}</updated>{entries}</feed>"
    ).translate(_NO_XML)


def _entry(post: ForumPost) -> str:
    when = page_time(post.created)
    return (
        f"<entry><title>{text(post.topic.title)} :: {text(post.topic.category.name)}</title>"
        f'<link href="https://scratch.mit.edu/discuss/post/{post.id}/" rel="alternate"></link>'
        f"<published>{when}</published><updated>{when}</updated>"
        f"<author><name>{text(post.author.username)}</name></author><id>{post.id}</id>"
        f'<summary type="html">{text(to_html(post.source))}</summary></entry>'
    )


def settings(one: User) -> str:
    """Return the page on which people change their signature."""
    form = f'<form method="post"><textarea name="signature">{text(one.signature)}</textarea></form>'
    return _page("Settings", _crumbs(("/discuss/", "Discuss Scratch"), last="Settings"), form)
