"""Runs the calls: the clients' in their own environments, ours in this process."""

import asyncio
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from scratchbot import ScratchSession
from tests.interop.conftest import HERE, client, program, proxied_sandbox
from tests.interop.sidebyside.calls import CALLS, There, perform
from tests.interop.sidebyside.comparing import Row
from tests.scratch import Scratch

CLIENTS = ("scratchclient", "scratchattach", "scapi")
RECORDED = HERE / "recorded"
PATIENCE = 120.0


async def record(name: str) -> list[Row]:
    """Return what the calls gave with a client, each row with its ``call``."""
    clients = HERE / "clients"
    driver: tuple[str | Path, ...] = (clients / f"{name}_calls.py",)
    if name == "scratchclient":
        driver = (clients / "through_proxy.py", HERE / "sidebyside" / "calls.py", name)
    async with (
        proxied_sandbox() as environment,
        program(client(name), "-W", "ignore", *driver, **environment) as running,
    ):
        await asyncio.wait_for(running.process.wait(), PATIENCE)
        await asyncio.sleep(0.1)
    rows = [json.loads(line) for line in running.lines if line.startswith('{"')]
    assert running.process.returncode == 0, "".join(running.lines)
    return rows


def recorded(name: str) -> list[Row]:
    """Return what was recorded of a client."""
    return cast("list[Row]", json.loads((RECORDED / f"{name}.json").read_text("utf-8")))


def keep(name: str, rows: list[Row]) -> None:
    """Write down what a client gave, one call a line."""
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    RECORDED.mkdir(exist_ok=True)
    (RECORDED / f"{name}.json").write_text(f"[\n{lines}\n]\n", "utf-8")


def ours(watch: Callable[[str, Scratch, int], None] | None = None) -> dict[str, Row]:
    """Return what the calls give with our session.

    :param watch: is told of each call, and the number of the last request before it.
    """
    local, found = Scratch(), {}
    kept = dict(os.environ)
    os.environ.update(SCRATCHBOT_ENDPOINT=local.address, SCRATCHBOT_LIMITS="off")
    try:
        there = There(ScratchSession, local.address)
        for name, function, effect in CALLS:
            before = _last(local)
            found[name] = perform(there, function, None)
            if watch is not None:
                watch(name, local, before)
            if effect is not None:
                found[name].update(_effect(there, effect))
        there.close()
    finally:
        os.environ.clear()
        os.environ.update(kept)
        local.close()
    return found


def _effect(there: There, effect: Callable[[There], Any]) -> Row:
    return {"effect": perform(there, effect, None)["gives"]}


def _last(local: Scratch) -> int:
    log = local.sandbox.requests.requests
    return log[-1].number if log else 0
