"""Cloud sockets against servers that are not the sandbox."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from scratchbot.clock import SystemClock
from scratchbot.errors import NotFoundError, SiteDownError
from scratchbot.settings import Network
from scratchbot.site import Account
from scratchbot.sockets import CloudNotice, CloudSocket
from scratchbot.wire.cloud import CloudChange
from tests.scratch import until

pytestmark = pytest.mark.asyncio


class Server:
    """A cloud server that a test drives by hand."""

    def __init__(self) -> None:
        self.connections: list[ServerConnection] = []
        self.received: list[dict[str, str]] = []
        self.greeting = ""

    async def talk(self, connection: ServerConnection) -> None:
        self.connections.append(connection)
        with contextlib.suppress(ConnectionClosed):
            async for frame in connection:
                for line in str(frame).splitlines():
                    packet = json.loads(line)
                    self.received.append(packet)
                    if packet["method"] == "handshake" and self.greeting:
                        await connection.send(self.greeting)


@asynccontextmanager
async def talking(*, limits: bool = False) -> AsyncIterator[tuple[Server, CloudSocket]]:
    server = Server()
    async with serve(server.talk, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        socket = CloudSocket(
            104,
            f"ws://127.0.0.1:{port}",
            network=Network(limits=limits),
            account=Account(username="alice", session_id="the-session"),
            clock=SystemClock(),
            jitter=Random(1),
        )
        try:
            yield server, socket
        finally:
            await socket.close()


def line(name: str, value: object) -> str:
    return json.dumps({"method": "set", "name": f"☁ {name}", "value": value}) + "\n"


async def listen(socket: CloudSocket, heard: list[CloudNotice]) -> None:
    async for notices in socket.notices():
        heard.extend(notices)


def events(heard: list[CloudNotice]) -> list[CloudNotice]:
    return [notice for notice in heard if notice.kind not in ("value", "ready")]


async def test_lines_that_are_no_packets_are_passed_over() -> None:
    async with talking() as (server, socket):
        server.greeting = "Welcome to this server!\n[1]\n{}\n" + line("a", "1") + line("b", 2)
        assert await socket.get("a") == "1"
        assert await socket.get("b") == "2"
        with pytest.raises(NotFoundError, match="no cloud variable 'c'"):
            await socket.get("c")
    assert server.received[0]["method"] == "handshake"
    assert server.received[0]["user"] == "alice"


async def test_a_value_is_what_the_server_holds_and_not_what_was_known_before() -> None:
    async with talking() as (server, socket):
        server.greeting = line("a", "2")
        socket.values["a"] = "1"
        assert await socket.get("a") == "2"


async def test_another_s_server_gets_no_session_cookie() -> None:
    async with talking() as (server, socket):
        socket.start()
        await until(lambda: server.connections)
        request = server.connections[0].request
        assert request is not None
        assert "Cookie" not in request.headers
        assert request.headers["User-Agent"].startswith("scratchbot/")


async def test_a_dropped_socket_comes_back_and_tells_what_changed_meanwhile() -> None:
    heard: list[CloudNotice] = []
    async with talking() as (server, socket):
        server.greeting = line("a", "1") + line("b", "1")
        task = asyncio.create_task(listen(socket, heard))
        await until(lambda: socket.values == {"a": "1", "b": "1"})
        server.greeting = line("a", "1") + line("b", "2")
        await server.connections[0].close(4003)
        await until(lambda: len(events(heard)) >= 4)
        task.cancel()
    told = events(heard)
    assert [notice.kind for notice in told] == ["connect", "disconnect", "connect", "set"]
    assert told[1].code == 4003
    assert (told[3].variable, told[3].previous, told[3].value) == ("b", "1", "2")


async def test_the_same_value_set_again_is_told_again() -> None:
    heard: list[CloudNotice] = []
    async with talking() as (server, socket):
        server.greeting = line("a", "1")
        task = asyncio.create_task(listen(socket, heard))
        await until(lambda: socket.values)
        await server.connections[0].send(line("a", "1"))
        await server.connections[0].send(line("a", "1"))
        await until(lambda: len(events(heard)) == 3)
        task.cancel()
    assert [notice.kind for notice in events(heard)] == ["connect", "set", "set"]


async def test_renames_creations_and_deletions_change_the_values() -> None:
    heard: list[CloudNotice] = []
    packets = [
        {"method": "create", "name": "☁ a", "value": "7"},
        {"method": "rename", "name": "☁ a", "new_name": "☁ b"},
        {"method": "delete", "name": "☁ b"},
    ]
    async with talking() as (server, socket):
        task = asyncio.create_task(listen(socket, heard))
        await until(lambda: server.received)
        await server.connections[0].send("\n".join(map(json.dumps, packets)))
        await until(lambda: len(events(heard)) == 5)
        task.cancel()
    told = [(notice.kind, notice.variable, notice.value) for notice in events(heard)[1:]]
    assert told == [
        ("create", "a", "7"),
        ("delete", "a", None),
        ("create", "b", "7"),
        ("delete", "b", None),
    ]
    assert socket.values == {}


async def test_changes_keep_their_order_and_the_site_s_pace() -> None:
    async with talking(limits=True) as (server, socket):
        loop = asyncio.get_running_loop()
        started = loop.time()
        await asyncio.gather(
            *(
                socket.change(
                    CloudChange(
                        project_id=104, host=socket.host, method="set", name="a", value=str(number)
                    )
                )
                for number in range(4)
            )
        )
        assert loop.time() - started >= 0.3
        await until(lambda: len(server.received) == 5)
    assert [packet["value"] for packet in server.received[1:]] == ["0", "1", "2", "3"]


async def test_a_server_that_does_not_answer_is_said_to_be_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("scratchbot.sockets.CHANGE_SENT_WITHIN", 0.05)
    socket = CloudSocket(
        104,
        "ws://127.0.0.1:9",
        network=Network(),
        account=Account(),
        clock=SystemClock(),
        jitter=Random(1),
    )
    with pytest.raises(SiteDownError, match="project 104"):
        await socket.get("a")
    await socket.close()


async def test_a_server_that_shows_the_door_at_once_is_no_connection() -> None:
    heard: list[CloudNotice] = []
    async with talking() as (server, socket):
        task = asyncio.create_task(listen(socket, heard))
        for count in (1, 2):
            await until(lambda: len(server.received) == count)  # noqa: B023
            await server.connections[-1].close(4002)
        await until(lambda: len(server.received) == 3)
        task.cancel()
    assert heard == []


async def test_a_socket_that_is_closed_just_as_it_is_greeted_closes() -> None:
    greeting: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    class Connection:
        close_code = None

        async def recv(self) -> str:
            return await greeting

        def __aiter__(self) -> "Connection":
            return self

        async def __anext__(self) -> str:
            await asyncio.Event().wait()
            return ""

    async with talking() as (_, socket):
        listening = asyncio.create_task(socket._listen(Connection()))  # type: ignore[arg-type]
        for _ in range(5):
            await asyncio.sleep(0)
        greeting.set_result("")
        listening.cancel()
        done, _ = await asyncio.wait([listening], timeout=1)
        listening.cancel()
    assert done == {listening}
