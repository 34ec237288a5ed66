"""Comments the old way: on profiles, in studios and on projects."""

import itertools
import json

from aiohttp import web

from scratchbot.sandbox.hosts.context import (
    Handler,
    Route,
    asked_project,
    asked_studio,
    asked_user,
    body,
    context,
    html,
    old_site_login,
    optional_id,
    post_comment,
)
from scratchbot.sandbox.render.html import comment_page, profile_comment
from scratchbot.sandbox.rules import RefusedError, RejectedError
from scratchbot.sandbox.world import Place

PAGE_SIZE = 10
LAST_PAGE = 67


def _place(request: web.Request) -> Place:
    if "project_id" in request.match_info:
        return Place("project", str(asked_project(request).id))
    if "studio_id" in request.match_info:
        return Place("studio", str(asked_studio(request).id))
    return Place("profile", asked_user(request).key)


async def get_comments(request: web.Request) -> web.Response:
    """Give a page of comments."""
    number = optional_id(request.query.get("page", "1")) or 1
    if number > LAST_PAGE:
        raise RefusedError(404)
    start = (number - 1) * PAGE_SIZE
    tops = context(request).world.top_comments(_place(request))
    shown = list(itertools.islice(tops, start, start + PAGE_SIZE))
    if number > 1 and not shown:
        raise RefusedError(404)
    return html(comment_page(shown))


async def add_comment(request: web.Request) -> web.Response:
    """Post a comment; a refusal is HTML, too."""
    author = old_site_login(request)
    try:
        comment = await post_comment(request, author, _place(request))
    except RejectedError as rejection:
        facts = json.dumps({"mute_status": rejection.mute_status, "error": rejection.reason})
        return html(f'<script id="error-data" type="application/json">{facts}</script>')
    return html(profile_comment(comment))


async def delete_comment(request: web.Request) -> web.Response:
    """Delete a comment."""
    user, asked = old_site_login(request), await body(request)
    context(request).acts.delete_comment(user.username, _asked_id(request, asked.get("id")))
    return html("")


async def report_comment(request: web.Request) -> web.Response:
    """Report a comment."""
    user, asked = old_site_login(request), await body(request)
    context(request).acts.report_comment(user.username, _asked_id(request, asked.get("id")))
    return html("")


def _asked_id(request: web.Request, sent: object) -> int:
    comment = context(request).world.comments.get(optional_id(sent) or 0)
    if comment is None or comment.place != _place(request):
        raise RefusedError(404, "no such comment")
    return comment.id


async def toggle(request: web.Request) -> web.Response:
    """Turn comments on or off."""
    user, place = old_site_login(request), _place(request)
    allowed = context(request).acts.toggle_comments(user.username, place)
    return web.json_response({"success": True, "comments_allowed": allowed})


_PLACES = {"user": "{username}", "gallery": "{studio_id}", "project": "{project_id}"}
_ACTS: dict[str, Handler] = {
    "add": add_comment,
    "del": delete_comment,
    "rep": report_comment,
    "toggle-comments": toggle,
}

ROUTES: list[Route] = [
    *[("GET", f"/site-api/comments/{kind}/{key}", get_comments) for kind, key in _PLACES.items()],
    *[
        ("POST", f"/site-api/comments/{kind}/{key}/{name}", handler)
        for kind, key in _PLACES.items()
        for name, handler in _ACTS.items()
    ],
]
