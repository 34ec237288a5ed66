"""How a bot behaves towards people, whatever its handlers say: see ``docs/manners.md``."""

import contextlib
import re
from collections import Counter, deque
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import NamedTuple, NoReturn

import structlog

from scratchbot.clock import Clock
from scratchbot.engines.engine import NOTES, Engine
from scratchbot.errors import MannersError
from scratchbot.events import CommentEvent, Event, person
from scratchbot.settings import Answers
from scratchbot.site import Account
from scratchbot.wire.request import Act

ANSWERS = frozenset({"comment.reply", "comment.post", "forum.post"})
"""The kinds of acts that say something to people."""

HOUR = 3600.0
SAME = 3
"""So often in a row a person is answered on the same text in one thread, within an hour."""
SAME_CALLED = 10
"""The same for commands, which people say again."""
MOST_STREAKS = 1_000
"""People and threads for which that is counted, the latest."""
CLOSED_SECONDS = 86_400.0
MOST_REJECTED = 3
"""So many comments that answer one person may be rejected in an hour."""

_LEFT_ALONE, _CLOSED = "left-alone:", "closed:"
_WORDS = {"stop": True, "start": False}
"""Words for the bot that stand alone, and whether they ask it to be silent."""
_POLITE = frozenset({"please", "pls", "plz"})
"""Words that may stand beside them."""
_WORD = re.compile(r"\w+")
_MENTION = re.compile(r"@([\w-]+)")
_CHANGING = re.compile(r"@[\w-]+|[^\w\s]+")
_NUMBER = re.compile(r"\d+")
SENTENCE = 4
"""So many words besides its numbers make a text that is taken for the same whatever they are."""

_log = structlog.get_logger("scratchbot")


Counted = tuple[float, tuple[tuple[str, ...], ...]]
"""When something happened, and what it is counted under."""


class _Window:
    """Counts what happened in the last hour."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._counts: Counter[tuple[str, ...]] = Counter()
        self._kept: deque[Counted] = deque()

    def add(self, *keys: tuple[str, ...], at: float | None = None) -> Counted:
        counted = (self._clock.timestamp() if at is None else at, keys)
        self._kept.append(counted)
        self._counts.update(keys)
        return counted

    def take_back(self, counted: Counted) -> None:
        with contextlib.suppress(ValueError):  # it was more than an hour ago
            self._kept.remove(counted)
            self._forget(counted)

    def count(self, *key: str) -> int:
        before = self._clock.timestamp() - HOUR
        while self._kept and self._kept[0][0] <= before:
            self._forget(self._kept.popleft())
        return self._counts[key]

    def _forget(self, counted: Counted) -> None:
        self._counts.subtract(counted[1])
        for key in counted[1]:
            if self._counts[key] <= 0:
                del self._counts[key]


class _Streak(NamedTuple):
    """How often in a row somebody was answered on the same text in a thread, and when last."""

    heard: str
    times: int
    at: float


class Manners:
    """Keeps a bot from saying what would annoy people, and remembers who wants to be left alone.

    :param account: who the bot is.
    :param answers: how many comments it may write in an hour; ``None`` sets no bounds.
    :param is_called: tells of a handler's name whether people call it with words.
    :param told: is told of what the owner should know.
    """

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        account: Account,
        *,
        answers: Answers | None,
        is_called: Callable[[str], bool],
        told: Callable[[str], None],
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._account = account
        self._answers = answers
        self._is_called = is_called
        self._told = told
        self._window = _Window(clock)
        self._left_alone: set[str] = set()
        self._changed: dict[str, tuple[datetime, int]] = {}
        self._closed: dict[str, datetime] = {}
        self._streaks: dict[str, _Streak] = {}
        self._has_told_full = False

    async def load(self) -> None:
        """Go on where an earlier life has ended."""
        for key, value in (await self._engine.values(NOTES)).items():
            if key.startswith(_LEFT_ALONE):
                self._left_alone.add(key.removeprefix(_LEFT_ALONE))
            elif key.startswith(_CLOSED):
                until = datetime.fromisoformat(value)
                if until > self._clock.now():
                    self._closed[key.removeprefix(_CLOSED)] = until
                else:
                    await self._engine.keep(NOTES, key, None)
        since = self._clock.now() - timedelta(seconds=HOUR)
        for event, act, record in await self._engine.acts_since(since):
            if act.kind in ANSWERS:
                at = record.at.timestamp()
                self._count(event, act.target, record.text, at)
                self._go_on(event, act.target, act.handler, at)

    async def check(self, act: Act, event: Event, handler: str) -> Counted | None:
        """Let a comment pass, and count it, that a handler wants to write because of an event.

        :returns: what :meth:`unsaid` takes back.
        :raises MannersError: if it is better not written.
        """
        if act.kind not in ANSWERS:
            return None
        who, thread = (person(event) or "").lower(), act.target
        await self.hear(event)
        if who and who == (self._account.username or "").lower():
            _refuse("itself", handler, "it would answer itself")
        named = {each.lower() for each in _MENTION.findall(act.text or "")}
        left_alone = self._left_alone & {who, *named}
        if left_alone:
            said = f"{', '.join(sorted(left_alone))} asked to be left alone"
            _refuse("left_alone", handler, said, left_alone)
        await self._check_loop(event, who, thread, handler)
        if self._window.count("rejected", who) >= MOST_REJECTED and who:
            _refuse("rejected", handler, f"the site rejected {MOST_REJECTED} answers to {who}")
        if self._answers is not None:
            self._check_counts(self._answers, who, thread, handler)
            self._check_repeated(act, handler)
        return self._count(event, thread, act.text)

    def said(self, act: Act, event: Event, handler: str) -> None:
        """Hear that a comment was written."""
        if act.kind in ANSWERS:
            self._go_on(event, act.target, handler, self._clock.timestamp())

    def unsaid(self, counted: Counted) -> None:
        """Hear that a comment was not written after all."""
        self._window.take_back(counted)

    def rejected(self, act: Act, event: Event) -> None:
        """Hear that the site rejected a comment for its text."""
        if act.kind in ANSWERS:
            self._window.add(("rejected", (person(event) or "").lower()))

    async def hear(self, event: Event) -> None:
        """Heed somebody who tells the bot to stop, or to start again."""
        if not isinstance(event, CommentEvent):
            return
        who, stops = event.author.lower(), wants_silence(event.content)
        if stops is None or stops == (who in self._left_alone) or not await self._is_meant(event):
            return
        # A run that is tried again hears once more what may have been taken back meanwhile.
        at = (event.at, event.comment_id)
        if at < self._changed.get(who, at):
            return
        self._changed[who] = at
        await self._engine.keep(NOTES, _LEFT_ALONE + who, "1" if stops else None)
        (self._left_alone.add if stops else self._left_alone.discard)(who)
        _log.info("person_left_alone" if stops else "person_answered_again", person=who)

    async def _is_meant(self, event: CommentEvent) -> bool:
        """Tell whether a comment is said to the bot: by name, to its profile or to its answer."""
        own = (self._account.username or "").lower()
        if own in (name.lower() for name in _MENTION.findall(event.content)):
            return True
        if event.where == "profile" and event.target.lower() == own:
            return True
        thread = f"{event.where}:{event.target}:comment:{event.parent_id}"
        return event.parent_id is not None and await self._engine.has_acted(thread)

    async def _check_loop(self, event: Event, who: str, thread: str, handler: str) -> None:
        """Notice another bot by its saying the same again and again."""
        place = f"{handler}:{who}:{thread}"
        until = self._closed.get(place)
        if until is not None and self._clock.now() < until:
            _refuse("loop", handler, f"{who} says the same in this thread again and again")
        streak = self._streaks.get(place)
        since = self._clock.timestamp() - HOUR
        if not who or streak is None or streak.heard != _heard(event) or streak.at < since:
            return
        is_counting = _NUMBER.search(getattr(event, "content", "")) is not None
        if streak.times < (SAME_CALLED if is_counting or self._is_called(handler) else SAME):
            return
        self._closed[place] = until = self._clock.now() + timedelta(seconds=CLOSED_SECONDS)
        await self._engine.keep(NOTES, _CLOSED + place, until.isoformat())
        self._told(
            f"{who} says the same under {thread} again and again, as a bot does: {handler} answers "
            "there no more for a day"
        )
        _refuse("loop", handler, f"{who} says the same in this thread again and again")

    def _check_counts(self, most: Answers, who: str, thread: str, handler: str) -> None:
        if who and self._window.count("person", who) >= most.person:
            _refuse("person", handler, f"{who} was answered {most.person} times in an hour")
        if self._window.count("thread", thread) >= most.thread:
            _refuse("thread", handler, f"this thread has {most.thread} answers in an hour")
        if self._window.count("hour") < most.hour:
            self._has_told_full = False
            return
        if not self._has_told_full:
            self._has_told_full = True
            self._told(
                f"no more answers for now: there were {most.hour} in the last hour; set "
                "answers_an_hour in scratchbot.toml if there may be more"
            )
        _refuse("hour", handler, f"there were {most.hour} answers in an hour")

    def _check_repeated(self, act: Act, handler: str) -> None:
        most = SAME_CALLED if self._is_called(handler) else SAME
        if self._window.count("text", act.target, act.text or "") >= most:
            _refuse("repeated", handler, f"the same was said there {most} times in an hour")

    def _count(
        self, event: Event, thread: str, text: str | None, at: float | None = None
    ) -> Counted:
        who = (person(event) or "").lower()
        keys = [("hour",), ("thread", thread), ("text", thread, text or "")]
        return self._window.add(*keys, *([("person", who)] if who else []), at=at)

    def _go_on(self, event: Event, thread: str, handler: str, at: float) -> None:
        """Count how often in a row somebody was answered on the same."""
        place, heard = f"{handler}:{(person(event) or '').lower()}:{thread}", _heard(event)
        before = self._streaks.pop(place, _Streak(heard, 0, 0))
        times = before.times + 1 if before.heard == heard else 1
        self._streaks[place] = _Streak(heard, times, at)
        if len(self._streaks) > MOST_STREAKS:
            del self._streaks[next(iter(self._streaks))]


def wants_silence(content: str) -> bool | None:
    """Tell whether somebody may want to be left alone, or no longer; ``None`` for all else."""
    said = content.lower()
    if "stop" not in said and "start" not in said:  # as hardly any comment has it
        return None
    words = {*_WORD.findall(_MENTION.sub(" ", said))} - _POLITE
    return _WORDS.get(words.pop()) if len(words) == 1 else None


def _refuse(why: str, handler: str, said: str, left_alone: Collection[str] = ()) -> NoReturn:
    _log.info("answer_withheld", handler=handler, why=why)
    raise MannersError(f"it is better not said: {said}", left_alone)


def _heard(event: Event) -> str:
    """Return what somebody said without what changes from one time to the next."""
    said = _CHANGING.sub(" ", getattr(event, "content", "").lower()).split()
    words = [word for word in said if not _NUMBER.search(word)]
    return " ".join(words if len(words) >= SENTENCE else said)[:200]
