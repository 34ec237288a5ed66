"""Gathers what came in the messages and writes a digest to the log every ten minutes."""

from collections import Counter

import structlog

from scratchbot import Bot
from scratchbot.aio.store import AsyncStore
from scratchbot.events import MessageEvent
from scratchbot.watch import Messages

bot = Bot("message-digest")
bot.watch(Messages())


@bot.on("message")
async def gather(event: MessageEvent, store: AsyncStore) -> None:
    """Count messages by their type."""
    counts = Counter(await store.get("counts", {}))
    counts[event.type] += 1
    await store.set("counts", dict(counts))


@bot.every(minutes=10)
async def digest(store: AsyncStore, log: structlog.stdlib.BoundLogger) -> None:
    """Log the counts and begin anew."""
    counts = await store.get("counts", {})
    if counts:
        log.info("digest", **counts)
        await store.delete("counts")
