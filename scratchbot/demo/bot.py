"""The bot that the demo shows."""

from scratchbot.aio.session import AsyncScratchSession
from scratchbot.aio.store import AsyncStore
from scratchbot.bot import Bot
from scratchbot.events import CloudSetEvent, CommentEvent, MessageEvent
from scratchbot.watch import Cloud, Messages, ProfileComments, ProjectComments, StudioComments

PROJECT, STUDIO = 104, 26135902

bot = Bot("demo")
bot.watch(
    Messages(),
    ProjectComments(PROJECT),
    StudioComments(STUDIO),
    ProfileComments("scratchcat"),
    Cloud(PROJECT),
)


@bot.command("!hello")
async def hello(event: CommentEvent) -> str:
    """Greet."""
    return f"Hello, @{event.author}!"


@bot.command("!score")
async def score(event: CommentEvent, store: AsyncStore, player: str = "") -> str:
    """Tell the best round that the cloud game has seen."""
    who = player or event.author
    return f"{who}: {await store.get('best', 0)}"


@bot.on("cloud.set", variable="ping")
async def pong(event: CloudSetEvent, session: AsyncScratchSession, store: AsyncStore) -> None:
    """Play the cloud game: say pong to each ping."""
    await store.set("best", max(int(float(event.value)), await store.get("best", 0)))
    await session.set_cloud_variable(PROJECT, "pong", event.value)


@bot.on("message.loveproject")
async def loved(event: MessageEvent, store: AsyncStore) -> None:
    """Count loves of the bot's own projects."""
    await store.set("loves", 1 + await store.get("loves", 0))


@bot.on("message.followuser")
async def followed(event: MessageEvent, store: AsyncStore) -> None:
    """Remember new followers."""
    await store.set(f"follower:{event.actor}", True)
