"""Cloud requests beside scratchattach's own."""

import asyncio
import json

import pytest

from scratchbot import AsyncCloudConnection, AsyncScratchSession
from scratchbot.encoding import encode
from scratchbot.wire.cloud import CloudVariable
from tests.interop.bots.requesting import ANSWERS
from tests.interop.conftest import HERE, answer, bot, client, free_port, program, sandbox

pytestmark = [pytest.mark.asyncio, pytest.mark.interop]

PROJECT = 105
VARIABLES = ("TO_HOST", *(f"FROM_HOST_{number}" for number in range(1, 10)))
LONG = "The quick brown fox jumps over the lazy dog. " * 6


class Player:
    """Sets what the sprite would set, and hears what comes back."""

    def __init__(self, connection: AsyncCloudConnection) -> None:
        self.heard: list[tuple[str, str]] = []
        self._connection = connection
        self._number = 12_340
        connection.on("set", self._hear)

    async def ask(self, request: str, *, packets: int = 1) -> str:
        """Ask for something, wait for an answer of so many packets, and return its id."""
        self._number += 1
        digits, request_id = encode(request), f"{self._number}0"
        pieces = [digits[at : at + 245] for at in range(0, len(digits), 245)]
        for piece in pieces[:-1]:
            await self._set(f"-{piece}.{request_id}")
        await self._set(f"{pieces[-1]}.{request_id}", packets)
        return request_id

    async def ask_again(self, request_id: str, place: int) -> None:
        """Ask again for a packet."""
        await self._set(f"{place}.{request_id}9", 1)

    async def _set(self, value: str, packets: int = 0) -> None:
        expected = len(self.heard) + packets
        await self._connection.set_cloud_variable("TO_HOST", value)
        async with asyncio.timeout(20):
            while len(self.heard) < expected:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)

    def _hear(self, variable: CloudVariable) -> None:
        if variable.name.startswith("FROM_HOST_"):
            self.heard.append((variable.name, variable.value))


async def traffic(connection: AsyncCloudConnection) -> list[tuple[str, str]]:
    """Ask for all kinds of things, and return what was set in answer."""
    player = Player(connection)
    await player.ask("ping")
    await player.ask(f"echo&{LONG}", packets=3)
    await player.ask("join&left&right")
    several = await player.ask("items&100", packets=7)
    for place in (0, 3):
        await player.ask_again(several, place)
    await player.ask("unknown&1&2", packets=0)
    for kind, given in ANSWERS.items():
        await player.ask(f"give&{kind}", packets=3 if kind == "long" else given is not None)
    await player.ask("ping")
    return [*player.heard]


async def test_the_same_requests_get_the_same_values_as_from_scratchattach(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with sandbox() as port:
        monkeypatch.setenv("SCRATCHBOT_ENDPOINT", f"http://127.0.0.1:{port}")
        monkeypatch.setenv("SCRATCHBOT_LIMITS", "off")
        async with (
            AsyncScratchSession("alice", "wonderland") as session,
            await session.create_cloud_connection(PROJECT) as connection,
        ):
            for name in VARIABLES:
                await connection.create_cloud_variable(name)
            theirs = HERE / "clients" / "scratchattach_requests.py"
            run = (client("scratchattach"), theirs, json.dumps(ANSWERS))
            async with program(*run, SANDBOX_PORT=port) as server:
                await server.prints("ready")
                expected = await traffic(connection)
            async with bot("requesting", port):
                found = await traffic(connection)
    assert found == expected
    assert len(found) > 20


async def test_requests_are_answered_on_the_server_that_scratchattach_ships() -> None:
    port, python = free_port(), client("scratchattach")
    address, clients = f"ws://127.0.0.1:{port}", HERE / "clients"
    asked = {"ping": "pong", f"echo&{LONG[:100]}": LONG[:100], "join&a&b": "b a"}
    async with (
        program(python, clients / "scratchattach_server.py", str(port)),
        bot("requesting", None, CLOUD_HOST=address) as requesting,
    ):
        asking = (python, clients / "scratchattach_asks.py", address, json.dumps(list(asked)))
        seen = await answer(*asking)
        printed = "".join(requesting.lines)
    assert seen["answers"] == list(asked.values()), printed
