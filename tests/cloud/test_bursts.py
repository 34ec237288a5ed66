"""All that a server has said by now is taken at once."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from scratchbot.cloud.bursts import MOST, BurstConnection
from tests.scratch import until

pytestmark = pytest.mark.asyncio


@asynccontextmanager
async def hearing(
    say: Callable[[ServerConnection], Coroutine[Any, Any, None]],
    every: float = 20.0,
) -> AsyncIterator[BurstConnection]:
    """Connect to a server that says something and then closes."""
    async with serve(say, "127.0.0.1", 0, compression=None) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        opening = connect(
            f"ws://127.0.0.1:{port}",
            create_connection=BurstConnection,
            compression=None,
            ping_interval=every,
            ping_timeout=every,
        )
        async with opening as connection:
            assert isinstance(connection, BurstConnection)
            yield connection


async def all_said(connection: BurstConnection) -> list[bytes]:
    messages: list[bytes] = []
    with pytest.raises(ConnectionClosed):
        while True:
            messages += await connection.take()
    return messages


async def test_messages_come_in_order_and_whole_before_the_end_is_told() -> None:
    async def say(server: ServerConnection) -> None:
        await server.send("one")
        await server.send(iter(["", "t", "w", "", "o"]))
        await server.send(b"three")
        await server.send("")

    async with hearing(say) as connection:
        await connection.wait_closed()
        assert await all_said(connection) == [b"one", b"two", b"three", b""]


@pytest.mark.parametrize("pieces", [[b"\xff\xfe"], [b"caf", b"\xc3"]])
async def test_text_that_is_no_unicode_ends_the_connection(pieces: list[bytes]) -> None:
    async def say(server: ServerConnection) -> None:
        await server.send("one")
        await server.send(iter(pieces), text=True)
        await server.send("two")
        await server.wait_closed()

    async with hearing(say) as connection:
        assert await all_said(connection) == [b"one"]


async def test_bytes_and_characters_in_pieces_are_taken_as_they_are() -> None:
    async def say(server: ServerConnection) -> None:
        await server.send(b"\xff\xfe")
        await server.send(iter([b"caf", b"\xc3", b"\xa9"]), text=True)

    async with hearing(say) as connection:
        assert await all_said(connection) == [b"\xff\xfe", "café".encode()]


async def test_whoever_waits_is_told_of_the_end() -> None:
    async def say(server: ServerConnection) -> None:
        await server.recv()

    async with hearing(say) as connection:
        waiting = asyncio.create_task(connection.take())
        await connection.send("now")
        with pytest.raises(ConnectionClosed):
            await asyncio.wait_for(waiting, 5)


async def test_waiting_in_vain_loses_nothing() -> None:
    async def say(server: ServerConnection) -> None:
        await server.recv()
        await server.send("one")
        await server.recv()

    async with hearing(say) as connection:
        waiting = asyncio.create_task(connection.take())
        await asyncio.sleep(0)
        waiting.cancel()
        await connection.send("now")
        assert await connection.take() == [b"one"]
        await connection.send("now")


async def test_what_is_not_taken_stays_with_the_server() -> None:
    count, said = 2_000, []

    async def say(server: ServerConnection) -> None:
        for number in range(count):
            await server.send(str(number).zfill(10_000))
            said.append(number)

    async with hearing(say) as connection:
        await until(lambda: connection._is_held)
        for _ in range(100):
            await asyncio.sleep(0)
        assert len(connection._messages) < 2 * MOST
        assert len(said) < count
        assert [int(message.lstrip(b"0") or 0) for message in await all_said(connection)] == [
            *range(count)
        ]


async def test_a_server_that_is_kept_waiting_is_not_taken_for_one_that_is_gone() -> None:
    async def say(server: ServerConnection) -> None:
        for number in range(MOST):
            await server.send(str(number))
        await server.wait_closed()

    every = 0.03
    async with hearing(say, every) as connection:
        await until(lambda: connection._is_held)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(connection.wait_closed(), 5 * every)
        assert len(await connection.take()) == MOST
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(connection.wait_closed(), 5 * every)


async def test_a_server_that_answers_no_more_after_it_was_kept_waiting_is_left() -> None:
    is_over = asyncio.Event()

    async def say(server: ServerConnection) -> None:
        for number in range(MOST):
            await server.send(str(number))
        server.transport.pause_reading()
        await is_over.wait()
        server.transport.abort()

    async with hearing(say, 0.03) as connection:
        await until(lambda: connection._is_held)
        await connection.take()
        try:
            await asyncio.wait_for(connection.wait_closed(), 5)
        finally:
            is_over.set()
