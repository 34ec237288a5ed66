"""Lists that the site gives page by page."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from scratchbot import wire
from scratchbot.aio.opening import ask, ask_all
from scratchbot.errors import InputError
from scratchbot.site import AsyncSite
from scratchbot.wire.request import MAX_PAGE, Request

if TYPE_CHECKING:
    from scratchbot.wire.messages import Activity

T = TypeVar("T")

PAGES_A_ROUND = 64
"""How many pages are asked for, at most, before the next are thought of."""


class AsyncPages(Generic[T]):
    """A list on the site, from the newest item on.

    Iterating over it reads page after page, as they are needed.

    :param page: makes the request for a page out of its limit and its offset.
    :param made: makes an item of what was read.
    """

    def __init__(
        self,
        site: AsyncSite,
        page: Callable[[int, int], Request[list[Any]]],
        made: Callable[[Any], T],
    ) -> None:
        self._site = site
        self._page = page
        self._made = made

    async def __aiter__(self) -> AsyncIterator[T]:
        offset = 0
        while True:
            found = await ask(self._site, self._page(MAX_PAGE, offset))
            for item in found:
                yield self._made(item)
            if len(found) < MAX_PAGE:
                return
            offset += len(found)

    async def collect(self, all: bool, limit: int, offset: int) -> list[T]:
        """Return ``limit`` items from ``offset`` on, or all of them from there.

        :raises InputError: if ``limit`` or ``offset`` is below 0.
        """
        if limit < 0 or offset < 0:
            raise InputError(f"limit={limit}, offset={offset}: neither can be below 0")
        items: list[T] = []
        few = 1
        while all or len(items) < limit:
            sizes = _sizes(few, None if all else limit - len(items))
            starts = [offset + len(items) + MAX_PAGE * number for number in range(len(sizes))]
            wanted = [self._items(size, start) for size, start in zip(sizes, starts, strict=True)]
            pages = await ask_all(self._site, wanted, lambda page: len(page) < MAX_PAGE)
            for size, page in zip(sizes, pages, strict=False):
                items += page
                if len(page) < size:
                    return items
            few = min(PAGES_A_ROUND, few * 2)
        return items

    def _items(self, limit: int, offset: int) -> Request[list[T]]:
        """Return the request for a page that means the items, made as soon as it is there."""
        page = self._page(limit, offset)
        return replace(page, read=lambda answer: [self._made(one) for one in page.read(answer)])


def _sizes(few: int, wanted: int | None) -> list[int]:
    """Return the sizes of the next pages; of a list of unknown length, few at first."""
    if wanted is None:
        return [MAX_PAGE] * few
    whole, rest = divmod(min(wanted, PAGES_A_ROUND * MAX_PAGE), MAX_PAGE)
    return [MAX_PAGE] * whole + ([rest] if rest else [])


class AsyncNumberedPages(Generic[T]):
    """A list of the old site, whose pages have numbers, from the newest item on.

    Iterating over it reads page after page, as they are needed.

    :param page: makes the request for a page out of its number; past the last, it is empty.
    :param made: makes an item of what was read.
    :param last: the last page that the site gives, however many there are.
    """

    def __init__(
        self,
        site: AsyncSite,
        page: Callable[[int], Request[list[Any]]],
        made: Callable[[Any], T],
        last: int | None = None,
    ) -> None:
        self._site = site
        self._page = page
        self._made = made
        self._last = last

    async def __aiter__(self) -> AsyncIterator[T]:
        number = 1
        while self._last is None or number <= self._last:
            found = await ask(self._site, self._page(number))
            for item in found:
                yield self._made(item)
            if not found:
                return
            number += 1

    async def collect(self, all: bool, page: int) -> list[T]:
        """Return the items of one page, or those of all pages.

        :raises InputError: if there can be no such page.
        """
        if page < 1 or (self._last is not None and page > self._last):
            most = "up" if self._last is None else f"to {self._last}"
            raise InputError(f"page={page}: the site's pages have the numbers 1 {most}")
        if all:
            return [item async for item in self]
        return [self._made(item) for item in await ask(self._site, self._page(page))]


class AsyncTimedPages:
    """A list of activity, whose pages go back in time, from the newest row on.

    Iterating over it reads page after page, as they are needed.

    :param page: makes the request for a page out of the time of its newest row.
    """

    def __init__(
        self, site: AsyncSite, page: "Callable[[str | None], Request[list[Activity]]]"
    ) -> None:
        self._site = site
        self._page = page

    async def __aiter__(self) -> "AsyncIterator[Activity]":
        seen: set[str] = set()
        until: str | None = None
        while True:
            page = await ask(self._site, self._page(until))
            fresh = [row for row in page if row.id not in seen]
            for row in fresh:
                yield row
            if len(page) < MAX_PAGE and not fresh:
                return
            seen.update(row.id for row in fresh)
            until = page[-1].created_timestamp
            if not fresh:
                # One moment fills the page, and the site shows no more of it: go on before it.
                until = wire.messages.moment_before(until)

    async def collect(self, all: bool, limit: int, offset: int) -> "list[Activity]":
        """Return ``limit`` rows from ``offset`` on, or all of them from there.

        :raises InputError: if ``limit`` or ``offset`` is below 0.
        """
        if limit < 0 or offset < 0:
            raise InputError(f"limit={limit}, offset={offset}: neither can be below 0")
        found: list[Activity] = []
        if all or limit:
            async for row in self:
                found.append(row)
                if not all and len(found) == offset + limit:
                    break
        return found[offset:]
