# Made from scratchbot/aio/paging.py by `make sync`: change that file, not this one.
"""Lists that the site gives page by page."""

from collections.abc import Callable
from typing import TypeVar

from scratchbot.errors import InputError
from scratchbot.site import Site
from scratchbot.sync.opening import ask
from scratchbot.wire.request import MAX_PAGE, Request

T = TypeVar("T")


def collect(
    site: Site,
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
        found = ask(site, page(size, offset + len(items)))
        items.extend(found)
        if len(found) < size:
            break
    return items
