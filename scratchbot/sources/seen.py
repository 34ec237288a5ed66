"""What a source has seen, by identity."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

KEPT = 500


@dataclass(frozen=True)
class Item:
    """One item of a newest-first list: its id and the site's time of it."""

    id: str
    at: datetime


@dataclass(frozen=True)
class Seen:
    """The items that are known, and the time before which all count as known.

    The time keeps an old item, which a deletion brings back onto the first page, from passing
    for a new one.
    """

    items: tuple[Item, ...] = ()
    before: datetime | None = None

    def knows(self, item: Item) -> bool:
        """Tell whether an item was seen, or is older than all that is remembered."""
        if self.before is not None and item.at < self.before:
            return True
        return any(known.id == item.id for known in self.items)

    @classmethod
    def mark(cls, page: Iterable[Item]) -> "Seen":
        """Return what is known after the first reading of a list's newest page."""
        items = tuple(page)
        return cls(items, min((item.at for item in items), default=None))

    def add(self, news: Iterable[Item]) -> "Seen":
        """Return what is known after ``news`` too; what is forgotten raises the time."""
        items = sorted((*self.items, *news), key=lambda item: item.at, reverse=True)
        kept, dropped = tuple(items[:KEPT]), items[KEPT:]
        times = [item.at + timedelta(microseconds=1) for item in dropped[:1]]
        if self.before is not None:
            times.append(self.before)
        return Seen(kept, max(times, default=None))

    def to_json(self) -> str:
        """Return the cursor that :meth:`from_json` reads."""
        return json.dumps(
            {
                "items": [[item.id, item.at.isoformat()] for item in self.items],
                "before": self.before and self.before.isoformat(),
            }
        )

    @classmethod
    def from_json(cls, cursor: str) -> "Seen":
        """Return what a cursor says was seen."""
        kept = json.loads(cursor)
        items = tuple(Item(key, datetime.fromisoformat(at)) for key, at in kept["items"])
        return cls(items, kept["before"] and datetime.fromisoformat(kept["before"]))
