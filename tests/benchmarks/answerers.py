"""The other side of the game of ``tests/interop/node/play.mjs``: bare|connection PORT.

Sets pong to whatever ping is set to, in the sandbox, until the process is ended. ``bare`` is a loop
that does no more than that.
"""

import asyncio
import json
import sys

import aiohttp
from websockets.asyncio.client import connect

from scratchbot import AsyncScratchSession
from scratchbot.wire.cloud import CloudVariable
from tests.benchmarks.sandbox import session_cookie

PROJECT = 104
HOST = "clouddata.scratch.mit.edu"


async def bare(port: str) -> None:
    """Answer by a loop."""
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http:
        cookie = await session_cookie(http)
    headers = {"Cookie": cookie, "Origin": "https://scratch.mit.edu"}
    async with connect(
        f"ws://{HOST}/",
        additional_headers=headers,
        user_agent_header="a bare loop",
        compression=None,
        host="127.0.0.1",
        port=int(port),
    ) as socket:
        who = {"user": "alice", "project_id": str(PROJECT)}
        await socket.send(json.dumps({"method": "handshake", **who}) + "\n")
        await socket.recv()
        print("ready", flush=True)
        async for frame in socket:
            for line in filter(None, str(frame).split("\n")):
                packet = json.loads(line)
                if packet["name"] == "☁ ping":
                    answer = {"method": "set", **who, "name": "☁ pong", "value": packet["value"]}
                    await socket.send(json.dumps(answer) + "\n")


async def connection(_: str) -> None:
    """Answer by a connection."""
    async with AsyncScratchSession("demo-bot", "beepboop") as session:
        opened = await session.create_cloud_connection(PROJECT, is_async=True)

        @opened.on("set")
        async def answer(variable: CloudVariable) -> None:
            if variable.name == "ping":
                await opened.set_cloud_variable("pong", variable.value)

        print("ready", flush=True)
        await opened.connect()


if __name__ == "__main__":
    asyncio.run({"bare": bare, "connection": connection}[sys.argv[1]](sys.argv[2]))
