"""How to find out whether an act was done whose answer never came."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scratchbot.wire.request import Answer, Request

SKEW = timedelta(hours=1)
"""How far the site's clock may be from ours."""


@dataclass(frozen=True)
class Trace:
    """What is known of an act that may have been done.

    :param username: whose act it is.
    :param text: what was to be said.
    :param since: when it was to be sent, by our clock.
    """

    username: str
    text: str
    since: datetime

    def may_be(self, author: str, content: str, at: datetime) -> bool:
        """Tell whether something on the site, by its author, text and time, may be its effect."""
        return (
            author.lower() == self.username.lower()
            and content.split() == self.text.split()
            and at >= self.since - SKEW
        )


@dataclass(frozen=True)
class Effect:
    """Something on the site that an act may have made.

    :param made: the site's id of it, with its kind and place.
    :param answer: an answer such as the one that never came.
    """

    made: str
    answer: "Answer"


@dataclass(frozen=True)
class Repeat:
    """Sending it again does no harm: the site treats it as a state.

    :param done: statuses which say that it was done already.
    """

    done: tuple[int, ...] = ()


@dataclass(frozen=True)
class Search:
    """It made something that can be found again by its author and text.

    :param first: the request for what has to be known to look.
    :param page: the request for a page of what to look through, a sequence, by its number from 0
        and what ``first`` gave.
    :param effect: what an entry of it is, if it may be what was made.
    :param is_last: whether no later page can hold it.
    """

    first: "Request[Any] | None"
    page: "Callable[[int, Any], Request[Any]]"
    effect: Callable[[Any, Trace], Effect | None]
    is_last: Callable[[Sequence[Any], Trace], bool]


@dataclass(frozen=True)
class Park:
    """Nobody but a person can find out."""


Settling = Repeat | Search | Park

REPEAT, PARK = Repeat(), Park()
