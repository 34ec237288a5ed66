"""What every source can do."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from scratchbot.events import Event
from scratchbot.watch import Delivery


@dataclass(frozen=True)
class Reading:
    """What one look at the site showed.

    :param events: what is new, oldest first.
    :param cursor: JSON that the next reading goes on from.
    :param trouble: one line that names the source and what may be missing.
    """

    events: list[Event]
    cursor: str
    trouble: str | None = None


def trouble_of(source: str, troubles: Sequence[str]) -> str | None:
    """Return one line on what a reading may have missed."""
    return f"{source}: something may be missing: {'; '.join(troubles)}" if troubles else None


class PolledSource(Protocol):
    """A source that has to be asked."""

    name: str

    async def read(self, cursor: str | None) -> Reading:
        """Look at the site; without a cursor, only mark what is there.

        :raises SiteError: if the site refuses; asking again later may work.
        """


class HeardSource(Protocol):
    """A source that speaks by itself."""

    name: str
    delivery: Delivery

    def listen(self, cursor: str | None) -> AsyncIterator[Reading]:
        """Yield what happens, from now on and without an end."""
