"""A crowd tries to make a bot misbehave: what it did stays within what ``docs/manners.md`` says."""

from collections import Counter
from random import Random
from typing import NamedTuple

import pytest

from scratchbot import AsyncScratchSession, Bot
from scratchbot.aio.conversation import AsyncConversation
from scratchbot.events import CommentEvent
from scratchbot.filters import starts_with
from scratchbot.limits import cooldown
from scratchbot.runtime.manners import SAME
from scratchbot.settings import Answers, Network, Settings
from scratchbot.testing.people import Posted
from scratchbot.watch import ProfileComments, ProjectComments, StudioComments
from tests.scratch import Scratch

pytestmark = pytest.mark.asyncio

MOST = Answers(person=12, thread=8, hour=60)
PLACES: list[int | str] = [104, "studio:26135902", "profile:demo-bot", "profile:bob"]
PEOPLE = ["alice", "bob", "griffpatch", "scratchcat", "eve", "mallory"]
TEXTS = [
    "!roll",
    "!roll !roll !roll",
    "!quiz",
    "!help",
    "!help " + "x" * 400,
    "!roll 1 2 3",
    "!\u200broll",
    "\u202e!llor",
    "! roll",
    "hello",
    "Hello, @demo-bot! You said: hello",
    "@demo-bot @demo-bot @demo-bot",
    "hello " + "z" * 494,
    "hello\x00\x07\x1b[31m",
    "hello &lt;b&gt; <script>alert(1)</script>",
    "{author} {0} %s $author ${jndi:ldap://x}",
    "hello \u0628\u0644\u0628\u0644 \U0001f9d9\u200d\u2642\ufe0f",
    "yes",
    "bye",
]


def talkative() -> Bot:
    """Return a bot that says too much, if it is let."""
    bot = Bot("talkative")
    bot.watch(ProjectComments(104), StudioComments(26135902))
    bot.watch(ProfileComments("demo-bot"), ProfileComments("bob"))

    @bot.on("comment", starts_with("hello"))
    async def greet(event: CommentEvent, session: AsyncScratchSession) -> None:
        await session.reply(event, f"Hello, @{event.author}! You said: {event.content[:5]}")

    @bot.command("!roll")
    async def roll(event: CommentEvent, times: int = 1) -> str:
        return f"@{event.author}: {'4 ' * min(times, 10)}"

    @bot.command("!quiz")
    @cooldown(minutes=1, say="One quiz a minute, please.")
    async def quiz(event: CommentEvent, conversation: AsyncConversation) -> str:
        answer = await conversation.ask(event, "Is it fun?", timeout=600)
        return "Great!" if answer.content == "yes" else "Oh."

    return bot


class Crowd:
    """People who say whatever comes to their minds, wherever."""

    def __init__(self, scratch: Scratch, seed: int) -> None:
        self._scratch = scratch
        self._random = Random(seed)
        self.said: list[Posted] = []

    def act(self) -> None:
        """Say one more thing."""
        person = self._scratch.user(self._random.choice(PEOPLE))
        text = self._random.choice(TEXTS)
        if self.said and self._random.random() < 0.6:
            to = self._random.choice(self.said[-6:])
            self.said.append(person.reply(to, text))
        else:
            self.said.append(person.comment(self._random.choice(PLACES), text))


class Answer(NamedTuple):
    """What the bot said."""

    id: int
    thread: int
    person: str
    text: str


def answers(scratch: Scratch) -> list[Answer]:
    return [
        Answer(
            each.id,
            each.id if each.parent is None else each.parent.id,
            "" if each.commentee is None else each.commentee.username,
            each.content,
        )
        for each in scratch.world.comments.values()
        if each.author.username == "demo-bot"
    ]


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_a_crowd_does_the_bot_keeps_its_manners(scratch: Scratch, seed: int) -> None:
    for name in ("eve", "mallory"):
        if scratch.world.user(name) is None:
            scratch.act("join", name, "pw")
    bot, crowd = talkative(), Crowd(scratch, seed)
    settings = Settings(network=Network(endpoint=scratch.address), answers=MOST)
    before = {each.id for each in answers(scratch)}
    async with scratch.running(bot, settings=settings):
        for _ in range(12):
            for _ in range(15):
                crowd.act()
            await scratch.settled(bot)
    told = [each for each in answers(scratch) if each.id not in before]
    assert 0 < len(told) <= MOST.hour
    assert all(0 < len(each.text) <= 500 for each in told)
    assert max(Counter(each.thread for each in told).values()) <= MOST.thread
    assert max(Counter(each.person for each in told).values()) <= MOST.person


async def test_two_bots_in_each_other_s_arms_fall_silent(scratch: Scratch) -> None:
    one, other = talkative(), Bot("other")
    other.watch(ProjectComments(104))

    @other.on("comment", starts_with("hello"))
    async def echo(event: CommentEvent, session: AsyncScratchSession) -> None:
        await session.reply(event, f"Hello, @{event.author}! How are you?")

    async with scratch.running(one), scratch.running(other, username="bob"):
        started = scratch.user("alice").comment(104, "hello both")
        for _ in range(20):
            await scratch.settled(one)
            await scratch.settled(other)
    authors = Counter(each.author.username for each in started.comment.replies.values())
    assert authors["demo-bot"] <= SAME + 1
    assert authors["bob"] <= SAME + 1
