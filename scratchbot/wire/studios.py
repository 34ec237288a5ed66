"""Studios."""

from dataclasses import dataclass, field
from typing import Literal

from scratchbot.wire.fields import Row, flag, inner, integer, optional_integer, text
from scratchbot.wire.request import API, Act, Answer, Request, page_query
from scratchbot.wire.users import IncompleteUser, incomplete_user


@dataclass(frozen=True, kw_only=True)
class StudioData:
    """What the site says of a studio; its counts of comments and projects stop at 100.

    :param host: the id of the user who owns it.
    """

    id: int
    title: str
    host: int
    description: str
    visible: bool
    comments_allowed: bool
    thumbnail_URL: str
    created_timestamp: str
    last_modified_timestamp: str
    follower_count: int | None
    manager_count: int | None
    project_count: int | None
    raw: Row = field(repr=False, compare=False)


def studio(row: Row) -> StudioData:
    """Return the studio that a JSON object describes."""
    history, stats = inner(row, "history"), inner(row, "stats")
    return StudioData(
        id=integer(row, "id"),
        title=text(row, "title"),
        host=integer(row, "host"),
        description=text(row, "description"),
        visible=text(row, "visibility") == "visible",
        comments_allowed=flag(row, "comments_allowed"),
        thumbnail_URL=text(row, "image"),
        created_timestamp=text(history, "created"),
        last_modified_timestamp=text(history, "modified"),
        follower_count=optional_integer(stats, "followers"),
        manager_count=optional_integer(stats, "managers"),
        project_count=optional_integer(stats, "projects"),
        raw=row,
    )


def _read_studio(answer: Answer) -> StudioData:
    return studio(answer.row())


def get_studio(studio_id: int) -> Request[StudioData]:
    """``GET /studios/{id}``."""
    return Request(
        method="GET",
        host=API,
        path=f"/studios/{studio_id}",
        read=_read_studio,
        about=f"studio {studio_id}",
    )


def get_managers(studio_id: int, limit: int, offset: int) -> Request[list[IncompleteUser]]:
    """``GET /studios/{id}/managers``: the host among them, first."""
    return Request(
        method="GET",
        host=API,
        path=f"/studios/{studio_id}/managers",
        query=page_query(limit, offset),
        read=lambda answer: [incomplete_user(row) for row in answer.rows()],
        about=f"studio {studio_id}",
    )


def add_project(studio_id: int, project_id: int) -> Request[None]:
    """``POST /studios/{id}/project/{id}``."""
    return _project(studio_id, project_id, "POST")


def remove_project(studio_id: int, project_id: int) -> Request[None]:
    """``DELETE /studios/{id}/project/{id}``."""
    return _project(studio_id, project_id, "DELETE")


def _project(studio_id: int, project_id: int, method: Literal["POST", "DELETE"]) -> Request[None]:
    change = "add" if method == "POST" else "remove"
    return Request(
        method=method,
        host=API,
        path=f"/studios/{studio_id}/project/{project_id}",
        json={},
        read=lambda _: None,
        about=f"studio {studio_id} and project {project_id}",
        login=True,
        act=Act(
            permission="studio.curate",
            kind=f"project.{change}",
            target=f"studio:{studio_id}:project:{project_id}",
        ),
    )
