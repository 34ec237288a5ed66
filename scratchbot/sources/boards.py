"""The places that have comments: projects, studios and profiles."""

from collections.abc import Sequence
from typing import Protocol

from scratchbot.aio.opening import ask
from scratchbot.events import Place
from scratchbot.site import AsyncSite
from scratchbot.sources.listings import Listing, NumberedListing, OffsetListing
from scratchbot.sources.seen import Item
from scratchbot.wire import comments, profile_comments, projects
from scratchbot.wire.comments import CommentData, Ground
from scratchbot.wire.fields import time
from scratchbot.wire.profile_comments import ProfileCommentData
from scratchbot.wire.request import MAX_PAGE

MOST_REPLY_PAGES = 25
MOST_REPLIES = MOST_REPLY_PAGES * MAX_PAGE

Comment = CommentData | ProfileCommentData


def comment_item(comment: Comment) -> Item:
    """Return what identifies a comment."""
    return Item(str(comment.id), time(comment.created_timestamp))


class Board(Protocol):
    """A place with comments."""

    where: Place
    target: str
    carries_replies: bool
    """Whether its pages hold the replies, so that looking at them costs nothing."""

    def listing(self, site: AsyncSite) -> Listing[Comment]:
        """Return the list of its top comments."""

    async def replies(self, site: AsyncSite, top: Comment) -> Sequence[Comment]:
        """Return all replies to a top comment."""


class GroundBoard:
    """The comments of a project or a studio."""

    carries_replies = False

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self.where: Place = ground.kind
        self.target = str(ground.id)

    def listing(self, site: AsyncSite) -> Listing[Comment]:
        """Return the list of its top comments."""

        async def page(offset: int) -> Sequence[Comment]:
            await self._find_owner(site)
            return await ask(site, comments.get_comments(self._ground, MAX_PAGE, offset))

        return OffsetListing(page, comment_item, MAX_PAGE)

    async def replies(self, site: AsyncSite, top: Comment) -> Sequence[Comment]:
        """Return all replies to a top comment."""
        found: list[Comment] = []
        for _ in range(MOST_REPLY_PAGES):
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
    carries_replies = True

    def __init__(self, username: str) -> None:
        self.target = username

    def listing(self, site: AsyncSite) -> Listing[Comment]:
        """Return the list of its top comments."""

        async def page(number: int) -> Sequence[Comment]:
            return await ask(site, profile_comments.get_comments(self.target, number))

        return NumberedListing(page, comment_item)

    async def replies(self, site: AsyncSite, top: Comment) -> Sequence[Comment]:
        """Return all replies to a top comment, which came with it."""
        del site
        return top.replies if isinstance(top, ProfileCommentData) else []
