"""From the world's values to the site's JSON, key for key."""

import html
from collections.abc import Iterable

from scratchbot.sandbox.times import site_time
from scratchbot.sandbox.world import Comment, Project, Row, Studio, User

CDN = "https://cdn2.scratch.mit.edu/get_image"
AVATAR_SIZES = ("90x90", "60x60", "55x55", "50x50", "32x32")
PROJECT_SIZES = ("282x218", "216x163", "200x200", "144x108", "135x102", "100x80")


def escape(text: str) -> str:
    """Return text as the API gives it: HTML-escaped, apostrophes by their name."""
    return html.escape(text, quote=False).replace('"', "&quot;").replace("'", "&apos;")


def _avatars(user: User) -> Row:
    return {size: f"{CDN}/user/{user.id}_{size}.png?v=" for size in AVATAR_SIZES}


def user(one: User) -> Row:
    """Return a user as ``/users/{name}`` gives it."""
    return {
        "id": one.id,
        "username": one.username,
        "scratchteam": one.role == "team",
        "history": {"joined": site_time(one.joined)},
        "profile": {
            "id": one.id + 1_000_000,
            "images": _avatars(one),
            "status": one.status,
            "bio": one.bio,
            "country": one.country,
        },
    }


def _author(one: User) -> Row:
    """Return a project's author, of whom the site tells little that is true."""
    return {
        "id": one.id,
        "username": one.username,
        "scratchteam": False,
        "history": {"joined": "1900-01-01T00:00:00.000Z"},
        "profile": {"id": None, "images": _avatars(one)},
    }


def project(one: Project, *, listed: bool = False) -> Row:
    """Return a project as ``/projects/{id}`` gives it, or as lists do."""
    row: Row = {
        "id": one.id,
        "title": one.title,
        "description": one.description,
        "instructions": one.instructions,
        "visibility": "visible" if one.state == "shared" else "notvisible",
        "public": one.state == "shared",
        "comments_allowed": one.comments_allowed,
        "is_published": one.state == "shared",
        "author": _author(one.author),
        "image": f"{CDN}/project/{one.id}_480x360.png",
        "images": {
            size: f"{CDN}/project/{one.id}_{size}.png?v={int(one.modified)}"
            for size in PROJECT_SIZES
        },
        "history": {
            "created": site_time(one.created),
            "modified": site_time(one.modified),
            "shared": site_time(one.shared),
        },
        "stats": {
            "views": one.views,
            "loves": one.love_count,
            "favorites": len(one.favorites),
            "remixes": 0 if listed else len(one.remixes),
        },
        "remix": {
            "parent": one.parent and one.parent.id,
            "root": one.parent and _root(one.parent).id,
        },
    }
    if not listed:
        row["project_token"] = f"{int(one.modified)}_{one.id:0128x}"
    return row


def _root(one: Project) -> Project:
    while one.parent is not None:
        one = one.parent
    return one


def studio(one: Studio, comment_count: int) -> Row:
    """Return a studio as ``/studios/{id}`` gives it; two of its counts stop at 100."""
    return {
        "id": one.id,
        "title": one.title,
        "host": one.host.id,
        "description": one.description,
        "visibility": "visible",
        "public": True,
        "open_to_all": one.open_to_all,
        "comments_allowed": one.comments_allowed,
        "image": f"{CDN}/gallery/{one.id}_170x100.png",
        "history": {"created": site_time(one.created), "modified": site_time(one.modified)},
        "stats": {
            "comments": min(100, comment_count),
            "followers": len(one.followers),
            "managers": len(one.managers),
            "projects": min(100, len(one.projects)),
        },
    }


def comment(one: Comment) -> Row:
    """Return a comment as the API gives it."""
    return {
        "id": one.id,
        "parent_id": one.parent and one.parent.id,
        "commentee_id": one.commentee and one.commentee.id,
        "content": escape(one.content),
        "datetime_created": site_time(one.created),
        "datetime_modified": site_time(one.created),
        "visibility": "visible",
        "author": {
            "id": one.author.id,
            "username": one.author.username,
            "scratchteam": one.author.role == "team",
            "image": f"{CDN}/user/{one.author.id}_60x60.png",
        },
        "reply_count": len(one.replies),
    }


def profile_comment(one: Comment) -> str:
    """Return the ``div`` of a comment on a profile."""
    name = one.author.username
    star = "*" if one.author.role == "team" else ""
    text = html.escape(one.content)
    if one.commentee is not None:
        to = one.commentee.username
        text = f'<a href="/users/{to}">@{to}</a>\n          {text}'
    thread = (one.parent or one).id
    when = site_time(one.created).replace(".000Z", "Z")
    return f"""
<div id="comments-{one.id}" class="comment " data-comment-id="{one.id}">
  <div class="actions-wrap">
    <span class="actions report" data-comment-id="{one.id}">Report</span>
  </div>
  <a href="/users/{name}" id="comment-user" data-comment-user="{name}"><img class="avatar" \
src="{CDN}/user/{one.author.id}_60x60.png" width="45" height="45"/></a>
  <div class="info">
    <div class="name">
      <a href="/users/{name}">{name}{star}</a>
    </div>
    <div class="content">
          {text}
    </div>
    <div>
      <span class="time" title="{when}">{when}</span>
      <a class="reply" style="display: none;" data-comment-id="{one.id}" \
data-parent-thread="{thread}" data-commentee-id="{one.author.id}"><span>reply</span></a>
    </div>
  </div>
</div>"""


def profile_page(tops: Iterable[Comment]) -> str:
    """Return a page of a profile's comments."""
    return "\n".join(_thread(top) for top in tops)


def _thread(top: Comment) -> str:
    replies = "".join(
        f'<li class="reply">{profile_comment(reply)}</li>' for reply in top.replies.values()
    )
    return (
        f'<li class="top-level-reply">{profile_comment(top)}\n'
        f'<ul class="replies" data-thread="{top.id}">{replies}</ul></li>'
    )
