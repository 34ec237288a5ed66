"""How to find out whether an act was done whose answer never came."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from scratchbot.wire.request import Answer, Request

T = TypeVar("T")

Asking = Generator["Request[Any]", Any, T]
"""Yields one request after the other, is sent what each answer means, and returns what it found."""

SKEW = timedelta(hours=1)
"""How far the site's clock may be from ours."""
MOST_PAGES = 25


@dataclass(frozen=True)
class Trace:
    """What is known of an act that may have been done.

    :param username: whose act it is.
    :param text: what was to be said, or what tells its effect from others.
    :param since: when it was to be sent, by our clock.
    """

    username: str
    text: str
    since: datetime

    @property
    def earliest(self) -> datetime:
        """The first time that the site may have given to its effect."""
        return self.since - SKEW

    def is_mine(self, author: str, at: datetime) -> bool:
        """Tell whether something on the site, by its author and time, may be its effect."""
        return author.lower() == self.username.lower() and at >= self.earliest

    def says(self, content: str) -> bool:
        """Tell whether a text is the one that was to be said, white space aside."""
        return content.split() == self.text.split()


@dataclass(frozen=True)
class Effect:
    """What an act may have brought about.

    :param made: the site's id of what it made, with its kind and place; ``None`` for a state.
    :param answer: an answer such as the one that never came; ``None`` where it says nothing.
    """

    made: "str | None" = None
    answer: "Answer | None" = None


@dataclass(frozen=True)
class Repeat:
    """Sending it again does no harm: the site treats it as a state.

    :param done: statuses which say that it was done already.
    """

    done: tuple[int, ...] = ()


@dataclass(frozen=True)
class Look:
    """What it brought about can be seen on the site.

    :param effects: asks the site for what it may have brought about, the oldest first.
    :param again: whether it is sent again when nothing is seen. If not, only one single thing that
        fits is believed, and else a person has to judge.
    """

    effects: Callable[[Trace], Asking[Sequence[Effect]]]
    again: bool = True


@dataclass(frozen=True)
class Park:
    """Nobody but a person can find out."""


Settling = Repeat | Look | Park

REPEAT, PARK = Repeat(), Park()


def look_whether(holds: Callable[[Trace], Asking[bool]], *, again: bool = True) -> Look:
    """Return a look at a state.

    :param holds: asks the site whether it is as the act was to make it.
    """

    def effects(trace: Trace) -> Asking[list[Effect]]:
        return [Effect()] if (yield from holds(trace)) else []

    return Look(effects, again)


def read_pages(
    page: "Callable[[int], Request[list[T]]]", is_last: Callable[[list[T]], bool]
) -> Asking[list[T]]:
    """Ask for the pages of a list and return what stands on them.

    :param page: the request for a page, by its number from 0.
    :param is_last: whether no later page matters.
    """
    found: list[T] = []
    for number in range(MOST_PAGES):
        held: list[T] = yield page(number)
        found += held
        if is_last(held):
            break
    return found
