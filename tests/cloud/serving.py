"""A cloud server that a test drives by hand, and a socket that talks to it."""

import contextlib
import json
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import formatdate
from random import Random
from typing import Any

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from scratchbot.clock import SystemClock
from scratchbot.cloud.notices import CloudNotice
from scratchbot.cloud.socket import CloudSocket
from scratchbot.cloud.talk import GREETING_WITHIN
from scratchbot.errors import SiteDownError
from scratchbot.settings import Network
from scratchbot.site import Account
from scratchbot.wire.cloud import CloudChange
from scratchbot.wire.cloudhosts import CloudHost
from scratchbot.wire.request import Answer, Request
from tests.scratch import until

Log = list[dict[str, Any]]
EVENTS = ("connect", "disconnect", "set", "create", "delete")


class Hasty(SystemClock):
    """A clock that hardly lets anybody wait, but for a server's greeting."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await super().sleep(seconds if seconds == GREETING_WITHIN else min(seconds, 0.01))


class Site:
    """A way to the site on which there is a cloud log, or none.

    :ivar log: newest first; ``None`` while it cannot be read.
    :ivar ahead: seconds by which its clock is ahead of ours.
    """

    def __init__(self, username: str | None = "alice") -> None:
        self.account = Account(username=username, session_id="the-session")
        self.log: Log | None = []
        self.ahead = 0.0
        self.asked: list[int] = []
        self.doubts = 0
        self.when_doubted: Callable[[], None] = lambda: None

    async def exchange(self, request: Request[Any]) -> Answer:
        if self.log is None:
            raise SiteDownError("the log is broken")
        offset, limit = int(request.query["offset"]), int(request.query["limit"])
        self.asked.append(offset)
        rows = self.log[offset : offset + limit]
        date = formatdate(int(time.time() + self.ahead), usegmt=True)
        return Answer(status=200, body=json.dumps(rows).encode(), headers={"date": date})

    async def require_cloud_login(self, host: str) -> None: ...

    async def doubt_session(self) -> None:
        self.doubts += 1
        self.when_doubted()


class Server:
    """Greets, remembers what it is told, and says what a test lets it say."""

    def __init__(self) -> None:
        self.connections: list[ServerConnection] = []
        self.received: list[dict[str, str]] = []
        self.greeting = ""
        self.greeted: list[str] = []
        self.refuses: int | None = None

    async def talk(self, connection: ServerConnection) -> None:
        self.connections.append(connection)
        with contextlib.suppress(ConnectionClosed):
            async for frame in connection:
                for line in str(frame).splitlines():
                    packet = json.loads(line)
                    self.received.append(packet)
                    if packet["method"] == "handshake":
                        await self._greet(connection)

    async def _greet(self, connection: ServerConnection) -> None:
        if self.refuses is not None:
            await connection.close(self.refuses)
        elif self.greeting:
            await connection.send(self.greeting)

    async def say(self, text: str) -> None:
        await self.connections[-1].send(text)

    async def say_all(self, texts: Iterable[str]) -> None:
        for text in texts:
            await self.say(text)

    async def drop(self, code: int = 4000) -> None:
        await self.connections[-1].close(code)

    @property
    def sets(self) -> list[tuple[str, str]]:
        return [
            (packet["name"].removeprefix("☁ "), packet["value"])
            for packet in self.received
            if packet["method"] == "set"
        ]


class Talking:
    """What :func:`talking` gives."""

    def __init__(self, server: Server, socket: CloudSocket, site: Site, clock: Hasty) -> None:
        self.server = server
        self.socket = socket
        self.site = site
        self.clock = clock
        self.heard: list[CloudNotice] = []
        socket.listen(self.heard.append)

    @property
    def events(self) -> list[CloudNotice]:
        return [notice for notice in self.heard if notice.kind in EVENTS]

    @property
    def told(self) -> list[tuple[str, str, str | None]]:
        """What was done to variables: how, which, and its value."""
        return [each[:1] + each[2:4] for each in self.events if each.variable]

    def change(self, name: str, value: str, *, queue: bool = False, seen: bool = False) -> Any:
        change = CloudChange(
            project_id=104,
            host=self.socket.host.address,
            method="set",
            name=name,
            value=value,
            queue=queue,
            seen=seen,
        )
        return self.socket.change(change)

    async def ready(self, times: int = 1) -> None:
        await until(lambda: sum(notice.kind == "ready" for notice in self.heard) >= times)


@asynccontextmanager
async def talking(
    *,
    limits: bool = False,
    log: bool = False,
    every: float = 20.0,
    username: str | None = "alice",
    greeting: str = "",
    at_once: bool = False,
) -> AsyncIterator[Talking]:
    """Serve, and give a socket that is not started.

    :param at_once: whether the server names all variables in its first frame.
    :param log: whether the server is like Scratch's: with a log, and no variables made by setting.
    """
    server, site, clock = Server(), Site(username), Hasty()
    server.greeting = greeting
    async with serve(server.talk, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        host = CloudHost(
            address=f"ws://127.0.0.1:{port}",
            needs_login=log,
            keeps_log=log,
            makes_by_setting=not log,
            greets_at_once=at_once,
            most_variables=10 if log else None,
        )
        socket = CloudSocket(
            104,
            host,
            site=site,
            network=Network(limits=limits),
            clock=clock,
            jitter=Random(1),
            every=every,
        )
        try:
            yield Talking(server, socket, site, clock)
        finally:
            await socket.close()


def line(name: str, value: object, method: str = "set") -> str:
    return json.dumps({"method": method, "name": f"☁ {name}", "value": value}) + "\n"


def row(name: str, value: str | None, at: int | None = None, user: str = "bob") -> dict[str, Any]:
    """Return a row of the log; by default it happens now."""
    now = int(datetime.now(UTC).timestamp() * 1000)
    verb = "del_var" if value is None else "set_var"
    return {
        "user": user,
        "verb": verb,
        "name": f"☁ {name}",
        "value": value,
        "timestamp": now if at is None else at,
    }
