"""What the plugin remembers of comments and people, in its store and within bounds."""

from dataclasses import asdict, dataclass, field, replace
from typing import Any
from zlib import crc32

from scratchbot.aio.store import AsyncStore
from scratchbot_moderation.detection import Heard

MOST_RECENT = 500
"""Comments; the oldest are forgotten first."""
SHELVES = 64
MOST_ON_SHELF = 200
"""People that are remembered together; those without strikes are forgotten first."""
MOST_STRIKES = 50
"""Of one person; the oldest are forgotten first."""


@dataclass(frozen=True)
class Strike:
    """That somebody broke a rule.

    :param id: the id of the comment's event.
    :param at: when, in seconds since 1970.
    :param is_dry: whether nothing was done about it because of a dry run.
    """

    id: str
    at: float
    is_dry: bool


@dataclass(frozen=True)
class Person:
    """Somebody who has commented.

    :param since: when they were first heard, in seconds since 1970.
    """

    since: float
    strikes: tuple[Strike, ...] = field(default=())

    def struck(self, strike: Strike, before: float) -> "Person":
        """Return the person with one strike more, and without those that are too old.

        :param before: the time, in seconds since 1970, up to which strikes are forgotten.
        """
        kept = [each for each in self.strikes if each.at > before]
        return replace(self, strikes=(*kept, strike)[-MOST_STRIKES:])

    def count(self, *, with_dry: bool) -> int:
        """Return the number of strikes; those of a dry run warned nobody."""
        return sum(with_dry or not strike.is_dry for strike in self.strikes)


class Memory:
    """Reads and writes what is remembered, in a plugin's store."""

    def __init__(self, store: AsyncStore) -> None:
        self._store = store

    async def recent(self) -> list[Heard]:
        """Return what was heard lately, oldest first."""
        return [Heard(**row) for row in await self._store.get("recent", [])]

    async def remember(self, recent: list[Heard], heard: Heard, seconds: float) -> None:
        """Keep one comment more, and only those that are not too old."""
        newest = max([heard.at, *(each.at for each in recent)])
        kept = [each for each in (*recent, heard) if each.at > newest - seconds]
        await self._store.set("recent", [asdict(each) for each in kept[-MOST_RECENT:]])

    async def person(self, name: str) -> Person | None:
        """Return somebody, if they were heard before."""
        row = (await self._store.get(_shelf(name), {})).get(name.lower())
        if row is None:
            return None
        return Person(row["since"], tuple(Strike(*strike) for strike in row["strikes"]))

    async def keep(self, name: str, person: Person) -> None:
        """Keep what is known of somebody."""
        shelf: dict[str, Any] = await self._store.get(_shelf(name), {})
        shelf.pop(name.lower(), None)
        if len(shelf) >= MOST_ON_SHELF:
            del shelf[next((one for one in shelf if not shelf[one]["strikes"]), next(iter(shelf)))]
        strikes = [(each.id, each.at, each.is_dry) for each in person.strikes]
        shelf[name.lower()] = {"since": person.since, "strikes": strikes}
        await self._store.set(_shelf(name), shelf)


def _shelf(name: str) -> str:
    return f"people:{crc32(name.lower().encode()) % SHELVES}"
