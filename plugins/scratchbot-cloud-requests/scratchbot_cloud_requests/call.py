"""How projects call a handler, and hear what it returns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from scratchbot import AsyncScratchSession
from scratchbot.commands import Command, UsageError
from scratchbot.events import CloudAnswerEvent, CloudRequestEvent, Event
from scratchbot.handlers import Emit

_BRACKETS = str.maketrans("<>[]", "()()")
"""The sprite has round ones only."""


@dataclass(frozen=True)
class RequestCall:
    """The call by requests; what the handler returns is sent to the project.

    :param commands: what may be asked for, by its name.
    :param write: makes the event that has an answer sent.
    """

    commands: Mapping[str, Command]
    write: Callable[[CloudRequestEvent, object], CloudAnswerEvent]

    def is_called_by(self, event: Event) -> bool:
        """Tell whether an event is such a request."""
        return isinstance(event, CloudRequestEvent) and event.request in self.commands

    def parse(self, event: Event) -> Mapping[str, object]:
        """Return the arguments that a request gives.

        :raises UsageError: if they are not what the handler takes.
        """
        if not isinstance(event, CloudRequestEvent):
            return {}
        try:
            return self.commands[event.request].read(event.arguments)
        except UsageError as error:
            raise UsageError(str(error).translate(_BRACKETS)) from None

    async def answer(
        self, event: Event, returned: object, session: AsyncScratchSession, emit: Emit
    ) -> None:
        """Have an answer sent, unless there is none."""
        if isinstance(event, CloudRequestEvent) and returned is not None:
            await emit(self.write(event, returned))
