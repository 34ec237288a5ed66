"""Connections to the cloud variables of a project, in both forms."""

# mypy: disable-error-code="untyped-decorator"
# A connection of either form is Any here.

import asyncio
import gc
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve

from scratchbot import (
    AsyncScratchSession,
    CloudConnection,
    CloudVariable,
    ScratchSession,
)
from scratchbot.aio import cloud as aio_cloud
from scratchbot.cloud import talk
from scratchbot.errors import (
    ClosedError,
    ForbiddenError,
    InputError,
    NotFoundError,
    ScratchbotError,
    SiteDownError,
)
from tests.scratch import Scratch, until
from tests.session.forms import LogIn, done

pytestmark = pytest.mark.asyncio

EVENTS = ("handshake", "connect", "outgoing", "change", "set", "create", "delete")
Connect = Callable[[], Any]


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a busy machine take its time for the greeting of the sandbox."""
    monkeypatch.setattr(talk, "SILENT_FOR", 30.0)


@pytest.fixture
def connect(log_in: LogIn) -> Connect:
    """Give what opens a connection of the form under test, and closes its session after it."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Any]:
        async with log_in("alice") as session:
            connection = await done(session.create_cloud_connection(104))
            try:
                yield connection
            finally:
                await done(connection.close())

    return opened


def hear(connection: Any) -> list[tuple[Any, ...]]:
    """Return a list that fills with all that a connection tells."""
    heard: list[tuple[Any, ...]] = []
    for event in EVENTS:
        connection.on(event, lambda *told, event=event: heard.append((event, *told)))
    return heard


async def test_a_connection_knows_its_project_and_the_values(connect: Connect) -> None:
    async with connect() as connection:
        assert connection.project_id == 104
        assert connection.cloud_host == "clouddata.scratch.mit.edu"
        assert connection.get_cloud_variable("foo") == "1391203129031"
        assert connection.get_cloud_variable("☁ ping") == "0"
        with pytest.raises(NotFoundError, match="no cloud variable 'fo'"):
            connection.get_cloud_variable("fo")


@pytest.mark.parametrize("name", ["foo", "☁ foo"])
async def test_a_variable_is_set(name: str, connect: Connect, scratch: Scratch) -> None:
    async with connect() as connection:
        heard = hear(connection)
        await done(connection.set_cloud_variable(name, 12.5))
        await until(lambda: scratch.cloud(104, "foo") == "12.5")
        assert connection.get_cloud_variable("foo") == "12.5"
        await until(lambda: len(heard) == 2)
        (_, line), change = heard
        assert '"method": "set"' in line
        assert '"value": "12.5"' in line
        assert change == ("change", CloudVariable("foo", "12.5"))


async def test_a_variable_is_made_and_deleted(connect: Connect, scratch: Scratch) -> None:
    async with connect() as connection:
        heard = hear(connection)
        await done(connection.create_cloud_variable("new"))
        await until(lambda: scratch.cloud(104, "new") == "0")
        await done(connection.create_cloud_variable("other", initial_value=7))
        assert connection.get_cloud_variable("other") == "7"
        await done(connection.delete_cloud_variable("new"))
        await until(lambda: scratch.cloud(104, "new") is None)
        with pytest.raises(NotFoundError):
            connection.get_cloud_variable("new")
        await until(lambda: len(heard) == 8)
        told = [entry for entry in heard if entry[0] != "outgoing"]
        assert told == [
            ("create", CloudVariable("new", "0")),
            ("change", CloudVariable("new", "0")),
            ("create", CloudVariable("other", "7")),
            ("change", CloudVariable("other", "7")),
            ("delete", "☁ new"),
        ]


@pytest.mark.parametrize("wrong", ["abc", "", "1" * 257, float("inf")])
async def test_a_wrong_value_is_refused_and_nothing_is_sent(wrong: Any, connect: Connect) -> None:
    async with connect() as connection:
        heard = hear(connection)
        for change in (connection.set_cloud_variable, connection.create_cloud_variable):
            with pytest.raises(InputError):
                await done(change("foo", wrong))
        assert heard == []


async def test_what_others_do_is_told(connect: Connect, scratch: Scratch) -> None:
    async with connect() as connection:
        heard = hear(connection)
        scratch.acts.set_cloud("bob", 104, "☁ foo", "1")
        scratch.acts.set_cloud("bob", 104, "☁ new", "2")
        scratch.acts.delete_cloud("bob", 104, "☁ new")
        await until(lambda: len(heard) == 5)
        assert heard == [
            ("set", CloudVariable("foo", "1")),
            ("change", CloudVariable("foo", "1")),
            ("create", CloudVariable("new", "2")),
            ("change", CloudVariable("new", "2")),
            ("delete", "☁ new"),
        ]
        assert connection.get_cloud_variable("foo") == "1"


async def test_listeners_are_kept_told_once_and_taken_off(
    connect: Connect, scratch: Scratch
) -> None:
    class Score:
        def __init__(self) -> None:
            self.values: list[str] = []

        def add(self, variable: CloudVariable) -> None:
            self.values.append(variable.value)

    async with connect() as connection:
        always, first, second, gone = Score(), Score(), Score(), Score()

        @connection.on("set")
        def decorated(variable: CloudVariable) -> None:
            always.add(variable)

        @connection.once("set")
        def decorated_once(variable: CloudVariable) -> None:
            first.add(variable)

        assert connection.on("set", second.add, once=True) is None
        assert connection.on("set", gone.add) is None
        assert connection.once("create", gone.add) is None
        assert connection.listeners("set") == [decorated, decorated_once, second.add, gone.add]
        connection.off("set", gone.add)
        connection.off("set", gone.add)
        scratch.acts.set_cloud("bob", 104, "☁ foo", "1")
        scratch.acts.set_cloud("bob", 104, "☁ foo", "2")
        await until(lambda: always.values == ["1", "2"])
        assert (first.values, second.values, gone.values) == (["1"], ["1"], [])
        assert connection.listeners("set") == [decorated]
        assert connection.listeners("delete") == []


@pytest.mark.parametrize("method", ["on", "once", "off", "listeners"])
async def test_an_event_that_there_is_not_is_refused_with_those_that_are(
    method: str, connect: Connect
) -> None:
    async with connect() as connection:
        values = ["change it"] + ([print] if method == "off" else [])
        with pytest.raises(InputError, match="'handshake', 'connect', 'outgoing', 'change', 'set'"):
            getattr(connection, method)(*values)


async def test_a_listener_that_cannot_be_called_is_refused(connect: Connect) -> None:
    async with connect() as connection:
        with pytest.raises(InputError, match="give a function"):
            connection.on("set", "show")
        assert connection.listeners("set") == []


async def test_a_listener_that_fails_ends_no_other(connect: Connect, scratch: Scratch) -> None:
    async with connect() as connection:

        @connection.on("set")
        def fails(_: CloudVariable) -> None:
            raise ValueError("a listener's own mistake")

        @connection.on("set")
        async def fails_later(_: CloudVariable) -> None:
            raise ValueError("another's")

        heard = hear(connection)
        for value in ("1", "2"):
            scratch.acts.set_cloud("bob", 104, "☁ foo", value)
        await until(lambda: ("change", CloudVariable("foo", "2")) in heard)
        assert ("change", CloudVariable("foo", "1")) in heard


async def test_a_listener_that_waited_for_what_was_cancelled_ends_no_connection(
    connect: Connect, scratch: Scratch
) -> None:
    async with connect() as connection:

        @connection.on("set")
        def waited(_: CloudVariable) -> None:
            raise asyncio.CancelledError

        @connection.on("set")
        async def waited_later(_: CloudVariable) -> None:
            raise asyncio.CancelledError

        heard = hear(connection)
        for value in ("1", "2"):
            scratch.acts.set_cloud("bob", 104, "☁ foo", value)
        await until(lambda: ("change", CloudVariable("foo", "2")) in heard)


async def test_listeners_of_both_kinds_can_set_what_others_read(
    form: str, connect: Connect, scratch: Scratch
) -> None:
    async with connect() as connection:
        if form == "sync":

            @connection.on("set")
            def answer(variable: CloudVariable) -> None:
                connection.set_cloud_variable("pong", int(variable.value) + 1)

        @connection.on("set")
        async def answer_awaited(variable: CloudVariable) -> None:
            name = "pong" if form == "async" else "ping"
            await done(connection.set_cloud_variable(name, int(variable.value) + 1))

        for number in (1, 2, 3):
            scratch.acts.set_cloud("bob", 104, "☁ foo", str(number))
        await until(lambda: scratch.cloud(104, "pong") == "4", "the answer")
        if form == "sync":
            await until(lambda: scratch.cloud(104, "ping") == "4", "the other answer")


async def test_a_connection_that_drops_comes_back_and_tells(
    connect: Connect, scratch: Scratch
) -> None:
    scratch.weather(host="clouddata.scratch.mit.edu", drop_after=0.3)
    async with connect() as connection:
        scratch.weather()
        heard = hear(connection)
        await until(lambda: ("connect",) in heard, "the connection to come back")
        assert heard[:2] == [("handshake",), ("connect",)]
        scratch.acts.set_cloud("bob", 104, "☁ foo", "9")
        await until(lambda: connection.get_cloud_variable("foo") == "9")


async def test_what_was_set_while_it_was_away_is_told_with_who_did_it(
    connect: Connect, scratch: Scratch
) -> None:
    scratch.weather(host="clouddata.scratch.mit.edu", path="/", drop_after=0.3)
    async with connect() as connection:
        scratch.weather(host="clouddata.scratch.mit.edu", path="/", status=503)
        heard = hear(connection)
        record = scratch.sandbox.weather.record
        await until(lambda: any(row["path"] == "/" for row in record), "it to come back in vain")
        scratch.acts.set_cloud("bob", 104, "☁ foo", "2")
        scratch.acts.set_cloud("alice", 104, "☁ foo", "3")
        scratch.weather()
        await until(lambda: connection.get_cloud_variable("foo") == "3")
        await until(lambda: sum(entry[0] == "set" for entry in heard) == 2)
        assert [entry[1] for entry in heard if entry[0] == "set"] == [
            CloudVariable("foo", "2", "bob", "log"),
            CloudVariable("foo", "3", "alice", "log"),
        ]


async def test_closing_twice_changes_nothing_and_a_closed_one_says_so(
    form: str, log_in: LogIn
) -> None:
    async with log_in("alice") as session:
        connection = await done(session.create_cloud_connection(104))
        connection.on("set", print)
        await done(connection.close())
        await done(connection.close())
        if form == "sync":
            with pytest.raises(ScratchbotError, match="not open"):
                connection.on("set", print)
        for use in (connection.get_cloud_variable, connection.delete_cloud_variable):
            with pytest.raises(ScratchbotError, match="not open"):
                await done(use("foo"))


@asynccontextmanager
async def played(form: str, log_in: LogIn) -> AsyncIterator[tuple[list[Any], ServerConnection]]:
    """Give a connection in a list that alone holds it, and its server's end of it."""
    ends: list[ServerConnection] = []

    async def greet(end: ServerConnection) -> None:
        await end.recv()
        await end.send('{"method": "set", "name": "☁ score", "value": 5}\n')
        ends.append(end)
        await end.wait_closed()

    async with serve(greet, "127.0.0.1", 0) as server, log_in("alice") as session:
        host = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        create = partial(session.create_cloud_connection, 104, cloud_host=host)
        # The synchronous form must not block the loop that the server runs in.
        yield [await asyncio.to_thread(create) if form == "sync" else await create()], ends[0]


async def test_what_the_server_ended_for_good_says_why_at_each_use_and_can_be_closed(
    form: str, log_in: LogIn
) -> None:
    async with played(form, log_in) as ([connection], end):
        await end.close(4005)

        def is_over() -> bool:
            try:
                return connection.get_cloud_variable("score") is None
            except ForbiddenError:
                return True

        await until(is_over)
        connection.on("set", print)
        for use in (connection.set_cloud_variable, connection.create_cloud_variable):
            with pytest.raises(ForbiddenError, match="for safety"):
                await done(use("score", 1))
        for _ in range(2):
            await done(connection.close())
        with pytest.raises(ScratchbotError, match="not open"):
            connection.get_cloud_variable("score")


@pytest.mark.parametrize("form", ["async"])
async def test_who_waits_in_connect_hears_why_it_ended_for_good(form: str, log_in: LogIn) -> None:
    async with played(form, log_in) as ([connection], end):
        waiting = asyncio.create_task(connection.connect())
        await asyncio.sleep(0)
        await end.close(4005)
        with pytest.raises(ForbiddenError, match="for safety"):
            await waiting


async def test_an_opening_that_is_broken_off_leaves_no_connection(endpoint: str) -> None:
    ends: list[ServerConnection] = []

    async def say_nothing(end: ServerConnection) -> None:
        ends.append(end)
        await end.wait_closed()

    async with serve(say_nothing, "127.0.0.1", 0) as server, AsyncScratchSession() as session:
        host = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        opening = asyncio.create_task(session.create_cloud_connection(104, cloud_host=host))
        await until(lambda: ends)
        opening.cancel()
        await asyncio.wait_for(ends[0].wait_closed(), 10)
        with pytest.raises(asyncio.CancelledError):
            await opening


async def test_the_asynchronous_connection_of_a_closed_session_says_so(endpoint: str) -> None:
    with ScratchSession("alice", "wonderland") as session:
        connection = session.create_cloud_connection(104, is_async=True)
    for use in (connection.opened, connection.connect):
        with pytest.raises(ClosedError):
            await asyncio.wait_for(use(), 10)


async def test_a_session_s_connections_can_be_closed_after_it(log_in: LogIn) -> None:
    async with log_in("alice") as session:
        connection = await done(session.create_cloud_connection(104))
    await done(connection.close())


@pytest.mark.parametrize("form", ["sync"])
async def test_closing_waits_for_the_listener_that_was_called_and_calls_no_other(
    connect: Connect, scratch: Scratch
) -> None:
    heard, may_end = [], threading.Event()
    async with connect() as connection:

        @connection.on("set")
        def slow(variable: CloudVariable) -> None:
            heard.append(variable.value)
            assert may_end.wait(10)

        for value in "123":
            scratch.acts.set_cloud("bob", 104, "☁ foo", value)
        await until(lambda: heard and connection.get_cloud_variable("foo") == "3")
        closing = asyncio.create_task(asyncio.to_thread(connection.close))
        await until(lambda: connection._connection._socket is None)
        may_end.set()
        await closing
    assert heard == ["1"]


@pytest.mark.parametrize("form", ["sync"])
async def test_a_slow_listener_holds_the_server_up_instead_of_filling_the_memory(
    connect: Connect, scratch: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scratchbot.cloud.audience.WAITING_NOTICES", 10)
    heard, may_end = [], threading.Event()
    async with connect() as connection:

        @connection.on("set")
        def slow(variable: CloudVariable) -> None:
            heard.append(int(variable.value))
            assert may_end.wait(10)

        for value in range(500):
            scratch.acts.set_cloud("bob", 104, "☁ foo", str(value))
            await asyncio.sleep(0)
        await until(lambda: int(connection.get_cloud_variable("foo")) >= 10)
        assert int(connection.get_cloud_variable("foo")) < 400
        may_end.set()
        await until(lambda: len(heard) == 500)
    assert heard == [*range(500)]


@pytest.mark.parametrize("form", ["sync"])
async def test_a_connection_that_nobody_holds_any_more_is_closed(form: str, log_in: LogIn) -> None:
    async with played(form, log_in) as (held, end):
        held.clear()
        gc.collect()
        await asyncio.wait_for(end.wait_closed(), 10)


async def test_closing_the_session_ends_its_connections(
    form: str, log_in: LogIn, scratch: Scratch
) -> None:
    threads = threading.active_count()
    async with log_in("alice") as session:
        connection = await done(session.create_cloud_connection(104))
        hear(connection)
    with pytest.raises(ScratchbotError):
        await done(connection.set_cloud_variable("foo", 1))
    await until(lambda: threading.active_count() <= threads)
    gc.collect()  # what was left open would be said here


async def test_a_connection_is_closed_by_its_block(log_in: LogIn) -> None:
    async with log_in("alice") as session:
        connection = await done(session.create_cloud_connection(104))
        if isinstance(connection, CloudConnection):
            with connection as held:
                held.set_cloud_variable("foo", 1)
        else:
            async with connection as held:
                await held.set_cloud_variable("foo", 1)
        with pytest.raises(ScratchbotError, match="not open"):
            await done(connection.set_cloud_variable("foo", 1))


async def test_a_server_that_does_not_answer_is_said_to_be_down(
    log_in: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aio_cloud, "OPENED_WITHIN", 0.1)
    async with log_in("alice") as session:
        with pytest.raises(SiteDownError, match="does not answer"):
            await done(session.create_cloud_connection(104, cloud_host="ws://127.0.0.1:9"))


async def test_headers_that_are_none_are_not_taken_for_a_server_that_is_down(log_in: LogIn) -> None:
    async with log_in("alice") as session:
        with pytest.raises(TypeError):
            await done(session.create_cloud_connection(104, headers=5))


async def test_another_server_and_other_headers_are_used(form: str, log_in: LogIn) -> None:
    asked: list[Any] = []

    async def greet(socket: ServerConnection) -> None:
        asked.append((socket.request, await socket.recv()))
        await socket.send('{"method": "set", "name": "☁ score", "value": 5}\n')
        await socket.wait_closed()

    async with serve(greet, "127.0.0.1", 0) as server, log_in("alice") as session:
        host = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        headers = {"User-Agent": "a bot of mine", "X-More": "yes"}
        values: list[Any] = ["60917032", False, host, headers]
        if form == "sync":  # which must not block the loop that the server runs in
            connection = await asyncio.to_thread(session.create_cloud_connection, *values)
        else:
            connection = await session.create_cloud_connection(*values)
        assert (connection.project_id, connection.cloud_host) == (60917032, host)
        assert connection.get_cloud_variable("score") == "5"
        await asyncio.to_thread(connection.close) if form == "sync" else await connection.close()
    ((request, greeting),) = asked
    assert (request.headers["User-Agent"], request.headers["X-More"]) == ("a bot of mine", "yes")
    assert "Cookie" not in request.headers, "no other server is told who is logged in"
    assert '"project_id": "60917032"' in greeting


async def test_an_asynchronous_connection_of_a_synchronous_session_runs_until_it_is_closed(
    endpoint: str, scratch: Scratch
) -> None:
    heard: list[str] = []
    with ScratchSession("alice", "wonderland") as session:
        connection = session.create_cloud_connection(104, is_async=True)
        with pytest.raises(ScratchbotError, match="await connect"):
            connection.get_cloud_variable("foo")

        @connection.on("handshake")
        def greeted() -> None:
            heard.append("handshake")

        @connection.on("connect")
        async def connected() -> None:
            try:
                heard.append(connection.get_cloud_variable("foo"))
                await connection.set_cloud_variable("foo", 5)
            finally:
                await connection.close()

        await asyncio.to_thread(connection.run)
        assert heard == ["handshake", "1391203129031"]
        await until(lambda: scratch.cloud(104, "foo") == "5")
        connection.once("connect", connected)
        await connection.connect()
        assert heard[2:] == ["handshake", "5", "5"], "it can be opened again, in another loop"


@pytest.mark.parametrize("form", ["async"])
async def test_who_waits_in_connect_can_be_cancelled(log_in: LogIn) -> None:
    async with log_in("alice") as session:
        connection = await session.create_cloud_connection(104)
        waiting = asyncio.create_task(connection.connect())
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert connection.get_cloud_variable("ping") == "0"
