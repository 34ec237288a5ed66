# Made from scratchbot/aio/profile_comments.py by `make sync`: change that file, not this one.
"""Comments on profiles."""

from dataclasses import dataclass, field

from scratchbot.checks import check_comment
from scratchbot.site import Site
from scratchbot.sync.opening import ask
from scratchbot.wire import profile_comments
from scratchbot.wire.profile_comments import ProfileCommentData


@dataclass(frozen=True, kw_only=True)
class ProfileComment(ProfileCommentData):
    """A comment on a profile."""

    replies: "list[ProfileComment]" = field(repr=False, hash=False)  # type: ignore[assignment]
    _site: Site = field(repr=False, compare=False)

    @classmethod
    def of(cls, data: ProfileCommentData, site: Site) -> "ProfileComment":
        """Return the comment that the site's page shows."""
        replies = [cls.of(reply, site) for reply in data.replies]
        return cls(**{**vars(data), "replies": replies}, _site=site)

    def delete(self) -> None:
        """Delete the comment."""
        ask(self._site, profile_comments.delete_comment(self.user, self.id))

    def report(self) -> None:
        """Report the comment to the Scratch Team."""
        ask(self._site, profile_comments.report_comment(self.user, self.id))

    def reply(self, content: str) -> "ProfileComment":
        """Answer the comment and return the answer.

        :raises CommentRejectedError: if the site refuses the text.
        """
        request = profile_comments.post_comment(
            self.user, check_comment(content), self.parent_id or self.id, self.author_id
        )
        return ProfileComment.of(ask(self._site, request), self._site)
