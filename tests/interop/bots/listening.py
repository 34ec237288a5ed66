"""A bot of ours that prints each comment: LOOP PROJECT BEGAN SPEED STORE."""

import asyncio
import json
import os
import sys
from pathlib import Path
from random import Random

from scratchbot import Bot
from scratchbot.client import Client
from scratchbot.engines.local import LocalEngine
from scratchbot.events import BotEvent, CommentEvent
from scratchbot.runtime.daemon import Daemon
from scratchbot.runtime.observer import LogObserver
from scratchbot.runtime.signals import stop_on_signals
from scratchbot.settings import Credentials, Network, Settings
from scratchbot.watch import Messages, ProjectComments, Watch
from tests.interop.reliability.clock import FastClock

LOGIN = Credentials(username="demo-bot", password="beepboop")


def listening(watch: Watch) -> Bot:
    """Return the bot."""
    bot = Bot("listening")
    bot.watch(watch)

    @bot.on("comment")
    async def heard(event: CommentEvent) -> None:
        print(json.dumps({"comment": event.comment_id}), flush=True)

    @bot.on("bot.start")
    async def ready(event: BotEvent) -> None:
        print(json.dumps({"ready": True}), flush=True)

    return bot


async def main(loop: str, project: str, began: str, speed: str, store: str) -> None:
    """Run the bot as ``scratchbot run`` does, but by the fast clock."""
    watches: dict[str, Watch] = {
        "Messages": Messages(),
        "ProjectComments": ProjectComments(int(project)),
    }
    network = Network(endpoint=f"http://127.0.0.1:{os.environ['SANDBOX_PORT']}")
    clock, jitter = FastClock(float(began), float(speed)), Random()
    daemon = Daemon(
        listening(watches[loop]),
        Settings(network=network),
        engine=LocalEngine(Path(store)),
        client=Client(LOGIN, network, clock, jitter),
        clock=clock,
        jitter=jitter,
        observer=LogObserver(),
    )
    await daemon.run(stop_on_signals())


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
