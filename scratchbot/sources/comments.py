"""Comments on projects, in studios and on profiles, and the replies to them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from scratchbot.events import CommentEvent, Place
from scratchbot.site import AsyncSite
from scratchbot.sources import listings
from scratchbot.sources.boards import MOST_REPLIES, Board, Comment, comment_item
from scratchbot.sources.paging import Beginning, read_list
from scratchbot.sources.progress import Progress
from scratchbot.sources.seen import TICK
from scratchbot.sources.source import Reading, trouble_of
from scratchbot.sources.threads import KEPT_THREADS, Threads
from scratchbot.wire.fields import time

SWEEP_EVERY = 5
"""So many readings bring one look at older comments."""


@dataclass(frozen=True)
class Sweep:
    """Where the slow look at older comments stands.

    :param place: of the page that comes next.
    :param depth: how many comments were looked at since the newest.
    :param readings: how many there were since the last page.
    """

    place: listings.Place | None = None
    depth: int = 0
    readings: int = 0


@dataclass
class _State:
    """What the cursor holds."""

    progress: Progress | None = None
    threads: Threads = field(default_factory=Threads)
    sweep: Sweep = field(default_factory=Sweep)

    def to_json(self) -> str:
        progress = self.progress.state() if self.progress is not None else None
        return json.dumps(
            {"seen": progress, **self.threads.state(), "sweep": vars(self.sweep)},
        )

    @classmethod
    def from_json(cls, cursor: str) -> "_State":
        state: dict[str, Any] = json.loads(cursor)
        seen = state["seen"]
        # Up to 0.1, a cursor held what was seen as a text of its own.
        progress = Progress.from_state(json.loads(seen) if isinstance(seen, str) else seen)
        threads = Threads.from_state(state, progress.seen.newest)
        return cls(progress, threads, Sweep(**state.get("sweep", {})))


class CommentSource:
    """Sees new comments in one place, and new replies, those under older comments a little later.

    The cursor holds how far the comments were read, and for each of the top comments looked at
    its number of replies and which they were.
    """

    def __init__(
        self, name: str, board: Board, site: AsyncSite, beginning: Beginning | None = None
    ) -> None:
        self.name = name
        self._board = board
        self._site = site
        self._listing = board.listing(site)
        self._beginning = beginning or Beginning()

    async def read(self, cursor: str | None) -> Reading:
        """Return the comments and replies that came since the last reading."""
        state = self._begin() if cursor is None else _State.from_json(cursor)
        found = await read_list(self._listing, state.progress, self._beginning)
        state.progress = found.progress
        fresh = {top.id for top in found.fresh}
        swept = [] if found.progress.gap is not None else await self._sweep(state)
        troubles = [found.trouble] if found.trouble else []
        news = list(found.fresh)
        for top in {top.id: top for top in (*swept, *found.entries)}.values():
            news += await self._replies(state.threads, top, top.id in fresh, troubles)
        state.threads.start_at(found.progress.seen.newest)
        state.threads.forget(found.progress.seen.newest)
        news.sort(key=lambda comment: (time(comment.created_timestamp), comment.id))
        return Reading(
            [comment_event(c, self._board.where, self._board.target, self.name) for c in news],
            state.to_json(),
            trouble_of(self.name, troubles),
        )

    def _begin(self) -> _State:
        since = self._beginning.since
        return _State(threads=Threads(start=since and since - TICK))

    async def _sweep(self, state: _State) -> Sequence[Comment]:
        """Return the next page of older comments, when it is time; new ones are left out."""
        sweep = replace(state.sweep, readings=state.sweep.readings + 1)
        if sweep.readings < SWEEP_EVERY:
            state.sweep = sweep
            return []
        page = await self._listing.page(sweep.place, ())
        depth = sweep.depth + len(page.entries)
        is_last = page.is_last or depth >= KEPT_THREADS
        state.sweep = Sweep() if is_last else Sweep(page.following, depth)
        known = state.progress.seen.knows if state.progress is not None else lambda item: False
        return [top for top in page.entries if known(comment_item(top))]

    async def _replies(
        self, threads: Threads, top: Comment, is_fresh: bool, troubles: list[str]
    ) -> Sequence[Comment]:
        """Return the new replies to a top comment."""
        if not self._board.carries_replies and threads.has_count(top, is_fresh=is_fresh):
            return []
        replies = await self._board.replies(self._site, top) if top.reply_count else []
        if len(replies) >= MOST_REPLIES:
            troubles.append(f"comment {top.id} has more replies than are read")
        return threads.take(top, replies, is_fresh=is_fresh)


def comment_event(comment: Comment, where: Place, target: str, source: str) -> CommentEvent:
    """Return the event of a comment; the same one whichever watch saw it."""
    return CommentEvent(
        id=f"comment:{where}:{target.lower()}:{comment.id}",
        name=f"comment.{where}",
        at=time(comment.created_timestamp),
        source=source,
        comment_id=comment.id,
        parent_id=comment.parent_id,
        content=comment.content,
        author=comment.author,
        author_id=comment.author_id or None,
        where=where,
        target=target,
        project_id=int(target) if where == "project" else None,
        studio_id=int(target) if where == "studio" else None,
        profile=target if where == "profile" else None,
    )
