"""The bot that the real clients meet."""

from scratchbot import AsyncScratchSession, Bot
from scratchbot.events import CloudSetEvent, CommentEvent
from scratchbot.watch import Cloud, Messages, ProfileComments, ProjectComments, StudioComments

bot = Bot("answering")
bot.watch(
    Messages(),
    ProjectComments(104),
    StudioComments(26135902),
    ProfileComments("scratchcat"),
    Cloud(104),
)


@bot.command("!hello")
async def hello(event: CommentEvent, where: str = "") -> str:
    """Greet."""
    return f"Hello, @{event.author}! You came {where}"


@bot.on("cloud.set", variable="ping")
async def pong(event: CloudSetEvent, session: AsyncScratchSession) -> None:
    """Answer the game."""
    await session.set_cloud_variable(104, "pong", event.value)


@bot.on("cloud.set", variable="foo")
async def foo(event: CloudSetEvent) -> None:
    """Tell the test that it was seen."""
    print(f"foo={event.value}", flush=True)
