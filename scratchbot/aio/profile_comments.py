"""Comments on profiles."""

from dataclasses import dataclass, field

from scratchbot.aio.opening import ask
from scratchbot.checks import check_comment
from scratchbot.site import AsyncSite
from scratchbot.wire import profile_comments
from scratchbot.wire.profile_comments import ProfileCommentData


@dataclass(frozen=True, kw_only=True)
class AsyncProfileComment(ProfileCommentData):
    """A comment on a profile."""

    replies: "list[AsyncProfileComment]" = field(repr=False, hash=False)  # type: ignore[assignment]
    _site: AsyncSite = field(repr=False, compare=False)

    @classmethod
    def of(cls, data: ProfileCommentData, site: AsyncSite) -> "AsyncProfileComment":
        """Return the comment that the site's page shows."""
        replies = [cls.of(reply, site) for reply in data.replies]
        return cls(**{**vars(data), "replies": replies}, _site=site)

    async def delete(self) -> None:
        """Delete the comment."""
        await ask(self._site, profile_comments.delete_comment(self.user, self.id))

    async def report(self) -> None:
        """Report the comment to the Scratch Team."""
        await ask(self._site, profile_comments.report_comment(self.user, self.id))

    async def reply(self, content: str) -> "AsyncProfileComment":
        """Answer the comment and return the answer.

        :raises CommentRejectedError: if the site refuses the text.
        """
        request = profile_comments.post_comment(
            self.user, check_comment(content), self.parent_id or self.id, self.author_id
        )
        return AsyncProfileComment.of(await ask(self._site, request), self._site)
