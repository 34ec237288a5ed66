"""Exploring and searching projects and studios."""

from typing import Literal

from scratchbot.wire.projects import ProjectData, read_projects
from scratchbot.wire.request import API, Request
from scratchbot.wire.studios import StudioData, read_studios

ExploreMode = Literal["trending", "popular", "recent"]
SearchMode = Literal["trending", "popular"]
Way = Literal["explore", "search"]


def get_projects(
    way: Way, mode: ExploreMode, query: str, language: str
) -> Request[list[ProjectData]]:
    """``GET /{explore|search}/projects``: the first twenty."""
    return Request(
        method="GET",
        host=API,
        path=f"/{way}/projects",
        query={"mode": mode, "q": query, "language": language},
        read=read_projects,
        about="projects",
    )


def get_studios(way: Way, mode: ExploreMode, query: str) -> Request[list[StudioData]]:
    """``GET /{explore|search}/studios``: the first twenty."""
    return Request(
        method="GET",
        host=API,
        path=f"/{way}/studios",
        query={"mode": mode, "q": query},
        read=read_studios,
        about="studios",
    )
