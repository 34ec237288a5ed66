"""Keeps the best score that a cloud game sends, and tells it when asked.

The project sets the cloud variable "ping" to a score; the bot answers in "pong" with the best
score so far. In a comment, !best asks for it too.
"""

from scratchbot import AsyncScratchSession, Bot
from scratchbot.aio.store import AsyncStore
from scratchbot.events import CloudSetEvent
from scratchbot.watch import Cloud, ProjectComments

PROJECT = 104

bot = Bot("leaderboard")
bot.watch(Cloud(PROJECT), ProjectComments(PROJECT))


@bot.on("cloud.set", variable="ping")
async def score(event: CloudSetEvent, session: AsyncScratchSession, store: AsyncStore) -> None:
    """Take a score and answer with the best."""
    best = max(float(event.value), await store.get("best", 0.0))
    await store.set("best", best)
    await session.set_cloud_variable(PROJECT, "pong", best)


@bot.command("!best")
async def tell(store: AsyncStore) -> str:
    """Say the best score."""
    return f"The best score is {await store.get('best', 0.0):g}."
