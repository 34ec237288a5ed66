"""Who has been to a place before."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from scratchbot.aio.store import AsyncStore

_EMPTY = {"turn": 0, "day": "", "today": 0}


class Visitors:
    """The people of one place, as the store remembers them.

    :param place: what tells the place from others, such as ``project-comments:104``.
    """

    def __init__(self, store: AsyncStore, place: str) -> None:
        self._store = store
        self._place = place

    async def are_known(self) -> bool:
        """Tell whether those who were here before the bot are remembered."""
        return await self._store.get(self._place) is not None

    async def knows(self, name: str) -> bool:
        """Tell whether somebody was here before."""
        return bool(await self._store.get(self._key(name), False))

    async def open(self, names: Iterable[str]) -> None:
        """Remember people who were here before the bot was."""
        for name in names:
            await self._store.set(self._key(name), True)
        await self._store.set(self._place, _EMPTY)

    async def receive(self, name: str, at: datetime, most: int) -> int | None:
        """Remember somebody; return how many were welcomed before, ``None`` if this one is not.

        :param at: when they came.
        :param most: how many are welcomed on one day (UTC).
        """
        if await self.knows(name):
            return None
        await self._store.set(self._key(name), True)
        day = at.astimezone(UTC).date().isoformat()
        book: dict[str, Any] = await self._store.get(self._place, _EMPTY)
        turn, today = book["turn"], book["today"] if book["day"] == day else 0
        is_due = today < most
        kept = {"turn": turn + is_due, "day": day, "today": today + is_due}
        await self._store.set(self._place, kept)
        return turn if is_due else None

    def _key(self, name: str) -> str:
        return f"{self._place}:{name.lower()}"
