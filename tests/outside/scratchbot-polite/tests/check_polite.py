"""The plugin's own test, with the fixture that scratchbot gives to all."""

import pytest
from scratchbot_polite import plugin

from scratchbot import Bot
from scratchbot.settings import Network, Settings
from scratchbot.testing import Scratch


@pytest.mark.asyncio
async def test_it_greets_and_cannot_delete(scratch: Scratch) -> None:
    bot = Bot("bot")
    bot.include(plugin)
    settings = Settings(
        network=Network(endpoint=scratch.address, limits=False),
        plugins={"polite": {"greeting": "Good day"}},
    )
    async with scratch.running(bot, settings=settings):
        comment = scratch.user("alice").comment(104, "hi")
        await scratch.settled(bot)
    assert comment.replies == ["Good day", "I may not delete this."]
    assert comment.is_there
