"""The replies that are remembered of each top comment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from scratchbot.sources.boards import Comment, comment_item

KEPT_THREADS = 500


@dataclass
class Threads:
    """What is known of replies.

    :param known: by top comment, the count of replies that was last borne out, and their ids.
    :param start: the time up to which replies under comments never looked at count as known;
        ``None`` before the first reading, where all do.
    """

    known: dict[str, list[int]] = field(default_factory=dict)
    start: datetime | None = None
    newest: datetime | None = None

    def has_count(self, top: Comment, *, is_fresh: bool) -> bool:
        """Tell whether a top comment has as many replies as are remembered."""
        if is_fresh or str(top.id) not in self.known:
            return False
        return self.known[str(top.id)][0] == top.reply_count

    def take(self, top: Comment, replies: Sequence[Comment], *, is_fresh: bool) -> list[Comment]:
        """Remember the replies to a top comment, and return the new ones."""
        before = self.known.get(str(top.id), [0] if is_fresh else None)
        known = before[1:] if before is not None else self._old(replies)
        fresh = [reply for reply in replies if reply.id not in set(known)]
        # A count that the replies did not bear out comes from an older answer: it is asked again.
        count = min(top.reply_count, len(replies))
        self.known[str(top.id)] = [count, *known, *(reply.id for reply in fresh)]
        times = [comment_item(reply).at for reply in replies]
        self.newest = max((*times, *([self.newest] if self.newest else [])), default=None)
        return fresh

    def _old(self, replies: Sequence[Comment]) -> list[int]:
        """Return the ids of the replies that count as known under a comment never looked at."""
        return [r.id for r in replies if self.start is None or comment_item(r).at <= self.start]

    def start_at(self, newest_top: datetime | None) -> None:
        """Set the start, after the first reading, to the newest time that it saw."""
        if self.start is None:
            self.start = max(filter(None, (self.newest, newest_top)), default=None)

    def forget(self, newest_top: datetime | None) -> None:
        """Forget the oldest threads; what of them comes back must not pass for new."""
        dropped = sorted(self.known, key=int, reverse=True)[KEPT_THREADS:]
        for number in dropped:
            del self.known[number]
        if dropped:
            times = filter(None, (self.start, self.newest, newest_top))
            self.start = max(times, default=None)

    def state(self) -> dict[str, Any]:
        """Return what :meth:`from_state` reads, for a cursor."""
        return {"threads": self.known, "start": self.start and self.start.isoformat()}

    @classmethod
    def from_state(cls, state: Mapping[str, Any], newest_top: datetime | None) -> "Threads":
        """Return what a cursor says; one up to 0.1 has no start, and ``newest_top`` stands in."""
        start = state.get("start")
        return cls(state["threads"], datetime.fromisoformat(start) if start else newest_top)
