"""People who come by in the demo."""

import asyncio
import itertools
from random import Random

from scratchbot.demo.bot import PROJECT, STUDIO
from scratchbot.sandbox import Place, Sandbox

PAUSE = (0.2, 0.9)

_PLACES = (
    Place("project", str(PROJECT)),
    Place("studio", str(STUDIO)),
    Place("profile", "scratchcat"),
    Place("profile", "demo-bot"),
)
_LINES = (
    "!hello",
    "!score",
    "!score bob",
    "What a nice project",
    "!hello again",
    "How does it work?",
)
_PEOPLE = ("alice", "bob", "griffpatch", "Za-Chary")


class Visitors:
    """Comment, love, follow and play, until they are cancelled.

    ``comments`` are the ids of the comments that they wrote, ``pings`` the values they sent.
    """

    def __init__(self, sandbox: Sandbox, random: Random) -> None:
        self.comments: list[int] = []
        self.pings = 0
        self._sandbox = sandbox
        self._random = random

    @property
    def count(self) -> int:
        """How many comments and pings there were."""
        return len(self.comments) + self.pings

    async def come(self) -> None:
        """Do one thing after the other, with pauses as people make them."""
        deeds = (self._comment, self._play, self._comment, self._social)
        for deed in itertools.cycle(deeds):
            deed()
            await asyncio.sleep(self._random.uniform(*PAUSE))

    def _comment(self) -> None:
        who, place = self._random.choice(_PEOPLE), self._random.choice(_PLACES)
        comment = self._sandbox.acts.post_comment(who, place, self._random.choice(_LINES))
        self.comments.append(comment.id)

    def _play(self) -> None:
        self.pings += 1
        who = self._random.choice(_PEOPLE)
        self._sandbox.acts.set_cloud(who, PROJECT, "☁ ping", str(self.pings))

    def _social(self) -> None:
        who = self._random.choice(_PEOPLE)
        self._sandbox.acts.love(who, PROJECT)
        self._sandbox.acts.follow(who, "demo-bot")
