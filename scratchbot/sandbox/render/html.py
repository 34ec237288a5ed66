"""The old site's pages, in the structure that scrapers read."""

import html
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from scratchbot.sandbox.render.emoji import page_text
from scratchbot.sandbox.render.old import starred
from scratchbot.sandbox.times import page_time, time_ago
from scratchbot.sandbox.world import Classroom, Comment, Project, Row, Studio, User

CDN = "//cdn2.scratch.mit.edu/get_image"
LOST = "Whoops! Our server is Scratch'ing its head"


def text(value: Any) -> str:
    """Return text with the signs that mean something in HTML written out."""
    return html.escape(str(value))


def page(title: str, body: str) -> str:
    """Return a whole page."""
    return (
        f"<!DOCTYPE html>\n<html>\n<head><title>{text(title)} on Scratch</title></head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def lost() -> str:
    """Return the page for what is not there."""
    return page(
        "404", f'<div class="box-content"><h1>{LOST}</h1><p>We could not find the page.</p></div>'
    )


def forged() -> str:
    """Return Django's page for a request without its CSRF token."""
    return page(
        "403 Forbidden",
        "<h1>Forbidden <span>(403)</span></h1>\n<p>CSRF verification failed. Request aborted.</p>",
    )


def profile_comment(one: Comment) -> str:
    """Return the ``div`` of a comment on a profile."""
    name = text(one.author.username)
    star = "*" if one.author.is_team else ""
    content = page_text(one.content)
    if one.commentee is not None:
        to = text(one.commentee.username)
        content = f'<a href="/users/{to}">@{to}</a>\n          {content}'
    thread = (one.parent or one).id
    when = page_time(one.created)
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
          {content}
    </div>
    <div>
      <span class="time" title="{when}">{when}</span>
      <a class="reply" style="display: none;" data-comment-id="{one.id}" \
data-parent-thread="{thread}" data-commentee-id="{one.author.id}"><span>reply</span></a>
    </div>
  </div>
</div>"""


def comment_page(tops: Iterable[Comment]) -> str:
    """Return a page of comments the old way, replies within."""
    return "\n".join(_thread(top) for top in tops)


def _thread(top: Comment) -> str:
    replies = "".join(
        f'<li class="reply">{profile_comment(reply)}</li>' for reply in top.replies.values()
    )
    return (
        f'<li class="top-level-reply">{profile_comment(top)}\n'
        f'<ul class="replies" data-thread="{top.id}">{replies}</ul></li>'
    )


_GROUPS = {
    "new_scratcher": "New Scratcher",
    "scratcher": "Scratcher",
    "team": "Scratch Team",
    "student": "Scratcher",
    "educator": "Teacher Account",
}


def user_page(one: User, now: float) -> str:
    """Return a profile's page."""
    student = ""
    if one.classroom is not None:
        ended = "\n            (ended)" if one.classroom.closed is not None else ""
        student = (
            f'<a href="/classes/{one.classroom.id}/">Student of: '
            f"{text(one.classroom.title)}{ended}</a>"
        )
    off = "" if one.comments_allowed else '<div class="template-feature-off comments-off"></div>'
    return page(
        one.username,
        f"""<div id="profile-data">
  <div class="header-text">
    <h2>{text(starred(one))}</h2>
    <p class="profile-details">
      <span class="group">
        {_GROUPS[one.role]}
      </span>
      {student}
      Joined <span title="{page_time(one.joined)}">{time_ago(one.joined, now)}</span>
      <span class="location">{text(one.country)}</span>
    </p>
  </div>
  <div id="bio"><p class="overview">{text(one.bio)}</p></div>
  <div id="status"><p class="overview">{text(one.status)}</p></div>
  <div id="comment-form">{off}</div>
</div>""",
    )


def list_page(owner: str, heading: str, count: int, items: Sequence[str]) -> str:
    """Return a page of a list, with its count in the heading.

    :param heading: such as ``Followers``; empty for loves, which the site gives none.
    """
    name = f"            {heading} ({count})" if heading else f"\n ({count})"
    listed = "\n".join(items)
    return page(
        owner,
        f"""<div class="box">
  <div class="box-head">
    <h2><a href="/users/{text(owner)}/">{text(owner)}</a> &raquo;
{name}</h2>
  </div>
  <div class="box-content">
    <div class="media-grid"><ul>
{listed}
    </ul></div>
  </div>
</div>""",
    )


def _picture(name: str) -> str:
    return f'<img class="lazy" src="{CDN}/{name}" data-original="{CDN}/{name}">'


def project_item(one: Project) -> str:
    """Return a project in a list."""
    return (
        f'<li class="project thumb item"><a href="/projects/{one.id}/">'
        f"{_picture(f'project/{one.id}_144x108.png')}</a>"
        f'<span class="title"><a href="/projects/{one.id}/">{text(one.title)}</a></span>'
        f'<span class="owner">by <a href="/users/{text(one.author.username)}/">'
        f"{text(one.author.username)}</a></span></li>"
    )


def user_item(one: User) -> str:
    """Return a user in a list."""
    name = text(one.username)
    return f"""<li class="user thumb item">
  <a href="/users/{name}/">{_picture(f"user/{one.id}_60x60.png")}</a>
  <span class="title">
        <a href="/users/{name}/">{name}</a>
  </span>
</li>"""


def studio_item(one: Studio) -> str:
    """Return a studio in a list."""
    return f"""<li class="gallery thumb item">
  <a href="/studios/{one.id}/">{_picture(f"gallery/{one.id}_170x100.png")}</a>
  <span class="title">
    <a href="/studios/{one.id}/">{text(one.title)}</a>
  </span>
</li>"""


def classroom_page(one: Classroom) -> str:
    """Return a class's page."""
    students = "\n".join(user_item(student) for student in one.students.values())
    studios = "\n".join(studio_item(studio) for studio in one.studios.values())
    script = (
        f"Scratch.INIT_DATA.PROFILE = {{\n  model: {{\n    id: '{text(one.educator.username)}',\n"
        f"    userId: {one.educator.id}\n  }}\n}};"
    )
    return page(
        one.title,
        f"""<script>{script}</script>
<p class="overview">{text(one.description)}</p>
<p class="overview">{text(one.status)}</p>
<div class="box-head"><h4>Students ({len(one.students)})</h4></div>
<ul class="scroll-content">{students}</ul>
<div class="box-head"><h4>Class Studios ({len(one.studios)})</h4></div>
<ul class="scroll-content">{studios}</ul>""",
    )


def activity(rows: Iterable[Row], now: float) -> str:
    """Return what somebody did, as the profile page asks for it."""
    items = [_activity_item(row, now) for row in rows]
    return "<ul>\n" + "\n".join(item for item in items if item) + "\n</ul>\n"


def _activity_item(row: Row, now: float) -> str:
    told = _told(row)
    if not told:
        return ""
    actor = text(row["actor_username"])
    return (
        f'<li><div><span class="actor">{actor}</span>\n    {told}\n    '
        f'<span class="time">{time_ago(_seconds(row), now)}</span></div></li>'
    )


def _told(row: Row) -> str:
    title = row.get("title", row.get("project_title"))
    match row["type"]:
        case "loveproject":
            return f"loved {_link('projects', row['project_id'], title)}"
        case "favoriteproject":
            return f"favorited {_link('projects', row['project_id'], title)}"
        case "shareproject":
            return f"shared the project {_link('projects', row['project_id'], title)}"
        case "remixproject":
            parent = _link("projects", row["parent_id"], row["parent_title"])
            return f"remixed {parent} as {_link('projects', row['project_id'], title)}"
        case "followuser":
            name = row["followed_username"]
            return f"is now following {_link('users', name, name)}"
        case "followstudio":
            return f"is now following the studio {_link('studios', row['gallery_id'], title)}"
        case "becomecurator":
            studio = _link("studios", row["gallery_id"], row["gallery_title"])
            return f"became a curator of {studio}"
        case "becomeownerstudio":
            studio = _link("studios", row["gallery_id"], row["gallery_title"])
            return f"was promoted to manager of {studio}"
        case "addprojecttostudio":
            studio = _link("studios", row["gallery_id"], row["gallery_title"])
            return f"added {_link('projects', row['project_id'], title)} to {studio}"
    return ""


def _link(kind: str, key: Any, title: Any) -> str:
    return f'<a href="/{kind}/{text(key)}/">{text(title)}</a>'


def _seconds(row: Row) -> float:
    return datetime.fromisoformat(row["datetime_created"]).timestamp()
