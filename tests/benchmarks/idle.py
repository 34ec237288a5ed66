"""A daemon that watches fifty things where nothing happens: SECONDS.

It is given a sandbox by ``SCRATCHBOT_ENDPOINT``. Prints the share of a core that it took, its
opening left out, and the memory that it had in the end, in MB.
"""

import asyncio
import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from scratchbot import Bot
from scratchbot.client import Client
from scratchbot.clock import SystemClock
from scratchbot.engines.local import LocalEngine
from scratchbot.runtime.daemon import Daemon
from scratchbot.runtime.observer import LogObserver
from scratchbot.settings import Credentials, Network, Settings
from scratchbot.watch import Activity, Cloud, Messages, ProfileComments, ProjectComments

FIRST_PROJECT = 800_000_001
"""The first that ``--size`` makes."""
LOGIN = Credentials(username="demo-bot", password="beepboop")


def watching() -> Bot:
    """Return a bot with fifty watches and a handler."""
    bot = Bot("idle")
    bot.watch(Messages())
    bot.watch(Activity())
    for number in range(28):
        bot.watch(ProjectComments(FIRST_PROJECT + number))
    for number in range(1, 11):
        bot.watch(ProfileComments(f"person-{number:06}"))
    for number in range(10):
        bot.watch(Cloud(FIRST_PROJECT + number))

    @bot.on("comment")
    async def handle() -> None:
        pass

    return bot


async def live(seconds: float, store: Path) -> float:
    """Return the share of a core that the daemon took."""
    network, clock = Network(endpoint=os.environ["SCRATCHBOT_ENDPOINT"]), SystemClock()
    daemon = Daemon(
        watching(),
        Settings(network=network),
        engine=LocalEngine(store),
        client=Client(LOGIN, network, clock, Random(1)),
        clock=clock,
        jitter=Random(1),
        observer=LogObserver(),
    )
    stop = asyncio.Event()
    running = asyncio.create_task(daemon.run(stop))
    await asyncio.sleep(20)
    before, began = time.process_time(), time.perf_counter()
    await asyncio.sleep(seconds)
    share = (time.process_time() - before) / (time.perf_counter() - began)
    stop.set()
    await running
    return share


def main() -> None:
    """Live for a while and print what that took."""
    with tempfile.TemporaryDirectory() as folder:
        share = asyncio.run(live(float(sys.argv[1]), Path(folder) / "bot.db"))
    print(share, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)


if __name__ == "__main__":
    main()
