"""Studios."""

from dataclasses import dataclass, field
from typing import Any, Literal

from scratchbot.errors import StudioRejectedError, UnexpectedAnswerError
from scratchbot.wire.comments import on_or_off
from scratchbot.wire.fields import Row, flag, inner, integer, optional_integer, text
from scratchbot.wire.projects import IncompleteProject, incomplete_project
from scratchbot.wire.request import (
    API,
    SITE,
    Act,
    Answer,
    File,
    Method,
    Request,
    nothing,
    page_query,
)
from scratchbot.wire.settling import REPEAT, Asking, Repeat, Settling, Trace, look_whether

ReportedField = Literal["title", "description", "thumbnail"]


@dataclass(frozen=True, kw_only=True)
class StudioData:
    """What the site says of a studio; its counts of comments and projects stop at 100.

    What the answer at hand does not say is ``None``: a list of one's own studios counts curators,
    every other answer followers and managers.

    :param host: the id of the user who owns it.
    """

    id: int
    title: str
    host: int
    description: str
    visible: bool
    open_to_all: bool
    comments_allowed: bool
    thumbnail_URL: str
    created_timestamp: str
    last_modified_timestamp: str
    comment_count: int | None
    curator_count: int | None
    follower_count: int | None
    manager_count: int | None
    project_count: int | None
    raw: Row = field(repr=False, compare=False)


@dataclass(frozen=True, kw_only=True)
class IncompleteStudio:
    """What the site says of a studio beside something else."""

    id: int
    title: str
    thumbnail_URL: str
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
        open_to_all=flag(row, "open_to_all"),
        comments_allowed=flag(row, "comments_allowed"),
        thumbnail_URL=text(row, "image"),
        created_timestamp=text(history, "created"),
        last_modified_timestamp=text(history, "modified"),
        comment_count=optional_integer(stats, "comments"),
        curator_count=optional_integer(stats, "curators"),
        follower_count=optional_integer(stats, "followers"),
        manager_count=optional_integer(stats, "managers"),
        project_count=optional_integer(stats, "projects"),
        raw=row,
    )


def incomplete_studio(row: Row) -> IncompleteStudio:
    """Return the studio that stands within another answer."""
    return IncompleteStudio(
        id=integer(row, "id"),
        title=text(row, "title"),
        thumbnail_URL=text(row, "thumbnail_url") or text(row, "image"),
        raw=row,
    )


def read_studios(answer: Answer) -> list[StudioData]:
    """Read an answer that is a list of studios."""
    return [studio(row) for row in answer.rows()]


def get_studio(studio_id: int) -> Request[StudioData]:
    """``GET /studios/{id}``."""
    return Request(
        method="GET",
        host=API,
        path=f"/studios/{studio_id}",
        read=lambda answer: studio(answer.row()),
        about=f"studio {studio_id}",
    )


def get_project_studios(
    author: str, project_id: int, limit: int, offset: int
) -> Request[list[StudioData]]:
    """``GET /users/{author}/projects/{id}/studios``: the studios that a project is in."""
    return Request(
        method="GET",
        host=API,
        path=f"/users/{author}/projects/{project_id}/studios",
        query=page_query(limit, offset),
        read=read_studios,
        about=f"project {project_id}",
    )


def get_curating(username: str, limit: int, offset: int) -> Request[list[StudioData]]:
    """``GET /users/{username}/studios/curate``: the studios that a user curates or manages."""
    return Request(
        method="GET",
        host=API,
        path=f"/users/{username}/studios/curate",
        query=page_query(limit, offset),
        read=read_studios,
        about=f"user {username!r}",
    )


def get_projects(studio_id: int, limit: int, offset: int) -> Request[list[IncompleteProject]]:
    """``GET /studios/{id}/projects``: newest first."""
    return Request(
        method="GET",
        host=API,
        path=f"/studios/{studio_id}/projects",
        query=page_query(limit, offset),
        read=lambda answer: [incomplete_project(row) for row in answer.rows()],
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
        read=nothing,
        about=f"studio {studio_id} and project {project_id}",
        login=True,
        act=Act(
            permission="studio.curate",
            kind=f"project.{change}",
            target=f"studio:{studio_id}:project:{project_id}",
            settling=Repeat(done=(409,) if method == "POST" else (404,)),
        ),
    )


def follow(studio_id: int, username: str) -> Request[dict[str, Any]]:
    """``PUT /site-api/users/bookmarkers/{id}/add/``."""
    return _following(studio_id, username, "add")


def unfollow(studio_id: int, username: str) -> Request[dict[str, Any]]:
    """``PUT /site-api/users/bookmarkers/{id}/remove/``."""
    return _following(studio_id, username, "remove")


def _following(studio_id: int, username: str, change: str) -> Request[dict[str, Any]]:
    return Request(
        method="PUT",
        host=SITE,
        path=f"/site-api/users/bookmarkers/{studio_id}/{change}/",
        query={"usernames": username},
        read=Answer.row,
        about=f"studio {studio_id}",
        login=True,
        act=Act(
            permission="social",
            kind=f"follow.{change}",
            target=f"studio:{studio_id}",
            settling=REPEAT,
        ),
    )


def open_to_public(studio_id: int) -> Request[None]:
    """``PUT /site-api/galleries/{id}/mark/open/``."""
    path = f"/site-api/galleries/{studio_id}/mark/open/"
    return _change("PUT", path, studio_id, _act(studio_id, "open"))


def close_to_public(studio_id: int) -> Request[None]:
    """``PUT /site-api/galleries/{id}/mark/closed/``."""
    path = f"/site-api/galleries/{studio_id}/mark/closed/"
    return _change("PUT", path, studio_id, _act(studio_id, "close"))


def toggle_commenting(studio_id: int, *, to: bool) -> Request[None]:
    """``POST /site-api/comments/gallery/{id}/toggle-comments/``.

    :param to: whether comments will be allowed; the site is not told.
    """

    def is_as_wanted(trace: Trace) -> Asking[bool]:
        found: StudioData = yield get_studio(studio_id)
        return trace.text == on_or_off(found.comments_allowed)

    path = f"/site-api/comments/gallery/{studio_id}/toggle-comments/"
    act = _act(studio_id, "comments", look_whether(is_as_wanted), on_or_off(to))
    return _change("POST", path, studio_id, act)


def edit(studio_id: int, name: Literal["title", "description"], content: str) -> Request[None]:
    """``PUT /site-api/galleries/all/{id}/``; a refusal is 200 with ``errors``."""
    path = f"/site-api/galleries/all/{studio_id}/"
    return _change("PUT", path, studio_id, _act(studio_id, name), {name: content})


def delete(studio_id: int) -> Request[None]:
    """``PUT /site-api/galleries/all/{id}/``: delete one's own studio."""
    path = f"/site-api/galleries/all/{studio_id}/"
    act = _act(studio_id, "delete", Repeat(done=(404,)))
    return _change("PUT", path, studio_id, act, {"visibility": "delbyusr"})


def set_thumbnail(studio_id: int, picture: File) -> Request[None]:
    """``POST /site-api/galleries/all/{id}/``; a refusal is 200 with ``errors``."""
    return Request(
        method="POST",
        host=SITE,
        path=f"/site-api/galleries/all/{studio_id}/",
        parts={"file": picture},
        read=_read_edited,
        about=f"studio {studio_id}",
        login=True,
        act=_act(studio_id, "thumbnail"),
    )


def report(studio_id: int, reported: ReportedField) -> Request[None]:
    """``POST /site-api/galleries/all/{id}/report/``."""
    return Request(
        method="POST",
        host=SITE,
        path=f"/site-api/galleries/all/{studio_id}/report/",
        form={"selected_field": reported},
        read=nothing,
        about=f"studio {studio_id}",
        login=True,
        act=Act(
            permission="account", kind="studio.report", target=f"studio:{studio_id}", text=reported
        ),
    )


def _change(
    method: Method, path: str, studio_id: int, act: Act, body: dict[str, Any] | None = None
) -> Request[None]:
    return Request(
        method=method,
        host=SITE,
        path=path,
        json=body or {},
        read=_read_edited,
        about=f"studio {studio_id}",
        login=True,
        act=act,
    )


def _act(studio_id: int, what: str, settling: Settling = REPEAT, said: str | None = None) -> Act:
    return Act(
        permission="studio.edit",
        kind=f"studio.{what}",
        target=f"studio:{studio_id}",
        text=said,
        settling=settling,
    )


def _read_edited(answer: Answer) -> None:
    try:
        row = answer.json()
    except UnexpectedAnswerError:
        return
    errors = errors_in(row) if isinstance(row, dict) else []
    if errors:
        raise StudioRejectedError(errors[0])


def errors_in(row: Row) -> list[str]:
    """Return the site's words for what it refused, none where it refused nothing."""
    errors = row.get("errors")
    return [str(error) for error in errors] if isinstance(errors, list) else []
