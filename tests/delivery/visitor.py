"""A visitor who never pauses."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

from scratchbot.sandbox.world import Comment
from scratchbot.testing import Posted
from tests.delivery.dying import PROJECT
from tests.scratch import Scratch

PAUSE = 0.01
"""Seconds between two comments, on average: a person could not talk faster."""
FAR_AHEAD = 300
"""Comments without an answer that she leaves a bot with, at most: replies under what is further
down than the 500 newest comments are not looked for."""
WITHIN = 60
"""Replies go under one of so many newest comments: pages beyond the first, and some sweeps."""


class Visitor:
    """Comments, and replies under her older comments, in a thread of her own."""

    def __init__(self, scratch: Scratch, seed: int) -> None:
        self._alice = scratch.user("alice")
        self._scratch = scratch
        self._random = Random(seed)
        self._stop = threading.Event()
        self._tops: list[Posted] = []
        self._said: list[Comment] = []
        self._open: deque[Comment] = deque()

    @contextmanager
    def talking(self) -> Iterator[None]:
        """Talk until the block ends."""
        thread = threading.Thread(target=self._talk, name="visitor")
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()

    @property
    def answers(self) -> dict[str, int]:
        """How often each that she said was answered."""
        return self._scratch.do(lambda: {one.content: _answers(one) for one in self._said})

    def _talk(self) -> None:
        while not self._stop.wait(self._random.expovariate(1 / PAUSE)):
            if self._scratch.do(self._is_far_ahead):
                continue
            text = f"number {len(self._said)}"
            if self._tops and self._random.random() < 0.3:
                posted = self._alice.reply(self._random.choice(self._tops[-WITHIN:]), text)
            else:
                posted = self._alice.comment(PROJECT, text)
                self._tops.append(posted)
            self._said.append(posted.comment)
            self._open.append(posted.comment)

    def _is_far_ahead(self) -> bool:
        while self._open and _answers(self._open[0]):
            self._open.popleft()
        return len(self._open) > FAR_AHEAD


def _answers(comment: Comment) -> int:
    thread = (comment.parent or comment).replies
    return sum(reply.content.startswith(f"{comment.content}, ") for reply in thread.values())
