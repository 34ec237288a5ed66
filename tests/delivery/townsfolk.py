"""People who are busy in a sandbox, and the books that they keep of what a bot has to see."""

import asyncio
import itertools
import sqlite3
from collections import Counter
from collections.abc import Callable, Collection
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

from scratchbot.engines import history
from scratchbot.sandbox import Place
from scratchbot.sandbox.world import CLOUD_SIGN, Comment, Project, Row, User
from tests.running import LOGIN
from tests.virtual import VirtualScratch

BOT = LOGIN.username or ""
CLOUD_PROJECT = 104
STUDIO = 26135902
PLACES = [
    Place("project", "104"),
    Place("project", "60917032"),
    Place("project", "700000001"),
    Place("studio", str(STUDIO)),
    Place("profile", "griffpatch"),
    Place("profile", BOT),
]
VISITORS = ["alice", "bob", "scratchcat", *(f"visitor-{number:02}" for number in range(20))]
FEED = ("followuser", "loveproject", "favoriteproject")
"""What these people do that the following feed tells of."""

SOON = 3600.0
"""Seconds after which what happened can be expected to be handled, if the weather allows it."""
OLD_TOPS = 50
KEPT_TOPS = 120
WITHIN = {"project": 80, "studio": 80, "profile": 8}
"""Replies go under one of so many newest comments; a page holds 40 of them, of a profile 10."""
KEPT_ROWS = 500
BURSTS = 0.5
WITHIN_A_BURST = 0.5


@dataclass
class Feed:
    """A list of the site that only grows at its end.

    :param name: what the ids of its events begin with.
    :param kinds: the types of rows that it shows; all without any.
    """

    name: str
    rows: list[Row]
    kinds: Collection[str] = ()
    last: int = 0

    def news(self) -> list[str]:
        """Return the events of the rows that came since the last time."""
        fresh = list(itertools.takewhile(lambda row: _number(row) > self.last, self.rows[::-1]))
        self.last = max([self.last, *map(_number, fresh)])
        shown = [row for row in fresh if not self.kinds or row["type"] in self.kinds]
        return [f"{self.name}:{row['id']}" for row in shown]


class Townsfolk:
    """Act, note what a bot has to handle, and forget what was handled, as a site's owner would.

    That the site forgets leaves the bot the only one whose memory could grow.

    :ivar open: what is not known to be handled yet: when it happened, by the id of its event.
    :ivar counts: how many events each feed had.
    :ivar twice: how many comments were answered more than once.
    :ivar unanswered: comments that have no answer, though their runs are done.
    """

    def __init__(self, scratch: VirtualScratch, random: Random) -> None:
        self._acts = scratch.sandbox.acts
        self._world = scratch.sandbox.world
        self._clock = scratch.clock
        self._random = random
        self._said = 0
        self._settled: set[int] = set()
        self._projects = [self._project(number) for number in range(900000001, 900000011)]
        self._people = [self._person(name) for name in VISITORS]
        bot, studio = self._world.users[BOT], self._world.studios[STUDIO]
        self._feeds = [
            Feed("message", bot.messages),
            Feed(f"studio-activity:{STUDIO}", studio.activity),
            *(Feed("activity", followed.deeds, FEED) for followed in bot.following.values()),
        ]
        for place in PLACES:
            for _ in range(OLD_TOPS):
                old = self._acts.post_comment("alice", place, "old")
                self._settled.add(old.id)
        self._last_old = old.id
        for feed in self._feeds:
            feed.news()
        self.open: dict[str, float] = {}
        self.counts: Counter[str] = Counter()
        self.cloud = 0
        self.twice = 0
        self.unanswered: list[str] = []

    def _project(self, number: int) -> Project:
        owner = self._world.users[BOT]
        project = Project(id=number, title="One", author=owner, created=0, modified=0, shared=0)
        self._world.add_project(project)
        return project

    def _person(self, name: str) -> User:
        if self._world.user(name) is None:
            user = User(id=next(self._world.user_ids), username=name, password="", joined=0)
            self._world.add_user(user)
        return self._world.users[name]

    async def act(self, number: int, pause: float) -> None:
        """Do so many things, in bursts.

        :param pause: seconds from one to the next, on average.
        """
        for _ in range(number):
            self._act()
            for feed in self._feeds:
                for event in feed.news():
                    self._note(event)
                    self.counts[feed.name] += 1
            is_burst = self._random.random() < BURSTS
            mean = (pause - BURSTS * WITHIN_A_BURST) / (1 - BURSTS)
            await asyncio.sleep(WITHIN_A_BURST if is_burst else self._random.expovariate(1 / mean))

    def _act(self) -> None:
        kinds = [self._comment, self._reply, self._delete, self._opine, self._curate, self._set]
        self._random.choices(kinds, [40, 22, 2, 14, 4, 18])[0]()

    def _note(self, event: str) -> None:
        self.open[event] = self._clock.monotonic()

    def _comment(self) -> None:
        self._post(self._random.choice(PLACES), None)

    def _reply(self) -> None:
        place = self._random.choice(PLACES)
        tops = list(self._world.threads[place])[-WITHIN[place.kind] :]
        if tops:
            self._post(place, self._random.choice(tops))

    def _post(self, place: Place, parent: int | None) -> None:
        self._said += 1
        who = self._random.choice(VISITORS)
        comment = self._acts.post_comment(who, place, f"comment {self._said}", parent)
        self._note(_event(comment))

    def _delete(self) -> None:
        """Delete a comment that is settled, so that lists move up."""
        tops = self._world.threads[self._random.choice(PLACES)].values()
        settled = [top for top in tops if self._is_settled(top)]
        if settled:
            top = self._random.choice(settled)
            self._check(top)
            self._acts.delete_comment(top.author.username, top.id)

    def _opine(self) -> None:
        who, project = self._random.choice(VISITORS), self._random.choice(self._projects)
        kinds: list[Callable[[], object]] = [
            partial(self._acts.love, who, project.id),
            partial(self._acts.favorite, who, project.id),
            partial(self._acts.follow, who, BOT),
        ]
        self._random.choice(kinds)()

    def _curate(self) -> None:
        project = self._random.choice(self._projects)
        is_in = project.id in self._world.studios[STUDIO].projects
        change = self._acts.remove_project if is_in else self._acts.add_project
        change("scratchcat", STUDIO, project.id)

    def _set(self) -> None:
        self.cloud += 1
        who = self._random.choice(VISITORS)
        self._acts.set_cloud(who, CLOUD_PROJECT, f"{CLOUD_SIGN}foo", str(self.cloud))

    def settle(self, store: Path) -> None:
        """Look into a bot's store for what it has handled."""
        with closing(sqlite3.connect(store)) as connection:
            for event, at in list(self.open.items()):
                if at > self._clock.monotonic() - SOON:
                    return
                record = history.of_event(connection, key=event)
                if record and record.runs and all(run.state == "done" for run in record.runs):
                    self._settle(event)

    def _settle(self, event: str) -> None:
        del self.open[event]
        if event.startswith("comment:"):
            self._settled.add(int(event.rpartition(":")[2]))

    def forget(self) -> None:
        """Let the site forget what is old and settled."""
        for place in PLACES:
            tops = list(self._world.threads[place].values())
            for top in tops[:-KEPT_TOPS]:
                if self._is_settled(top):
                    self._check(top)
                    self._world.remove_comment(top)
        for user in self._people:
            user.loves.clear()
            user.favorites.clear()
            user.following.pop(BOT, None)
        for project in self._projects:
            project.loves.clear()
            project.loved_at.clear()
            project.favorites.clear()
        self._world.users[BOT].followers.clear()
        for user in self._world.users.values():
            del user.messages[:-KEPT_ROWS]
            del user.deeds[:-KEPT_ROWS]
            user.unread = min(user.unread, len(user.messages))
        del self._world.studios[STUDIO].activity[:-KEPT_ROWS]

    def check_rest(self) -> None:
        """Check all comments that are there still."""
        for place in PLACES:
            for top in self._world.threads[place].values():
                self._check(top)

    def _is_settled(self, top: Comment) -> bool:
        return all(one.id in self._settled for one in _by_people(top))

    def _check(self, top: Comment) -> None:
        """Count who was answered more than once in a thread, and note who was not at all."""
        answers = Counter(reply.content for reply in top.replies.values())
        for one in _by_people(top):
            number = answers[f"answer to {one.id}"]
            self.twice += number > 1
            if not number and one.id > self._last_old:
                self.unanswered.append(_event(one))
            self._settled.discard(one.id)


def _number(row: Row) -> int:
    return int(str(row["id"]).rpartition("-")[2])


def _by_people(top: Comment) -> list[Comment]:
    return [one for one in (top, *top.replies.values()) if one.author.username != BOT]


def _event(comment: Comment) -> str:
    return f"comment:{comment.place.kind}:{comment.place.key}:{comment.id}"
