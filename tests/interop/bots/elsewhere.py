"""A bot on a cloud server that is not Scratch's."""

import os

from scratchbot import AsyncScratchSession, Bot
from scratchbot.events import CloudSetEvent
from scratchbot.watch import Cloud

HOST = os.environ["CLOUD_HOST"]

bot = Bot("elsewhere")
bot.watch(Cloud(104, host=HOST))


@bot.on("cloud.set", variable="ping")
async def pong(event: CloudSetEvent, session: AsyncScratchSession) -> None:
    """Answer the game."""
    await session.set_cloud_variable(104, "pong", event.value, host=HOST)
