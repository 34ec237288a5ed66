"""New followers: counted as they come, and greeted together."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from scratchbot.aio.store import AsyncStore

DAY = timedelta(days=1)

_COUNT, _GREETING = "followers", "greeting"


@dataclass(frozen=True)
class Greeting:
    """How far followers were greeted.

    :param greeted: how many followers were, in the order in which they came.
    :param until: how many will have been after the greeting that is due, if one is.
    :param turn: how many greetings there were.
    :param at: when the last one was said (ISO 8601).
    """

    greeted: int = 0
    until: int | None = None
    turn: int = 0
    at: str | None = None

    def is_soon(self, now: datetime) -> bool:
        """Tell whether less than a day has passed since the last greeting."""
        return self.at is not None and now - datetime.fromisoformat(self.at) < DAY

    def said(self, at: datetime) -> "Greeting":
        """Return what is so once the greeting that was due is said."""
        return Greeting(greeted=self.until or 0, turn=self.turn + 1, at=at.isoformat())


class Followers:
    """The followers in the order in which they came.

    Two handlers share them, and what both wrote could be lost: the one that hears of followers
    writes those and their count, the one that greets writes the greeting.
    """

    def __init__(self, store: AsyncStore) -> None:
        self._store = store

    async def add(self, name: str) -> bool:
        """Count somebody; return whether this is somebody new."""
        if await self._store.get(f"follower:{name.lower()}", False):
            return False
        count = await self.count()
        await self._store.set(f"follower:{name.lower()}", True)
        await self._store.set(f"follower-number:{count}", name)
        await self._store.set(_COUNT, count + 1)
        return True

    async def count(self) -> int:
        """Return how many followers there were so far."""
        return int(await self._store.get(_COUNT, 0))

    async def names(self, first: int, count: int) -> list[str]:
        """Return some followers' names.

        :param first: how many came before them.
        """
        return [
            str(await self._store.get(f"follower-number:{number}"))
            for number in range(first, first + count)
        ]

    async def greeting(self) -> Greeting:
        """Return how far they were greeted."""
        return Greeting(**await self._store.get(_GREETING, {}))

    async def plan(self, greeting: Greeting) -> None:
        """Decide who is greeted next time."""
        await self.keep(replace(greeting, until=await self.count()))

    async def keep(self, greeting: Greeting) -> None:
        """Remember how far they were greeted."""
        await self._store.set(_GREETING, asdict(greeting))
