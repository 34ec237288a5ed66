"""Finding the handlers that take an event, without asking each of them."""

from collections.abc import Hashable, Iterable, Sequence
from operator import itemgetter

from scratchbot.events import Event
from scratchbot.handlers import Handler

Placed = tuple[int, Handler]
"""A handler and its place in the order of registration."""


class Matcher:
    """Knows which of many handlers take an event.

    Handlers that want a field to have a value, a text to begin in some way, or a first word, are
    found by that: looking for them takes as long however many there are.
    """

    def __init__(self, handlers: Iterable[Handler]) -> None:
        self._handlers = [*enumerate(handlers)]
        self._by_name: dict[str, _Index] = {}

    def takers(self, event: Event) -> Sequence[Handler]:
        """Return the handlers that take an event, in the order of their registration.

        One whose filter fails on the event is among them: its run is made, and fails, where people
        see it.
        """
        index = self._by_name.get(event.name)
        if index is None:
            hearing = [placed for placed in self._handlers if placed[1].hears(event.name)]
            index = self._by_name[event.name] = _Index(hearing)
        if index.unasked is not None:
            return index.unasked
        return [handler for handler in index.candidates(event) if _takes(handler, event)]


def _takes(handler: Handler, event: Event) -> bool:
    try:
        return handler.wants(event)
    except Exception:
        return True


def _asks(handler: Handler) -> bool:
    """Tell whether a handler that hears an event may still not want it."""
    return bool(handler.values or handler.filters or handler.call or handler.pattern == "schedule")


class _Index:
    """The handlers for the events of one name."""

    def __init__(self, handlers: Sequence[Placed]) -> None:
        self._others: list[Placed] = []
        self._by_value: dict[str, dict[object, list[Placed]]] = {}
        self._by_word: dict[str, list[Placed]] = {}
        self._by_beginning: dict[str, dict[int, dict[str, list[Placed]]]] = {}
        for placed in handlers:
            self._shelf(placed[1]).append(placed)
        self._has_shelves = bool(self._by_value or self._by_word or self._by_beginning)
        self._asked = [handler for _, handler in self._others]
        self.unasked = None if self._has_shelves or any(map(_asks, self._asked)) else self._asked
        """All of them, if none has a condition."""

    def _shelf(self, handler: Handler) -> list[Placed]:
        """Return where a handler is found."""
        if handler.command is not None:
            return self._by_word.setdefault(handler.command.word.lower(), [])
        if handler.equal is not None:
            field, value = handler.equal
            return self._by_value.setdefault(field, {}).setdefault(value, [])
        if handler.beginning is not None:
            field, text = handler.beginning
            by_length = self._by_beginning.setdefault(field, {})
            return by_length.setdefault(len(text), {}).setdefault(text, [])
        return self._others

    def candidates(self, event: Event) -> Sequence[Handler]:
        """Return the handlers that may take an event, in their order."""
        if not self._has_shelves:
            return self._asked
        found = [*self._others]
        for field, by_value in self._by_value.items():
            value = getattr(event, field, None)
            if isinstance(value, Hashable):
                found += by_value.get(value, ())
        if self._by_word:
            words = getattr(event, "content", "").split(maxsplit=1)
            found += self._by_word.get(words[0].lower(), ()) if words else ()
        for field, by_length in self._by_beginning.items():
            text = (getattr(event, field, None) or "").lower()
            for length, by_text in by_length.items():
                found += by_text.get(text[:length], ())
        if len(found) > 1:
            found.sort(key=itemgetter(0))
        return [handler for _, handler in found]
