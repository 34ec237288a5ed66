"""What the site shows in pages of the old kind only."""

from datetime import UTC, datetime

from scratchbot.aio.opening import ask
from scratchbot.aio.pages import AsyncNumberedPages
from scratchbot.aio.profile_comments import AsyncProfileComment
from scratchbot.checks import HasUsername, check_id, username_of
from scratchbot.errors import InputError
from scratchbot.site import AsyncSite
from scratchbot.wire import pages, profile_comments
from scratchbot.wire.messages import Activity

MAX_PAGES = 67


class AsyncScrapingSession:
    """Reads pages of the old site that have no JSON beside them."""

    def __init__(self, site: AsyncSite) -> None:
        self._site = site

    async def get_follower_count(self, user: HasUsername | str) -> int:
        """Return how many follow a user."""
        return await self._count(user, "followers")

    async def get_following_count(self, user: HasUsername | str) -> int:
        """Return how many a user follows."""
        return await self._count(user, "following")

    async def get_favorited_count(self, user: HasUsername | str) -> int:
        """Return how many favourites a user has."""
        return await self._count(user, "favorites")

    async def get_followed_studios_count(self, user: HasUsername | str) -> int:
        """Return how many studios a user follows."""
        return await self._count(user, "studios_following")

    async def get_curated_studios_count(self, user: HasUsername | str) -> int:
        """Return how many studios a user curates or manages."""
        return await self._count(user, "studios")

    async def get_shared_projects_count(self, user: HasUsername | str) -> int:
        """Return how many projects a user has shared."""
        return await self._count(user, "projects")

    async def _count(self, user: HasUsername | str, listed: pages.List) -> int:
        return await ask(self._site, pages.get_count(username_of(user), listed))

    async def get_user_activity(self, user: HasUsername | str, max: int = 100000) -> list[Activity]:
        """Return what a user did in the last year, newest first.

        The page tells times such as “2 days ago”; they are counted back from now, and have neither
        an ``id`` nor an ``actor_id``.

        :param max: how much to return at most.
        """
        if max < 1:
            raise InputError(f"max={max}: give a number from 1 up")
        now = datetime.now(UTC)
        return await ask(self._site, pages.get_user_activity(username_of(user), max, now))

    def profile_comments(self, user: HasUsername | str) -> AsyncNumberedPages[AsyncProfileComment]:
        """Give the comments of a profile, newest first, read as they are needed."""
        username = username_of(user)
        return AsyncNumberedPages(
            self._site,
            lambda page: profile_comments.get_comments(username, page),
            lambda data: AsyncProfileComment.of(data, self._site),
            last=MAX_PAGES,
        )

    async def get_profile_comments(
        self, user: HasUsername | str, all: bool = False, page: int = 1
    ) -> list[AsyncProfileComment]:
        """Return the comments of a profile, newest first, each with its replies.

        :param all: whether to read every page that the site shows, and not only ``page``.
        :param page: 1 for the newest comments, 67 at most.
        :raises InputError: if there can be no such page.
        """
        return await self.profile_comments(user).collect(all, page)

    async def get_signature(self, post_id: int | str, as_html: bool = False) -> str:
        """Return what stands below a post in the forums.

        :param as_html: whether to return it as HTML, and not as BBCode.
        """
        return await ask(self._site, pages.get_signature(check_id(post_id), as_html=as_html))
