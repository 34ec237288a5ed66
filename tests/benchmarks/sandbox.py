"""How fast the sandbox is: each figure beside a floor or a peer of the same run.

Run it with ``make bench``. Figures are printed, never asserted: machines differ.
"""

import asyncio
import json
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

WORKERS = 8
ROUNDS = 5
SECONDS = 2.0
BIG = 100_000
SOCKETS, PROJECTS, SETS_A_SECOND = 1_000, 50, 100
API = "api.scratch.mit.edu"
FIRST_PROJECT = 800_000_001
"""The first that ``--size`` makes."""

_FLOOR = """
import asyncio, sys
from aiohttp import web
body = sys.stdin.buffer.read()
async def answer(_): return web.Response(body=body, content_type="application/json")
async def main():
    app = web.Application(); app.router.add_get("/", answer)
    runner = web.AppRunner(app, access_log=None); await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"at http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await asyncio.Event().wait()
asyncio.run(main())
"""


@asynccontextmanager
async def server(*arguments: str, given: bytes = b"") -> AsyncIterator[str]:
    """Run a server as a process of its own and give its address."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(given)
    process.stdin.close()
    try:
        line = (await process.stdout.readline()).decode()
        yield next(word for word in line.split() if word.startswith("http"))
    finally:
        process.kill()
        await process.wait()


def sandbox(*more: str) -> Any:
    """Run ``scratchbot sandbox`` without limits."""
    return server("-m", "scratchbot", "sandbox", "--port", "0", "--no-limits", *more)


async def rate(address: str, path: str, host: str) -> float:
    """Return how many requests a second are answered over connections that stay open."""
    done, end = 0, time.perf_counter() + SECONDS

    async def work(http: aiohttp.ClientSession) -> None:
        nonlocal done
        while time.perf_counter() < end:
            async with http.get(path, headers={"Host": host}) as answer:
                assert answer.status == 200
                await answer.read()
            done += 1

    async with aiohttp.ClientSession(address) as http:
        began = time.perf_counter()
        await asyncio.gather(*(work(http) for _ in range(WORKERS)))
        return done / (time.perf_counter() - began)


async def comment_page(address: str) -> tuple[str, bytes]:
    """Return the path of a page of 40 comments, and the page; fill it first where it is short."""
    path = "/users/scratchcat/projects/104/comments?limit=40"
    async with aiohttp.ClientSession(address) as http:
        for number in range(40):
            said = {"act": "comment", "who": "alice", "place": "project:104"}
            body = {**said, "text": f"Comment number {number}, about as long as most are"}
            async with http.post("/sandbox/act", json=body, headers={"Origin": address}) as answer:
                assert not (await answer.json())["message"]
        async with http.get(path, headers={"Host": API}) as answer:
            raw = await answer.read()
    assert len(json.loads(raw)) == 40
    return path, raw


async def measure_requests() -> dict[str, float]:
    """Measure the comment page in the default world, in a big one, and a bare server's floor.

    The three servers take turns, so that what else the machine does strikes all of them.
    """
    began = time.perf_counter()
    async with sandbox("--size", str(BIG)) as big, sandbox() as small:
        loaded = time.perf_counter() - began
        path, raw = await comment_page(small)
        await comment_page(big)
        async with server("-c", _FLOOR, given=raw) as floor:
            turns = {"default": (small, path), "big": (big, path), "floor": (floor, "/")}
            rates: dict[str, list[float]] = {name: [] for name in turns}
            for _ in range(ROUNDS):
                for name, (address, asked) in turns.items():
                    rates[name].append(await rate(address, asked, API))
    medians = {name: statistics.median(found) for name, found in rates.items()}
    return {**medians, "big_start_seconds": loaded}


async def session_cookie(http: aiohttp.ClientSession) -> str:
    """Log in and return the cookie of the session, which all sockets share."""
    headers = {"Host": "scratch.mit.edu", "X-CSRFToken": "a", "Cookie": "scratchcsrftoken=a"}
    login = {"username": "alice", "password": "wonderland"}
    async with http.post("/accounts/login/", json=login, headers=headers) as answer:
        assert answer.status == 200
        return f"scratchsessionsid={answer.cookies['scratchsessionsid'].value}"


async def measure_sockets() -> dict[str, float]:
    """Measure how long a set takes to reach the others in its project."""
    many = aiohttp.TCPConnector(limit=0)
    async with (
        sandbox("--size", str(PROJECTS)) as address,
        aiohttp.ClientSession(address, connector=many) as http,
    ):
        delays: list[float] = []
        headers = {"Host": "clouddata.scratch.mit.edu", "Cookie": await session_cookie(http)}
        sockets = []
        for number in range(SOCKETS):
            socket = await http.ws_connect("/", headers=headers)
            room = {"user": "alice", "project_id": str(FIRST_PROJECT + number % PROJECTS)}
            packets = [{"method": "handshake", **room}]
            if number < PROJECTS:
                packets.append({"method": "create", **room, "name": "☁ t", "value": "0"})
            await socket.send_str("".join(json.dumps(packet) + "\n" for packet in packets))
            sockets.append(socket)

        async def hear(socket: aiohttp.ClientWebSocketResponse) -> None:
            async for message in socket:
                now = time.perf_counter()
                sent = [float(json.loads(line)["value"]) for line in str(message.data).splitlines()]
                delays.extend(now - one for one in sent if one)

        hearing = [asyncio.create_task(hear(socket)) for socket in sockets]
        for number in range(int(SECONDS * SETS_A_SECOND)):
            began = time.perf_counter()
            packet = {"method": "set", "name": "☁ t", "value": f"{began:.6f}"}
            await sockets[number % SOCKETS].send_str(json.dumps(packet) + "\n")
            await asyncio.sleep(max(0.0, 1 / SETS_A_SECOND - (time.perf_counter() - began)))
        await asyncio.sleep(0.5)
        for task in hearing:
            task.cancel()
    percentiles = statistics.quantiles(delays, n=100)
    heard, expected = len(delays), int(SECONDS * SETS_A_SECOND) * (SOCKETS // PROJECTS - 1)
    return {
        "p50_ms": percentiles[49] * 1000,
        "p99_ms": percentiles[98] * 1000,
        "heard": heard,
        "expected": expected,
    }


async def start_seconds(*command: str) -> float:
    """Return how long a program takes until its first line, the best of five."""
    times = []
    for _ in range(5):
        began = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            sys.executable, *command, stdout=asyncio.subprocess.PIPE
        )
        assert process.stdout is not None
        await process.stdout.readline()
        times.append(time.perf_counter() - began)
        process.kill()
        await process.wait()
    return min(times)


async def measure_start() -> dict[str, float]:
    """Measure the start of a sandbox: its world, its process, and a bare Python beside it."""
    code = (
        "import time, asyncio; from scratchbot.sandbox import Sandbox, load_world\n"
        "async def main():\n"
        "    began = time.perf_counter()\n"
        "    async with Sandbox(load_world(), clock=time.time).serve():\n"
        "        print(time.perf_counter() - began)\n"
        "asyncio.run(main())"
    )
    inside = float(subprocess.check_output([sys.executable, "-c", code]))
    program = await start_seconds("-m", "scratchbot", "sandbox", "--port", "0")
    bare = await start_seconds("-c", "import aiohttp.web; print(1)")
    return {"world_and_server": inside, "program": program, "import_aiohttp_web": bare}


async def main() -> None:
    """Measure and print everything."""
    start = await measure_start()
    print("start of the default world, seconds")
    print(f"  world and server                {start['world_and_server']:.3f}")
    ratio = start["program"] / start["import_aiohttp_web"]
    print(f"  the whole program               {start['program']:.3f}")
    print(f"  python importing aiohttp.web    {start['import_aiohttp_web']:.3f} (x {ratio:.2f})")
    requests = await measure_requests()
    print("a project's comment page of 40, requests a second, one process")
    print(f"  default world                   {requests['default']:.0f}")
    big = requests["big"] / requests["default"]
    print(f"  {BIG} projects, {10 * BIG} comments  {requests['big']:.0f} (x {big:.2f})")
    floor = requests["default"] / requests["floor"]
    print(
        f"  aiohttp with the same bytes     {requests['floor']:.0f} (the sandbox is x {floor:.2f})"
    )
    print(f"  the big world is there after    {requests['big_start_seconds']:.1f} s")
    sockets = await measure_sockets()
    print(f"{SOCKETS} cloud sockets on {PROJECTS} projects, {SETS_A_SECOND} sets a second")
    print(f"  p50 {sockets['p50_ms']:.1f} ms, p99 {sockets['p99_ms']:.1f} ms")
    print(f"  {sockets['heard']:.0f} of {sockets['expected']:.0f} heard")


if __name__ == "__main__":
    asyncio.run(main())
