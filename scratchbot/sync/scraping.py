# Made from scratchbot/aio/scraping.py by `make sync`: change that file, not this one.
"""What the site shows as HTML only."""

from scratchbot.checks import check_username
from scratchbot.errors import InputError
from scratchbot.site import Site
from scratchbot.sync.comments import ProfileComment
from scratchbot.sync.opening import ask
from scratchbot.sync.user import User
from scratchbot.wire import profile_comments
from scratchbot.wire.users import IncompleteUser

MAX_PAGES = 67


class ScrapingSession:
    """Reads pages of the old site that have no JSON beside them."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def get_profile_comments(
        self, user: User | IncompleteUser | str, all: bool = False, page: int = 1
    ) -> list[ProfileComment]:
        """Return the comments of a profile, newest first, each with its replies.

        :param all: whether to read every page that the site shows, and not only ``page``.
        :param page: 1 for the newest comments, 67 at most.
        :raises InputError: if there can be no such page.
        """
        if not 1 <= page <= MAX_PAGES:
            raise InputError(f"page={page}: the site shows the pages 1 to {MAX_PAGES}")
        username = check_username(user) if isinstance(user, str) else user.username
        found: list[ProfileComment] = []
        for number in range(1, MAX_PAGES + 1) if all else [page]:
            threads = ask(self._site, profile_comments.get_comments(username, number))
            if not threads:
                break
            found.extend(ProfileComment.of(thread, self._site) for thread in threads)
        return found
