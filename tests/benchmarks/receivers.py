"""One way in which messages come from JSON to a handler: WAY TASK COUNT.

It runs with the Python and the packages of its way. ``bare`` and ``struct`` are loops that decode
and call,
``aiogram``, ``telegram`` (python-telegram-bot), ``discord`` and ``nonebot`` are what others would
use for the messages of other sites, and ``scratchbot`` reads, finds and calls as the daemon does.
The task ``one`` has one handler for all messages, and ``hundred`` has a hundred for different
beginnings, of which the last takes all. Ours alone has ``guarded``, one handler that asks for a
session, behind a middleware, while the bot heeds who says stop and who answers; and ``whole``, the
same with a task and a time limit for each run, so that only the store is missing. Prints messages a
second of the processor's work.
"""

import asyncio
import gc
import json
import sys
import time
from datetime import UTC, datetime

WORDS = [f"word{number}" for number in range(100)]
BEGINNINGS = [f"!{word} " for word in WORDS]
AT = datetime(2026, 1, 1, tzinfo=UTC)


class Ear:
    """Hears every message and does nothing but count."""

    def __init__(self):
        self.count = 0

    async def hear(self, message):
        self.count += 1


def contents(count):
    """Return what the messages say."""
    return [f"{BEGINNINGS[-1]}hello number {number}" for number in range(count)]


def written(messages):
    """Return messages as the sites write them."""
    return [json.dumps(message, separators=(",", ":")).encode() for message in messages]


def comments(count):
    """Return comments as the store holds them."""
    from scratchbot.events import CommentEvent

    return [
        CommentEvent(
            id=f"comment:project:104:{number}",
            name="comment.project",
            at=AT,
            source="project-comments:104",
            comment_id=number,
            content=content,
            author="alice",
            where="project",
            target="104",
            author_id=5,
            project_id=104,
        )
        .to_json()
        .encode()
        for number, content in enumerate(contents(count))
    ]


def updates(count):
    """Return messages as Telegram writes them."""
    user = {"id": 5, "is_bot": False, "first_name": "Alice", "username": "alice"}
    chat = {"id": 104, "type": "group", "title": "A group"}
    return written(
        {
            "update_id": number,
            "message": {
                "message_id": number,
                "from": {**user, "language_code": "en"},
                "chat": chat,
                "date": int(AT.timestamp()),
                "text": content,
            },
        }
        for number, content in enumerate(contents(count))
    )


async def bare(ear, task, count):
    import msgspec

    from scratchbot.events import CommentEvent

    decode, handle = msgspec.json.Decoder(CommentEvent).decode, ear.hear

    async def feed(raws):
        for raw in raws:
            await handle(decode(raw))

    return comments(count), feed


async def struct(ear, task, count):
    import msgspec

    class Comment(msgspec.Struct):
        id: str
        name: str
        at: datetime
        source: str
        comment_id: int
        content: str
        author: str
        where: str
        target: str
        author_id: int | None = None
        parent_id: int | None = None
        project_id: int | None = None
        studio_id: int | None = None
        profile: str | None = None

    decode, handle = msgspec.json.Decoder(Comment).decode, ear.hear

    async def feed(raws):
        for raw in raws:
            await handle(decode(raw))

    return comments(count), feed


async def scratchbot(ear, task, count):
    from random import Random

    from scratchbot import AsyncScratchSession, Bot
    from scratchbot.client import Client
    from scratchbot.clock import SystemClock
    from scratchbot.engines.engine import Run
    from scratchbot.engines.local import LocalEngine
    from scratchbot.events import CommentEvent, Event
    from scratchbot.filters import starts_with
    from scratchbot.runtime.assembly import Assembly
    from scratchbot.runtime.calls import noting_tasks
    from scratchbot.settings import Credentials, Network, Settings
    from tests.benchmarks.counting import CountingObserver

    bot, clock, jitter = Bot("bench"), SystemClock(), Random(1)
    client = Client(Credentials(), Network(), clock, jitter)
    client.account.username = "Bench"  # Its own comments are to be told from others'.
    is_guarded = task in ("guarded", "whole")

    def register(name, *filters):
        async def handle(event: CommentEvent) -> None:
            await ear.hear(event)

        handle.__qualname__ = name
        bot.on("comment", *filters)(handle)

    if task == "hundred":
        for word, beginning in zip(WORDS, BEGINNINGS, strict=True):
            register(word, starts_with(beginning))
    elif is_guarded:

        @bot.middleware
        async def pass_on(event, call_next):
            return await call_next(event)

        @bot.on("comment")
        async def handle(event: CommentEvent, session: AsyncScratchSession) -> None:
            await ear.hear(event)

    else:
        register("handle")

    assembly = Assembly(
        bot,
        Settings(),
        engine=LocalEngine(None),
        site=client,
        clock=clock,
        jitter=jitter,
        observer=CountingObserver(count),
        told=print,
    )
    caller, dispatcher = assembly.caller, assembly.dispatcher

    async def call(handler, run):
        kit = caller.kit(handler, run)
        await caller.call(handler, kit)
        kit.close()

    takers = dispatcher.takers if is_guarded else dispatcher._matcher.takers
    make = dispatcher._runner.run if task == "whole" else call

    async def feed(raws):
        with noting_tasks(asyncio.get_running_loop()):
            for number, raw in enumerate(raws):
                event = Event.from_json(raw)
                for handler in takers(event):
                    await make(handler, Run(number, event, handler.name))

    return comments(count), feed


async def aiogram(ear, task, count):
    from aiogram import Bot, Dispatcher, F, Router
    from aiogram.types import Message, Update

    bot, dispatcher, router = Bot("42:TOKEN"), Dispatcher(), Router()
    dispatcher.include_router(router)

    def register(*filters):
        @router.message(*filters)
        async def handle(message: Message) -> None:
            await ear.hear(message)

    if task == "hundred":
        for beginning in BEGINNINGS:
            register(F.text.startswith(beginning))
    else:
        register()

    async def feed(raws):
        for raw in raws:
            update = Update.model_validate_json(raw, context={"bot": bot})
            await dispatcher.feed_update(bot, update)

    return updates(count), feed


async def telegram(ear, task, count):
    import re

    from telegram import Update, User
    from telegram.ext import ApplicationBuilder, ExtBot, MessageHandler, filters

    class Known(ExtBot):
        """Knows who it is without asking Telegram."""

        async def get_me(self, **options):
            self._bot_user = User(42, "Bench", is_bot=True, username="bench")
            return self._bot_user

    bot = Known("42:TOKEN")
    application = ApplicationBuilder().bot(bot).updater(None).job_queue(None).build()

    def register(condition):
        async def handle(update, context):
            await ear.hear(update.message)

        application.add_handler(MessageHandler(condition, handle))

    if task == "hundred":
        for beginning in BEGINNINGS:
            register(filters.Regex(f"^{re.escape(beginning)}"))
    else:
        register(filters.TEXT)
    await application.initialize()

    async def feed(raws):
        for raw in raws:
            await application.process_update(Update.de_json(json.loads(raw), bot))

    return updates(count), feed


async def discord(ear, task, count):
    from discord import Client, ClientUser, Intents
    from discord.ext import commands

    intents = Intents.default()
    intents.message_content = True
    if task == "hundred":
        client = commands.Bot(command_prefix="!", intents=intents)

        def register(word):
            @client.command(name=word)
            async def handle(context, *, text):
                await ear.hear(context.message)

        for word in WORDS:
            register(word)
    else:
        client = Client(intents=intents)

        @client.event
        async def on_message(message):
            await ear.hear(message)

    await client._async_setup_hook()
    at, permissions = AT.isoformat(), str(0x40C00)
    author = {"id": "5", "username": "alice", "global_name": "Alice", "discriminator": "0"}
    member = {"roles": [], "joined_at": at, "deaf": False, "mute": False, "flags": 0}
    everyone = {"id": "104", "name": "@everyone", "permissions": permissions, "position": 0}
    channel = {"id": "105", "type": 0, "name": "general", "position": 0}
    guild = {
        "id": "104",
        "name": "A guild",
        "owner_id": "5",
        "member_count": 1,
        "roles": [{**everyone, "color": 0, "hoist": False, "managed": False, "mentionable": False}],
        "channels": [{**channel, "permission_overwrites": []}],
        "members": [{**member, "user": {**author, "avatar": None}}],
    }
    state = client._connection
    state.user = ClientUser(state=state, data={**author, "id": "42", "avatar": None})
    state._add_guild_from_data(guild)
    messages = [
        {
            "id": str(1_000_000 + number),
            "channel_id": "105",
            "guild_id": "104",
            "type": 0,
            "author": {**author, "avatar": None},
            "member": member,
            "content": content,
            "timestamp": at,
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "attachments": [],
            "embeds": [],
            "pinned": False,
            "flags": 0,
        }
        for number, content in enumerate(contents(count))
    ]

    async def feed(raws):
        for number, raw in enumerate(raws, start=1):
            state.parse_message_create(json.loads(raw))
            if number % 100 == 0:  # The handlers are tasks, and run now.
                await asyncio.sleep(0)
        await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()})

    return written(messages), feed


async def nonebot(ear, task, count):
    import nonebot
    from nonebot.adapters.onebot.v11 import Adapter, Bot, MessageEvent

    nonebot.init(driver="~none")
    nonebot.logger.remove()  # It would write two lines for every message.
    nonebot.get_driver().register_adapter(Adapter)
    bot = Bot(nonebot.get_adapter(Adapter), "42")

    def register(matcher):
        @matcher.handle()
        async def handle(event: MessageEvent) -> None:
            await ear.hear(event)

    if task == "hundred":
        for beginning in BEGINNINGS:
            register(nonebot.on_startswith(beginning))
    else:
        register(nonebot.on_message())
    messages = [
        {
            "time": int(AT.timestamp()),
            "self_id": 42,
            "post_type": "message",
            "message_type": "group",
            "sub_type": "normal",
            "message_id": number,
            "group_id": 104,
            "user_id": 5,
            "anonymous": None,
            "message": [{"type": "text", "data": {"text": content}}],
            "raw_message": content,
            "font": 0,
            "sender": {"user_id": 5, "nickname": "alice", "card": "", "role": "member"},
        }
        for number, content in enumerate(contents(count))
    ]

    async def feed(raws):
        for raw in raws:
            await bot.handle_event(Adapter.json_to_event(json.loads(raw)))

    return written(messages), feed


async def main(way, task, count):
    ear = Ear()
    raws, feed = await globals()[way](ear, task, int(count))
    gc.collect()
    gc.freeze()  # What comes next is not in memory yet, so nobody looks through it.
    began = time.process_time()
    await feed(raws)
    ended = time.process_time()
    assert ear.count == len(set(raws)) == int(count), "something was not heard, or twice"
    print(int(count) / (ended - began))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
