"""The discussion forums."""

from scratchbot.aio.opening import ask
from scratchbot.checks import check_id
from scratchbot.site import AsyncSite
from scratchbot.wire import forums
from scratchbot.wire.forums import ForumPost


class AsyncForumSession:
    """What the account does in the forums, and what everybody reads there."""

    def __init__(self, site: AsyncSite) -> None:
        self._site = site

    async def create_topic(self, category_id: int | str, title: str, body: str) -> int:
        """Start a topic, follow it, and return its number.

        :param body: the first post, as BBCode.
        """
        return await ask(self._site, forums.create_topic(check_id(category_id), title, body))

    async def post(self, topic_id: int | str, content: str) -> int:
        """Post in a topic and return the post's number.

        :param content: the post, as BBCode.
        :raises ForbiddenError: if the topic is closed.
        """
        return await ask(self._site, forums.post(check_id(topic_id), content))

    async def edit_post(self, post_id: int | str, content: str) -> None:
        """Change one's own post.

        :param content: the post, as BBCode.
        :raises ForbiddenError: if it is another's.
        """
        await ask(self._site, forums.edit_post(check_id(post_id), content))

    async def report_post(self, post_id: int | str, reason: str) -> None:
        """Report a post to the moderators."""
        await ask(self._site, forums.report_post(check_id(post_id), reason))

    async def get_post_source(self, post_id: int | str) -> str:
        """Return a post's BBCode."""
        return await ask(self._site, forums.get_post_source(check_id(post_id)))

    async def follow_topic(self, topic_id: int | str) -> None:
        """Be told of new posts in a topic."""
        await ask(self._site, forums.follow_topic(check_id(topic_id)))

    async def unfollow_topic(self, topic_id: int | str) -> None:
        """Be told of new posts in a topic no longer."""
        await ask(self._site, forums.unfollow_topic(check_id(topic_id)))

    async def change_signature(self, signature: str) -> None:
        """Change what stands below one's own posts.

        :param signature: the signature, as BBCode.
        """
        username = self._site.account.username or ""
        await ask(self._site, forums.change_signature(username, signature))

    async def get_latest_topic_posts(self, topic_id: int | str) -> list[ForumPost]:
        """Return the newest posts of a topic, newest first."""
        return await ask(self._site, forums.get_topic_posts(check_id(topic_id)))

    async def get_latest_category_posts(self, category_id: int | str) -> list[ForumPost]:
        """Return the newest posts of a category, newest first."""
        return await ask(self._site, forums.get_category_posts(check_id(category_id)))
