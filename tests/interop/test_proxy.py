"""Programs that know nothing of the sandbox reach it through the proxy, and nothing else."""

import asyncio
import shutil
from pathlib import Path

import pytest

from scratchbot.testing import Scratch
from scratchbot.testing.plugin import scratch
from tests.interop.conftest import HERE, answer, client, node, program

pytestmark = [pytest.mark.asyncio, pytest.mark.interop]

__all__ = ["scratch"]

URL = "https://api.scratch.mit.edu/projects/104"


async def output(*command: str | Path, **environment: str) -> tuple[int | None, str]:
    async with program(*command, **environment) as running:
        await asyncio.wait_for(running.process.wait(), 30)
        await asyncio.sleep(0.05)
    return running.process.returncode, "".join(running.lines)


async def test_curl_reaches_the_sandbox_and_no_other_host(scratch: Scratch) -> None:
    curl = shutil.which("curl")
    assert curl, "install curl"
    status, text = await output(curl, "-sS", URL, **scratch.environment)
    assert (status, text[:11]) == (0, '{"id": 104,')
    status, text = await output(curl, "-sS", "https://example.com/", **scratch.environment)
    assert status == 56
    assert "403" in text


async def test_node_reaches_the_sandbox_with_its_certificate(scratch: Scratch) -> None:
    status, text = await output(node(), HERE / "node" / "tunnel.mjs", **scratch.environment)
    assert status == 0, text
    assert '"title": "Cloud playground"' in text


async def test_a_bot_made_with_scratchattach_is_tested_with_the_fixture(scratch: Scratch) -> None:
    asked = scratch.user("alice").comment(104, "!hello")
    python, driver = client("scratchattach"), HERE / "clients" / "scratchattach_bot.py"
    said = await answer(python, "-W", "ignore", driver, **scratch.environment)
    assert said == {"answered": 1}
    assert asked.replies == ["Hello, alice!"]
