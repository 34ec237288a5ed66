"""What the site shows as HTML only."""

from scratchbot.aio.comments import AsyncProfileComment
from scratchbot.aio.opening import ask
from scratchbot.aio.user import AsyncUser
from scratchbot.checks import check_username
from scratchbot.errors import InputError
from scratchbot.site import AsyncSite
from scratchbot.wire import profile_comments
from scratchbot.wire.users import IncompleteUser

MAX_PAGES = 67


class AsyncScrapingSession:
    """Reads pages of the old site that have no JSON beside them."""

    def __init__(self, site: AsyncSite) -> None:
        self._site = site

    async def get_profile_comments(
        self, user: AsyncUser | IncompleteUser | str, all: bool = False, page: int = 1
    ) -> list[AsyncProfileComment]:
        """Return the comments of a profile, newest first, each with its replies.

        :param all: whether to read every page that the site shows, and not only ``page``.
        :param page: 1 for the newest comments, 67 at most.
        :raises InputError: if there can be no such page.
        """
        if not 1 <= page <= MAX_PAGES:
            raise InputError(f"page={page}: the site shows the pages 1 to {MAX_PAGES}")
        username = check_username(user) if isinstance(user, str) else user.username
        found: list[AsyncProfileComment] = []
        for number in range(1, MAX_PAGES + 1) if all else [page]:
            threads = await ask(self._site, profile_comments.get_comments(username, number))
            if not threads:
                break
            found.extend(AsyncProfileComment.of(thread, self._site) for thread in threads)
        return found
