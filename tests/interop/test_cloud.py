"""Cloud variables with the official VM, and with scratchattach on both sides."""

import json
from pathlib import Path

import pytest

from tests.interop.conftest import (
    CACHE,
    HERE,
    answer,
    bot,
    client,
    free_port,
    node,
    program,
    sandbox,
)

pytestmark = [pytest.mark.asyncio, pytest.mark.interop]

SECONDS = 10


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
