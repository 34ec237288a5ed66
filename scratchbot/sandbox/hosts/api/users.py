"""Users, their messages and feeds."""

import heapq
from collections.abc import Callable, Iterable, Iterator

from aiohttp import web

from scratchbot.sandbox.hosts.context import (
    Handler,
    Route,
    asked_user,
    context,
    own,
    page,
    reader,
)
from scratchbot.sandbox.render import api
from scratchbot.sandbox.rules import RefusedError, is_public
from scratchbot.sandbox.times import site_time
from scratchbot.sandbox.world import Project, User

FILTERS = {
    "": None,
    "comments": {"addcomment"},
    "projects": {"loveproject", "favoriteproject", "remixproject"},
    "studios": {"curatorinvite", "studioactivity", "becomeownerstudio", "becomehoststudio"},
    "forums": {"forumpost"},
}

FEED = {
    "followuser",
    "followstudio",
    "loveproject",
    "favoriteproject",
    "remixproject",
    "shareproject",
    "becomecurator",
    "becomeownerstudio",
}
"""What the feed tells of the people whom one follows."""


async def get_user(request: web.Request) -> web.Response:
    """Give a user."""
    return web.json_response(api.user(asked_user(request)))


def people(kind: Callable[[User], dict[str, User]]) -> Handler:
    """Return a handler that gives the followers of a user, or those whom the user follows."""

    async def get_people(request: web.Request) -> web.Response:
        found = reversed(kind(asked_user(request)).values())
        return web.json_response([api.user(one) for one in page(request, found)])

    return get_people


def projects(kind: Callable[[User], Iterable[Project]], *, private: bool = False) -> Handler:
    """Return a handler that gives shared projects of some kind.

    :param private: whether only the user may ask.
    """

    async def get_projects(request: web.Request) -> web.Response:
        user = own(request) if private else asked_user(request)
        shared = (one for one in kind(user) if one.is_shared)
        found = [api.project(one, listed=True) for one in page(request, shared)]
        return web.json_response(found)

    return get_projects


def _loved_by_followed(user: User) -> Iterator[Project]:
    seen: set[int] = set()
    for followed in user.following.values():
        for project in reversed(followed.loves.values()):
            if project.id not in seen:
                seen.add(project.id)
                yield project


def _shared_by_followed(user: User) -> Iterator[Project]:
    for followed in user.following.values():
        yield from reversed(followed.projects.values())


def _in_followed_studios(user: User) -> Iterator[Project]:
    for studio in user.followed_studios.values():
        yield from reversed(studio.projects.values())


async def get_curated_studios(request: web.Request) -> web.Response:
    """Give the studios that a user curates or manages, newest first."""
    studios = page(request, reversed(asked_user(request).studios.values()))
    world = context(request).world
    return web.json_response([api.studio(one, world) for one in studios])


async def get_message_count(request: web.Request) -> web.Response:
    """Give the number of a user's unread messages, to anybody."""
    return web.json_response({"count": asked_user(request).message_count})


async def get_messages(request: web.Request) -> web.Response:
    """Give the reader's own messages."""
    user = own(request)
    chosen = request.query.get("filter", "")
    if chosen not in FILTERS:
        raise RefusedError(400, "filter")
    kinds, limit = FILTERS[chosen], request.query.get("dateLimit", "")
    rows = (
        row
        for row in reversed(user.messages)
        if (kinds is None or row["type"] in kinds)
        and (not limit or row["datetime_created"] <= limit)
    )
    return web.json_response([api.message(row) for row in page(request, rows)])


async def get_alerts(request: web.Request) -> web.Response:
    """Give the messages of the Scratch Team to the reader."""
    return web.json_response(page(request, reversed(own(request).alerts)))


async def get_invitation(request: web.Request) -> web.Response:
    """Give the reader's invitation to become a Scratcher, or nothing."""
    user = own(request)
    if not user.invited_at:
        return web.json_response({})
    invitation = {
        "id": user.id,
        "datetime_created": site_time(user.invited_at),
        "unread": 1,
        "actor_id": 0,
        "invitee_id": user.id,
    }
    return web.json_response(invitation)


async def get_following_activity(request: web.Request) -> web.Response:
    """Give what the people did whom the reader follows."""
    world, user = context(request).world, own(request)
    deeds = (reversed(followed.deeds) for followed in user.following.values())
    feed = heapq.merge(*deeds, key=lambda row: -int(row["id"]))
    told = (row for row in feed if row["type"] in FEED)
    limit = request.query.get("dateLimit", "")
    shown = (
        row
        for row in told
        if is_public(world, row) and (not limit or row["datetime_created"] <= limit)
    )
    return web.json_response(page(request, shown))


async def get_visibility(request: web.Request) -> web.Response:
    """Give what became of one's own project."""
    project = own(request).projects.get(int(request.match_info["project_id"]))
    if project is None:
        raise RefusedError(403, "another's")
    return web.json_response(
        {
            "projectId": project.id,
            "creatorId": project.author.id,
            "deleted": project.state == "trashed",
            "censored": False,
            "censoredByAdmin": False,
            "censoredByCommunity": False,
            "reshareable": True,
            "message": "",
        }
    )


async def view(request: web.Request) -> web.Response:
    """Count a view."""
    user, author = reader(request), asked_user(request)
    project = author.projects.get(int(request.match_info["project_id"]))
    if project is None or not project.visible_to(user):
        raise RefusedError(404, "no such project")
    acts = context(request).acts
    views = acts.view(None if user is None else user.username, project.id)
    return web.json_response({"views": views})


async def get_project(request: web.Request) -> web.Response:
    """Give a project by its author's name and its number."""
    project = asked_user(request).projects.get(int(request.match_info["project_id"]))
    if project is None or not project.visible_to(reader(request)):
        raise RefusedError(404, "no such project")
    return web.json_response(api.project(project))


async def get_project_studios(request: web.Request) -> web.Response:
    """Give the studios that a project is in."""
    world = context(request).world
    project = asked_user(request).projects.get(int(request.match_info["project_id"]))
    if project is None or not project.visible_to(reader(request)):
        raise RefusedError(404, "no such project")
    studios = page(request, reversed(project.studios.values()))
    return web.json_response([api.studio(one, world) for one in studios])


_USER = "/users/{username}"
_PROJECT = f"{_USER}/projects/{{project_id:\\d{{1,18}}}}"

ROUTES: list[Route] = [
    ("GET", _USER, get_user),
    ("GET", f"{_USER}/projects", projects(lambda user: user.projects.values())),
    (
        "GET",
        f"{_USER}/projects/recentlyviewed",
        projects(lambda user: reversed(user.viewed.values()), private=True),
    ),
    ("GET", f"{_USER}/favorites", projects(lambda user: reversed(user.favorites.values()))),
    ("GET", f"{_USER}/studios/curate", get_curated_studios),
    ("GET", f"{_USER}/followers", people(lambda user: user.followers)),
    ("GET", f"{_USER}/following", people(lambda user: user.following)),
    ("GET", f"{_USER}/messages/count", get_message_count),
    ("GET", f"{_USER}/messages", get_messages),
    ("GET", f"{_USER}/messages/admin", get_alerts),
    ("GET", f"{_USER}/invites", get_invitation),
    ("GET", f"{_USER}/following/users/activity", get_following_activity),
    ("GET", f"{_USER}/following/users/loves", projects(_loved_by_followed, private=True)),
    ("GET", f"{_USER}/following/users/projects", projects(_shared_by_followed, private=True)),
    ("GET", f"{_USER}/following/studios/projects", projects(_in_followed_studios, private=True)),
    ("GET", _PROJECT, get_project),
    ("GET", f"{_PROJECT}/visibility", get_visibility),
    ("GET", f"{_PROJECT}/studios", get_project_studios),
    ("POST", f"{_PROJECT}/views", view),
]
