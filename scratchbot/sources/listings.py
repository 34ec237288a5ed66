"""The ways in which the site gives a newest-first list page by page."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, Protocol, TypeVar

from scratchbot.sources.seen import Item
from scratchbot.wire.fields import time
from scratchbot.wire.messages import moment_before

T = TypeVar("T")
Place = int | str

OVERLAP = 3


class MovedError(Exception):
    """The list moved between two pages, so that something may stand between them."""


@dataclass(frozen=True)
class Page(Generic[T]):
    """A page of a list.

    :param entries: all that it shows.
    :param further: those of it that the page before did not show.
    :param following: the place of the page after it.
    """

    entries: Sequence[T]
    further: Sequence[T]
    following: Place
    is_full: bool
    is_last: bool


class Listing(Protocol[T]):
    """A newest-first list on the site."""

    size: int

    def item(self, entry: T) -> Item:
        """Return what identifies an entry."""

    async def page(self, place: Place | None, before: Sequence[T]) -> Page[T]:
        """Return the page at a place, the newest without one.

        :param before: what the page before it showed; nothing if there was none.
        :raises MovedError: if the two do not join.
        """

    def back(self, place: Place) -> Place | None:
        """Return a place nearer to the newest entry, if there is one."""


class _Listing(Generic[T]):
    """What the ways have in common.

    :param size: how many entries a full page has.
    """

    def __init__(self, item: Callable[[T], Item], size: int) -> None:
        self.item = item
        self.size = size

    def _ids(self, entries: Sequence[T]) -> list[str]:
        return [self.item(entry).id for entry in entries]

    def _further(self, before: Sequence[T], entries: Sequence[T]) -> list[T]:
        known = set(self._ids(before))
        return [entry for entry in entries if self.item(entry).id not in known]


class OffsetListing(_Listing[T]):
    """A list read by offset, each page beginning with a few entries of the page before."""

    def __init__(
        self,
        ask: Callable[[int], Awaitable[Sequence[T]]],
        item: Callable[[T], Item],
        size: int,
    ) -> None:
        super().__init__(item, size)
        self._ask = ask

    async def page(self, place: Place | None, before: Sequence[T]) -> Page[T]:
        """Return the page at an offset; see :meth:`Listing.page`."""
        offset = int(place or 0)
        entries = await self._ask(offset)
        self._check_joint(self._ids(before), self._ids(entries))
        further = self._further(before, entries)
        full = len(entries) >= self.size
        return Page(entries, further, max(0, offset + len(entries) - OVERLAP), full, not full)

    def _check_joint(self, before: list[str], ids: list[str]) -> None:
        """Refuse a page that does not begin with what the page before ended with."""
        if not before:
            return
        shared = ids.index(before[-1]) + 1 if before[-1] in ids else 0
        if not shared or ids[:shared] != before[-shared:]:
            raise MovedError

    def back(self, place: Place) -> Place | None:
        """Return the offset a page nearer to the newest entry."""
        return max(0, int(place) - self.size) or None


class NumberedListing(_Listing[T]):
    """A list read by page number; the page before is looked at again, as pages share nothing."""

    def __init__(
        self,
        ask: Callable[[int], Awaitable[Sequence[T]]],
        item: Callable[[T], Item],
    ) -> None:
        super().__init__(item, 1)  # the site does not say how many a full page has
        self._ask = ask

    async def page(self, place: Place | None, before: Sequence[T]) -> Page[T]:
        """Return the page of a number; see :meth:`Listing.page`."""
        number = int(place or 1)
        entries = await self._ask(number)
        if before and self._ids(await self._ask(number - 1)) != self._ids(before):
            raise MovedError
        further = self._further(before, entries)
        return Page(entries, further, number + 1, bool(entries), not entries)

    def back(self, place: Place) -> Place | None:
        """Return the number before."""
        return int(place) - 1 or None


class TimedListing(_Listing[T]):
    """A list read by time, each page beginning with the moment that the page before ended with.

    :param stamp: returns an entry's time as the site writes it.
    """

    def __init__(
        self,
        ask: Callable[[str | None], Awaitable[Sequence[T]]],
        item: Callable[[T], Item],
        stamp: Callable[[T], str],
        size: int,
    ) -> None:
        super().__init__(item, size)
        self._ask = ask
        self._stamp = stamp

    async def page(self, place: Place | None, before: Sequence[T]) -> Page[T]:
        """Return the page from a time on; see :meth:`Listing.page`."""
        entries = await self._ask(None if place is None else str(place))
        if before and place == self._stamp(before[-1]):
            self._check_joint(before, entries)
        further = self._further(before, entries)
        full = len(entries) >= self.size
        following = self._stamp(entries[-1]) if entries else place or ""
        if entries and not further:
            # One moment fills the page, and the site shows no more of it: go on before it.
            following = moment_before(str(following))
        return Page(entries, further, following, full, not full and not further)

    def _check_joint(self, before: Sequence[T], entries: Sequence[T]) -> None:
        """Refuse a page without the last entry of the page before, unless its moment is too full.

        A moment that fills a page may show others of its entries.
        """
        moment_is_whole = {self._stamp(entry) for entry in entries} == {self._stamp(before[-1])}
        if not moment_is_whole and self.item(before[-1]).id not in self._ids(entries):
            raise MovedError

    def back(self, place: Place) -> Place | None:
        """Return a time a little later, as the last entry of the page before may be gone."""
        later = time(str(place)) + timedelta(minutes=1)
        return later.isoformat(timespec="milliseconds").replace("+00:00", "Z")
