"""Comments on projects and in studios."""

from aiohttp import web

from scratchbot.sandbox.hosts.context import (
    Route,
    asked_project,
    asked_studio,
    context,
    number,
    page,
    post_comment,
    required_login,
)
from scratchbot.sandbox.render import api
from scratchbot.sandbox.rules import RefusedError, RejectedError
from scratchbot.sandbox.world import Comment, Place, Row


def _place(request: web.Request) -> Place:
    if "project_id" in request.match_info:
        project = asked_project(request)
        owner = request.match_info.get("owner", project.author.username)
        if owner.lower() != project.author.key:
            raise RefusedError(404, "no such project")
        return Place("project", str(project.id))
    return Place("studio", str(asked_studio(request).id))


def _comment(request: web.Request) -> Comment:
    found = context(request).world.comments.get(number(request.match_info["comment_id"]))
    if found is None or found.place != _place(request):
        raise RefusedError(404, "no such comment")
    return found


async def get_comments(request: web.Request) -> web.Response:
    """Give the top comments of a place."""
    tops = context(request).world.top_comments(_place(request))
    return web.json_response([api.comment(one) for one in page(request, tops)])


async def get_comment(request: web.Request) -> web.Response:
    """Give one comment."""
    return web.json_response(api.comment(_comment(request)))


async def get_replies(request: web.Request) -> web.Response:
    """Give the replies to a top comment, oldest first."""
    replies = _comment(request).replies.values()
    return web.json_response([api.comment(one) for one in page(request, replies)])


async def add_comment(request: web.Request) -> web.Response:
    """Post a comment; a refusal is 200 all the same."""
    author = required_login(request)
    try:
        comment = await post_comment(request, author, _place(request))
    except RejectedError as rejection:
        told: Row = {"rejected": rejection.reason, "status": {}}
        if rejection.mute_status:
            told["status"] = {"mute_status": rejection.mute_status}
        if rejection.appeal_id:
            told["appealId"] = rejection.appeal_id
        return web.json_response(told)
    return web.json_response(api.comment(comment))


async def delete_comment(request: web.Request) -> web.Response:
    """Delete a comment."""
    user = required_login(request)
    context(request).acts.delete_comment(user.username, _comment(request).id)
    return web.json_response({})


async def report_comment(request: web.Request) -> web.Response:
    """Report a comment."""
    user, comment = required_login(request), _comment(request)
    context(request).acts.report_comment(user.username, comment.id)
    return web.json_response({"id": comment.id, "status": "reported"})


async def feedback(request: web.Request) -> web.Response:
    """Take what a muted user has to say about it."""
    required_login(request)
    return web.json_response({"success": True})


_READ = (
    "/users/{owner}/projects/{project_id}/comments",
    "/projects/{project_id}/comments",
    "/studios/{studio_id}/comments",
)
_PLACES = {"project": "{project_id}", "studio": "{studio_id}"}

ROUTES: list[Route] = [
    ("POST", "/comments/feedback", feedback),
    *[
        route
        for start in _READ
        for route in (
            ("GET", start, get_comments),
            ("GET", f"{start}/{{comment_id}}", get_comment),
            ("GET", f"{start}/{{comment_id}}/replies", get_replies),
        )
    ],
    *[
        route
        for kind, key in _PLACES.items()
        for route in (
            ("POST", f"/proxy/comments/{kind}/{key}", add_comment),
            ("DELETE", f"/proxy/comments/{kind}/{key}/comment/{{comment_id}}", delete_comment),
            ("POST", f"/proxy/{kind}/{key}/comment/{{comment_id}}/report", report_comment),
            ("POST", f"/proxy/comments/{kind}/{key}/comment/{{comment_id}}", report_comment),
            *[
                (
                    method,
                    f"/proxy/comments/{kind}/{key}/comment/{{comment_id}}/report",
                    report_comment,
                )
                for method in ("POST", "DELETE")
            ],
        )
    ],
]
