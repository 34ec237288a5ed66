"""What a source has seen, by identity."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

KEPT = 500
TICK = timedelta(microseconds=1)


@dataclass(frozen=True)
class Item:
    """One item of a newest-first list: its id and the site's time of it."""

    id: str
    at: datetime


@dataclass(frozen=True)
class Seen:
    """The items that are known, and the time up to which all count as known.

    The time keeps an old item, which a deletion brings back onto the first page, from passing
    for a new one.
    """

    items: tuple[Item, ...] = ()
    until: datetime | None = None

    @cached_property
    def _ids(self) -> frozenset[str]:
        return frozenset(item.id for item in self.items)

    @property
    def newest(self) -> datetime | None:
        """The newest time among the items, if there are any."""
        return max((item.at for item in self.items), default=None)

    def knows(self, item: Item) -> bool:
        """Tell whether an item was seen, or is no younger than all that is remembered."""
        return (self.until is not None and item.at <= self.until) or item.id in self._ids

    @classmethod
    def mark(cls, items: Iterable[Item], *, whole: bool) -> "Seen":
        """Return what is known after the first reading of a list.

        :param whole: whether the list holds nothing beyond ``items``, so that none can come back.
        """
        marked = tuple(items)
        return cls((), None if whole else min((i.at for i in marked), default=None)).add(marked)

    def add(self, news: Iterable[Item]) -> "Seen":
        """Return what is known after ``news`` too; what is forgotten raises the time."""
        known = {item.id: item for item in (*self.items, *news)}
        items = sorted(known.values(), key=lambda item: item.at, reverse=True)
        times = [item.at for item in items[KEPT : KEPT + 1]]
        if self.until is not None:
            times.append(self.until)
        return Seen(tuple(items[:KEPT]), max(times, default=None))

    def state(self) -> dict[str, Any]:
        """Return what :meth:`from_state` reads, for a cursor."""
        return {
            "items": [[item.id, item.at.isoformat()] for item in self.items],
            "until": self.until and self.until.isoformat(),
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> "Seen":
        """Return what a cursor says was seen."""
        items = tuple(Item(key, datetime.fromisoformat(at)) for key, at in state["items"])
        if "before" in state:  # as cursors were up to 0.1, when the time itself was not known
            before = state["before"]
            return cls(items, before and datetime.fromisoformat(before) - TICK)
        return cls(items, state["until"] and datetime.fromisoformat(state["until"]))
