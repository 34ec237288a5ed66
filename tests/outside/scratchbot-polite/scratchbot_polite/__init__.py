"""Says what its settings say to whoever comments, and tries to do more than it may."""

from dataclasses import dataclass

from scratchbot import AsyncScratchSession, Plugin
from scratchbot.errors import PermissionDeniedError
from scratchbot.events import CommentEvent
from scratchbot.watch import ProjectComments


@dataclass(frozen=True)
class Settings:
    """What can be set.

    :param greeting: what is said.
    """

    greeting: str


plugin = Plugin("polite", config=Settings, permissions=["comment.reply"])
plugin.watch(ProjectComments(104))


@plugin.on("comment")
async def greet(event: CommentEvent, session: AsyncScratchSession, config: Settings) -> None:
    """Reply, and try to delete."""
    await session.reply(event, config.greeting)
    try:
        await session.delete_comment(event)
    except PermissionDeniedError:
        await session.reply(event, "I may not delete this.")
