"""A plugin's own memory."""

import json
from typing import Any

from scratchbot.site import AsyncReader


class AsyncStore:
    """A durable key-value store of one plugin, as one run of a handler sees it.

    Values are whatever JSON can hold. What a run writes is kept when the run is done: if the
    handler fails, nothing of it is.
    """

    def __init__(self, read: AsyncReader) -> None:
        self._read = read
        self._writes: dict[str, str | None] = {}

    async def get(self, key: str, default: Any = None) -> Any:
        """Return the value of a key, or ``default`` where there is none."""
        kept = self._writes[key] if key in self._writes else await self._read(key)
        return default if kept is None else json.loads(kept)

    async def set(self, key: str, value: Any) -> None:
        """Keep a value under a key.

        :raises TypeError: if JSON cannot hold the value.
        """
        self._writes[key] = json.dumps(value, ensure_ascii=False)

    async def delete(self, key: str) -> None:
        """Forget a key; one that is not there is no error."""
        self._writes[key] = None

    def writes(self) -> dict[str, str | None]:
        """Return what the run wrote, as JSON; ``None`` stands for a deletion."""
        return dict(self._writes)
