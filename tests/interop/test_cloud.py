"""Cloud variables with the official VM, with other clients, and with another server."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from scratchbot import AsyncScratchSession
from tests.interop.conftest import (
    CACHE,
    HERE,
    PATIENCE,
    Program,
    answer,
    bot,
    client,
    free_port,
    node,
    program,
    sandbox,
)
from tests.scratch import Scratch

pytestmark = [pytest.mark.asyncio, pytest.mark.interop]

SECONDS = int(os.environ.get("PLAY_SECONDS", "10"))


async def test_the_official_vm_plays_with_the_bot_and_all_see_a_third_one_s_set(
    figures: Path,
) -> None:
    home = CACHE / "node"
    assert (home / "stamp").exists(), "run .ci/setup-node first"
    play = (node(), HERE / "node" / "play.mjs", home)
    async with sandbox() as port, bot("answering", port) as answering:
        async with program(*play, port, str(SECONDS), "alice", "wonderland") as vm:
            await vm.prints('"ready"')
            setter = HERE / "clients" / "scratchattach_set.py"
            python = client("scratchattach")
            async with program(python, setter, "foo", "424242", SANDBOX_PORT=port) as third:
                assert await third.process.wait() == 0, "".join(third.lines)
            seen = json.loads(await vm.prints('"rounds"'))
        await answering.prints("foo=424242")
    assert seen["errors"] == []
    assert seen["goesOn"], "a round was lost"
    assert seen["longestRound"] < 2000, "a round was lost for a while"
    assert seen["rounds"] >= 5 * SECONDS
    assert float(seen["foo"]) == 424242
    seen["rounds_a_second"] = round(seen["rounds"] / seen["seconds"], 1)
    (figures / "vm.json").write_text(json.dumps(seen))


async def test_the_cloud_watch_works_on_the_server_that_scratchattach_ships() -> None:
    port, python = free_port(), client("scratchattach")
    address, rounds = f"ws://127.0.0.1:{port}", 10
    clients = HERE / "clients"
    async with (
        program(python, clients / "scratchattach_server.py", str(port)) as server,
        bot("elsewhere", None, CLOUD_HOST=address) as elsewhere,
    ):
        seen = await answer(python, clients / "scratchattach_player.py", address, str(rounds))
        printed = "".join(elsewhere.lines)
    assert seen["heard"] == list(range(1, rounds + 1)), printed + "".join(server.lines)
    assert "Traceback" not in printed


PLAYERS = {
    "token": ("alice", "wonderland"),
    "cookie": ("bob", "builder"),
    "scratchattach": ("scratchcat", "hunter2"),
    "scapi": ("griffpatch", "realpassword"),
    "scratchclient": ("Za-Chary", "za-chary"),
    "ours": ("demo-bot", "beepboop"),
}
"""Each counts the variable of its name; the first two are the VM, by how it logs in."""
VARIABLES = ["foo", *PLAYERS]


@asynccontextmanager
async def player(name: str, scratch: Scratch) -> AsyncIterator[Program]:
    """Run somebody else's client, ready to play."""
    (user, password), port = PLAYERS[name], scratch.address.rpartition(":")[2]
    command: tuple[str | Path, ...]
    if name in ("token", "cookie"):
        everybody = HERE / "node" / "everybody.mjs"
        home = CACHE / "node"
        command = (node(), everybody, home, port, user, password, name, json.dumps(VARIABLES), name)
    else:
        script = HERE / "clients" / f"{name}_everybody.py"
        launcher = [HERE / "clients" / "through_proxy.py"] if name == "scratchclient" else []
        command = (client(name), "-W", "ignore", *launcher, script, user, password, name)
    async with program(*command, **scratch.environment) as running:
        await running.prints('"ready"')
        yield running


async def play_ours(scratch: Scratch) -> dict[str, int]:
    """Play as the others do, over a connection of ours; return what it sees at the end."""
    signals = {value: asyncio.Event() for value in "12"}
    user, password = PLAYERS["ours"]
    async with AsyncScratchSession(user, password) as session:
        connection = await session.create_cloud_connection(104)

        @connection.on("set")
        def hear(variable: Any) -> None:
            if variable.name == "foo" and variable.value in signals:
                signals[variable.value].set()

        number = 0
        while not signals["1"].is_set():
            number += 1
            await connection.set_cloud_variable("ours", number)
            await asyncio.sleep(0.3)
        await asyncio.wait_for(signals["2"].wait(), PATIENCE)
        return {name: int(connection.get_cloud_variable(name)) for name in VARIABLES}


async def test_all_clients_that_play_one_project_see_the_same_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scratch = Scratch()
    scratch.user("scratchcat").set_cloud(104, "foo", 0)
    for name in ("ping", "pong"):
        scratch.acts.delete_cloud("scratchcat", 104, f"☁ {name}")
    for name in PLAYERS:
        scratch.user("scratchcat").set_cloud(104, name, 0)
    for key in ("SCRATCHBOT_ENDPOINT", "SCRATCHBOT_LIMITS"):
        monkeypatch.setenv(key, scratch.environment[key])
    try:
        async with AsyncExitStack() as stack:
            others = [name for name in PLAYERS if name != "ours"]
            playing = [await stack.enter_async_context(player(name, scratch)) for name in others]
            ours = asyncio.create_task(play_ours(scratch))
            await asyncio.sleep(SECONDS)
            scratch.user("scratchcat").set_cloud(104, "foo", 1)
            for one in playing:
                await one.prints('"last"')
            scratch.user("scratchcat").set_cloud(104, "foo", 2)
            told = [json.loads(await one.prints('"view"')) for one in playing]
            seen = {
                **dict(zip(others, (one["view"] for one in told), strict=True)),
                "ours": await ours,
            }
        held = {name: int(scratch.cloud(104, name) or 0) for name in VARIABLES}
    finally:
        scratch.close()
    assert [one["errors"] for one in told] == [[]] * len(told)
    assert seen == dict.fromkeys(PLAYERS, held)
    assert all(held[name] > SECONDS for name in PLAYERS)


async def test_the_watch_lives_through_the_death_of_the_server_that_scratchattach_ships() -> None:
    port, python = free_port(), client("scratchattach")
    address, clients = f"ws://127.0.0.1:{port}", HERE / "clients"
    serving = (python, clients / "scratchattach_server.py", str(port))
    async with AsyncExitStack() as stack:
        async with program(*serving) as server:
            elsewhere = await stack.enter_async_context(bot("elsewhere", None, CLOUD_HOST=address))
            command = (python, clients / "scratchattach_persists.py", address)
            persisting = await stack.enter_async_context(program(*command))
            await persisting.prints("heard 10\n")
            server.process.kill()
            await server.process.wait()
        await elsewhere.prints("cloud.disconnect")
        async with program(*serving):
            await persisting.prints("went on\n")
            printed = "".join(elsewhere.lines)
    assert "Traceback" not in printed
