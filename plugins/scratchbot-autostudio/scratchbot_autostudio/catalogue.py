"""What is remembered of projects, and of what was done on a day."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from scratchbot.aio.store import AsyncStore

State = Literal["waiting", "added", "rejected", "removed"]
"""What became of a project; ``removed`` ones were in the studio, and are not added again."""

_WAITING, _DAY, _ADDED = "waiting", "day", "added"


class Catalogue:
    """The projects that were heard of."""

    def __init__(self, store: AsyncStore) -> None:
        self._store = store

    async def state(self, project: int) -> State | None:
        """Return what became of a project; ``None`` if it was not heard of."""
        state: State | None = await self._store.get(f"project:{project}")
        return state

    async def waiting(self) -> list[int]:
        """Return the projects that wait for a manager, in the order in which they came."""
        return list(await self._store.get(_WAITING, []))

    async def put(self, project: int, state: State | None) -> None:
        """Remember what became of a project; with ``None``, forget it."""
        waiting = [each for each in await self.waiting() if each != project]
        if state == "waiting":
            waiting.append(project)
        await self._store.set(_WAITING, waiting)
        await self._store.set(f"project:{project}", state)

    async def was_told(self, name: str) -> bool:
        """Tell whether somebody was told who decides."""
        return bool(await self._store.get(f"told:{name}", False))

    async def tell(self, name: str) -> None:
        """Remember that somebody was told who decides."""
        await self._store.set(f"told:{name}", True)

    async def since(self, name: str, now: datetime) -> datetime:
        """Return from when on somebody's projects are new: when they were first looked at."""
        key = f"since:{name.lower()}"
        kept = await self._store.get(key)
        if kept is None:
            kept = now.replace(microsecond=0).isoformat()  # the site's times have whole seconds
            await self._store.set(key, kept)
        return datetime.fromisoformat(kept)

    async def looked(self) -> datetime | None:
        """Return when the users' projects were last looked at."""
        kept = await self._store.get("looked")
        return None if kept is None else datetime.fromisoformat(kept)

    async def look(self, now: datetime) -> None:
        """Remember that the users' projects are looked at."""
        await self._store.set("looked", now.isoformat())


class Day:
    """Counts what is done on a day (UTC)."""

    def __init__(self, store: AsyncStore, at: datetime) -> None:
        self._store = store
        self._date = at.astimezone(UTC).date().isoformat()

    async def begin(self) -> None:
        """Begin to count anew if the day is later than the one that was counted.

        What is heard late belongs to the day on which it is dealt with.
        """
        if self._date > (await self._counts())["date"]:
            await self._store.set(_DAY, {"date": self._date})

    async def is_over(self) -> bool:
        """Tell whether a later day is counted already."""
        return self._date < str((await self._counts())["date"])

    async def take(self, most: Mapping[str, int]) -> bool:
        """Return whether something may be done once more; then it is counted.

        :param most: how often on a day, by what it is counted under.
        """
        counts = await self._counts()
        if any(counts.get(what, 0) >= times for what, times in most.items()):
            return False
        more = {what: counts.get(what, 0) + 1 for what in most}
        await self._store.set(_DAY, {**counts, **more})
        return True

    async def added(self) -> int:
        """Return how many projects were added."""
        return len((await self._counts()).get(_ADDED, []))

    async def note_added(self, project: int) -> None:
        """Remember that a project was added, which can be heard of twice."""
        counts = await self._counts()
        added = counts.get(_ADDED, [])
        if project not in added:
            await self._store.set(_DAY, {**counts, _ADDED: [*added, project]})

    async def _counts(self) -> dict[str, Any]:
        counts: dict[str, Any] = await self._store.get(_DAY, {"date": ""})
        return counts
