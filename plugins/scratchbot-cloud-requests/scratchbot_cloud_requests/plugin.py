"""The plugin: what a bot includes, and on what its author registers handlers."""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from typing import TypeVar
from zlib import crc32

from scratchbot import AsyncScratchSession, Bot, Plugin
from scratchbot.aio.store import AsyncStore
from scratchbot.commands import Argument, Command
from scratchbot.encoding import decode, encode
from scratchbot.errors import InputError, RegistrationError
from scratchbot.events import (
    EVENT_NAMES,
    CloudAnswerEvent,
    CloudRequestEvent,
    CloudSetEvent,
    Event,
    check_event_fields,
)
from scratchbot.filters import Filter, Test, as_filter
from scratchbot.handlers import Emit, Function
from scratchbot.policy import DEFAULT, Policy
from scratchbot.watch import Cloud
from scratchbot_cloud_requests.call import RequestCall
from scratchbot_cloud_requests.memory import Answers, Requests
from scratchbot_cloud_requests.wire import (
    FROM_HOST,
    MESSAGE_ID,
    SEPARATOR,
    TO_HOST,
    Again,
    Piece,
    packets,
    read,
)

F = TypeVar("F", bound=Function)

LONGEST_ANSWER = 600.0
"""Seconds that an answer may take to be sent: a thousand packets take a hundred."""


class CloudRequests(Plugin):
    """Answers what projects ask in their cloud variables, with scratchattach's sprite.

    :param clouds: the projects to serve; without any, all whose cloud variables the bot watches.
    :param variables: what follows FROM_HOST_ in the names of the variables that answers go to.
    :param config: see :class:`scratchbot.Plugin`, as for ``permissions``, which are needed for what
        the handlers do besides answering.
    """

    def __init__(
        self,
        *clouds: Cloud,
        name: str = "cloud-requests",
        variables: Sequence[str] = ("1", "2", "3", "4", "5", "6", "7", "8", "9"),
        config: type | None = None,
        permissions: Collection[str] = (),
    ) -> None:
        super().__init__(name, config, {"cloud.set", *permissions})
        self.watch(*clouds)
        self._variables = tuple(variables)
        self._turns: Counter[str] = Counter()
        self._add(self.receive, "cloud.set", {"variable": TO_HOST}, Policy())
        self._add(self.send, "cloud.answer", {}, Policy(timeout=LONGEST_ANSWER))

    def on(
        self,
        event: str,
        *filters: Filter | Test,
        retries: int = DEFAULT.retries,
        timeout: float = DEFAULT.timeout,
        concurrency: int = DEFAULT.concurrency,
        **values: object,
    ) -> Callable[[F], F]:
        """Register a handler for a request.

        What is asked with it fills the parameters that nothing else fills, by their annotations:
        ``str``, ``int`` or ``float``; the last one, if text, takes the rest. What the handler
        returns is the answer: text, a number or a list; None is no answer.

        :param event: the request's name, as the project says it.
        :param filters: what must hold for the request, as in :meth:`scratchbot.Plugin.on`.
        :param retries: as in :meth:`scratchbot.Plugin.on`, like ``timeout``.
        :param concurrency: how many such requests of a project are handled at once; with 1 they
            come in order.
        :param values: those that fields of the :class:`CloudRequestEvent` must have.
        :raises RegistrationError: if no project can ask so, or a parameter is of another kind.
        """
        _check_name(event)
        check_event_fields("cloud.request", values)
        policy = Policy(retries=retries, timeout=timeout, concurrency=concurrency)

        def call(taken: tuple[Argument, ...]) -> RequestCall:
            return RequestCall({event: Command(event, taken, SEPARATOR)}, self.answer)

        def register(function: F) -> F:
            self._add(
                function,
                "cloud.request",
                values,
                policy,
                filters=tuple(as_filter(each) for each in filters),
                calls=call,
            )
            return function

        return register

    async def receive(self, event: CloudSetEvent, store: AsyncStore, emit: Emit) -> None:
        """Tell a request once it is whole, and send a packet again that has not arrived."""
        if not self._serves(event.source):
            return
        match read(event.value):
            case Piece() as piece:
                digits = await Requests(store, event.source).take(piece)
                if digits is not None:
                    await emit(self._request(event, piece.request_id, digits))
            case Again(request_id, place):
                packet = await Answers(store, event.source).packet(request_id, place)
                if packet is not None:
                    await emit(
                        self._sending(
                            f"again:{event.id}",
                            event,
                            cloud=event.source,
                            project_id=event.project_id,
                            request_id=request_id,
                            values=[packet],
                        )
                    )

    async def send(
        self, event: CloudAnswerEvent, session: AsyncScratchSession, store: AsyncStore, bot: Bot
    ) -> None:
        """Send an answer, packet by packet, each to the next variable."""
        cloud = _cloud(bot, event.cloud)
        if cloud is None:
            return
        for turn, packet in enumerate(event.packets, event.turn):
            variable = FROM_HOST + self._variables[turn % len(self._variables)]
            await session.set_cloud_variable(
                cloud.project_id, variable, packet, cloud.host, queue=True
            )
        await Answers(store, event.cloud).keep(event.request_id, event.packets)

    def answer(self, event: CloudRequestEvent, returned: object) -> CloudAnswerEvent:
        """Return the event whose emission sends what a handler returned.

        :raises InputError: if it is longer than what the sprite can put together.
        """
        return self._sending(
            f"answer:{event.id}",
            event,
            cloud=event.cloud,
            project_id=event.project_id,
            request_id=event.request_id,
            values=packets(event.request_id, returned),
        )

    def message(self, event: Event, cloud: Cloud, said: object) -> CloudAnswerEvent:
        """Return the event whose emission tells everybody who plays something unasked.

        The sprite hears it as a message of the server.

        :param event: what the handler runs for: the same is said once for one event.
        :param cloud: the project.
        :raises InputError: if it is longer than what the sprite can put together.
        """
        key = f"{event.id}-{crc32(str(said).encode()):08x}"
        request_id = f"{MESSAGE_ID}{1_000 + crc32(key.encode()) % 9_000}"
        return self._sending(
            f"message:{key}",
            event,
            cloud=cloud.name,
            project_id=cloud.project_id,
            request_id=request_id,
            values=packets(request_id, said),
        )

    def _request(self, event: CloudSetEvent, request_id: str, digits: str) -> CloudRequestEvent:
        request, *arguments = decode(digits).split(SEPARATOR)
        return CloudRequestEvent(
            id=f"{self.name}:request:{event.id}",
            name="cloud.request",
            at=event.at,
            source=self._lane(event.source),
            project_id=event.project_id,
            cloud=event.source,
            request=request,
            arguments=arguments,
            request_id=request_id,
            user=event.user,
        )

    def _sending(
        self,
        key: str,
        cause: Event,
        *,
        cloud: str,
        project_id: int | str,
        request_id: str,
        values: list[str],
    ) -> CloudAnswerEvent:
        """Return the event whose emission sends values, each in the variable whose turn it is.

        :param key: tells it from all others.
        """
        turn = self._turns[cloud] % len(self._variables)
        self._turns[cloud] = turn + len(values)
        return CloudAnswerEvent(
            id=f"{self.name}:{key}",
            name="cloud.answer",
            at=cause.at,
            source=cloud,
            project_id=project_id,
            cloud=cloud,
            request_id=request_id,
            packets=values,
            turn=turn,
        )

    def _lane(self, cloud: str) -> str:
        """Return the source of a cloud's requests: those of one source are handled in order."""
        return cloud

    def _serves(self, cloud: str) -> bool:
        own = {watch.name for watch in self.watches if isinstance(watch, Cloud)}
        return not own or cloud in own


def _check_name(request: str) -> None:
    try:
        encode(request)
    except InputError as error:
        raise RegistrationError(f"no project can ask for {request!r}: {error}") from None
    if not request or SEPARATOR in request or "\n" in request:
        raise RegistrationError(f"{request!r} is no name of a request: use one word, such as ping")
    if "." in request and request in EVENT_NAMES:
        raise RegistrationError(f"{request!r} is an event and no request: register it on the bot")


def _cloud(bot: Bot, name: str) -> Cloud | None:
    """Return what a bot watches under a name, if it does so still."""
    watches = [watch for router in bot.routers for watch in router.watches]
    found = [watch for watch in watches if isinstance(watch, Cloud) and watch.name == name]
    return found[0] if found else None
