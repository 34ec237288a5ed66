"""Classes, as everybody sees them."""

from dataclasses import dataclass, field

from scratchbot.wire.fields import Row, inner, integer, optional_text, text
from scratchbot.wire.projects import ProjectData, read_projects
from scratchbot.wire.request import API, Request, page_query
from scratchbot.wire.users import IncompleteUser, incomplete_user


@dataclass(frozen=True, kw_only=True)
class ClassroomData:
    """What the site says of a class; times are as the site writes them.

    :param status: what the class is working on.
    :param ended_timestamp: ``None`` while it goes on.
    """

    id: int
    title: str
    description: str
    status: str
    educator: IncompleteUser
    created_timestamp: str
    ended_timestamp: str | None
    raw: Row = field(repr=False, compare=False)


def classroom(row: Row) -> ClassroomData:
    """Return the class that a JSON object describes."""
    return ClassroomData(
        id=integer(row, "id"),
        title=text(row, "title"),
        description=text(row, "description"),
        status=text(row, "status"),
        educator=incomplete_user(inner(row, "educator")),
        created_timestamp=text(row, "date_start"),
        ended_timestamp=optional_text(row, "date_end"),
        raw=row,
    )


def get_classroom(classroom_id: int) -> Request[ClassroomData]:
    """``GET /classrooms/{id}``: a class that has not ended."""
    return Request(
        method="GET",
        host=API,
        path=f"/classrooms/{classroom_id}",
        read=lambda answer: classroom(answer.row()),
        about=f"class {classroom_id}",
    )


def get_projects(classroom_id: int, limit: int, offset: int) -> Request[list[ProjectData]]:
    """``GET /classrooms/{id}/projects``: what its students have shared, newest first."""
    return Request(
        method="GET",
        host=API,
        path=f"/classrooms/{classroom_id}/projects",
        query=page_query(limit, offset),
        read=read_projects,
        about=f"class {classroom_id}",
        login=True,
    )
