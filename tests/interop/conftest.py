"""The sandbox, a bot and foreign programs, each as a process of its own."""

import asyncio
import json
import os
import re
import shutil
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent
HERE = Path(__file__).parent
CACHE = ROOT / ".cache"
PATIENCE = 60.0


class Program:
    """A running program and the lines it has printed."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.lines: list[str] = []

    async def gather(self) -> None:
        """Read what it prints until it ends."""
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            self.lines.append(line.decode())

    async def prints(self, text: str) -> str:
        """Wait for a line that holds a text, and return it."""
        for _ in range(int(PATIENCE / 0.05)):
            found = next((line for line in self.lines if text in line), None)
            if found is not None:
                return found
            if self.process.returncode is not None:
                break
            await asyncio.sleep(0.05)
        raise AssertionError(f"waited in vain for {text!r} in:\n{''.join(self.lines)}")


@asynccontextmanager
async def program(*arguments: str | Path, **environment: str) -> AsyncIterator[Program]:
    """Run a program until the block ends."""
    process = await asyncio.create_subprocess_exec(
        *arguments,
        env={**os.environ, "PYTHONUNBUFFERED": "1", **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    running = Program(process)
    gathering = asyncio.create_task(running.gather())
    try:
        yield running
    finally:
        await _end(process)
        await gathering


async def _end(process: asyncio.subprocess.Process) -> None:
    """End a program: kindly, so that what it has measured is written, else for good."""
    if process.returncode is None:
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), 10)
        except TimeoutError:
            process.kill()
    await process.wait()


async def answer(*arguments: str | Path, **environment: str) -> Any:
    """Run a program to its end and return the JSON that it printed last."""
    async with program(*arguments, **environment) as running:
        status = await asyncio.wait_for(running.process.wait(), PATIENCE)
        await asyncio.sleep(0)
    printed = "".join(running.lines)
    assert status == 0, printed
    found = [line for line in running.lines if line.startswith("{")]
    assert found, printed
    return json.loads(found[-1])


def client(name: str) -> Path:
    """Return the Python of a client's own environment."""
    python = CACHE / "clients" / name / "bin" / "python"
    assert python.exists(), "run .ci/setup-clients first"
    return python


def version(name: str) -> str:
    """Return the version of a client that is pinned."""
    pins = (HERE / "requirements" / f"{name}.txt").read_text("utf-8").splitlines()
    return next(pin.partition("==")[2] for pin in pins if pin.lower().startswith(f"{name}=="))


def node() -> str:
    """Return Node.js: the machine's, or the one that .ci/setup-node got."""
    found = shutil.which("node", path=f"{CACHE / 'nodejs' / 'bin'}{os.pathsep}{os.environ['PATH']}")
    assert found, "run .ci/setup-node first"
    return found


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@asynccontextmanager
async def sandbox() -> AsyncIterator[str]:
    """Run ``scratchbot sandbox`` and give its port."""
    command = (sys.executable, "-m", "scratchbot", "sandbox", "--port", "0", "--no-limits")
    async with program(*command) as running:
        line = await running.prints("SCRATCHBOT_ENDPOINT=")
        yield line.strip().rpartition(":")[2]


@asynccontextmanager
async def proxied_sandbox() -> AsyncIterator[dict[str, str]]:
    """Run ``scratchbot sandbox --proxy`` and give the variables that send programs to it."""
    command = (sys.executable, "-m", "scratchbot", "sandbox", "--port", "0", "--no-limits")
    async with program(*command, "--proxy") as running:
        endpoint = (await running.prints("SCRATCHBOT_ENDPOINT=")).strip().rpartition("=")[2]
        await running.prints("NODE_EXTRA_CA_CERTS=")
        exports = " ".join(line.strip() for line in running.lines if " export " in line)
        pairs = re.findall(r"([A-Z_]+)=(\S+)", exports)
        yield {**dict(pairs), "SANDBOX": endpoint}


@asynccontextmanager
async def bot(name: str, port: str | None, **environment: str) -> AsyncIterator[Program]:
    """Run one of the bots with ``scratchbot run``, ready and with its cloud socket open."""
    own = {
        "SCRATCHBOT_ENDPOINT": f"http://127.0.0.1:{port}",
        "SCRATCHBOT_LIMITS": "off",
        "SCRATCHBOT_USERNAME": "demo-bot",
        "SCRATCHBOT_PASSWORD": "beepboop",
    }
    command = (sys.executable, "-m", "scratchbot", "run", HERE / "bots" / f"{name}.py")
    async with program(*command, **(own if port is not None else {}), **environment) as running:
        await running.prints("bot_ready")
        await running.prints("cloud.connect")
        yield running


@pytest.fixture
def figures() -> Path:
    """Give the folder where measured figures are kept for the docs."""
    folder = CACHE / "figures"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
