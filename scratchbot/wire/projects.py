"""Projects."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypedDict, cast

from scratchbot.wire.fields import Row, flag, inner, integer, optional_integer, text
from scratchbot.wire.request import API, SITE, Act, Answer, Request, nothing, page_query
from scratchbot.wire.settling import PARK, REPEAT
from scratchbot.wire.users import IncompleteUser, incomplete_user


@dataclass(frozen=True, kw_only=True)
class ProjectData:
    """What the site says of a project; times are as the site writes them.

    :param parent: the project that it was remixed from, ``root`` the first of the line.
    :param is_remix: ``None`` where the site does not say.
    """

    id: int
    title: str
    instructions: str
    description: str
    visible: bool
    public: bool
    comments_allowed: bool
    is_published: bool
    author: IncompleteUser
    thumbnail_URL: str
    created_timestamp: str
    last_modified_timestamp: str
    shared_timestamp: str
    view_count: int
    love_count: int
    favorite_count: int
    remix_count: int
    parent: int | None
    root: int | None
    is_remix: bool | None
    raw: Row = field(repr=False, compare=False)


@dataclass(frozen=True, kw_only=True)
class IncompleteProject:
    """What the site says of a project beside something else; what it does not say is ``None``."""

    title: str
    id: int
    author: str
    thumbnail_URL: str
    type: str | None
    love_count: int | None
    remixers_count: int | None
    curator_name: str | None
    gallery_id: int | None
    gallery_title: str | None
    creator_id: int | None
    avatar: dict[str, str] | None = field(hash=False)
    actor_id: int | None
    datetime_modified: str | None
    raw: Row = field(repr=False, compare=False)


class ProjectVisibility(TypedDict):
    """What became of one's own project, in the site's words."""

    projectId: int
    creatorId: int
    deleted: bool
    censored: bool
    censoredByAdmin: bool
    censoredByCommunity: bool
    reshareable: bool
    message: str


def project(row: Row) -> ProjectData:
    """Return the project that a JSON object describes."""
    history, stats, remix = inner(row, "history"), inner(row, "stats"), inner(row, "remix")
    parent = optional_integer(remix, "parent")
    return ProjectData(
        id=integer(row, "id"),
        title=text(row, "title"),
        instructions=text(row, "instructions"),
        description=text(row, "description"),
        visible=text(row, "visibility") == "visible",
        public=flag(row, "public"),
        comments_allowed=flag(row, "comments_allowed"),
        is_published=flag(row, "is_published"),
        author=incomplete_user(inner(row, "author")),
        thumbnail_URL=text(row, "image"),
        created_timestamp=text(history, "created"),
        last_modified_timestamp=text(history, "modified"),
        shared_timestamp=text(history, "shared"),
        view_count=optional_integer(stats, "views") or 0,
        love_count=optional_integer(stats, "loves") or 0,
        favorite_count=optional_integer(stats, "favorites") or 0,
        remix_count=optional_integer(stats, "remixes") or 0,
        parent=parent,
        root=optional_integer(remix, "root"),
        is_remix=parent is not None if remix else None,
        raw=row,
    )


def incomplete_project(row: Row) -> IncompleteProject:
    """Return the project that stands within another answer."""
    avatar = inner(row, "avatar")
    return IncompleteProject(
        title=text(row, "title"),
        id=integer(row, "id"),
        author=text(row, "creator") or text(row, "username"),
        thumbnail_URL=text(row, "thumbnail_url") or text(row, "image"),
        type=text(row, "type") or None,
        love_count=optional_integer(row, "love_count"),
        remixers_count=optional_integer(row, "remixers_count"),
        curator_name=text(row, "curator_name") or None,
        gallery_id=optional_integer(row, "gallery_id"),
        gallery_title=text(row, "gallery_title") or None,
        creator_id=optional_integer(row, "creator_id"),
        avatar={str(size): str(address) for size, address in avatar.items()} or None,
        actor_id=optional_integer(row, "actor_id"),
        datetime_modified=text(row, "datetime_modified") or None,
        raw=row,
    )


def _read_project(answer: Answer) -> ProjectData:
    return project(answer.row())


def read_projects(answer: Answer) -> list[ProjectData]:
    """Read an answer that is a list of projects."""
    return [project(row) for row in answer.rows()]


def get_project(project_id: int) -> Request[ProjectData]:
    """``GET /projects/{id}``."""
    return Request(
        method="GET",
        host=API,
        path=f"/projects/{project_id}",
        read=_read_project,
        about=f"project {project_id}",
    )


def get_remixes(project_id: int, limit: int, offset: int) -> Request[list[ProjectData]]:
    """``GET /projects/{id}/remixes``: newest first."""
    return Request(
        method="GET",
        host=API,
        path=f"/projects/{project_id}/remixes",
        query=page_query(limit, offset),
        read=read_projects,
        about=f"project {project_id}",
    )


def get_user_projects(username: str, limit: int, offset: int) -> Request[list[ProjectData]]:
    """``GET /users/{username}/projects``: what a user has shared, oldest first."""
    return _of_user(username, "projects", limit, offset)


def get_favorites(username: str, limit: int, offset: int) -> Request[list[ProjectData]]:
    """``GET /users/{username}/favorites``: newest first."""
    return _of_user(username, "favorites", limit, offset)


def _of_user(username: str, kind: str, limit: int, offset: int) -> Request[list[ProjectData]]:
    return Request(
        method="GET",
        host=API,
        path=f"/users/{username}/{kind}",
        query=page_query(limit, offset),
        read=read_projects,
        about=f"user {username!r}",
    )


def get_visibility(username: str, project_id: int) -> Request[ProjectVisibility]:
    """``GET /users/{username}/projects/{id}/visibility``: what became of one's own project."""
    return Request(
        method="GET",
        host=API,
        path=f"/users/{username}/projects/{project_id}/visibility",
        read=lambda answer: cast("ProjectVisibility", answer.row()),
        about=f"project {project_id}",
        login=True,
    )


def love(project_id: int, username: str) -> Request[bool]:
    """``POST /proxy/projects/{id}/loves/user/{username}``; tells whether it is loved now."""
    return _opinion("POST", project_id, "loves", username)


def unlove(project_id: int, username: str) -> Request[bool]:
    """``DELETE /proxy/projects/{id}/loves/user/{username}``; tells whether it is loved now."""
    return _opinion("DELETE", project_id, "loves", username)


def favorite(project_id: int, username: str) -> Request[bool]:
    """``POST /proxy/projects/{id}/favorites/user/{username}``; tells whether it is kept now."""
    return _opinion("POST", project_id, "favorites", username)


def unfavorite(project_id: int, username: str) -> Request[bool]:
    """``DELETE /proxy/projects/{id}/favorites/user/{username}``; tells whether it is kept now."""
    return _opinion("DELETE", project_id, "favorites", username)


def _opinion(
    method: Literal["POST", "DELETE"], project_id: int, opinion: str, username: str
) -> Request[bool]:
    key = {"loves": "userLove", "favorites": "userFavorite"}[opinion]
    change = "add" if method == "POST" else "remove"
    return Request(
        method=method,
        host=API,
        path=f"/proxy/projects/{project_id}/{opinion}/user/{username}",
        read=lambda answer: flag(answer.row(), key),
        about=f"project {project_id}",
        login=True,
        act=Act(
            permission="social",
            kind=f"{opinion}.{change}",
            target=f"project:{project_id}",
            rehearsed=json.dumps({key: method == "POST"}).encode(),
            settling=REPEAT,
        ),
    )


def view(author: str, project_id: int) -> Request[None]:
    """``POST /users/{author}/projects/{id}/views/``: count a view."""
    return Request(
        method="POST",
        host=API,
        path=f"/users/{author}/projects/{project_id}/views/",
        read=nothing,
        about=f"project {project_id}",
        act=Act(
            permission="social",
            kind="project.view",
            target=f"project:{project_id}",
            settling=PARK,
        ),
    )


def edit(project_id: int, **fields: str | bool) -> Request[None]:
    """``PUT /projects/{id}``: change ``title``, ``instructions``, ``description`` or comments."""
    return _change(f"/projects/{project_id}", project_id, ".".join(sorted(fields)), body=fields)


def share(project_id: int) -> Request[None]:
    """``PUT /proxy/projects/{id}/share/``."""
    return _change(f"/proxy/projects/{project_id}/share/", project_id, "share")


def unshare(project_id: int) -> Request[None]:
    """``PUT /proxy/projects/{id}/unshare/``."""
    return _change(f"/proxy/projects/{project_id}/unshare/", project_id, "unshare")


def trash(project_id: int) -> Request[None]:
    """``PUT /site-api/projects/all/{id}/``: throw one's own project away."""
    path, body = f"/site-api/projects/all/{project_id}/", {"visibility": "trshbyusr"}
    return _change(path, project_id, "trash", host=SITE, body=body)


def restore(project_id: int) -> Request[None]:
    """``PUT /site-api/projects/all/{id}/``: take one's own project out of the trash."""
    path, body = f"/site-api/projects/all/{project_id}/", {"visibility": "visible"}
    return _change(path, project_id, "restore", host=SITE, body=body)


def report(project_id: int, category: str, reason: str, image: str) -> Request[None]:
    """``POST /proxy/projects/{id}/report``."""
    return Request(
        method="POST",
        host=API,
        path=f"/proxy/projects/{project_id}/report",
        json={"report_category": category, "notes": reason, "thumbnail": image},
        read=nothing,
        about=f"project {project_id}",
        login=True,
        act=Act(
            permission="account",
            kind="project.report",
            target=f"project:{project_id}",
            text=reason,
        ),
    )


def set_thumbnail(project_id: int, picture: bytes) -> Request[None]:
    """``POST /internalapi/project/thumbnail/{id}/set/``."""
    return Request(
        method="POST",
        host=SITE,
        path=f"/internalapi/project/thumbnail/{project_id}/set/",
        body=picture,
        read=nothing,
        about=f"project {project_id}",
        login=True,
        act=_act(project_id, "thumbnail"),
    )


def _change(
    path: str, project_id: int, what: str, *, host: str = API, body: Mapping[str, Any] | None = None
) -> Request[None]:
    return Request(
        method="PUT",
        host=host,
        path=path,
        json=body or {},
        read=nothing,
        about=f"project {project_id}",
        login=True,
        act=_act(project_id, what),
    )


def _act(project_id: int, what: str) -> Act:
    return Act(
        permission="project.edit",
        kind=f"project.{what}",
        target=f"project:{project_id}",
        settling=REPEAT,
    )
