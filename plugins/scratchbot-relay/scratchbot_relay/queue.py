"""The events that wait for a target, in the plugin's store."""

from collections.abc import Mapping, Sequence
from typing import Any

from scratchbot.aio.store import AsyncStore


class Queue:
    """The events of one target, numbered in the order in which they are to be sent.

    What is sealed is sent together, even if it has to be sent again when others have come.

    :ivar target: the name of the target.
    :ivar head: the number of the first one that waits.
    :ivar end: the number behind the last one that is sealed.
    :ivar tail: the number behind the last one.
    """

    def __init__(self, store: AsyncStore, target: str, marks: Sequence[int]) -> None:
        self.target = target
        self.head, self.end, self.tail = marks
        self._store = store

    @classmethod
    async def open(cls, store: AsyncStore, target: str) -> "Queue":
        """Return the queue of a target, as the store holds it."""
        return cls(store, target, await store.get(_marks(target), (0, 0, 0)))

    @property
    def is_sealed(self) -> bool:
        """Whether some are to be sent, and no others before them."""
        return self.end > self.head

    def __len__(self) -> int:
        return self.tail - self.head

    async def put(self, event: Mapping[str, Any]) -> None:
        """Add an event at the end."""
        await self._store.set(self._key(self.tail), event)
        self.tail += 1
        await self._save()

    async def read(self, end: int) -> list[Mapping[str, Any]]:
        """Return the events from the first one on, as far as to a number."""
        found = [await self._store.get(self._key(number)) for number in range(self.head, end)]
        return [event for event in found if event is not None]

    async def seal(self, count: int) -> None:
        """Seal some events, from the first one on."""
        self.end = self.head + count
        await self._save()

    async def drop(self, end: int) -> None:
        """Let go of the events from the first one on, as far as to a number."""
        for number in range(self.head, end):
            await self._store.delete(self._key(number))
        self.head = self.end = end
        self.tail = max(self.tail, end)
        await self._save()

    async def _save(self) -> None:
        await self._store.set(_marks(self.target), (self.head, self.end, self.tail))

    def _key(self, number: int) -> str:
        return f"event:{self.target}:{number}"


def _marks(target: str) -> str:
    return f"queue:{target}"
