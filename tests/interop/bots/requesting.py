"""A bot that answers cloud requests, on Scratch or on another cloud server."""

import os

from scratchbot import Bot
from scratchbot.watch import Cloud
from scratchbot.wire.cloudhosts import SCRATCH_CLOUD
from scratchbot_cloud_requests import CloudRequests

bot = Bot("requesting")
requests = CloudRequests(Cloud(105, host=os.environ.get("CLOUD_HOST", SCRATCH_CLOUD)))
bot.include(requests)

ANSWERS: dict[str, object] = {
    "text": "Hello, World! (100%)",
    "strange": "caf\u00e9 \u2615 tab\tend",
    "empty": "",
    "number": 1234567890,
    "long": int("1234567890" * 60),
    "negative": -5,
    "digits": "0042",
    "yes": True,
    "list": ["one", 2, True, ""],
    "nothing": None,
}
"""What is answered to a request for the kind of thing, here and by scratchattach."""


@requests.on("ping")
async def ping() -> str:
    """Answer with a word."""
    return "pong"


@requests.on("echo")
async def echo(said: str) -> str:
    """Answer with what was said."""
    return said


@requests.on("join")
def join(left: str, right: str) -> str:
    """Answer with two arguments."""
    return f"{right} {left}"


@requests.on("items")
async def items(count: int) -> list[str]:
    """Answer with several packets."""
    return [f"item {number}" for number in range(count)]


@requests.on("give")
async def give(kind: str) -> object:
    """Answer with a kind of thing."""
    return ANSWERS[kind]
