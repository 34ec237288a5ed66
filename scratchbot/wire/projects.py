"""Projects."""

from dataclasses import dataclass, field
from typing import Literal

from scratchbot.wire.fields import Row, flag, inner, integer, optional_integer, text
from scratchbot.wire.request import API, Act, Answer, Request
from scratchbot.wire.users import IncompleteUser, incomplete_user


@dataclass(frozen=True, kw_only=True)
class ProjectData:
    """What the site says of a project; times are as the site writes them.

    :param parent: the project that it was remixed from, ``root`` the first of the line.
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
    is_remix: bool
    raw: Row = field(repr=False, compare=False)


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
        is_remix=parent is not None,
        raw=row,
    )


def _read_project(answer: Answer) -> ProjectData:
    return project(answer.row())


def get_project(project_id: int) -> Request[ProjectData]:
    """``GET /projects/{id}``."""
    return Request(
        method="GET",
        host=API,
        path=f"/projects/{project_id}",
        read=_read_project,
        about=f"project {project_id}",
    )


def love(project_id: int, username: str) -> Request[None]:
    """``POST /proxy/projects/{id}/loves/user/{username}``."""
    return _opinion("POST", project_id, "loves", username)


def unlove(project_id: int, username: str) -> Request[None]:
    """``DELETE /proxy/projects/{id}/loves/user/{username}``."""
    return _opinion("DELETE", project_id, "loves", username)


def favorite(project_id: int, username: str) -> Request[None]:
    """``POST /proxy/projects/{id}/favorites/user/{username}``."""
    return _opinion("POST", project_id, "favorites", username)


def unfavorite(project_id: int, username: str) -> Request[None]:
    """``DELETE /proxy/projects/{id}/favorites/user/{username}``."""
    return _opinion("DELETE", project_id, "favorites", username)


def _opinion(
    method: Literal["POST", "DELETE"], project_id: int, opinion: str, username: str
) -> Request[None]:
    change = "add" if method == "POST" else "remove"
    return Request(
        method=method,
        host=API,
        path=f"/proxy/projects/{project_id}/{opinion}/user/{username}",
        read=lambda _: None,
        about=f"project {project_id}",
        login=True,
        act=Act(permission="social", kind=f"{opinion}.{change}", target=f"project:{project_id}"),
    )
