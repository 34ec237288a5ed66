"""Reading the counts of a thing from the site."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sized
from dataclasses import dataclass

from scratchbot.aio.project import AsyncProject
from scratchbot.aio.session import AsyncScratchSession
from scratchbot.aio.studio import AsyncStudio
from scratchbot.errors import UnexpectedAnswerError
from scratchbot.wire.fields import inner, optional_integer
from scratchbot.wire.request import MAX_PAGE
from scratchbot_tracker.things import Thing

STATED_PROJECTS = 100
"""The site's own count of a studio's projects stops here."""

MOST_PAGES = 1 << 20


@dataclass(frozen=True)
class Reading:
    """Counts that were read together.

    :param title: what the thing is called on the site.
    :param counts: by the names of the metrics; what the site did not say is not there.
    """

    title: str
    counts: Mapping[str, int]


async def read(session: AsyncScratchSession, thing: Thing) -> AsyncIterator[Reading]:
    """Yield the counts of a thing, each as soon as it is known.

    :raises SiteError: if the site does not give one of them; those before it stand.
    """
    match thing.kind:
        case "user":
            yield Reading(thing.key, {"followers": await _followers(session, thing)})
        case "project":
            project = await session.get_project(thing.key)
            yield _of_project(project)
            yield Reading(project.title, {"comments": await _comments(project)})
        case "studio":
            studio = await session.get_studio(thing.key)
            yield _of_studio(studio)
            yield Reading(studio.title, {"projects": await _projects(studio)})


async def _followers(session: AsyncScratchSession, thing: Thing) -> int:
    return await session.scraping.get_follower_count(thing.key)


def _of_project(project: AsyncProject) -> Reading:
    # The session's own counts are 0 where the site says none, which would look like a loss.
    stated = inner(project.raw, "stats")
    read = {name: optional_integer(stated, name) for name in _STATED}
    return Reading(project.title, _known(read))


_STATED = ("views", "loves", "favorites", "remixes")


def _of_studio(studio: AsyncStudio) -> Reading:
    counts = {"followers": studio.follower_count, "managers": studio.manager_count}
    return Reading(studio.title, _known(counts))


def _known(counts: Mapping[str, int | None]) -> dict[str, int]:
    return {name: count for name, count in counts.items() if count is not None}


async def _comments(project: AsyncProject) -> int:
    return await length(lambda start: project.get_comments(limit=MAX_PAGE, offset=start))


async def _projects(studio: AsyncStudio) -> int:
    stated = studio.project_count
    if stated is not None and stated < STATED_PROJECTS:
        return stated
    return await length(lambda start: studio.get_projects(limit=MAX_PAGE, offset=start))


async def length(page: Callable[[int], Awaitable[Sized]]) -> int:
    """Return how long a list of the site is.

    It looks for the end as one looks for a name in a telephone book, so that ten thousand items
    take some fifteen requests.

    :param page: returns the items from an offset on, as many as a page holds.
    :raises UnexpectedAnswerError: if the list does not end.
    """
    full, beyond = -1, 0
    while beyond <= MOST_PAGES:
        size = len(await page(beyond * MAX_PAGE))
        if 0 < size < MAX_PAGE:
            return beyond * MAX_PAGE + size
        if size == 0:
            return await _between(page, full, beyond)
        full, beyond = beyond, beyond * 2 or 1
    raise UnexpectedAnswerError("the site's list does not end")


async def _between(page: Callable[[int], Awaitable[Sized]], full: int, beyond: int) -> int:
    """Return how long a list is that ends behind one page and before another."""
    while beyond - full > 1:
        middle = (full + beyond) // 2
        size = len(await page(middle * MAX_PAGE))
        if 0 < size < MAX_PAGE:
            return middle * MAX_PAGE + size
        full, beyond = (middle, beyond) if size else (full, middle)
    return beyond * MAX_PAGE
