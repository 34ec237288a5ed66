"""Lists that the site gives page by page."""

from collections.abc import Callable
from typing import TypeVar

from scratchbot.aio.opening import ask
from scratchbot.errors import InputError
from scratchbot.site import AsyncSite
from scratchbot.wire.request import MAX_PAGE, Request

T = TypeVar("T")


async def collect(
    site: AsyncSite,
    page: Callable[[int, int], Request[list[T]]],
    all: bool,
    limit: int,
    offset: int,
) -> list[T]:
    """Return ``limit`` items from ``offset`` on, or all of them, asking for as few pages as do.

    :param page: makes the request for one page out of its limit and offset.
    :raises InputError: if ``limit`` or ``offset`` is below 0.
    """
    if limit < 0 or offset < 0:
        raise InputError(f"limit={limit}, offset={offset}: neither can be below 0")
    items: list[T] = []
    while all or len(items) < limit:
        size = MAX_PAGE if all else min(MAX_PAGE, limit - len(items))
        found = await ask(site, page(size, offset + len(items)))
        items.extend(found)
        if len(found) < size:
            break
    return items
