"""Reading a newest-first list back to what is known, without a hole."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Generic, TypeVar

from scratchbot.sources.listings import Listing, MovedError, Place
from scratchbot.sources.progress import Gap, Progress
from scratchbot.sources.seen import TICK, Item, Seen

T = TypeVar("T")

MOST_PAGES = 25
MOST_STARTS = 4
RUN = 3
"""So many known entries in a row end a reading: the site puts some entries in a little late."""
MOST_TRIES = 5
MOVING = "the list kept moving while it was read"


@dataclass(frozen=True)
class Beginning:
    """How far a first reading goes back; without either, it takes one page and tells nothing.

    :param since: the time from which on entries are told.
    :param backfill: how many of the newest entries are told.
    """

    since: datetime | None = None
    backfill: int = 0


@dataclass(frozen=True)
class Found(Generic[T]):
    """What a reading found.

    :param entries: all that it read, newest first.
    :param fresh: those that are new, newest first.
    :param trouble: why something may be missing, if so.
    """

    entries: Sequence[T]
    fresh: Sequence[T]
    progress: Progress
    trouble: str | None = None


@dataclass
class _Walk(Generic[T]):
    """A way through a list, from one place on.

    :param place: where it goes on.
    :param is_over: whether it came to what is known, or to the end.
    """

    place: Place | None
    entries: list[T] = field(default_factory=list)
    before: Sequence[T] = ()
    is_over: bool = False
    is_whole: bool = False
    has_moved: bool = False
    run: int = 0


async def read_list(
    listing: Listing[T], progress: Progress | None, beginning: Beginning, most: int = MOST_PAGES
) -> Found[T]:
    """Return what came into a list since the last reading.

    :param most: how many pages are read at once.
    """
    if progress is None and beginning.since is not None:
        progress = Progress(Seen(until=beginning.since - TICK))
    if progress is None:
        return await _first(listing, beginning.backfill)
    if progress.gap is not None:
        return await _go_on(listing, progress, progress.gap, most)
    return await _newest(listing, progress.seen, most)


async def _first(listing: Listing[T], backfill: int) -> Found[T]:
    """Mark what is there, and tell of ``backfill`` entries."""
    for _ in range(MOST_STARTS):
        walk: _Walk[T] = _Walk(None)
        for _ in range(MOST_PAGES + backfill // listing.size):
            await _step(listing, walk, lambda item: False)
            is_enough = len(walk.entries) >= backfill and not _is_one_moment(listing, walk)
            if walk.is_over or walk.has_moved or is_enough:
                break
        if not walk.has_moved:
            break
    seen = Seen.mark(map(listing.item, walk.entries), whole=walk.is_whole)
    is_short = walk.has_moved and len(walk.entries) < backfill
    trouble = MOVING if is_short else None
    return Found(walk.entries, walk.entries[:backfill], Progress(seen), trouble)


def _is_one_moment(listing: Listing[T], walk: _Walk[T]) -> bool:
    """Tell whether all entries are equally old: a time then tells no new one from an old one."""
    return len({listing.item(entry).at for entry in walk.entries}) == 1


async def _newest(listing: Listing[T], seen: Seen, most: int) -> Found[T]:
    """Read from the newest entry back to what is known."""
    for _ in range(MOST_STARTS):
        walk: _Walk[T] = _Walk(None)
        await _follow(listing, walk, seen.knows, most)
        if not walk.has_moved:
            break
    items = [listing.item(entry) for entry in walk.entries]
    fresh = [e for e, item in zip(walk.entries, items, strict=True) if not seen.knows(item)]
    now = seen.add(listing.item(entry) for entry in fresh)
    if walk.is_over or walk.place is None:
        return Found(walk.entries, fresh, Progress(now))
    gap = Gap(walk.place, _edge(items), below=seen)
    return Found(walk.entries, fresh, Progress(now, gap), _why(walk, most))


async def _go_on(listing: Listing[T], progress: Progress, gap: Gap, most: int) -> Found[T]:
    """Read on where the last reading stopped, before anything newer."""
    walk = await _find(listing, gap, most)
    if walk is None:
        return _lost(progress, gap)
    await _follow(listing, walk, gap.below.knows, most, gap.is_above)
    below = [entry for entry in walk.entries if not gap.is_above(listing.item(entry))]
    fresh = [entry for entry in below if not gap.below.knows(listing.item(entry))]
    news = [listing.item(entry) for entry in fresh]
    if walk.is_over:
        return Found(below, fresh, Progress(progress.seen.add((*news, *gap.below.items))))
    edge = _edge([*gap.edge, *news])
    following = Gap(gap.place if walk.place is None else walk.place, edge, gap.below)
    return Found(below, fresh, Progress(progress.seen.add(news), following), _why(walk, most))


async def _find(listing: Listing[T], gap: Gap, most: int) -> _Walk[T] | None:
    """Return a walk whose first page shows the edge of the gap, or what is above it."""
    place: Place | None = gap.place
    for _ in range(most):
        walk: _Walk[T] = _Walk(place)
        await _step(listing, walk, gap.below.knows, gap.is_above)
        if any(gap.is_above(listing.item(entry)) for entry in walk.entries):
            return walk
        if place is None:
            return None
        place = listing.back(place)
    return None


def _lost(progress: Progress, gap: Gap) -> Found[T]:
    """Try again later, as the answer may be an old one; in the end give the gap up."""
    if gap.tries + 1 < MOST_TRIES:
        return Found([], [], replace(progress, gap=replace(gap, tries=gap.tries + 1)))
    given_up = Progress(progress.seen.add(gap.below.items))
    return Found([], [], given_up, "the place to read on from is gone")


async def _follow(
    listing: Listing[T],
    walk: _Walk[T],
    knows: Callable[[Item], bool],
    most: int,
    passes: Callable[[Item], bool] = lambda item: False,
) -> None:
    for _ in range(most):
        if walk.is_over or walk.has_moved:
            return
        await _step(listing, walk, knows, passes)


async def _step(
    listing: Listing[T],
    walk: _Walk[T],
    knows: Callable[[Item], bool],
    passes: Callable[[Item], bool] = lambda item: False,
) -> None:
    """Take one page.

    :param passes: tells what does not count, known or not.
    """
    try:
        page = await listing.page(walk.place, walk.before)
    except MovedError:
        walk.has_moved = True
        return
    for item in map(listing.item, page.further):
        if not passes(item):
            walk.run = walk.run + 1 if knows(item) else 0
        walk.is_over = walk.is_over or walk.run >= RUN
    walk.is_over = walk.is_over or page.is_last
    walk.is_whole = not page.is_full
    walk.entries.extend(page.further)
    walk.before, walk.place = page.entries, page.following


def _edge(items: Sequence[Item]) -> tuple[Item, ...]:
    """Return the last items of a reading: those of one moment, as more of it may follow."""
    oldest = min((item.at for item in items), default=None)
    return tuple(item for item in items if item.at == oldest)


def _why(walk: _Walk[T], most: int) -> str:
    return MOVING if walk.has_moved else f"{most} pages did not reach what is known"


def oldest_first(entries: Sequence[T], item: Callable[[T], Item]) -> list[T]:
    """Return newest-first entries the other way round, by time where they stand out of order."""
    ordered = list(reversed(entries))
    ordered.sort(key=lambda entry: item(entry).at)
    return ordered
