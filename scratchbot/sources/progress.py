"""How far a list was read: what a cursor keeps of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scratchbot.sources.listings import Place
from scratchbot.sources.seen import Item, Seen


@dataclass(frozen=True)
class Gap:
    """A part of a list that is still to be read, between two parts that are known.

    :param place: where to go on.
    :param edge: the oldest known items above it, all of one moment.
    :param below: what was known before.
    :param tries: how often in a row the edge was not found.
    """

    place: Place
    edge: tuple[Item, ...]
    below: Seen
    tries: int = 0

    def is_above(self, item: Item) -> bool:
        """Tell whether an item is none of the gap's: of the edge, or younger."""
        return any(item.id == known.id or item.at > known.at for known in self.edge)

    def state(self) -> dict[str, Any]:
        """Return what :meth:`from_state` reads, for a cursor."""
        return {
            "place": self.place,
            "edge": Seen(self.edge).state(),
            "below": self.below.state(),
            "tries": self.tries,
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> "Gap":
        """Return the gap that a cursor tells of."""
        edge = Seen.from_state(state["edge"]).items
        return cls(state["place"], edge, Seen.from_state(state["below"]), state["tries"])


@dataclass(frozen=True)
class Progress:
    """What of a list is known, and what of it was left for the next reading."""

    seen: Seen
    gap: Gap | None = None

    def state(self) -> dict[str, Any]:
        """Return what :meth:`from_state` reads, for a cursor."""
        return {**self.seen.state(), **({"gap": self.gap.state()} if self.gap else {})}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> "Progress":
        """Return the progress that a cursor tells of."""
        gap = state.get("gap")
        return cls(Seen.from_state(state), gap and Gap.from_state(gap))
