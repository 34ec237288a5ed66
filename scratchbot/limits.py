"""Cooldowns and quotas: how often a handler runs for one person, in one place, or at all."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal, TypeVar, get_args

from scratchbot.errors import RegistrationError
from scratchbot.events import CommentEvent, Event, person
from scratchbot.places import placed

F = TypeVar("F", bound=Callable[..., Any])
Per = Literal["person", "place", "bot"]

LIMITS = "__scratchbot_limits__"
REGISTERED = "__scratchbot_registered__"


@dataclass(frozen=True, kw_only=True)
class Limit:
    """So many runs of a handler in so much time; what comes more often is passed over.

    :param most: how many.
    :param seconds: in how many seconds.
    :param per: what is counted by itself: a ``person``, a ``place`` (a project, a studio, a
        profile), or all of the ``bot``.
    :param say: what a comment that comes too often is answered, once in that time.
    """

    most: int
    seconds: float
    per: Per
    say: str | None = None

    def __post_init__(self) -> None:
        if self.most < 1:
            raise RegistrationError(f"quota({self.most!r}): give 1 or more")
        if not self.seconds > 0:
            raise RegistrationError("a cooldown or quota needs a time: seconds=, minutes=, hours=")
        if self.per not in get_args(Per):
            raise RegistrationError(f"per={self.per!r}: it can be 'person', 'place' or 'bot'")

    def counts(self, event: Event) -> str:
        """Return what an event is counted under."""
        if self.per == "person":
            return f"person:{(person(event) or '').lower()}"
        if self.per == "place":
            if isinstance(event, CommentEvent):
                return f"place:{event.where}:{event.target}"
            return f"place:{event.source}"
        return "bot"


def cooldown(
    *,
    seconds: float = 0,
    minutes: float = 0,
    hours: float = 0,
    per: Per = "person",
    say: str | None = None,
) -> Callable[[F], F]:
    """Let a handler run only once in so much time. It stands below ``@bot.on`` or ``@bot.command``.

    :param per: what is counted by itself: a ``person``, a ``place``, or all of the ``bot``.
    :param say: what a comment that comes too soon is answered, once; without it, nothing.
    :raises RegistrationError: if there is no time, or it stands above the registration.
    """
    return quota(1, seconds=seconds, minutes=minutes, hours=hours, per=per, say=say)


def quota(
    most: int,
    *,
    seconds: float = 0,
    minutes: float = 0,
    hours: float = 0,
    per: Per = "person",
    say: str | None = None,
) -> Callable[[F], F]:
    """Let a handler run only so often in so much time. See :func:`cooldown`.

    :param most: how often.
    """
    with placed():
        time = timedelta(hours=hours, minutes=minutes, seconds=seconds).total_seconds()
        limit = Limit(most=most, seconds=time, per=per, say=say)

    def mark(function: F) -> F:
        with placed():
            if getattr(function, REGISTERED, False):
                raise RegistrationError(
                    f"{function.__qualname__} is registered already: write the cooldown or quota "
                    "below @bot.on or @bot.command"
                )
        setattr(function, LIMITS, (*getattr(function, LIMITS, ()), limit))
        return function

    return mark
