"""A cloud server that does whatever a server can do, at any moment, in virtual time."""

import asyncio
import contextlib
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from email.utils import format_datetime
from http import HTTPStatus
from itertools import count, pairwise
from random import Random
from typing import Any

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.protocol import State

from scratchbot.cloud.memory import Memory
from scratchbot.cloud.notices import CloudNotice
from scratchbot.cloud.socket import CloudSocket
from scratchbot.errors import SiteError
from scratchbot.settings import Network
from scratchbot.wire.cloud import CloudChange
from scratchbot.wire.cloudhosts import CloudHost
from scratchbot.wire.request import Answer
from scratchbot.wire.request import Request as SiteRequest
from tests.cloud.serving import Site
from tests.virtual import VirtualClock

MINE = "mine"
"""The one variable that our side sets; what crosses on the wire has no order."""
CALM = 400.0
"""Seconds after which a socket has come back, whatever happened before."""
PATIENCE = 50_000.0
"""Seconds after which nothing is waited for any longer."""
REST_WITHIN = 0.3
"""Seconds from the first frame of a greeting to its last."""

Cuts = Iterable[float]
"""Where what is said is cut into frames: parts of its length."""


class FickleSite(Site):
    """A site whose log tells the truth, lags behind it, is slow, or is broken.

    :param skew: seconds by which its clock is ahead.
    """

    def __init__(self, clock: VirtualClock, skew: float) -> None:
        super().__init__()
        self.log: list[dict[str, Any]] = []
        self._pause = 0.0
        self._lag = 0
        self._rubbish: str | None = None
        self._clock = clock
        self._skew = timedelta(seconds=skew)

    def record(self, verb: str, name: str, value: str | None, user: str, *, bare: bool) -> None:
        at = int((self._clock.now() + self._skew).timestamp() * 1000)
        written = int(value) if bare and value is not None else value
        row = {"user": user, "verb": verb, "name": f"☁ {name}", "value": written, "timestamp": at}
        self.log.insert(0, row)

    def be_slow(self, seconds: float) -> None:
        """Take some time to give the log, but give the truth."""
        self._pause, self._lag, self._rubbish = seconds, 0, None

    def lag(self, rows: int) -> None:
        """Leave the newest rows out."""
        self._lag = rows

    def break_down(self, rubbish: str) -> None:
        """Say something else, or nothing."""
        self._rubbish = rubbish

    async def exchange(self, request: SiteRequest[Any]) -> Answer:
        await asyncio.sleep(self._pause)
        if self._rubbish is not None:
            return Answer(status=200 if self._rubbish else 503, body=self._rubbish.encode())
        offset, limit = int(request.query["offset"]), int(request.query["limit"])
        rows = self.log[self._lag :][offset : offset + limit]
        headers = {"date": format_datetime(self._clock.now() + self._skew, usegmt=True)}
        return Answer(status=200, body=json.dumps(rows).encode(), headers=headers)


class FickleServer:
    """Holds variables, and tells of them in its own way.

    :ivar values: what it holds.
    :ivar history: what each variable that others set has held, ``None`` where it was not there.
    """

    def __init__(self, site: FickleSite) -> None:
        self.site = site
        self.values = {MINE: "0", "a": "1"}
        self.history: defaultdict[str, list[str | None]] = defaultdict(list, a=["1"])
        self.refusals: list[int] = []
        self.refuses: int | None = None
        self.greeting: tuple[float, Cuts, str] = (0.0, (), "")
        self.bare = False
        self._numbers = count(2)
        self._connection: ServerConnection | None = None
        self._all: list[ServerConnection] = []
        self._lines = ""
        self._is_in_line = False
        self._saying = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    # What happens to variables

    def set(self, name: str, verb: str = "") -> None:
        value = str(next(self._numbers))
        verb = verb or ("set" if name in self.values else "create")
        self._put(name, value, verb, "bob")

    def delete(self, name: str) -> None:
        if self._take_out(name):
            self._line({"method": "delete", "name": f"☁ {name}"})

    def rename(self, name: str, new_name: str) -> None:
        value = self.values.get(name)
        if value is not None and new_name != name and value not in self.history[new_name]:
            self._take_out(name)
            self._keep(new_name, value, "create_var", "bob")
            packet = {"method": "rename", "name": f"☁ {name}", "new_name": f"☁ {new_name}"}
            self._line(packet)

    def _put(self, name: str, value: str, verb: str, user: str) -> None:
        self._keep(name, value, f"{verb}_var", user)
        self._line({"method": verb, "name": f"☁ {name}", "value": value})

    def _keep(self, name: str, value: str, verb: str, user: str) -> None:
        self.values[name] = value
        if name != MINE:
            self.history[name].append(value)
        self.site.record(verb, name, value, user, bare=self.bare)

    def _take_out(self, name: str) -> bool:
        if self.values.pop(name, None) is None:
            return False
        self.history[name].append(None)
        self.site.record("del_var", name, None, "bob", bare=False)
        return True

    # How it talks

    def write_numbers(self, bare: bool) -> None:
        """Write values as JSON's numbers, or as texts."""
        self.bare = bare

    def greet_with(self, delay: float, cuts: Cuts, before: str) -> None:
        """Greet from now on after a while, in so many frames, with something said before."""
        self.greeting = (delay, cuts, before)

    def _line(self, packet: dict[str, str]) -> None:
        if self._connection is not None:
            self._lines += self._written(packet)

    def _written(self, packet: dict[str, Any]) -> str:
        if self.bare and "value" in packet:
            packet = {**packet, "value": int(packet["value"])}
        return json.dumps(packet, ensure_ascii=self.bare) + "\n"

    async def say(self, cuts: Cuts = (), binary: bool = False, open_end: bool = False) -> None:
        """Say what has happened, cut into frames."""
        async with self._saying:
            text, self._lines = self._lines, ""
            if open_end and not cuts:
                text = text.removesuffix("\n")
            elif self._is_in_line:
                text = "\n" + text
            places = sorted({0, len(text), *(int(cut * len(text)) for cut in cuts)})
            for start, end in pairwise(places):
                frame = text[start:end]
                await self._send(frame.encode() if binary else frame)

    async def rave(self, frame: str | bytes) -> None:
        """Say something else."""
        await self.say()
        self._is_in_line = True
        async with self._saying:
            await self._send(frame)

    async def break_rules(self) -> None:
        """Say what is no text."""
        if self._connection is not None:
            with contextlib.suppress(ConnectionClosed):
                await self._connection.send(b"\xff\xfe", text=True)

    async def _send(self, frame: str | bytes) -> None:
        if self._connection is not None:
            with contextlib.suppress(ConnectionClosed):
                await self._connection.send(frame)

    # How it treats connections

    def refuse(self, codes: Sequence[int]) -> None:
        """Turn away who comes next: at the door, or once they have said who they are."""
        self.refusals += codes

    def refuse_for_good(self, code: int) -> None:
        """Turn everybody away."""
        self.refusals, self.refuses = [], code
        self.drop()

    async def talk(self, connection: ServerConnection) -> None:
        self._all.append(connection)
        with contextlib.suppress(ConnectionClosed):
            async for frame in connection:
                packet = json.loads(frame)
                if packet["method"] == "handshake":
                    await self._greet(connection)
                else:
                    self._obey(packet)
        if self._connection is connection:
            self._connection = None

    def _obey(self, packet: dict[str, str]) -> None:
        self._keep(packet["name"].removeprefix("☁ "), packet["value"], "set_var", "alice")

    async def _greet(self, connection: ServerConnection) -> None:
        code = self.refusals.pop() if self.refusals else self.refuses
        if code is not None:
            await connection.close(code)
            return
        delay, cuts, before = self.greeting
        await asyncio.sleep(delay)
        if connection.state is not State.OPEN:
            return
        self._connection, self._is_in_line = connection, False
        lines = [
            self._written({"method": "set", "name": f"☁ {name}", "value": value})
            for name, value in self.values.items()
        ]
        self._lines = "".join(lines)
        if before:
            await self._send(before + "\n")
        first, rest = self._lines, ""
        for cut in sorted(cuts)[:1]:
            place = int(cut * len(first))
            first, rest = first[:place], first[place:]
        self._lines = first
        await self.say()
        self._lines = rest + self._lines
        task = asyncio.create_task(self._greet_on())
        self._tasks.add(task)

    async def _greet_on(self) -> None:
        await asyncio.sleep(REST_WITHIN)
        await self.say(self.greeting[1])

    def answer_opening(self, connection: ServerConnection, request: Request) -> Response | None:
        """Turn away at the door."""
        if self.refusals and self.refusals[-1] < 1000:
            return connection.respond(HTTPStatus(self.refusals.pop()), "go away\n")
        return None

    async def close(self, code: int) -> None:
        for connection in self._all:
            await connection.close(code)

    def drop(self) -> None:
        """Break all connections off."""
        for connection in self._all:
            connection.transport.abort()
        self._connection = None

    def fall_silent(self) -> None:
        """Neither hear nor say anything any more, with all connections open."""
        for connection in self._all:
            connection.transport.pause_reading()
        self._connection = None

    def recover(self) -> None:
        self.refusals.clear()
        if self._connection is None:
            self.drop()

    async def end(self) -> None:
        self.drop()
        await asyncio.gather(*self._tasks)


class Play:
    """A socket and the server that it has to do with, and what was told.

    :ivar told: the notices of all the socket's lives.
    """

    def __init__(self, server: FickleServer, host: CloudHost, clock: VirtualClock) -> None:
        self.server = server
        self.told: list[CloudNotice] = []
        self._host = host
        self._clock = clock
        self._sets = count(1_000_000)
        self._setting: set[asyncio.Task[None]] = set()
        self.socket = self._make_socket(Memory())

    def _make_socket(self, memory: Memory) -> CloudSocket:
        socket = CloudSocket(
            104,
            self._host,
            site=self.server.site,
            network=Network(),
            clock=self._clock,
            jitter=Random(1),
        )
        socket.recall(memory)
        socket.listen(self.told.append)
        self.life = socket.start()
        return socket

    async def die(self) -> None:
        """End the socket's life, and begin another one with what was written down."""
        await self.socket.close()
        self.socket = self._make_socket(Memory.from_json(self.socket.memory.to_json()))

    def set_mine(self, queue: bool) -> None:
        """Let our side set its own variable."""
        task = asyncio.create_task(self._set(str(next(self._sets)), queue))
        self._setting.add(task)

    async def _set(self, value: str, queue: bool) -> None:
        change = CloudChange(
            project_id=104,
            host=self._host.address,
            method="set",
            name=MINE,
            value=value,
            queue=queue,
        )
        with contextlib.suppress(SiteError):
            await self.socket.change(change)

    async def linger(self, seconds: float) -> None:
        """Let time pass before the server says what has happened."""
        await asyncio.sleep(seconds)

    async def rest(self, seconds: float) -> None:
        await self.server.say()
        await asyncio.sleep(seconds)

    async def come_to_rest(self) -> None:
        """Let all come back that can."""
        self.server.recover()
        await self.rest(CALM)
        await self.rest(CALM)

    async def end(self) -> None:
        await self.socket.close()
        await asyncio.gather(*self._setting)
        await self.server.end()


@asynccontextmanager
async def playing(*, keeps_log: bool, skew: float = 0.0) -> AsyncIterator[Play]:
    """Serve, and give a socket that is started.

    :param keeps_log: whether the server is like Scratch's: with a log, and no variables made by
        setting.
    """
    clock = VirtualClock()
    server = FickleServer(FickleSite(clock, skew))
    async with serve(
        server.talk,
        "127.0.0.1",
        0,
        process_request=server.answer_opening,
        ping_interval=None,
        close_timeout=1,
    ) as listening:
        port = listening.sockets[0].getsockname()[1]
        host = CloudHost(
            address=f"ws://127.0.0.1:{port}",
            needs_login=keeps_log,
            keeps_log=keeps_log,
            makes_by_setting=not keeps_log,
        )
        play = Play(server, host, clock)
        async with asyncio.timeout(PATIENCE):
            try:
                yield play
            finally:
                await play.end()
