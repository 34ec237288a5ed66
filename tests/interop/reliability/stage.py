"""A sandbox with a bot's project in it, where a scenario is played before loops that watch."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from scratchbot.sandbox import Place, Sandbox, World, load_world
from scratchbot.sandbox.weather import read_weather
from tests.interop.reliability.clock import FastClock
from tests.interop.reliability.loops import LOOPS, Loop, Watcher

PROJECT = Place("project", "500")
PEOPLE = [f"person-{number}" for number in range(1, 11)]
OLDER = 60
SPEED = 60.0
"""How many of the sandbox's seconds pass in one."""
LOOK_SECONDS = 3.0
PATIENCE = 6.0
"""Minutes after which what was not delivered counts as lost."""


@dataclass(frozen=True)
class Result:
    """What became of a scenario's comments in a loop.

    :param happened: how many comments there were.
    :param delivered: how many of them reached the handler.
    :param twice: how many of them reached it more than once.
    :param alive: whether one that came once all was over reached it.
    """

    happened: int
    delivered: int
    twice: int
    alive: bool


class Stage:
    """Where a scenario is played. All minutes are those of the sandbox's clock."""

    def __init__(
        self,
        sandbox: Sandbox,
        clock: FastClock,
        watchers: list[Watcher],
        programs: AsyncExitStack,
        seed: int,
    ) -> None:
        self._sandbox = sandbox
        self._clock = clock
        self._watchers = watchers
        self._programs = programs
        self._seed = seed
        self._random = Random(seed)
        self._older = [comment.id for comment in sandbox.world.top_comments(PROJECT)]
        self._happened: list[int] = []

    async def talk(self, comments: int, *, minutes: float, replies: bool = False) -> None:
        """Let people comment on the bot's project at random moments of some minutes.

        :param replies: whether they reply to older comments, else they begin new ones.
        """
        moments = sorted(self._random.uniform(0, minutes) for _ in range(comments))
        for before, moment in zip([0.0, *moments], moments, strict=False):
            await self.rest(moment - before)
            self._comment(self._random.choice(self._older) if replies else None)
        await self.rest(minutes - moments[-1])

    async def rest(self, minutes: float) -> None:
        """Let time pass."""
        await self._clock.sleep(60 * minutes)

    def weather(self, **rule: Any) -> None:
        """Let one rule of bad weather begin, its times in real seconds; none ends it."""
        rules = [rule] if rule else []
        self._sandbox.weather.set(*read_weather({"seed": self._seed, "rules": rules}))

    async def start(self) -> None:
        """Start all loops and let them settle for a minute."""
        await asyncio.gather(*(watcher.start(self._programs) for watcher in self._watchers))
        await self.rest(1)

    async def kill(self) -> None:
        """Kill all loops, as a power cut does."""
        for watcher in self._watchers:
            await watcher.kill()

    async def end(self, patience: float) -> dict[Loop, Result]:
        """Wait until all is delivered, and once more for a last comment.

        :param patience: minutes to wait at most, each time.
        """
        happened = list(self._happened)
        await self._until_delivered(happened, patience)
        last = self._comment(None)
        await self._until_delivered([last], patience)
        return {
            watcher.loop: _result(watcher.delivered, happened, last) for watcher in self._watchers
        }

    def _comment(self, parent: int | None) -> int:
        text = f"number {len(self._happened)}"
        who = self._random.choice(PEOPLE)
        comment = self._sandbox.acts.post_comment(who, PROJECT, text, parent_id=parent)
        self._happened.append(comment.id)
        return comment.id

    async def _until_delivered(self, comments: Sequence[int], patience: float) -> None:
        for _ in range(int(60 * patience / LOOK_SECONDS)):
            running = [watcher for watcher in self._watchers if watcher.is_running]
            if all(set(comments) <= set(watcher.delivered) for watcher in running):
                break
            await self._clock.sleep(LOOK_SECONDS)


Scenario = Callable[[Stage], Awaitable[None]]


async def play(scenario: Scenario, seed: int, *, patience: float = PATIENCE) -> dict[Loop, Result]:
    """Play a scenario before all loops, which watch the same sandbox at the same time.

    :param seed: says when people comment, and which answers bad weather strikes.
    :param patience: minutes after which what was not delivered counts as lost.
    """
    with TemporaryDirectory() as name:
        clock, folder = FastClock(time.time(), SPEED), Path(name)
        sandbox = Sandbox(_world(folder), clock=clock.timestamp, limits=False)
        async with sandbox.serve() as address, AsyncExitStack() as programs:
            port = urlsplit(address).port
            assert port
            watchers = [Watcher(loop, port, int(PROJECT.key), clock, folder) for loop in LOOPS]
            stage = Stage(sandbox, clock, watchers, programs, seed)
            await stage.start()
            await scenario(stage)
            return await stage.end(patience)


def _result(delivered: list[int], happened: list[int], last: int) -> Result:
    times = Counter(delivered)
    return Result(
        happened=len(happened),
        delivered=sum(times[comment] > 0 for comment in happened),
        twice=sum(times[comment] > 1 for comment in happened),
        alive=times[last] > 0,
    )


def _world(folder: Path) -> World:
    """Return a world with a bot and its project, on which people and the bot have talked."""
    people = [
        {"id": number, "username": name, "password": "beepboop"}
        for number, name in enumerate(["demo-bot", *PEOPLE], 1)
    ]
    talk = [
        {
            "at": f"2024-01-01T10:{number:02}:00Z",
            "who": "demo-bot" if number % 2 else PEOPLE[0],
            "does": "comments",
            "on": str(PROJECT),
            "text": f"older number {number}",
        }
        for number in range(OLDER)
    ]
    project = {"id": int(PROJECT.key), "title": "Maze", "author": "demo-bot"}
    file = folder / "world.json"
    file.write_text(json.dumps({"users": people, "projects": [project], "happened": talk}), "utf-8")
    return load_world(file)
