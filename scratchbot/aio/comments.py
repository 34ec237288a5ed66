"""Comments on projects, in studios and on profiles."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scratchbot.aio.opening import ask
from scratchbot.aio.paging import collect
from scratchbot.checks import check_comment
from scratchbot.site import AsyncSite
from scratchbot.wire import comments, profile_comments
from scratchbot.wire.comments import CommentData, Ground
from scratchbot.wire.profile_comments import ProfileCommentData

if TYPE_CHECKING:
    from scratchbot.aio.project import AsyncProject
    from scratchbot.aio.studio import AsyncStudio


@dataclass(frozen=True, kw_only=True)
class AsyncProjectComment(CommentData):
    """A comment on a project."""

    project: "AsyncProject" = field(repr=False, compare=False)
    _site: AsyncSite = field(repr=False, compare=False)

    @property
    def _ground(self) -> Ground:
        return Ground("project", self.project.id, self.project.author.username)

    async def delete(self) -> None:
        """Delete the comment."""
        await ask(self._site, comments.delete_comment(self._ground, self.id))

    async def reply(self, content: str) -> "AsyncProjectComment":
        """Answer the comment and return the answer.

        :raises CommentRejectedError: if the site refuses the text.
        """
        posted = await reply_to(self._site, self._ground, self, content)
        return AsyncProjectComment(**vars(posted), project=self.project, _site=self._site)

    async def get_replies(
        self, all: bool = False, limit: int = 20, offset: int = 0
    ) -> "list[AsyncProjectComment]":
        """Return the replies to the comment, oldest first."""
        found = await collect(
            self._site,
            lambda size, start: comments.get_replies(self._ground, self.id, size, start),
            all,
            limit,
            offset,
        )
        return [
            AsyncProjectComment(**vars(data), project=self.project, _site=self._site)
            for data in found
        ]


@dataclass(frozen=True, kw_only=True)
class AsyncStudioComment(CommentData):
    """A comment in a studio."""

    studio: "AsyncStudio" = field(repr=False, compare=False)
    _site: AsyncSite = field(repr=False, compare=False)

    @property
    def _ground(self) -> Ground:
        return Ground("studio", self.studio.id)

    async def delete(self) -> None:
        """Delete the comment."""
        await ask(self._site, comments.delete_comment(self._ground, self.id))

    async def reply(self, content: str) -> "AsyncStudioComment":
        """Answer the comment and return the answer.

        :raises CommentRejectedError: if the site refuses the text.
        """
        posted = await reply_to(self._site, self._ground, self, content)
        return AsyncStudioComment(**vars(posted), studio=self.studio, _site=self._site)

    async def get_replies(
        self, all: bool = False, limit: int = 20, offset: int = 0
    ) -> "list[AsyncStudioComment]":
        """Return the replies to the comment, oldest first."""
        found = await collect(
            self._site,
            lambda size, start: comments.get_replies(self._ground, self.id, size, start),
            all,
            limit,
            offset,
        )
        return [
            AsyncStudioComment(**vars(data), studio=self.studio, _site=self._site) for data in found
        ]


@dataclass(frozen=True, kw_only=True)
class AsyncProfileComment(ProfileCommentData):
    """A comment on a profile."""

    replies: "tuple[AsyncProfileComment, ...]" = field(repr=False)
    _site: AsyncSite = field(repr=False, compare=False)

    @classmethod
    def of(cls, data: ProfileCommentData, site: AsyncSite) -> "AsyncProfileComment":
        """Return the comment that the site's page shows."""
        replies = tuple(cls.of(reply, site) for reply in data.replies)
        return cls(**{**vars(data), "replies": replies}, _site=site)

    async def delete(self) -> None:
        """Delete the comment."""
        await ask(self._site, profile_comments.delete_comment(self.user, self.id))

    async def reply(self, content: str) -> "AsyncProfileComment":
        """Answer the comment and return the answer.

        :raises CommentRejectedError: if the site refuses the text.
        """
        request = profile_comments.post_comment(
            self.user, check_comment(content), self.parent_id or self.id, self.author_id
        )
        return AsyncProfileComment.of(await ask(self._site, request), self._site)


async def post(
    site: AsyncSite,
    ground: Ground,
    content: str,
    parent_id: int | str | None,
    commentee_id: int | str | None,
) -> CommentData:
    """Post a comment on a project or in a studio, and return it with its author filled in."""
    request = comments.post_comment(
        ground,
        check_comment(content),
        int(parent_id) if parent_id else None,
        int(commentee_id) if commentee_id else None,
    )
    return comments.written_by(await ask(site, request), site.account.username or "")


async def reply_to(
    site: AsyncSite, ground: Ground, comment: CommentData, content: str
) -> CommentData:
    """Answer a comment; a reply's answer goes under the same top comment."""
    return await post(site, ground, content, comment.parent_id or comment.id, comment.author_id)
