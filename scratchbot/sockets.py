"""The one place that does cloud sockets."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Literal
from urllib.parse import urlsplit

import structlog
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from scratchbot.budget import Bucket
from scratchbot.clock import Clock
from scratchbot.errors import NotFoundError, SiteDownError
from scratchbot.settings import Network
from scratchbot.site import Account
from scratchbot.version import VERSION
from scratchbot.wire.cloud import (
    CHECK_EVERY,
    NO_HEADERS,
    SCRATCH_CLOUD,
    CloudChange,
    CloudPacket,
    change_line,
    handshake,
    read_frame,
)
from scratchbot.wire.request import SITE

SETS_A_SECOND = 10
FIRST_VALUES_WITHIN = 2.0
GREETING_WITHIN = 1.0
CHANGE_SENT_WITHIN = 30.0
MAX_BACKOFF = 31.0
MAX_FRAME = 4 * 1024 * 1024
WAITING_NOTICES = 1_000

_log = structlog.get_logger("scratchbot.cloud")


@dataclass(frozen=True, kw_only=True)
class CloudNotice:
    """What a socket saw.

    :param kind: ``value`` is no news: what a variable held when the socket opened, or what the bot
        itself set; ``ready`` comes when the first values are known.
    :param previous: the value before, if it was known.
    :param code: the close code of a ``disconnect``, if there was one.
    """

    kind: Literal["connect", "ready", "disconnect", "value", "set", "create", "delete"]
    variable: str = ""
    value: str | None = None
    previous: str | None = None
    code: int | None = None


class CloudSocket:
    """The cloud variables of one project, over one socket that comes back when it drops.

    :param host: the cloud server: a host name or a ``ws://`` address.
    :param every: seconds from one check that the socket is alive to the next.
    :param headers: what is sent besides the usual when it is opened.
    """

    def __init__(
        self,
        project_id: int,
        host: str,
        *,
        network: Network,
        account: Account,
        clock: Clock,
        jitter: Random,
        every: float = CHECK_EVERY,
        headers: Mapping[str, str] = NO_HEADERS,
    ) -> None:
        self.project_id = project_id
        self.host = host
        self.values: dict[str, str] = {}
        self._network = network
        self._account = account
        self._clock = clock
        self._jitter = jitter
        self._every = every
        self._headers = headers
        self._pace = Bucket(SETS_A_SECOND, 1, clock) if network.limits else None
        self._listeners: list[asyncio.Queue[CloudNotice]] = []
        self._connection: ClientConnection | None = None
        self._greeted: set[str] = set()
        self._opened_at = 0.0
        self._open = asyncio.Event()
        self._filled = asyncio.Event()
        self._life: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Connect, and stay connected, in the background; starting twice changes nothing."""
        if self._life is None:
            self._life = asyncio.create_task(self._live(), name=f"cloud {self.project_id}")

    async def close(self) -> None:
        """Close the socket for good."""
        if self._life is not None:
            self._life.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._life
            self._life = None

    async def get(self, variable: str) -> str:
        """Return a variable's value, waiting a moment for the first values of a new socket.

        :raises SiteDownError: if the server does not answer.
        :raises NotFoundError: if the project has no such cloud variable.
        """
        self.start()
        await self._wait_open()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._filled.wait(), FIRST_VALUES_WITHIN)
        return self.value(variable)

    def value(self, variable: str) -> str:
        """Return a variable's value, as far as it is known by now.

        :raises NotFoundError: if the project has no such cloud variable.
        """
        try:
            return self.values[variable]
        except KeyError:
            raise NotFoundError(
                f"project {self.project_id} has no cloud variable {variable!r}: check the spelling"
            ) from None

    async def change(self, change: CloudChange) -> None:
        """Send a change once the socket is open and the pace allows; changes keep their order.

        :raises SiteDownError: if the socket does not open in time, or drops while sending.
        """
        self.start()
        if self._pace is not None:
            await self._pace.take()
        await self._wait_open()
        line = change_line(change, self._name)
        try:
            if self._connection is None:
                raise SiteDownError(self._unreachable, arrived=False)
            await self._connection.send(line)
        except ConnectionClosed:
            raise SiteDownError(self._unreachable) from None
        if change.method == "delete":
            self.values.pop(change.name, None)
        elif change.value is not None:
            self.values[change.name] = change.value
        await self._tell(CloudNotice(kind="value", variable=change.name, value=change.value))

    async def notices(self) -> AsyncIterator[list[CloudNotice]]:
        """Yield what the socket sees from now on, as much at a time as waits.

        A slow listener slows the socket; nothing is lost.
        """
        queue: asyncio.Queue[CloudNotice] = asyncio.Queue(WAITING_NOTICES)
        self._listeners.append(queue)
        try:
            self.start()
            while True:
                waiting = [await queue.get()]
                while not queue.empty():
                    waiting.append(queue.get_nowait())
                yield waiting
        finally:
            self._listeners.remove(queue)

    @property
    def _name(self) -> str:
        return self._account.username or "scratchbot"

    @property
    def _unreachable(self) -> str:
        return f"the cloud server of project {self.project_id} is not connected: try again later"

    async def _wait_open(self) -> None:
        try:
            await asyncio.wait_for(self._open.wait(), CHANGE_SENT_WITHIN)
        except TimeoutError:
            raise SiteDownError(self._unreachable, arrived=False) from None

    async def _live(self) -> None:
        attempts = 0
        while True:
            code: int | None = None
            try:
                async with self._connect() as connection:
                    await self._greet(connection)
                    code = await self._listen(connection)
            except (OSError, WebSocketException, TimeoutError) as error:
                _log.warning("cloud_unreachable", project=self.project_id, error=str(error)[:200])
            finally:
                self._connection = None
                self._open.clear()
            if self._filled.is_set():
                self._filled.clear()
                await self._tell(CloudNotice(kind="disconnect", code=code))
                attempts = 0
            elif code is not None:
                _log.warning("cloud_refused", project=self.project_id, code=code)
            attempts += 1
            await self._clock.sleep(self._jitter.uniform(0, min(2**attempts, MAX_BACKOFF)))

    def _connect(self) -> connect:
        headers = {"Origin": f"https://{SITE}"}
        if self.host == SCRATCH_CLOUD and self._account.session_id:
            headers["Cookie"] = f'scratchsessionsid="{self._account.session_id}"'
        headers.update(self._headers)
        address = self.host if "://" in self.host else f"wss://{self.host}/"
        endpoint = self._network.endpoint
        target: dict[str, Any] = {}
        if endpoint is not None and "://" not in self.host:
            parts = urlsplit(endpoint)
            address, target = f"ws://{self.host}/", {"host": parts.hostname, "port": parts.port}
        return connect(
            address,
            additional_headers=headers,
            user_agent_header=headers.pop("User-Agent", f"scratchbot/{VERSION}"),
            ping_interval=self._every,
            max_size=MAX_FRAME,
            proxy=None if target else True,
            **target,
        )

    async def _greet(self, connection: ClientConnection) -> None:
        await connection.send(handshake(self._name, self.project_id))
        self._greeted.clear()
        self._opened_at = self._clock.monotonic()
        self._connection = connection
        self._open.set()

    async def _listen(self, connection: ClientConnection) -> int | None:
        """Take what the server sends; ``connect`` is told when it has greeted, or should have."""
        with contextlib.suppress(ConnectionClosed):
            greeting: str | bytes = ""
            # Python 3.11's wait_for can swallow that the socket is being closed; timeout does not.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(GREETING_WITHIN):
                    greeting = await connection.recv()
            await self._tell(CloudNotice(kind="connect"))
            await self._read(greeting)
            self._filled.set()
            await self._tell(CloudNotice(kind="ready"))
            async for frame in connection:
                await self._read(frame)
        return connection.close_code

    async def _read(self, frame: str | bytes) -> None:
        for packet in read_frame(frame):
            await self._take(packet)

    async def _take(self, packet: CloudPacket) -> None:
        name, value, previous = packet.name, packet.value, self.values.get(packet.name)
        match packet.method:
            case "set" if value is not None:
                self.values[name] = value
                silent = self._is_greeting(name) and previous in (None, value)
                await self._tell(
                    CloudNotice(
                        kind="value" if silent else "set",
                        variable=name,
                        value=value,
                        previous=previous,
                    )
                )
            case "create":
                self.values[name] = value or "0"
                await self._tell(CloudNotice(kind="create", variable=name, value=value))
            case "delete":
                self.values.pop(name, None)
                await self._tell(CloudNotice(kind="delete", variable=name))
            case "rename" if packet.new_name:
                value = self.values.pop(name, "0")
                self.values[packet.new_name] = value
                await self._tell(CloudNotice(kind="delete", variable=name))
                await self._tell(CloudNotice(kind="create", variable=packet.new_name, value=value))

    def _is_greeting(self, name: str) -> bool:
        """Tell the values with which a server greets from changes: the protocol does not."""
        first = name not in self._greeted
        self._greeted.add(name)
        return first and self._clock.monotonic() - self._opened_at < GREETING_WITHIN

    async def _tell(self, notice: CloudNotice) -> None:
        for queue in self._listeners:
            await queue.put(notice)
