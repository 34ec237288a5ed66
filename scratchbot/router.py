"""What a bot and a plugin have in common: decorators that register handlers."""

import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from types import MethodType
from typing import Any, Literal, TypeVar

from scratchbot.commands import Command, check_word
from scratchbot.errors import RegistrationError
from scratchbot.events import Event, check_event_fields, check_fields, check_handled_name
from scratchbot.filters import Filter, Test, as_filter
from scratchbot.handlers import (
    CallMaker,
    CommentCall,
    Function,
    Handler,
    read_handler,
    read_lifespan,
)
from scratchbot.places import calling_line, line_of, placed
from scratchbot.policy import DEFAULT, Policy
from scratchbot.schedule import Cron, Every, Missed, Schedule
from scratchbot.watch import Watch

F = TypeVar("F", bound=Function)
CallNext = Callable[[Event], Awaitable[Any]]
"""Goes on to the next middleware, and in the end to the handler; returns what that returned."""

Middleware = Callable[[Any, CallNext], Awaitable[Any]]
Lifespan = Callable[..., AsyncIterator[Any]]
Stage = Literal["loading", "starting", "running"]
M = TypeVar("M", bound=Middleware)
L = TypeVar("L", bound=Lifespan)


class Router:
    """Holds handlers, schedules and watches.

    :param name: letters, digits, ``-`` and ``_``; what the router's handlers are recorded under.
    :param config: the class of its settings, if it has any.
    :ivar stage: where the bot is; after ``loading`` it takes no more handlers.
    """

    def __init__(self, name: str, config: type | None = None) -> None:
        self.name = _check_name(name)
        self.config = config
        self._handlers: dict[str, Handler] = {}
        self._schedules: dict[str, Schedule] = {}
        self._watches: dict[str, Watch] = {}
        self._middlewares: tuple[Middleware, ...] = ()
        self._lifespan: Lifespan | None = None
        self.stage: Stage = "loading"

    @property
    def handlers(self) -> tuple[Handler, ...]:
        """The handlers, in the order they were registered."""
        return tuple(self._handlers.values())

    @property
    def schedules(self) -> dict[str, Schedule]:
        """When scheduled handlers run, by the handler's name."""
        return dict(self._schedules)

    @property
    def watches(self) -> tuple[Watch, ...]:
        """What is watched."""
        return tuple(self._watches.values())

    @property
    def middlewares(self) -> tuple[Middleware, ...]:
        """What stands around the handlers' runs, the outermost first."""
        return self._middlewares

    @property
    def resources(self) -> Lifespan | None:
        """What begins with the bot and ends with it, if something does."""
        return self._lifespan

    def watch(self, *watches: Watch) -> None:
        """Watch parts of the site; the same part twice is watched once.

        :raises RegistrationError: if it is none, or the bot runs already.
        """
        for watch in watches:
            with placed():
                if self.stage == "running":
                    raise RegistrationError(
                        f"{self.name!r} runs already and would not see {watch!r}: watch it where "
                        "the program is loaded, or in a lifespan"
                    )
                if not isinstance(watch, Watch):
                    raise RegistrationError(
                        f"{watch!r} cannot be watched; use what scratchbot.watch holds, "
                        "such as ProjectComments(104)"
                    )
            self._watches.setdefault(watch.name, watch)

    def middleware(self, function: M) -> M:
        """Register an ``async def`` that stands around every run of the handlers.

        It is given the event and ``call_next``: ``await call_next(event)`` goes on and returns what
        the handler returned; without that the handler does not run. What a bot registers stands
        around its plugins' too.

        :raises RegistrationError: if it is no ``async def`` with two parameters.
        """
        with placed(partial(_place, function)):
            self._check_loading()
            _check_middleware(function)
        self._middlewares += (function,)
        return function

    def lifespan(self, function: L) -> L:
        """Register an ``async def`` that starts something, yields once, and then ends it.

        What stands before its ``yield`` is done before the first event comes, what stands behind it
        when the bot stops, in reverse order of the starting. Handlers that ask for ``state`` are
        given what it yields. It can ask for ``bot``, ``config`` and ``log``. What its settings say
        can be watched there; handlers are not registered there any more.

        :raises RegistrationError: if it yields nothing, or there is one already.
        """
        with placed(partial(_place, function)):
            self._check_loading()
            _check_lifespan(function)
            if self._lifespan is not None:
                raise RegistrationError(
                    f"{self.name!r} has a lifespan already: do both in one, one after the other"
                )
            read_lifespan(function, self.config)
        self._lifespan = function
        return function

    def on(
        self,
        event: str,
        *filters: Filter | Test,
        retries: int = DEFAULT.retries,
        timeout: float = DEFAULT.timeout,
        concurrency: int = DEFAULT.concurrency,
        **values: object,
    ) -> Callable[[F], F]:
        """Register a handler for events.

        :param event: an event name, or a prefix of names: ``comment`` takes ``comment.project``.
        :param filters: what must hold for the event: see :mod:`scratchbot.filters`.
        :param retries: how often more a run is tried that the handler itself made fail.
        :param timeout: seconds that one attempt may take.
        :param concurrency: how many events of one source are handled at once; with 1 they come
            in order.
        :param values: those that fields of the event must have, such as ``project_id=104``.
        :raises RegistrationError: if no event can ever match, or a parameter cannot be filled.
        """
        with placed():
            check_event_fields(check_handled_name(event), values)
            conditions = tuple(as_filter(each) for each in filters)
            for condition in conditions:
                check_fields(event, condition.fields, str(condition))
            policy = Policy(retries=retries, timeout=timeout, concurrency=concurrency)

        def register(function: F) -> F:
            self._add(function, event, values, policy, filters=conditions)
            return function

        return register

    def command(
        self,
        word: str,
        *,
        retries: int = DEFAULT.retries,
        timeout: float = DEFAULT.timeout,
        concurrency: int = DEFAULT.concurrency,
    ) -> Callable[[F], F]:
        """Register a handler for comments whose first word is ``word``.

        The words after it fill the parameters that nothing else fills, by their annotations:
        ``str``, ``int``, ``float``, a ``Literal``, a ``User`` or a ``Project``; the last one, if
        text, takes the rest of the line, and one with a default may be left out. Text or a number
        that the handler returns is the reply; its docstring is what ``!help`` says of it.
        ``retries``, ``timeout`` and ``concurrency`` are those of :meth:`on`.

        :raises RegistrationError: if ``word`` is none or taken, or a parameter is of another kind.
        """
        with placed():
            check_word(word)
            policy = Policy(retries=retries, timeout=timeout, concurrency=concurrency)

        def register(function: F) -> F:
            with placed(partial(_place, function)):
                self._check_word(word)
            about = (inspect.getdoc(function) or "").split("\n\n", 1)[0]
            self._add(
                function,
                "comment",
                {},
                policy,
                calls=lambda taken: CommentCall(Command(word, taken, about=about)),
            )
            return function

        return register

    def every(
        self,
        *,
        days: float = 0,
        hours: float = 0,
        minutes: float = 0,
        seconds: float = 0,
        missed: Missed = "last",
        retries: int = DEFAULT.retries,
        timeout: float = DEFAULT.timeout,
    ) -> Callable[[F], F]:
        """Register a handler that runs again and again, the given time apart.

        :param missed: which of the times that passed while the bot was down are made up for: the
            ``last``, ``all`` or ``none``.
        :raises RegistrationError: if the time is below one second.
        """
        interval = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        with placed():
            return self._at(Every(interval, missed), Policy(retries=retries, timeout=timeout))

    def cron(
        self,
        line: str,
        timezone: str = "UTC",
        *,
        missed: Missed = "last",
        retries: int = DEFAULT.retries,
        timeout: float = DEFAULT.timeout,
    ) -> Callable[[F], F]:
        """Register a handler that runs when a crontab line says so.

        :param line: minute, hour, day of month, month, day of week.
        :param timezone: an IANA name such as ``Europe/Rome``.
        :param missed: which of the times that passed while the bot was down are made up for: the
            ``last``, ``all`` or ``none``.
        :raises RegistrationError: if the line or the time zone is none.
        """
        with placed():
            schedule = Cron(line, timezone, missed)
            return self._at(schedule, Policy(retries=retries, timeout=timeout))

    def _at(self, schedule: Schedule, policy: Policy) -> Callable[[F], F]:
        def register(function: F) -> F:
            handler = self._add(function, "schedule", {}, policy)
            self._schedules[handler.name] = schedule
            return function

        return register

    def _add(
        self,
        function: Function,
        pattern: str,
        values: dict[str, object],
        policy: Policy,
        *,
        filters: tuple[Filter, ...] = (),
        calls: CallMaker | None = None,
    ) -> Handler:
        with placed(partial(_place, function)):
            self._check_loading()
            handler = read_handler(
                function,
                name=self._free_name(function, pattern),
                plugin=self.name,
                pattern=pattern,
                config=self.config,
                policy=policy,
                values=values,
                filters=filters,
                calls=calls,
            )
        self._handlers[handler.name] = handler
        return handler

    def _check_loading(self) -> None:
        if self.stage != "loading":
            raise RegistrationError(
                f"{self.name!r} has started, and nothing would run this: register it where the "
                "program is loaded"
            )

    def _check_word(self, word: str) -> None:
        for handler in self._handlers.values():
            command = handler.command
            if command is not None and command.word.lower() == word.lower():
                raise RegistrationError(
                    f"{word!r} is the command of {handler.name} already: use another word"
                )

    def _rename(self, name: str) -> None:
        """Give this router, which is a copy of another, a name and registrations of its own."""
        old, self.name = self.name, _check_name(name)
        self._handlers = {
            (own := name + key.removeprefix(old)): replace(handler, name=own, plugin=name)
            for key, handler in self._handlers.items()
        }
        self._schedules = {
            name + key.removeprefix(old): schedule for key, schedule in self._schedules.items()
        }
        self._watches = dict(self._watches)

    def _rebind(self, original: "Router") -> None:
        """Let what the original has registered of its own methods be this router's methods."""

        def own(function: Any) -> Any:
            is_method = getattr(function, "__self__", None) is original
            return MethodType(function.__func__, self) if is_method else function

        for key, handler in self._handlers.items():
            self._handlers[key] = replace(handler, function=own(handler.function))
        self._middlewares = tuple(own(each) for each in self._middlewares)
        self._lifespan = own(self._lifespan)

    def _free_name(self, function: Function, pattern: str) -> str:
        """Return a name for a handler; a function that is registered again gets the event added."""
        name = f"{self.name}.{_name(function)}"
        if name in self._handlers and self._handlers[name].function is function:
            name = f"{name}[{pattern}]"
        if name in self._handlers:
            raise RegistrationError(
                f"there are two handlers called {name!r}: give one another name"
            )
        return name


def _check_name(name: str) -> str:
    if name.replace("-", "").replace("_", "").isalnum():
        return name
    raise RegistrationError(f"{name!r} is no name: use letters, digits, - and _")


def _check_middleware(function: Function) -> None:
    names = [each.name for each in _parameters(function)]
    if not inspect.iscoroutinefunction(function) or len(names) != 2 or names[0] == "call_next":
        raise RegistrationError(
            f"{_name(function)} can be no middleware: it must be an async def with the parameters "
            "event and call_next, in this order"
        )


def _check_lifespan(function: Function) -> None:
    if not inspect.isasyncgenfunction(function):
        raise RegistrationError(
            f"{_name(function)} can be no lifespan: it must be an async def that yields"
        )


def _parameters(function: Function) -> list[inspect.Parameter]:
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return [each for each in inspect.signature(function).parameters.values() if each.kind in kinds]


def _place(function: Function) -> str:
    return line_of(function) or calling_line()


def _name(function: object) -> str:
    return getattr(function, "__qualname__", repr(function))
