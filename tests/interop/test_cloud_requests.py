"""Cloud requests beside scratchattach's own."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from scratchbot import AsyncCloudConnection, AsyncScratchSession
from scratchbot.encoding import encode
from scratchbot.wire.cloud import CloudVariable
from scratchbot_cloud_requests.wire import packets
from tests.interop.bots.requesting import ANSWERS
from tests.interop.conftest import (
    CACHE,
    HERE,
    Program,
    answer,
    bot,
    client,
    free_port,
    node,
    program,
    sandbox,
)

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
        await self.until(lambda: len(self.heard) >= expected)
        await asyncio.sleep(0.1)  # as the sprite does

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until a condition holds."""
        async with asyncio.timeout(20):
            while not condition():  # noqa: ASYNC110
                await asyncio.sleep(0.01)

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


@asynccontextmanager
async def place(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[str, AsyncCloudConnection]]:
    """Give a sandbox's port, and a connection to a project that has the sprite's variables."""
    async with sandbox() as port:
        monkeypatch.setenv("SCRATCHBOT_ENDPOINT", f"http://127.0.0.1:{port}")
        monkeypatch.setenv("SCRATCHBOT_LIMITS", "off")
        async with (
            AsyncScratchSession("scratchcat", "hunter2") as session,
            await session.create_cloud_connection(PROJECT) as connection,
        ):
            for name in VARIABLES:
                await connection.create_cloud_variable(name)
            yield port, connection


@asynccontextmanager
async def paced_bot(port: str, *flags: str | Path) -> AsyncIterator[Program]:
    """Run the bot at the pace that it has on Scratch: a project looks thirty times a second."""
    settings = {
        "SCRATCHBOT_ENDPOINT": f"http://127.0.0.1:{port}",
        "SCRATCHBOT_LIMITS": "on",
        "SCRATCHBOT_USERNAME": "demo-bot",
        "SCRATCHBOT_PASSWORD": "beepboop",
    }
    run = (sys.executable, "-m", "scratchbot", "run", HERE / "bots" / "requesting.py", *flags)
    async with program(*run, **settings) as running:
        await running.prints("bot_ready")
        await running.prints("cloud.connect")
        yield running


async def asked_in_the_vm(
    port: str, login: tuple[str, str], requests: list[str], lost: list[int]
) -> list[list[str]]:
    """Ask from a project in the official VM, and return the lines of each answer."""
    run = (node(), HERE / "node" / "requests.mjs", CACHE / "node", port, *login)
    seen = await answer(*run, json.dumps(requests), json.dumps(lost))
    assert seen["errors"] == []
    return [each["lines"] for each in seen["answers"]]


async def test_the_same_requests_get_the_same_values_as_from_scratchattach(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with place(monkeypatch) as (port, connection):
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


async def test_requests_are_answered_on_turbowarp_too(monkeypatch: pytest.MonkeyPatch) -> None:
    host = "clouddata.turbowarp.org"
    async with sandbox() as port:
        monkeypatch.setenv("SCRATCHBOT_ENDPOINT", f"http://127.0.0.1:{port}")
        monkeypatch.setenv("SCRATCHBOT_LIMITS", "off")
        async with (
            bot("requesting", port, CLOUD_HOST=host),
            AsyncScratchSession("alice", "wonderland") as session,
            await session.create_cloud_connection(PROJECT, cloud_host=host) as connection,
        ):
            player = Player(connection)
            request_id = await player.ask(f"echo&{LONG}", packets=3)
    assert [value for _, value in player.heard] == packets(request_id, LONG)


async def test_a_project_in_the_official_vm_gets_its_answers_whatever_is_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = {
        "ping": ["pong"],
        "items&3": ["item 0", "item 1", "item 2"],
        "items&100": [f"item {number}" for number in range(100)],
        f"echo&{LONG}": [LONG],
        "give&long": [str(ANSWERS["long"])],
        "give&strange": ["caf    tab end"],
        "items&0": [],
        "join&left": ["Write it like this: join&(left)&(right)"],
    }
    async with place(monkeypatch) as (port, _), paced_bot(port) as answering:
        lines = await asked_in_the_vm(port, ("alice", "wonderland"), [*asked], [2, 5, 11])
    assert dict(zip(asked, lines, strict=True)) == asked, "".join(answering.lines)


async def test_several_projects_in_official_vms_are_served_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    players = {"alice": "wonderland", "bob": "builder"}
    requests = {name: [f"echo&{name} {number}" for number in range(10)] for name in players}
    async with place(monkeypatch) as (port, _), paced_bot(port):
        found = await asyncio.gather(
            *(asked_in_the_vm(port, (name, players[name]), requests[name], []) for name in players)
        )
    for name, lines in zip(players, found, strict=True):
        assert lines == [[f"{name} {number}"] for number in range(10)]


async def test_a_bot_that_is_killed_in_the_middle_of_an_answer_goes_on_with_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    flags = ("--store", tmp_path / "bot.db")
    async with place(monkeypatch) as (port, connection):
        player = Player(connection)
        async with paced_bot(port, *flags) as running:
            request_id = await player.ask("items&200", packets=4)
            running.process.kill()
            await running.process.wait()
        assert len(player.heard) < 14
        async with paced_bot(port, *flags):
            await player.until(lambda: player.heard[-1][1].endswith(f".{request_id}2222"))
    values = [value for _, value in player.heard]
    assert [*dict.fromkeys(values)] == packets(request_id, [f"item {n}" for n in range(200)])
    assert len(values) <= 14 + 1, "at most the packet that was being sent is sent again"
