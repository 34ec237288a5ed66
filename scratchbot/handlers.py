"""A handler: an author's function, what it listens to, and how its parameters are filled."""

import contextlib
import inspect
import typing
from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass
from types import MappingProxyType, SimpleNamespace, UnionType
from typing import Any, Literal, Protocol, Union, get_args, get_origin, get_type_hints

from scratchbot.aio.conversation import AsyncConversation
from scratchbot.aio.session import AsyncScratchSession
from scratchbot.aio.store import AsyncStore
from scratchbot.commands import Argument, Command, kind_of, read_argument
from scratchbot.errors import RegistrationError
from scratchbot.events import CommentEvent, Event, ScheduleEvent, classes_below, matches
from scratchbot.filters import Beginning, Filter
from scratchbot.limits import LIMITS, REGISTERED, Limit
from scratchbot.places import line_of
from scratchbot.policy import Policy
from scratchbot.sync.conversation import Conversation
from scratchbot.sync.session import ScratchSession
from scratchbot.sync.store import Store

Function = Callable[..., Any]
Ingredient = Literal[
    "event", "session", "bot", "store", "config", "state", "log", "emit", "conversation"
]
Emit = Callable[[Event], Awaitable[None]]
"""Tells an event to the other handlers of the plugin: stored first, as all events are."""

INGREDIENTS: tuple[Ingredient, ...] = get_args(Ingredient)
_OURS = frozenset({"event", "session", "store", "log", "bot", "conversation"})
"""What no value of Python's own can stand for."""
LIFESPAN: tuple[Ingredient, ...] = ("bot", "config", "log")


class Call(Protocol):
    """How people call a handler with words, and hear what it returns."""

    def is_called_by(self, event: Event) -> bool:
        """Tell whether an event calls the handler."""

    def parse(self, event: Event) -> Mapping[str, object]:
        """Return the arguments that an event gives.

        :raises UsageError: if its words are not what the handler takes.
        """

    async def answer(
        self, event: Event, returned: object, session: AsyncScratchSession, emit: Emit
    ) -> None:
        """Give what the handler returned, or how it is used, to whoever called it."""


CallMaker = Callable[[tuple[Argument, ...]], Call]
"""Makes the call of a handler that takes these arguments."""


@dataclass(frozen=True)
class CommentCall:
    """The call by a comment that begins with a command; text, or a number, is the reply to it."""

    command: Command

    def is_called_by(self, event: Event) -> bool:
        """Tell whether an event is such a comment."""
        return isinstance(event, CommentEvent) and self.command.is_called_by(event.content)

    def parse(self, event: Event) -> Mapping[str, object]:
        """Return the arguments that a comment gives."""
        return self.command.parse(event.content) if isinstance(event, CommentEvent) else {}

    async def answer(
        self, event: Event, returned: object, session: AsyncScratchSession, emit: Emit
    ) -> None:
        """Reply with what the handler returned, if that is text or a number."""
        is_said = isinstance(returned, str | int | float) and not isinstance(returned, bool)
        if isinstance(event, CommentEvent) and is_said:
            await session.reply(event, str(returned))


@dataclass(frozen=True, kw_only=True)
class Handler:
    """A registered function.

    :param name: what its runs are recorded under: the plugin's name and the function's.
    :param plugin: the plugin that it belongs to.
    :param pattern: the event name, or a prefix of names, that it listens to.
    :param values: those that fields of the event must have.
    :param filters: what must hold for the event besides.
    :param parameters: what each parameter is filled with; read from the signature once.
    :param call: how people call it with words, if they do; its arguments are parameters too.
    :param policy: how patiently its runs are made.
    :param limits: how often they are made.
    """

    name: str
    plugin: str
    pattern: str
    values: Mapping[str, object]
    filters: tuple[Filter, ...]
    function: Function
    parameters: Mapping[str, Ingredient]
    call: Call | None
    policy: Policy
    limits: tuple[Limit, ...]
    is_async: bool

    @property
    def command(self) -> Command | None:
        """The command that calls it in comments, if one does."""
        return self.call.command if isinstance(self.call, CommentCall) else None

    @property
    def equal(self) -> tuple[str, Hashable] | None:
        """A field and the value that it must have, if there is one that can be looked up."""
        if self.pattern == "schedule":
            return "handler", self.name
        found = (pair for pair in self.values.items() if isinstance(pair[1], Hashable))
        return next(found, None)

    @property
    def beginning(self) -> Beginning | None:
        """How a field of the event must begin, if it must."""
        found = (each.beginning for each in self.filters if each.beginning is not None)
        return next(found, None)

    def hears(self, name: str) -> bool:
        """Tell whether the handler may run for events called so."""
        return matches(self.pattern, name)

    def wants(self, event: Event) -> bool:
        """Tell whether the handler is to run for an event that it hears.

        What a filter of the author's own raises comes through.
        """
        if isinstance(event, ScheduleEvent):
            return event.handler == self.name
        if self.call is not None and not self.call.is_called_by(event):
            return False
        for field, value in self.values.items():
            if getattr(event, field, None) != value:
                return False
        return self.passes(event)

    def passes(self, event: Event) -> bool:
        """Tell whether all filters hold for an event."""
        return not self.filters or all(holds(event) for holds in self.filters)

    def arguments(self, event: Event, kit: object) -> dict[str, object]:
        """Return the arguments of one call.

        :param kit: has an attribute for each ingredient.
        :raises UsageError: if the words that call the handler are not what it takes.
        """
        given = {name: getattr(kit, kind) for name, kind in self.parameters.items()}
        if self.call is not None:
            given.update(self.call.parse(event))
        return given


def read_handler(
    function: Function,
    *,
    name: str,
    plugin: str,
    pattern: str,
    config: type | None,
    policy: Policy,
    values: Mapping[str, object] = MappingProxyType({}),
    filters: tuple[Filter, ...] = (),
    calls: CallMaker | None = None,
) -> Handler:
    """Read a function's signature and return the handler that calls it.

    :param config: the class of the plugin's settings, if it has any.
    :param calls: makes its call, if people call it with words.
    :raises RegistrationError: if a parameter can never be filled.
    """
    is_async = inspect.iscoroutinefunction(function)
    if not inspect.isroutine(function):
        raise RegistrationError(
            f"{function!r} is no function: give a def, an async def or a method"
        )
    if inspect.isasyncgenfunction(function) or inspect.isgeneratorfunction(function):
        raise RegistrationError(
            f"handler {function.__qualname__} has a yield, so nothing would run it: leave it out",
            line_of(function),
        )
    is_called = calls is not None
    reader = _Reader(function, pattern, is_async=is_async, config=config, is_called=is_called)
    parameters, left = reader.parameters()
    if calls is None:
        reader.refuse(left)
    with contextlib.suppress(AttributeError):  # what is not written in Python bears no marks
        function.__dict__[REGISTERED] = True
    return Handler(
        name=name,
        plugin=plugin,
        pattern=pattern,
        values=MappingProxyType(dict(values)),
        filters=filters,
        function=function,
        parameters=MappingProxyType(parameters),
        call=None if calls is None else calls(reader.arguments(left)),
        policy=policy,
        limits=getattr(function, LIMITS, ()),
        is_async=is_async,
    )


def read_lifespan(function: Function, config: type | None) -> Mapping[str, Ingredient]:
    """Return what the parameters of a lifespan are filled with.

    :raises RegistrationError: if one can never be filled.
    """
    parameters, left = _Reader(function, "bot", is_async=True, config=config).parameters()
    for name, ingredient in parameters.items():
        if ingredient not in LIFESPAN:
            raise RegistrationError(
                f"nothing can fill the parameter {name!r} of a lifespan; it can ask for "
                f"{', '.join(LIFESPAN)}, and what it is to do on the site can wait for 'bot.start'"
            )
    for parameter in left:
        if parameter.default is parameter.empty:
            raise RegistrationError(
                f"nothing can fill the parameter {parameter.name!r} of a lifespan; it can ask for "
                f"{', '.join(LIFESPAN)}"
            )
    return parameters


class _Reader:
    """Decides, parameter by parameter, what a function wants."""

    def __init__(
        self,
        function: Function,
        pattern: str,
        *,
        is_async: bool,
        config: type | None,
        is_called: bool = False,
    ) -> None:
        self._function = function
        self._pattern = pattern
        self._is_async = is_async
        self._config = config
        self._is_called = is_called
        self._hints = _hints(function)

    def parameters(self) -> tuple[dict[str, Ingredient], list[inspect.Parameter]]:
        """Return what the parameters are filled with, and those that nothing fills."""
        filled: dict[str, Ingredient] = {}
        left: list[inspect.Parameter] = []
        for parameter in inspect.signature(self._function).parameters.values():
            if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
                raise self._error(
                    f"nothing can fill '{parameter}': name each parameter, and use functools.wraps "
                    "in a decorator of your own"
                )
            ingredient = self._by_annotation(parameter.name) or self._by_name(parameter.name)
            if parameter.kind is parameter.POSITIONAL_ONLY:
                raise self._error(f"{parameter.name!r} is filled by name: leave the / out")
            if ingredient is not None:
                filled[parameter.name] = ingredient
            else:
                left.append(parameter)
        return filled, left

    def arguments(self, left: list[inspect.Parameter]) -> tuple[Argument, ...]:
        """Return the arguments of a call: the parameters that nothing else fills."""
        for each in left:
            if isinstance(each.annotation, str) and each.name not in self._hints:
                raise self._error(
                    f"{each.annotation!r} of {each.name!r} is not known there: import it, and not "
                    "for type checkers only"
                )
        try:
            return tuple(
                read_argument(each, self._hints.get(each.name), last=each is left[-1])
                for each in left
            )
        except TypeError as error:
            raise self._error(f"a command's argument {error}") from None

    def refuse(self, left: list[inspect.Parameter]) -> None:
        """Refuse parameters that have no default and that nothing fills."""
        for parameter in left:
            if parameter.default is parameter.empty:
                raise self._error(
                    f"nothing can fill the parameter {parameter.name!r}; "
                    f"a handler can ask for {', '.join(INGREDIENTS)}"
                )

    def _by_name(self, name: str) -> Ingredient | None:
        if self._is_called and name in self._hints and kind_of(self._hints[name]) is not None:
            return None
        found = next((known for known in INGREDIENTS if known == name), None)
        if found == "config" and self._config is None:
            return None
        annotated = self._hints.get(name)
        if found in _OURS and getattr(annotated, "__module__", "") == "builtins":
            shown = getattr(annotated, "__name__", annotated)
            if annotated is not object:
                raise self._error(f"{name!r} is filled with the {found}, and is no {shown}")
        return found

    def _by_annotation(self, name: str) -> Ingredient | None:
        for kind in _classes(self._hints.get(name)):
            if issubclass(kind, Event):
                self._check_event(kind)
                return "event"
            if issubclass(kind, AsyncScratchSession | ScratchSession):
                self._check_waiting(kind, AsyncScratchSession, ScratchSession)
                return "session"
            if issubclass(kind, AsyncStore | Store):
                self._check_waiting(kind, AsyncStore, Store)
                return "store"
            if kind.__module__ == "scratchbot.bot" and kind.__name__ == "Bot":
                return "bot"
            if kind.__module__.startswith("structlog."):
                return "log"
            if self._config is not None and issubclass(kind, self._config):
                return "config"
            if issubclass(kind, AsyncConversation | Conversation):
                self._check_waiting(kind, AsyncConversation, Conversation)
                return "conversation"
        return None

    def _check_event(self, kind: type[Event]) -> None:
        possible = classes_below(self._pattern)
        if not any(issubclass(kind, each) or issubclass(each, kind) for each in possible):
            names = " or ".join(sorted(each.__name__ for each in possible))
            raise self._error(f"{self._pattern!r} events are {names}, never {kind.__name__}")

    def _check_waiting(self, kind: type, asynchronous: type, synchronous: type) -> None:
        right = asynchronous if self._is_async else synchronous
        if not issubclass(kind, right):
            form = "an async def" if self._is_async else "a plain def"
            raise self._error(f"{form} is given {right.__name__}, not {kind.__name__}")

    def _error(self, what: str) -> RegistrationError:
        place = line_of(self._function)
        name = getattr(self._function, "__qualname__", repr(self._function))
        return RegistrationError(f"handler {name}: {what}", place)


def _hints(function: Function) -> dict[str, object]:
    """Return the annotations of a function, as far as they can be read.

    Each is read by itself: one that is imported for type checkers only must not hide the others.
    """
    plain = inspect.unwrap(function)
    found: dict[str, object] = {}
    for name, annotation in getattr(plain, "__annotations__", {}).items():
        alone = SimpleNamespace(__annotations__={name: annotation})
        with contextlib.suppress(NameError, TypeError):
            found |= get_type_hints(alone, globalns=getattr(plain, "__globals__", {}))
    return found


def _classes(annotation: object) -> list[type]:
    """Return the classes that an annotation names: itself, or those of a union."""
    if get_origin(annotation) in (Union, UnionType):
        return [kind for part in get_args(annotation) for kind in _classes(part)]
    if get_origin(annotation) is typing.Annotated:
        return _classes(get_args(annotation)[0])
    return [annotation] if isinstance(annotation, type) else []
