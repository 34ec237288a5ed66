"""The official VM plays a cloud game, with each of the others in turn: WAY….

``bare`` and ``connection`` are ``answerers.py``, ``limited`` is ``connection`` with the limits of
the site kept, and ``bot`` is the bot of the interop tests. Prints the rounds a second that each
came to, as JSON.
"""

import asyncio
import json
import sys
from contextlib import AbstractAsyncContextManager

from tests.interop.conftest import CACHE, HERE, ROOT, Program, bot, node, program, sandbox

ROUNDS, SECONDS = 3, 5


def other_side(way: str, port: str) -> AbstractAsyncContextManager[Program]:
    """Run the other side until the block ends."""
    if way == "bot":
        return bot("answering", port)
    told = {"SCRATCHBOT_ENDPOINT": f"http://127.0.0.1:{port}", "PYTHONPATH": str(ROOT)}
    if way == "limited":
        way = "connection"
    else:
        told["SCRATCHBOT_LIMITS"] = "off"
    return program(sys.executable, "-m", "tests.benchmarks.answerers", way, port, **told)


async def play(way: str) -> float:
    """Return how many rounds a second are played."""
    vm = (node(), HERE / "node" / "play.mjs", CACHE / "node")
    async with sandbox() as port, other_side(way, port) as answering:
        if way != "bot":
            await answering.prints("ready")
        async with program(*vm, port, str(SECONDS), "alice", "wonderland") as playing:
            seen = json.loads(await playing.prints('"rounds"'))
    assert not seen["errors"], seen["errors"]
    rounds: float = seen["rounds"] / seen["seconds"]
    return rounds


async def main(ways: list[str]) -> None:
    """Play with all."""
    played: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(ROUNDS):
        for way in ways:
            played[way].append(await play(way))
    print(json.dumps(played))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
