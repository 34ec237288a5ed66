"""What a bot and a plugin have in common: decorators that register handlers."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from scratchbot.commands import Command
from scratchbot.errors import RegistrationError
from scratchbot.events import check_event_fields, check_event_name
from scratchbot.handlers import CallMaker, CommentCall, Function, Handler, read_handler
from scratchbot.policy import DEFAULT, Policy
from scratchbot.schedule import Cron, Every, Missed, Schedule
from scratchbot.watch import Watch

F = TypeVar("F", bound=Function)


class Router:
    """Holds handlers, schedules and watches.

    :param name: letters, digits, ``-`` and ``_``; what the router's handlers are recorded under.
    :param config: the class of its settings, if it has any.
    """

    def __init__(self, name: str, config: type | None = None) -> None:
        if not name.replace("-", "").replace("_", "").isalnum():
            raise RegistrationError(f"{name!r} is no name: use letters, digits, - and _")
        self.name = name
        self.config = config
        self._handlers: dict[str, Handler] = {}
        self._schedules: dict[str, Schedule] = {}
        self._watches: dict[str, Watch] = {}

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

    def watch(self, *watches: Watch) -> None:
        """Watch parts of the site; the same part twice is watched once."""
        for watch in watches:
            if not isinstance(watch, Watch):
                raise RegistrationError(
                    f"{watch!r} cannot be watched; use what scratchbot.watch holds, "
                    "such as ProjectComments(104)"
                )
            self._watches.setdefault(watch.name, watch)

    def on(
        self,
        event: str,
        *,
        retries: int = DEFAULT.retries,
        timeout: float = DEFAULT.timeout,
        concurrency: int = DEFAULT.concurrency,
        **filters: object,
    ) -> Callable[[F], F]:
        """Register a handler for events.

        :param event: an event name, or a prefix of names: ``comment`` takes ``comment.project``.
        :param retries: how often more a run is tried that the handler itself made fail.
        :param timeout: seconds that one attempt may take.
        :param concurrency: how many events of one source are handled at once; with 1 they come
            in order.
        :param filters: values that fields of the event must have, such as ``project_id=104``.
        :raises RegistrationError: if no event can ever match, or a parameter cannot be filled.
        """
        check_event_fields(check_event_name(event), filters)
        policy = Policy(retries=retries, timeout=timeout, concurrency=concurrency)

        def register(function: F) -> F:
            self._add(function, event, filters, policy)
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
        ``str``, ``int`` or ``float``; the last one, if text, takes the rest of the line. A string
        that the handler returns is the reply. ``retries``, ``timeout`` and ``concurrency`` are
        those of :meth:`on`.

        :raises RegistrationError: if ``word`` is none, or a parameter is of another kind.
        """
        if not word or len(word.split()) != 1 or word != word.strip():
            raise RegistrationError(f"{word!r} cannot be a command: use one word, such as '!help'")
        policy = Policy(retries=retries, timeout=timeout, concurrency=concurrency)

        def register(function: F) -> F:
            self._add(
                function, "comment", {}, policy, lambda taken: CommentCall(Command(word, taken))
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
        return self._at(Cron(line, timezone, missed), Policy(retries=retries, timeout=timeout))

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
        filters: dict[str, object],
        policy: Policy,
        calls: CallMaker | None = None,
    ) -> Handler:
        handler = read_handler(
            function,
            name=self._free_name(function, pattern),
            plugin=self.name,
            pattern=pattern,
            filters=filters,
            config=self.config,
            policy=policy,
            calls=calls,
        )
        self._handlers[handler.name] = handler
        return handler

    def _free_name(self, function: Function, pattern: str) -> str:
        """Return a name for a handler; a function that is registered again gets the event added."""
        name = f"{self.name}.{function.__qualname__}"
        if name in self._handlers and self._handlers[name].function is function:
            name = f"{name}[{pattern}]"
        if name in self._handlers:
            raise RegistrationError(
                f"there are two handlers called {name!r}: give one another name"
            )
        return name
