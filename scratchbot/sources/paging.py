"""Reading a newest-first list back to what is known."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from scratchbot.sources.seen import Item, Seen

T = TypeVar("T")

MOST_PAGES = 25


async def read_back(
    seen: Seen | None,
    page: Callable[[int], Awaitable[Sequence[T]]],
    item: Callable[[T], Item],
    size: int,
) -> list[T]:
    """Return the list's newest entries, page by page until one holds something known.

    :param seen: what is known; ``None`` for the first reading, which takes one page.
    :param page: asks for a page, given how many entries were read before it.
    :param size: how many entries a full page has; a shorter one is the last.
    """
    found: list[T] = []
    for _ in range(1 if seen is None else MOST_PAGES):
        entries = await page(len(found))
        known = {item(entry).id for entry in found}
        found.extend(entry for entry in entries if item(entry).id not in known)
        if len(entries) < size or any(seen is not None and seen.knows(item(e)) for e in entries):
            break
    return found
