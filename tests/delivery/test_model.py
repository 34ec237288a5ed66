"""Source, store and dispatcher against a model: whatever comes, each comment is handled once."""

import asyncio
import itertools
import json
import sqlite3
import tempfile
from collections import defaultdict, deque
from collections.abc import Callable, Coroutine
from contextlib import ExitStack, closing
from pathlib import Path
from random import Random
from typing import Any, get_args
from unittest import mock

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from scratchbot import Bot
from scratchbot.aio.store import AsyncStore
from scratchbot.engines import history
from scratchbot.engines.engine import Outcome, Run, Selection
from scratchbot.errors import SiteDownError
from scratchbot.events import CommentEvent, Event
from scratchbot.runtime import dispatcher, steps
from scratchbot.settings import Keep, Settings
from scratchbot.sources import boards
from scratchbot.sources.progress import Progress
from scratchbot.watch import StudioComments
from scratchbot.wire.request import Act
from tests.delivery.lives import Life
from tests.delivery.studio import BOT, PERSON, STUDIO, Studio, Whim
from tests.virtual import VirtualClock, VirtualLoop

PAGE = 8
MOST_TOPS = 60
EVERY = 3600.0
TICK = 1e-6
A_LOOK = EVERY * 1.2
DAY = 24 * 3600.0
LOOKS_AT_ALL = 70
"""So many looks come by all older comments."""
KEPT_DAYS = 4
"""Longer than that takes: what is found so late that younger events were let go is let go too."""
WRITES = ("INSERT", "UPDATE", "DELETE")
LANES = ("first", "second", "third")
IN_ORDER = ("first", "second")
SOURCE = StudioComments(STUDIO).name

Mood = str
moods = st.sampled_from(["raises", "passes", "slow", "too slow"])
lanes = st.sampled_from(LANES)


class Handled:
    """The bot of the model: its three handlers count what they did, in the moods that they have.

    :param number: returns the place of an event in the order of arrival.
    """

    def __init__(self, number: Callable[[str], int]) -> None:
        self.bot = Bot("model")
        self.bot.watch(StudioComments(STUDIO, every=EVERY))
        self.moods: defaultdict[str, deque[Mood]] = defaultdict(deque)
        self.broken: set[str] = set()
        self.tries: defaultdict[str, list[int]] = defaultdict(list)
        self._number = number

        @self.bot.on("comment")
        async def first(event: CommentEvent, store: AsyncStore) -> None:
            await self._handle("first", event, store)

        @self.bot.on("comment.studio", studio_id=STUDIO)
        async def second(event: CommentEvent, store: AsyncStore) -> None:
            await self._handle("second", event, store)

        @self.bot.on("comment", concurrency=3)
        async def third(event: CommentEvent, store: AsyncStore) -> None:
            await self._handle("third", event, store)

    async def _handle(self, lane: str, event: CommentEvent, store: AsyncStore) -> None:
        self.tries[lane].append(self._number(event.id))
        key = f"{lane}:{event.id}"
        await store.set(key, await store.get(key, 0) + 1)
        mood = self.moods[lane].popleft() if self.moods[lane] else None
        if mood in ("slow", "too slow"):
            await asyncio.sleep(100 if mood == "slow" else 1000)
        if mood == "passes":
            raise SiteDownError("it will pass")
        if mood == "raises" or lane in self.broken:
            raise ValueError(lane)


class Silent:
    """An observer that looks away."""

    def ready(self, sources: int, handlers: int) -> None: ...
    def arrived(self, event: Event) -> None: ...
    def acted(self, run: Run, act: Act, *, rehearsed: bool) -> None: ...
    def finished(self, run: Run, outcome: Outcome) -> None: ...


class Model(RuleBasedStateMachine):
    """Comments come and go, answers are wrong, handlers fail, and the bot dies, at any moment."""

    def __init__(self) -> None:
        super().__init__()
        self.constants = ExitStack()
        self.constants.enter_context(mock.patch.object(boards, "MAX_PAGE", PAGE))
        self.constants.enter_context(mock.patch.object(dispatcher, "LOOK_SECONDS", 60.0))
        self.constants.enter_context(mock.patch.object(steps, "LOOK_SECONDS", 60.0))
        self.folder = tempfile.TemporaryDirectory()
        self.runner = asyncio.Runner(loop_factory=VirtualLoop)
        self.handled = Handled(self.number)
        self.lives = 0
        self.arrived: set[str] = set()
        self.dropped: set[tuple[str, str]] = set()
        self.run(self.begin())
        self.cursor = self.look_up_cursor()

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        self.runner.run(work)

    async def begin(self) -> None:
        self.clock = VirtualClock()
        self.studio = Studio(self.clock.now)
        for number in range(2 * PAGE):
            self.studio.say()
            if number == PAGE:
                self.studio.say(parent=1)
            await asyncio.sleep(1)
        self.old = self.studio.present
        self.rise()
        await asyncio.sleep(1)

    # The bot's lives

    def rise(self) -> None:
        self.file = self.store(self.lives)
        self.life = Life(
            self.handled.bot,
            Settings(keep=Keep(days=KEPT_DAYS)),
            self.file,
            self.clock,
            Random(1),
            Silent(),
            self.studio,
        )

    async def die(self) -> None:
        await self.life.die(self.store(self.lives + 1))
        self.lives += 1
        self.rise()

    def store(self, number: int) -> Path:
        return Path(self.folder.name) / f"{number}.db"

    async def pass_time(self, seconds: float) -> None:
        """Let time pass, and the bot die and rise if its hour has come."""
        end = self.clock.monotonic() + seconds
        while (left := end - self.clock.monotonic()) > TICK:
            death = asyncio.create_task(self.life.database.reached.wait())
            await asyncio.wait([death, self.life.main], timeout=left, return_when="FIRST_COMPLETED")
            death.cancel()
            if self.life.main.done():
                self.life.main.result()
            if self.life.database.reached.is_set():
                await self.die()

    @rule(commits=st.integers(1, 12), heard=st.booleans())
    def is_to_die(self, commits: int, heard: bool) -> None:
        self.life.database.doom(commits, heard=heard, weighty=WRITES)

    @rule(turns=st.integers(0, 60))
    def dies_looking(self, turns: int) -> None:
        async def look() -> None:
            await self.die()
            for _ in range(turns):
                await asyncio.sleep(0)
            await self.die()

        self.run(look())

    # What people do

    @rule(seconds=st.integers(0, 2), author=st.sampled_from([PERSON, PERSON, PERSON, BOT]))
    def comes(self, seconds: int, author: str) -> None:
        self.run(self.pass_time(seconds))
        self.studio.say(author)

    @precondition(lambda self: len(self.studio.tops) < MOST_TOPS - 2 * PAGE)
    @rule(number=st.integers(2, 2 * PAGE))
    def many_come(self, number: int) -> None:
        for _ in range(number):
            self.studio.say()

    @precondition(lambda self: self.studio.tops)
    @rule(place=st.integers(0, 100), seconds=st.integers(0, 2))
    def an_answer_comes(self, place: int, seconds: int) -> None:
        self.run(self.pass_time(seconds))
        if self.studio.tops:  # Meanwhile all may have gone.
            top = self.studio.tops[place % len(self.studio.tops)]
            self.studio.say(parent=top["id"])

    @precondition(lambda self: self.studio.tops)
    @rule(place=st.integers(0, 100))
    def goes(self, place: int) -> None:
        self.studio.delete(place % len(self.studio.tops))

    # What the site and the handlers do wrong

    @rule(whims=st.lists(st.sampled_from(get_args(Whim)), max_size=6))
    def has_whims(self, whims: list[Whim]) -> None:
        self.studio.whims.extend(whims)

    @rule(lane=lanes, some=st.lists(moods, min_size=1, max_size=5))
    def has_moods(self, lane: str, some: list[Mood]) -> None:
        self.handled.moods[lane].extend(some)

    @rule(lane=lanes)
    def breaks(self, lane: str) -> None:
        self.handled.broken ^= {lane}

    # What a person does who looks at what failed

    @rule(place=st.integers(0, 100), drops=st.booleans())
    def a_person_decides(self, place: int, drops: bool) -> None:
        with closing(sqlite3.connect(self.file)) as connection, connection:
            records = history.newest(
                connection, selection=Selection(states=["dead", "failed", "pending"]), limit=100
            )
            if not records:
                return
            run = records[place % len(records)].run
            if drops:
                history.drop(connection, number=run.number, handler=run.handler)
                self.dropped.add((run.handler.rpartition(".")[2], run.event.id))
            else:
                history.retry(connection, number=run.number, handler=run.handler)

    # Time

    @rule(seconds=st.sampled_from([1.0, 40.0, 400.0, A_LOOK]))
    def time_passes(self, seconds: float) -> None:
        self.run(self.pass_time(seconds))

    @rule()
    def days_pass(self) -> None:
        self.run(self.pass_time((KEPT_DAYS + 0.1) * DAY))

    @rule()
    def a_calm_look_sees_all_tops_and_what_is_said_under_the_newest(self) -> None:
        self.studio.whims.clear()
        self.run(self.pass_time(A_LOOK))
        self.run(self.pass_time(A_LOOK))
        self.note_arrivals()
        shown = [*self.studio.tops]
        for top in self.studio.tops[:PAGE]:
            shown += self.studio.replies[top["id"]]
        told = {int(key.rpartition(":")[2]) for key in self.arrived}
        assert {row["id"] for row in shown} & self.studio.present - self.old <= told

    # What always holds

    @invariant()
    def nothing_is_told_without_cause(self) -> None:
        self.note_arrivals()
        told = {int(key.rpartition(":")[2]) for key in self.arrived}
        assert not told & self.old

    @invariant()
    def what_is_done_was_done_once(self) -> None:
        counts = self.counts()
        assert set(counts.values()) <= {1}
        for lane, key, state in self.runs():
            assert (state == "done") == ((lane, key) in counts), (lane, key, state)

    @invariant()
    def first_tries_come_in_order(self) -> None:
        for lane in IN_ORDER:
            firsts = list(dict.fromkeys(self.handled.tries[lane]))
            assert firsts == sorted(firsts)

    @invariant()
    def the_cursor_goes_forward_only(self) -> None:
        before, self.cursor = self.cursor, self.look_up_cursor()
        assert all(self.cursor.seen.knows(item) for item in before.seen.items)
        if before.seen.until is not None:
            assert self.cursor.seen.until is not None
            assert self.cursor.seen.until >= before.seen.until

    def teardown(self) -> None:
        try:
            self.run(self.end())
            self.note_arrivals()
            self.all_is_done()
        finally:
            self.run(self.life.die(self.store(self.lives + 1)))
            self.runner.close()
            self.folder.cleanup()
            self.constants.close()

    async def end(self) -> None:
        """Let all be well, until nothing is left to do."""
        self.studio.whims.clear()
        self.handled.moods.clear()
        self.handled.broken.clear()
        for _ in range(LOOKS_AT_ALL):
            await self.pass_time(A_LOOK)
            with closing(sqlite3.connect(self.file)) as connection, connection:
                for record in history.newest(
                    connection, selection=Selection(states=["dead"]), limit=1000
                ):
                    history.retry(connection, number=record.run.number, handler=record.run.handler)

    def all_is_done(self) -> None:
        present = {f"comment:studio:{STUDIO}:{number}" for number in self.studio.present - self.old}
        counts = self.counts()
        for key, lane in itertools.product(present | self.arrived, LANES):
            assert (lane, key) in counts or (lane, key) in self.dropped, (lane, key)

    # What the store says

    def ask(self, query: str) -> list[Any]:
        with closing(sqlite3.connect(self.file)) as connection:
            return connection.execute(query).fetchall()

    def note_arrivals(self) -> None:
        rows = self.ask(
            "SELECT id FROM events WHERE name = 'comment.studio'"
            f" AND json_extract(body, '$.author') <> '{BOT}'"
        )
        self.arrived.update(key for (key,) in rows)

    def number(self, key: str) -> int:
        self.note_arrivals()
        ((number,),) = self.ask(f"SELECT number FROM events WHERE id = '{key}'")
        return int(number)

    def runs(self) -> list[tuple[str, str, str]]:
        rows = self.ask(
            "SELECT handler, id, state FROM runs JOIN events ON number = event"
            " WHERE name = 'comment.studio'"
        )
        return [(handler.rpartition(".")[2], key, state) for handler, key, state in rows]

    def counts(self) -> dict[tuple[str, str], int]:
        rows = self.ask("SELECT key, value FROM store")
        return {tuple(key.split(":", 1)): json.loads(value) for key, value in rows}

    def look_up_cursor(self) -> Progress:
        ((body,),) = self.ask(f"SELECT body FROM cursors WHERE source = '{SOURCE}'")
        return Progress.from_state(json.loads(body)["seen"])


EXAMPLES = settings().max_examples
Model.TestCase.settings = settings(
    max_examples=EXAMPLES // 10 if EXAMPLES > 100 else 5, stateful_step_count=50
)
TestModel = Model.TestCase
