# Made from scratchbot/aio/scraping.py by `make sync`: change that file, not this one.
"""What the site shows in pages of the old kind only."""

from datetime import UTC, datetime

from scratchbot.checks import HasUsername, check_id, username_of
from scratchbot.errors import InputError
from scratchbot.site import Site
from scratchbot.sync.opening import ask
from scratchbot.sync.pages import NumberedPages
from scratchbot.sync.profile_comments import ProfileComment
from scratchbot.wire import pages, profile_comments
from scratchbot.wire.messages import Activity

MAX_PAGES = 67


class ScrapingSession:
    """Reads pages of the old site that have no JSON beside them."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def get_follower_count(self, user: HasUsername | str) -> int:
        """Return how many follow a user."""
        return self._count(user, "followers")

    def get_following_count(self, user: HasUsername | str) -> int:
        """Return how many a user follows."""
        return self._count(user, "following")

    def get_favorited_count(self, user: HasUsername | str) -> int:
        """Return how many favourites a user has."""
        return self._count(user, "favorites")

    def get_followed_studios_count(self, user: HasUsername | str) -> int:
        """Return how many studios a user follows."""
        return self._count(user, "studios_following")

    def get_curated_studios_count(self, user: HasUsername | str) -> int:
        """Return how many studios a user curates or manages."""
        return self._count(user, "studios")

    def get_shared_projects_count(self, user: HasUsername | str) -> int:
        """Return how many projects a user has shared."""
        return self._count(user, "projects")

    def _count(self, user: HasUsername | str, listed: pages.List) -> int:
        return ask(self._site, pages.get_count(username_of(user), listed))

    def get_user_activity(self, user: HasUsername | str, max: int = 100000) -> list[Activity]:
        """Return what a user did in the last year, newest first.

        The page tells times such as “2 days ago”; they are counted back from now, and have neither
        an ``id`` nor an ``actor_id``.

        :param max: how much to return at most.
        """
        if max < 1:
            raise InputError(f"max={max}: give a number from 1 up")
        now = datetime.now(UTC)
        return ask(self._site, pages.get_user_activity(username_of(user), max, now))

    def profile_comments(self, user: HasUsername | str) -> NumberedPages[ProfileComment]:
        """Give the comments of a profile, newest first, read as they are needed."""
        username = username_of(user)
        return NumberedPages(
            self._site,
            lambda page: profile_comments.get_comments(username, page),
            lambda data: ProfileComment.of(data, self._site),
            last=MAX_PAGES,
        )

    def get_profile_comments(
        self, user: HasUsername | str, all: bool = False, page: int = 1
    ) -> list[ProfileComment]:
        """Return the comments of a profile, newest first, each with its replies.

        :param all: whether to read every page that the site shows, and not only ``page``.
        :param page: 1 for the newest comments, 67 at most.
        :raises InputError: if there can be no such page.
        """
        return self.profile_comments(user).collect(all, page)

    def get_signature(self, post_id: int | str, as_html: bool = False) -> str:
        """Return what stands below a post in the forums.

        :param as_html: whether to return it as HTML, and not as BBCode.
        """
        return ask(self._site, pages.get_signature(check_id(post_id), as_html=as_html))
