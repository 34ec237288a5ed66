"""Comments on projects, in studios and on profiles, and the replies to them."""

import json
from collections.abc import Sequence
from typing import Protocol

from scratchbot.aio.opening import ask
from scratchbot.events import CommentEvent, Place
from scratchbot.site import AsyncSite
from scratchbot.sources.paging import MOST_PAGES, read_back
from scratchbot.sources.seen import Item, Seen
from scratchbot.sources.source import Reading
from scratchbot.wire import comments, profile_comments, projects
from scratchbot.wire.comments import CommentData, Ground
from scratchbot.wire.fields import time
from scratchbot.wire.profile_comments import ProfileCommentData
from scratchbot.wire.request import MAX_PAGE

Comment = CommentData | ProfileCommentData


class Board(Protocol):
    """A place with comments."""

    where: Place
    target: str
    page_size: int

    async def page(self, site: AsyncSite, offset: int) -> Sequence[Comment]:
        """Return top comments, newest first, after leaving out ``offset`` of them."""

    async def replies(self, site: AsyncSite, top: Comment) -> Sequence[Comment]:
        """Return all replies to a top comment."""


class GroundBoard:
    """The comments of a project or a studio."""

    page_size = MAX_PAGE

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self.where: Place = ground.kind
        self.target = str(ground.id)

    async def page(self, site: AsyncSite, offset: int) -> Sequence[Comment]:
        """Return top comments, newest first."""
        await self._find_owner(site)
        return await ask(site, comments.get_comments(self._ground, MAX_PAGE, offset))

    async def replies(self, site: AsyncSite, top: Comment) -> Sequence[Comment]:
        """Return all replies to a top comment."""
        found: list[Comment] = []
        for _ in range(MOST_PAGES):
            request = comments.get_replies(self._ground, top.id, MAX_PAGE, len(found))
            page = await ask(site, request)
            found.extend(page)
            if len(page) < MAX_PAGE:
                break
        return found

    async def _find_owner(self, site: AsyncSite) -> None:
        if self._ground.kind == "project" and not self._ground.owner:
            project = await ask(site, projects.get_project(self._ground.id))
            self._ground = Ground("project", project.id, project.author.username)


class ProfileBoard:
    """The comments of a profile, whose page holds the replies too."""

    where: Place = "profile"
    page_size = 1  # the site does not say how many a full page has; only an empty one is the last

    def __init__(self, username: str) -> None:
        self.target = username
        self._pages = 0

    async def page(self, site: AsyncSite, offset: int) -> Sequence[Comment]:
        """Return top comments, newest first."""
        self._pages = 1 if offset == 0 else self._pages + 1
        return await ask(site, profile_comments.get_comments(self.target, self._pages))

    async def replies(self, site: AsyncSite, top: Comment) -> Sequence[Comment]:
        """Return all replies to a top comment, which came with it."""
        del site
        return top.replies if isinstance(top, ProfileCommentData) else []


class CommentSource:
    """Sees new comments in one place, and new replies under those on its first page.

    The cursor holds what was seen, and for each top comment of the last reading its number of
    replies and which they were.
    """

    def __init__(self, name: str, board: Board, site: AsyncSite) -> None:
        self.name = name
        self._board = board
        self._site = site

    async def read(self, cursor: str | None) -> Reading:
        """Return the comments and replies that came since the last reading."""
        state = json.loads(cursor) if cursor is not None else None
        seen = Seen.from_json(state["seen"]) if state is not None else None
        threads: dict[str, list[int]] = state["threads"] if state is not None else {}
        tops = await read_back(
            seen,
            lambda offset: self._board.page(self._site, offset),
            _item,
            self._board.page_size,
        )
        fresh = [top for top in tops if seen is not None and not seen.knows(_item(top))]
        news = list(fresh)
        current: dict[str, list[int]] = {}
        for top in tops:
            before = [] if top in fresh else threads.get(str(top.id))
            replies, current[str(top.id)] = await self._replies(top, before)
            news.extend(replies)
        now = Seen.mark(map(_item, tops)) if seen is None else seen.add(map(_item, fresh))
        news.sort(key=lambda comment: (time(comment.created_timestamp), comment.id))
        return Reading(
            [comment_event(c, self._board.where, self._board.target, self.name) for c in news],
            json.dumps({"seen": now.to_json(), "threads": current}),
        )

    async def _replies(
        self, top: Comment, before: list[int] | None
    ) -> tuple[list[Comment], list[int]]:
        """Return the new replies to a top comment, and what is to be remembered of all.

        :param before: the count of replies and their ids as remembered; ``None`` if this thread
            was not remembered, so that its replies are only marked.
        """
        if (before[0] if before else 0) == top.reply_count and before is not None:
            return [], before
        replies = await self._board.replies(self._site, top) if top.reply_count else []
        known = set(before[1:]) if before is not None else {reply.id for reply in replies}
        fresh = [reply for reply in replies if reply.id not in known]
        return fresh, [top.reply_count, *(reply.id for reply in replies)]


def _item(comment: Comment) -> Item:
    return Item(str(comment.id), time(comment.created_timestamp))


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
