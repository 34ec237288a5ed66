# Made from scratchbot/aio/forums.py by `make sync`: change that file, not this one.
"""The discussion forums."""

from scratchbot.checks import check_id
from scratchbot.site import Site
from scratchbot.sync.opening import ask
from scratchbot.wire import forums
from scratchbot.wire.forums import ForumPost


class ForumSession:
    """What the account does in the forums, and what everybody reads there."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def create_topic(self, category_id: int | str, title: str, body: str) -> int:
        """Start a topic, follow it, and return its number.

        :param body: the first post, as BBCode.
        """
        return ask(self._site, forums.create_topic(check_id(category_id), title, body))

    def post(self, topic_id: int | str, content: str) -> int:
        """Post in a topic and return the post's number.

        :param content: the post, as BBCode.
        :raises ForbiddenError: if the topic is closed.
        """
        return ask(self._site, forums.post(check_id(topic_id), content))

    def edit_post(self, post_id: int | str, content: str) -> None:
        """Change one's own post.

        :param content: the post, as BBCode.
        :raises ForbiddenError: if it is another's.
        """
        ask(self._site, forums.edit_post(check_id(post_id), content))

    def report_post(self, post_id: int | str, reason: str) -> None:
        """Report a post to the moderators."""
        ask(self._site, forums.report_post(check_id(post_id), reason))

    def get_post_source(self, post_id: int | str) -> str:
        """Return a post's BBCode."""
        return ask(self._site, forums.get_post_source(check_id(post_id)))

    def follow_topic(self, topic_id: int | str) -> None:
        """Be told of new posts in a topic."""
        ask(self._site, forums.follow_topic(check_id(topic_id)))

    def unfollow_topic(self, topic_id: int | str) -> None:
        """Be told of new posts in a topic no longer."""
        ask(self._site, forums.unfollow_topic(check_id(topic_id)))

    def change_signature(self, signature: str) -> None:
        """Change what stands below one's own posts.

        :param signature: the signature, as BBCode.
        """
        username = self._site.account.username or ""
        ask(self._site, forums.change_signature(username, signature))

    def get_latest_topic_posts(self, topic_id: int | str) -> list[ForumPost]:
        """Return the newest posts of a topic, newest first."""
        return ask(self._site, forums.get_topic_posts(check_id(topic_id)))

    def get_latest_category_posts(self, category_id: int | str) -> list[ForumPost]:
        """Return the newest posts of a category, newest first."""
        return ask(self._site, forums.get_category_posts(check_id(category_id)))
