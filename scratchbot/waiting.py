"""What a handler waits for before it goes on."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scratchbot.errors import InputError
from scratchbot.events import CommentEvent, Event, matches

LONGEST = 10 * 365 * 86_400


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """An event that a handler waits for.

    :param name: the event's name, or a prefix of it.
    :param values: those that its fields must have.
    :param timeout: seconds to wait for it, at most :data:`LONGEST`.
    :param since: what happened earlier, by the site's clock, is not it.
    :param below: the comment under which to ask for it, if it is to be asked for.
    :param question: how to ask.
    """

    name: str
    values: Mapping[str, Any]
    timeout: float
    since: datetime | None = None
    below: CommentEvent | None = None
    question: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.timeout <= LONGEST:
            raise InputError(
                f"timeout={self.timeout!r}: give seconds, of which ten years have {LONGEST:,}"
            )

    def is_met_by(self, event: Event) -> bool:
        """Tell whether an event is what is waited for."""
        if not matches(self.name, event.name) or (self.since and event.at < self.since):
            return False
        return all(getattr(event, key, None) == value for key, value in self.values.items())


AsyncWait = Callable[[Wanted], Awaitable[Event]]
Wait = Callable[[Wanted], Event]
