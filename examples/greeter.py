"""Greets whoever says !hello in a comment.

Run it with: scratchbot run examples/greeter.py
"""

from scratchbot import AsyncScratchSession, Bot
from scratchbot.events import CommentEvent
from scratchbot.watch import Messages, ProjectComments

bot = Bot("greeter")
bot.watch(Messages(), ProjectComments(104))


@bot.on("comment")
async def greet(event: CommentEvent, session: AsyncScratchSession) -> None:
    """Answer !hello."""
    if event.content.startswith("!hello"):
        await session.reply(event, f"Hello, @{event.author}!")
