"""A studio's comments, shown as the site shows them: in pages, at times old, mixed, or not."""

import json
from collections import deque
from collections.abc import Callable
from datetime import datetime
from random import Random
from typing import Any, Literal

from scratchbot.client import Client
from scratchbot.errors import SiteDownError
from scratchbot.settings import Credentials, Network
from scratchbot.wire.request import Answer, Request

STUDIO = 1
BOT, PERSON = "the-bot", "alice"
KEPT_PASTS = 8
MANY = 5
"""More than two pages overlap by."""

Row = dict[str, Any]
Whim = Literal["none", "down", "busy", "garbage", "old", "mixed", "comes", "go"]
"""What becomes of one answer; before it is given, a comment ``comes``, or the newest ``go``."""


class Studio(Client):
    """A client whose site is one studio; its clock may be wrong.

    :ivar whims: what becomes of the next answers, one after the other.
    :ivar tops: its comments, newest first; :ivar replies: those under each, oldest first.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__(Credentials(username=BOT), Network())
        self.whims: deque[Whim] = deque()
        self.tops: list[Row] = []
        self.replies: dict[int, list[Row]] = {}
        self._now = now
        self._last = 0
        self._pasts: deque[tuple[list[Row], dict[int, list[Row]]]] = deque(maxlen=KEPT_PASTS)

    async def log_in(self) -> None:
        """Do without."""

    async def close(self) -> None:
        """Close nothing: the next life of the bot has the same site."""

    @property
    def present(self) -> set[int]:
        """All comments that are there, but for the bot's own."""
        rows = [*self.tops, *(row for rows in self.replies.values() for row in rows)]
        return {row["id"] for row in rows if row["author"]["username"] != BOT}

    def say(self, author: str = PERSON, parent: int | None = None) -> int:
        self._remember()
        self._last += 1
        row = {
            "id": self._last,
            "parent_id": parent,
            "content": f"comment {self._last}",
            "datetime_created": self._now().strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "visibility": "visible",
            "author": {"username": author, "id": 5},
        }
        if parent is None:
            self.tops.insert(0, row)
            self.replies[self._last] = []
        else:
            self.replies[parent].append(row)
        return self._last

    def delete(self, place: int) -> None:
        self._remember()
        del self.replies[self.tops.pop(place)["id"]]

    def _remember(self) -> None:
        replies = {parent: list(rows) for parent, rows in self.replies.items()}
        self._pasts.append((list(self.tops), replies))

    async def exchange(self, request: Request[Any]) -> Answer:
        whim = self.whims.popleft() if self.whims else None
        if whim == "down":
            raise SiteDownError("the studio does not answer")
        if whim == "busy":
            return Answer(status=429, body=b"", headers={"retry-after": "100"})
        if whim == "garbage":
            return Answer(status=200, body=b"<html>")
        if whim == "comes":
            self.say()
        if whim == "go":
            for _ in self.tops[:MANY]:
                self.delete(0)
        rows = self._rows(request, is_old=whim == "old")
        if rows is None:
            return Answer(status=404, body=b"{}")
        if whim == "mixed":
            Random(1).shuffle(rows)
        return Answer(status=200, body=json.dumps(rows).encode())

    def _rows(self, request: Request[Any], *, is_old: bool) -> list[Row] | None:
        tops, replies = self.tops, self.replies
        if is_old and self._pasts:
            tops, replies = self._pasts[0]
        if request.path.endswith("/replies"):
            found = replies.get(int(request.path.split("/")[-2]))
        else:
            found = [{**row, "reply_count": len(replies[row["id"]])} for row in tops]
        offset, limit = int(request.query["offset"]), int(request.query["limit"])
        return None if found is None else found[offset : offset + limit]
