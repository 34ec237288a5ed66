"""What belongs to the account: its projects and studios, as “My stuff” has them, and its trash."""

import json
import re
from collections.abc import Callable
from typing import Literal, TypeVar

from scratchbot.errors import ForbiddenError, RateLimitedError
from scratchbot.wire.fields import Row, flag, inner, integer, text, time
from scratchbot.wire.projects import ProjectData, project
from scratchbot.wire.request import SITE, Act, Answer, Request, nothing, refusal
from scratchbot.wire.settling import Asking, Effect, Look, Trace, look_whether, read_pages
from scratchbot.wire.studios import StudioData, errors_in, studio

T = TypeVar("T")
ProjectSort = Literal["", "view_count", "love_count", "remixers_count", "title"]
ProjectFilter = Literal["all", "shared", "notshared", "trashed"]
StudioSort = Literal["", "projecters_count", "title"]


def _own_project(row: Row) -> ProjectData:
    """Return the project that a row of “My stuff” describes, which has other words for all."""
    held = inner(row, "fields")
    creator = inner(held, "creator")
    history = {
        "created": held.get("datetime_created"),
        "modified": held.get("datetime_modified"),
        "shared": held.get("datetime_shared"),
    }
    stats = {
        "views": held.get("view_count"),
        "loves": held.get("love_count"),
        "favorites": held.get("favorite_count"),
        "remixes": held.get("remixers_count"),
    }
    author = {
        "id": creator.get("pk"),
        "username": creator.get("username"),
        "scratchteam": creator.get("admin"),
        "image": creator.get("thumbnail_url"),
    }
    return project(
        {
            **held,
            "id": row.get("pk"),
            "public": held.get("isPublished"),
            "is_published": held.get("isPublished"),
            "comments_allowed": True,
            "author": author,
            "image": held.get("thumbnail_url"),
            "history": history,
            "stats": stats,
        }
    )


def _own_studio(row: Row) -> StudioData:
    """Return the studio that a row of “My stuff” describes, which has other words for all."""
    held = inner(row, "fields")
    return studio(
        {
            **held,
            "id": row.get("pk"),
            "host": inner(held, "owner").get("pk"),
            "image": held.get("thumbnail_url"),
            "visibility": "visible",
            "open_to_all": False,
            "comments_allowed": True,
            "history": {
                "created": held.get("datetime_created"),
                "modified": held.get("datetime_modified"),
            },
            "stats": {
                "comments": held.get("commenters_count"),
                "curators": held.get("curators_count"),
                "projects": held.get("projecters_count"),
            },
        }
    )


def get_own_projects(
    filter: ProjectFilter, sort: ProjectSort, page: int
) -> Request[list[ProjectData]]:
    """``GET /site-api/projects/{filter}/``: a page of one's own; past the last there is nothing."""
    return _own(f"/site-api/projects/{filter}/", "your projects", sort, page, _own_project)


def get_own_studios(sort: StudioSort, page: int) -> Request[list[StudioData]]:
    """``GET /site-api/galleries/all/``: a page of one's own; past the last there is nothing."""
    return _own("/site-api/galleries/all/", "your studios", sort, page, _own_studio)


def _own(path: str, about: str, sort: str, page: int, made: Callable[[Row], T]) -> Request[list[T]]:
    def read(answer: Answer) -> list[T]:
        if answer.status == 404:
            if page == 1:
                raise refusal(answer, f"page of {about}")
            return []
        return [made(row) for row in answer.rows()]

    return Request(
        method="GET",
        host=SITE,
        path=path,
        query={"page": page, "ascsort": "", "descsort": sort},
        read=read,
        accepts=(404,),
        about=about,
        login=True,
    )


def create_studio() -> Request[int]:
    """``POST /studios/create/``: a new studio; returns its number.

    A refusal comes as 200, a list of one object with ``errors``.
    """
    return Request(
        method="POST",
        host=SITE,
        path="/studios/create/",
        read=_read_created,
        about="the new studio",
        login=True,
        act=Act(
            permission="studio.edit",
            kind="studio.create",
            target="account",
            rehearsed=_created(0),
            settling=Look(_look_for_studio, again=False),
            made=lambda answer: _key(_read_created(answer)),
        ),
    )


def _created(studio_id: int) -> bytes:
    return json.dumps({"success": True, "redirect": f"/studios/{studio_id}/"}).encode()


def _key(studio_id: int) -> str:
    return f"studio:{studio_id}"


def _look_for_studio(trace: Trace) -> Asking[list[Effect]]:
    """Look for studios that the account hosts and has put nothing into: all new ones are alike."""

    def is_last(page: list[StudioData]) -> bool:
        return not page or time(page[-1].last_modified_timestamp) < trace.earliest

    def may_be_it(one: StudioData) -> bool:
        host = text(inner(one.raw, "owner"), "username")
        return trace.is_mine(host, time(one.created_timestamp)) and not one.project_count

    own = yield from read_pages(lambda number: get_own_studios("", number + 1), is_last)
    return [
        Effect(_key(number), Answer(status=200, body=_created(number)))
        for number in sorted(one.id for one in own if may_be_it(one))
    ]


def _read_created(answer: Answer) -> int:
    row = answer.row()
    if not flag(row, "success"):
        said = " ".join(errors_in(row)) or "it gave no reason"
        if said.startswith("Woah"):
            raise RateLimitedError(f"the site takes no more studios now ({said}); wait a while")
        raise ForbiddenError(f"the site makes no studio for this account: {said}")
    found = re.search(r"[0-9]+", text(row, "redirect"))
    return integer({"redirect": found.group() if found else None}, "redirect")


def empty_trash(password: str) -> Request[None]:
    """``PUT /site-api/projects/trashed/empty/``: delete for good what is in the trash."""
    return Request(
        method="PUT",
        host=SITE,
        path="/site-api/projects/trashed/empty/",
        json={"models": [], "password": password},
        read=nothing,
        about="your trash",
        login=True,
        act=Act(
            permission="account",
            kind="trash.empty",
            target="account",
            settling=look_whether(_is_trash_empty, again=False),
        ),
    )


def _is_trash_empty(_: Trace) -> Asking[bool]:
    """Tell whether nothing is left; what is there may have been thrown away since."""
    left: list[ProjectData] = yield get_own_projects("trashed", "", 1)
    return not left
