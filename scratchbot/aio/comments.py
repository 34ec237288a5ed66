"""Comments on projects, in studios and on profiles."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Generic, Self, TypeVar

from scratchbot.aio.opening import ask
from scratchbot.aio.paging import collect
from scratchbot.checks import check_comment, check_id
from scratchbot.site import AsyncSite
from scratchbot.wire import comments, profile_comments
from scratchbot.wire.comments import CommentData, Ground
from scratchbot.wire.profile_comments import ProfileCommentData

if TYPE_CHECKING:
    from scratchbot.aio.project import AsyncProject
    from scratchbot.aio.studio import AsyncStudio


@dataclass(frozen=True, kw_only=True)
class AsyncComment(CommentData):
    """A comment on a project or in a studio."""

    _ground: Ground = field(repr=False, compare=False)
    _site: AsyncSite = field(repr=False, compare=False)

    async def delete(self) -> None:
        """Delete the comment."""
        await ask(self._site, comments.delete_comment(self._ground, self.id))

    async def reply(self, content: str) -> Self:
        """Answer the comment and return the answer, which goes under the same top comment.

        :raises CommentRejectedError: if the site refuses the text.
        """
        thread = self.parent_id or self.id
        posted = await post(self._site, self._ground, content, thread, self.author_id)
        return replace(self, **vars(posted))

    async def get_replies(self, all: bool = False, limit: int = 20, offset: int = 0) -> list[Self]:
        """Return the replies to the comment, oldest first."""
        found = await collect(
            self._site,
            lambda size, start: comments.get_replies(self._ground, self.id, size, start),
            all,
            limit,
            offset,
        )
        return [replace(self, **vars(data)) for data in found]


@dataclass(frozen=True, kw_only=True)
class AsyncProjectComment(AsyncComment):
    """A comment on a project."""

    project: "AsyncProject" = field(repr=False, compare=False)


@dataclass(frozen=True, kw_only=True)
class AsyncStudioComment(AsyncComment):
    """A comment in a studio."""

    studio: "AsyncStudio" = field(repr=False, compare=False)


C = TypeVar("C", bound=AsyncComment)


class AsyncCommented(Generic[C]):
    """What projects and studios have in common: comments."""

    _site: AsyncSite

    @property
    def _ground(self) -> Ground:
        raise NotImplementedError

    def _comment(self, data: CommentData) -> C:
        raise NotImplementedError

    async def get_comment(self, comment_id: int | str) -> C:
        """Return one comment.

        :raises NotFoundError: if there is no such comment.
        """
        request = comments.get_comment(self._ground, check_id(comment_id))
        return self._comment(await ask(self._site, request))

    async def get_comments(self, all: bool = False, limit: int = 20, offset: int = 0) -> list[C]:
        """Return the top comments, newest first."""
        found = await collect(
            self._site,
            lambda size, start: comments.get_comments(self._ground, size, start),
            all,
            limit,
            offset,
        )
        return [self._comment(data) for data in found]

    async def post_comment(
        self, content: str, parent_id: int | str = "", commentee_id: int | str = ""
    ) -> C:
        """Post a comment and return it.

        :param parent_id: the top comment that it answers, if it is a reply.
        :param commentee_id: the user whom it answers, if it is a reply.
        :raises CommentRejectedError: if the site refuses the text.
        """
        posted = await post(self._site, self._ground, content, parent_id, commentee_id)
        return self._comment(posted)


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
        check_id(parent_id) if parent_id else None,
        check_id(commentee_id) if commentee_id else None,
    )
    return comments.written_by(await ask(site, request), site.account.username or "")
