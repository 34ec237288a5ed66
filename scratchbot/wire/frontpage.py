"""The front page, and the news on it."""

from dataclasses import dataclass, field
from typing import TypedDict

from scratchbot.wire.fields import Row, integer, text
from scratchbot.wire.projects import IncompleteProject, incomplete_project
from scratchbot.wire.request import API, Answer, Request, page_query
from scratchbot.wire.studios import IncompleteStudio, incomplete_studio

PICTURES = "https://cdn2.scratch.mit.edu/get_image"


@dataclass(frozen=True, kw_only=True)
class News:
    """A headline.

    :param timestamp: when it was published, as the site writes times.
    :param src: the address that it leads to.
    """

    id: int
    title: str
    image_URL: str
    timestamp: str
    description: str
    src: str
    raw: Row = field(repr=False, compare=False)


class FrontPage(TypedDict):
    """What the front page shows; ``curator`` and ``current_sds`` are missing where it has none."""

    featured_projects: list[IncompleteProject]
    featured_studios: list[IncompleteStudio]
    top_loved: list[IncompleteProject]
    top_remixed: list[IncompleteProject]
    newest: list[IncompleteProject]
    scratch_design_studio: list[IncompleteProject]
    curated: list[IncompleteProject]
    curator: str | None
    current_sds: IncompleteStudio | None


def news(row: Row) -> News:
    """Return the headline that a JSON object describes."""
    return News(
        id=integer(row, "id"),
        title=text(row, "headline"),
        image_URL=text(row, "image"),
        timestamp=text(row, "stamp"),
        description=text(row, "copy"),
        src=text(row, "url"),
        raw=row,
    )


def get_news(limit: int, offset: int) -> Request[list[News]]:
    """``GET /news``: newest first."""
    return Request(
        method="GET",
        host=API,
        path="/news",
        query=page_query(limit, offset),
        read=lambda answer: [news(row) for row in answer.rows()],
        about="news",
    )


def get_front_page() -> Request[FrontPage]:
    """``GET /proxy/featured``: JSON that says that it is XML."""
    return Request(
        method="GET", host=API, path="/proxy/featured", read=_read_front_page, about="front page"
    )


def _read_front_page(answer: Answer) -> FrontPage:
    row = answer.row()
    curated = _projects(row, "curator_top_projects")
    design = _projects(row, "scratch_design_studio")
    return {
        "featured_projects": _projects(row, "community_featured_projects"),
        "featured_studios": [
            incomplete_studio(one) for one in _rows(row, "community_featured_studios")
        ],
        "top_loved": _projects(row, "community_most_loved_projects"),
        "top_remixed": _projects(row, "community_most_remixed_projects"),
        "newest": _projects(row, "community_newest_projects"),
        "scratch_design_studio": design,
        "curated": curated,
        "curator": next((one.curator_name for one in curated), None),
        "current_sds": next((_design_studio(one) for one in design if one.gallery_id), None),
    }


def _projects(row: Row, key: str) -> list[IncompleteProject]:
    return [incomplete_project(one) for one in _rows(row, key)]


def _rows(row: Row, key: str) -> list[Row]:
    value = row.get(key)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _design_studio(project: IncompleteProject) -> IncompleteStudio:
    """Return the studio of the week, which the page tells only with each of its projects."""
    return incomplete_studio(
        {
            "id": project.gallery_id,
            "title": project.gallery_title,
            "thumbnail_url": f"{PICTURES}/gallery/{project.gallery_id}_480x360.png",
        }
    )
