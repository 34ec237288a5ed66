# Made from scratchbot/aio/user.py by `make sync`: change that file, not this one.
"""Users."""

from dataclasses import dataclass, field

from scratchbot.checks import check_comment, check_id
from scratchbot.site import Site
from scratchbot.sync.comments import ProfileComment
from scratchbot.sync.opening import ask
from scratchbot.wire import profile_comments, users
from scratchbot.wire.users import UserData


@dataclass(frozen=True, kw_only=True)
class User(UserData):
    """A user of the site."""

    _site: Site = field(repr=False, compare=False)

    def get_message_count(self) -> int:
        """Return how many messages the user has not read."""
        return ask(self._site, users.get_message_count(self.username))

    def post_comment(
        self, content: str, parent_id: int | str = "", commentee_id: int | str = ""
    ) -> ProfileComment:
        """Post a comment on the user's profile and return it.

        :param parent_id: the top comment that it answers, if it is a reply.
        :param commentee_id: the user whom it answers, if it is a reply.
        :raises CommentRejectedError: if the site refuses the text.
        """
        request = profile_comments.post_comment(
            self.username,
            check_comment(content),
            check_id(parent_id) if parent_id else None,
            check_id(commentee_id) if commentee_id else None,
        )
        return ProfileComment.of(ask(self._site, request), self._site)

    def delete_comment(self, comment_id: int | str) -> None:
        """Delete a comment from the user's profile."""
        request = profile_comments.delete_comment(self.username, check_id(comment_id))
        ask(self._site, request)

    def follow(self) -> None:
        """Follow the user; the site wants this from people only."""
        ask(self._site, users.follow(self.username, self._site.account.username or ""))

    def unfollow(self) -> None:
        """Stop following the user."""
        ask(self._site, users.unfollow(self.username, self._site.account.username or ""))
