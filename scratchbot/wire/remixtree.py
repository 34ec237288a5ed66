"""The tree of a project's remixes, which the site retired by 2025."""

from dataclasses import dataclass, field

from scratchbot.errors import RetiredError
from scratchbot.wire.fields import Row, flag, inner, integer, optional_integer, text
from scratchbot.wire.request import SITE, Answer, Request


@dataclass(frozen=True, kw_only=True)
class RemixtreeProject:
    """A project within the tree; times are milliseconds since 1970, as the tree has them."""

    title: str
    id: int
    author: str
    moderation_status: str
    visible: bool
    is_published: bool
    love_count: int
    favorite_count: int
    created_timestamp: int
    last_modified_timestamp: int
    shared_timestamp: int | None
    parent_id: int | None
    children: list[int] = field(hash=False)
    raw: Row = field(repr=False, compare=False)


def get_remixtree(project_id: int) -> Request[list[RemixtreeProject]]:
    """``GET /projects/{id}/remixtree/bare/``: JSON that says that it is text."""
    return Request(
        method="GET",
        host=SITE,
        path=f"/projects/{project_id}/remixtree/bare/",
        read=_read,
        accepts=(404, 410),
        about=f"project {project_id}",
    )


def _read(answer: Answer) -> list[RemixtreeProject]:
    if answer.status in (404, 410):
        raise RetiredError(
            "the site gives no tree for this project: it retired remix trees by 2025; "
            "use get_remixes, which asks for one generation"
        )
    if answer.body.strip() == b"no data":
        return []
    rows = answer.row()
    return [_project(key, row) for key, row in rows.items() if isinstance(row, dict)]


def _project(key: str, row: Row) -> RemixtreeProject:
    children = row.get("children")
    return RemixtreeProject(
        title=text(row, "title"),
        id=integer({"id": key}, "id"),
        author=text(row, "username"),
        moderation_status=text(row, "moderation_status"),
        visible=text(row, "visibility") == "visible",
        is_published=flag(row, "is_published"),
        love_count=optional_integer(row, "love_count") or 0,
        favorite_count=optional_integer(row, "favorite_count") or 0,
        created_timestamp=_milliseconds(row, "datetime_created") or 0,
        last_modified_timestamp=_milliseconds(row, "mtime") or 0,
        shared_timestamp=_milliseconds(row, "datetime_shared"),
        parent_id=optional_integer(row, "parent_id"),
        children=[
            integer({"id": child}, "id")
            for child in (children if isinstance(children, list) else [])
        ],
        raw=row,
    )


def _milliseconds(row: Row, key: str) -> int | None:
    return optional_integer(inner(row, key), "$date")
