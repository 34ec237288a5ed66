"""What a cloud connection tells: its listeners, and the calling of them."""

import inspect
import threading
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Literal, TypeVar, get_args, overload

from scratchbot.checks import check_choice
from scratchbot.errors import InputError

Event = Literal["handshake", "connect", "outgoing", "change", "set", "create", "delete"]
Listener = Callable[..., Any]
L = TypeVar("L", bound=Listener)


class CloudEvents:
    """Functions that are called when something happens on a cloud connection.

    ``handshake`` and ``connect`` come without anything; ``outgoing`` with the line that is sent;
    ``change`` with a variable that anybody set or created, ``set`` with one that another set,
    ``create`` with a new one; ``delete`` with a variable's name, the cloud sign before it.
    """

    def __init__(self) -> None:
        self._listeners: dict[str, tuple[tuple[Listener, bool], ...]] = {}
        self._lasting: dict[str, tuple[Listener, ...]] = dict.fromkeys(get_args(Event), ())
        """Whom to tell of what nobody is told once."""
        self._lock = threading.RLock()

    @overload
    def on(self, key: Event, callback: None = None, once: bool = False) -> Callable[[L], L]: ...
    @overload
    def on(self, key: Event, callback: Listener, once: bool = False) -> None: ...
    def on(
        self, key: Event, callback: Listener | None = None, once: bool = False
    ) -> Callable[[L], L] | None:
        """Call a function when something happens; without one, be a decorator.

        :param key: ``"handshake"``, ``"connect"``, ``"outgoing"``, ``"change"``, ``"set"``,
            ``"create"`` or ``"delete"``.
        :param once: whether to call it the first time only.
        :raises InputError: if there is no such event, or what is given is no function.
        """
        check_choice("key", key, Event)
        if callback is not None and not callable(callback):
            raise InputError(f"callback={callback!r}: give a function, or use on() as a decorator")

        def add(listener: L) -> L:
            with self._lock:
                self._keep(key, (*self._listeners.get(key, ()), (listener, once)))
                self._listened()
            return listener

        if callback is None:
            return add
        add(callback)
        return None

    @overload
    def once(self, key: Event, callback: None = None) -> Callable[[L], L]: ...
    @overload
    def once(self, key: Event, callback: Listener) -> None: ...
    def once(self, key: Event, callback: Listener | None = None) -> Callable[[L], L] | None:
        """Call a function the first time that something happens; without one, be a decorator."""
        return self.on(key, callback, True)

    def off(self, key: Event, callback: Listener) -> None:
        """Call a function no longer; one that was never called is no error."""
        check_choice("key", key, Event)
        with self._lock:
            told = self._listeners.get(key, ())
            self._keep(key, tuple(pair for pair in told if pair[0] != callback))

    def listeners(self, event: Event) -> list[Listener]:
        """Return the functions that are called for something, in the order of their calls."""
        check_choice("event", event, Event)
        return [listener for listener, _ in self._listeners.get(event, ())]

    def _listened(self) -> None:
        """Hear that there is somebody to tell."""

    def _keep(self, key: Event, told: tuple[tuple[Listener, bool], ...]) -> None:
        self._listeners[key] = told
        if any(once for _, once in told):
            self._lasting.pop(key, None)
        else:
            self._lasting[key] = tuple(listener for listener, _ in told)

    def _take(self, key: Event) -> tuple[Listener, ...]:
        """Return whom to tell now, without those who are told once."""
        lasting = self._lasting.get(key)
        if lasting is not None:
            return lasting
        with self._lock:
            told = self._listeners.get(key, ())
            self._keep(key, tuple(pair for pair in told if not pair[1]))
        return tuple(listener for listener, _ in told)


def waits(result: object) -> Coroutine[Any, Any, Any] | None:
    """Return what a listener that is a coroutine function has still to do."""
    if inspect.iscoroutine(result):
        return result
    return _wait(result) if isinstance(result, Awaitable) else None


async def _wait(result: Awaitable[Any]) -> Any:
    return await result
