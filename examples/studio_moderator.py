"""Keeps a studio's comments tidy: removes those with a word from a list.

The bot's account must be a manager of the studio. Try it with --dry-run first: it shows what
would be deleted.
"""

import re

from scratchbot import AsyncScratchSession, Bot
from scratchbot.aio.store import AsyncStore
from scratchbot.events import ActivityEvent, CommentEvent
from scratchbot.watch import StudioActivity, StudioComments

STUDIO = 26135902
UNWANTED = re.compile(r"\b(buy|subscribe|f4f|follow me)\b", re.IGNORECASE)

bot = Bot("studio-moderator")
bot.watch(StudioComments(STUDIO), StudioActivity(STUDIO))


@bot.on("comment.studio", studio_id=STUDIO)
async def tidy(event: CommentEvent, session: AsyncScratchSession, store: AsyncStore) -> None:
    """Delete advertising and count how often each person was told."""
    if not UNWANTED.search(event.content):
        return
    await session.delete_comment(event)
    await store.set(event.author, 1 + await store.get(event.author, 0))


@bot.on("activity.addprojecttostudio", studio_id=STUDIO)
async def note(event: ActivityEvent, store: AsyncStore) -> None:
    """Remember who added what."""
    await store.set(f"project:{event.project_id}", event.actor)
