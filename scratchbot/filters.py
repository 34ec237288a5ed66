"""Filters: conditions on events that a handler is registered with, and that compose.

``bot.on("comment", starts_with("!") & ~by("alice"))``: ``&``, ``|`` and ``~`` make new ones, and
any function of an event can be one: ``@filter``.
"""

import inspect
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from scratchbot.checks import check_username
from scratchbot.errors import InputError, RegistrationError
from scratchbot.events import Event, person
from scratchbot.places import calling_line

Test = Callable[[Any], bool]


class Beginning(NamedTuple):
    """How a text field begins where a filter holds; it lets handlers be found without asking each.

    :param text: in small letters.
    """

    field: str
    text: str


class Filter:
    """A condition on an event.

    :param test: tells whether it holds; it asks nothing but the event.
    :param shown: how it is written.
    :param fields: sets of fields; the event must have one of each for it to make sense.
    :param beginning: how a field begins wherever it holds.
    """

    def __init__(
        self,
        test: Test,
        shown: str,
        *,
        fields: tuple[frozenset[str], ...] = (),
        beginning: Beginning | None = None,
    ) -> None:
        self._test = test
        self._shown = shown
        self.fields = fields
        self.beginning = beginning

    def __call__(self, event: Event) -> bool:
        """Tell whether it holds for an event."""
        return bool(self._test(event))

    def __and__(self, other: "Filter | Test") -> "Filter":
        other = as_filter(other)
        return Filter(
            lambda event: self(event) and other(event),
            f"({self} & {other})",
            fields=self.fields + other.fields,
            beginning=self.beginning or other.beginning,
        )

    def __or__(self, other: "Filter | Test") -> "Filter":
        other = as_filter(other)
        return Filter(lambda event: self(event) or other(event), f"({self} | {other})")

    def __invert__(self) -> "Filter":
        return Filter(lambda event: not self(event), f"~{self}", fields=self.fields)

    def __rand__(self, other: Test) -> "Filter":
        return as_filter(other) & self

    def __ror__(self, other: Test) -> "Filter":
        return as_filter(other) | self

    def __bool__(self) -> bool:
        raise RegistrationError(
            f"{self} holds for events, and is neither true nor false: join filters with &, | and ~ "
            "instead of and, or and not",
            calling_line(),
        )

    def __repr__(self) -> str:
        return self._shown


def filter(test: Test) -> Filter:  # noqa: A001 # the decorator's name is what it makes
    """Make a filter of a function that tells whether it holds for an event.

    :raises RegistrationError: if it cannot be called with an event.
    """
    if not callable(test):
        raise RegistrationError(
            f"{test!r} is no filter: give a function of an event", calling_line()
        )
    if inspect.iscoroutinefunction(test):
        raise RegistrationError(
            f"{test.__name__} is an async def, which a filter cannot wait for: make it a plain def",
            calling_line(),
        )
    if test in _MAKERS:
        raise RegistrationError(
            f"{test.__name__} makes a filter: say of what, as in {test.__name__}('hello')",
            calling_line(),
        )
    return Filter(test, getattr(test, "__name__", repr(test)))


def as_filter(test: "Filter | Test") -> Filter:
    """Return a filter as it is, and any other function of an event as one."""
    return test if isinstance(test, Filter) else filter(test)


def starts_with(text: str) -> Filter:
    """Hold for comments that begin with a text, in capitals or not."""
    small = _some(text, "starts_with").lower()
    return Filter(
        lambda event: _content(event).lower().startswith(small),
        f"starts_with({text!r})",
        fields=_CONTENT,
        beginning=Beginning("content", small),
    )


def contains(*texts: str) -> Filter:
    """Hold for comments with one of some texts in it, in capitals or not."""
    small = [_some(text, "contains").lower() for text in texts] or [_some("", "contains")]
    return Filter(
        lambda event: any(text in _content(event).lower() for text in small),
        f"contains({', '.join(map(repr, texts))})",
        fields=_CONTENT,
    )


def matches(pattern: str) -> Filter:
    """Hold for comments in which a regular expression is found.

    :raises RegistrationError: if it is none.
    """
    try:
        found = re.compile(pattern).search
    except re.error as error:
        raise RegistrationError(f"matches({pattern!r}): {error}", calling_line()) from None
    return Filter(
        lambda event: found(_content(event)) is not None, f"matches({pattern!r})", fields=_CONTENT
    )


def by(*usernames: str) -> Filter:
    """Hold for what one of some people did: who wrote it, did it, or set it.

    :raises RegistrationError: if nobody can be called so.
    """
    names = {_username(name).lower() for name in usernames or ("",)}
    return Filter(
        lambda event: (person(event) or "").lower() in names,
        f"by({', '.join(map(repr, usernames))})",
        fields=(frozenset({"author", "actor", "user"}),),
    )


is_reply = Filter(
    lambda event: getattr(event, "parent_id", None) is not None,
    "is_reply",
    fields=(frozenset({"parent_id"}),),
)
"""Holds for comments that answer another one."""

_MAKERS: tuple[object, ...] = (starts_with, contains, matches, by)
_CONTENT = (frozenset({"content"}),)


def _content(event: Event) -> str:
    """Return what was written, where something was."""
    content: str = getattr(event, "content", "")
    return content


def _username(name: str) -> str:
    try:
        return check_username(name)
    except InputError as error:
        raise RegistrationError(f"by: {error}", calling_line()) from None


def _some(text: object, name: str) -> str:
    if not isinstance(text, str) or not text:
        raise RegistrationError(f"{name}({text!r}): give a text", calling_line())
    return text
