# Made from scratchbot/aio/comments.py by `make sync`: change that file, not this one.
"""Comments on projects, in studios and on profiles."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Generic, Self, TypeVar

from scratchbot.checks import check_comment, check_id
from scratchbot.site import Site
from scratchbot.sync.opening import ask
from scratchbot.sync.paging import collect
from scratchbot.wire import comments, profile_comments
from scratchbot.wire.comments import CommentData, Ground
from scratchbot.wire.profile_comments import ProfileCommentData

if TYPE_CHECKING:
    from scratchbot.sync.project import Project
    from scratchbot.sync.studio import Studio


@dataclass(frozen=True, kw_only=True)
class Comment(CommentData):
    """A comment on a project or in a studio."""

    _ground: Ground = field(repr=False, compare=False)
    _site: Site = field(repr=False, compare=False)

    def delete(self) -> None:
        """Delete the comment."""
        ask(self._site, comments.delete_comment(self._ground, self.id))

    def reply(self, content: str) -> Self:
        """Answer the comment and return the answer, which goes under the same top comment.

        :raises CommentRejectedError: if the site refuses the text.
        """
        thread = self.parent_id or self.id
        posted = post(self._site, self._ground, content, thread, self.author_id)
        return replace(self, **vars(posted))

    def get_replies(self, all: bool = False, limit: int = 20, offset: int = 0) -> list[Self]:
        """Return the replies to the comment, oldest first."""
        found = collect(
            self._site,
            lambda size, start: comments.get_replies(self._ground, self.id, size, start),
            all,
            limit,
            offset,
        )
        return [replace(self, **vars(data)) for data in found]


@dataclass(frozen=True, kw_only=True)
class ProjectComment(Comment):
    """A comment on a project."""

    project: "Project" = field(repr=False, compare=False)


@dataclass(frozen=True, kw_only=True)
class StudioComment(Comment):
    """A comment in a studio."""

    studio: "Studio" = field(repr=False, compare=False)


C = TypeVar("C", bound=Comment)


class Commented(Generic[C]):
    """What projects and studios have in common: comments."""

    _site: Site

    @property
    def _ground(self) -> Ground:
        raise NotImplementedError

    def _comment(self, data: CommentData) -> C:
        raise NotImplementedError

    def get_comment(self, comment_id: int | str) -> C:
        """Return one comment.

        :raises NotFoundError: if there is no such comment.
        """
        request = comments.get_comment(self._ground, check_id(comment_id))
        return self._comment(ask(self._site, request))

    def get_comments(self, all: bool = False, limit: int = 20, offset: int = 0) -> list[C]:
        """Return the top comments, newest first."""
        found = collect(
            self._site,
            lambda size, start: comments.get_comments(self._ground, size, start),
            all,
            limit,
            offset,
        )
        return [self._comment(data) for data in found]

    def post_comment(
        self, content: str, parent_id: int | str = "", commentee_id: int | str = ""
    ) -> C:
        """Post a comment and return it.

        :param parent_id: the top comment that it answers, if it is a reply.
        :param commentee_id: the user whom it answers, if it is a reply.
        :raises CommentRejectedError: if the site refuses the text.
        """
        posted = post(self._site, self._ground, content, parent_id, commentee_id)
        return self._comment(posted)


@dataclass(frozen=True, kw_only=True)
class ProfileComment(ProfileCommentData):
    """A comment on a profile."""

    replies: "tuple[ProfileComment, ...]" = field(repr=False)
    _site: Site = field(repr=False, compare=False)

    @classmethod
    def of(cls, data: ProfileCommentData, site: Site) -> "ProfileComment":
        """Return the comment that the site's page shows."""
        replies = tuple(cls.of(reply, site) for reply in data.replies)
        return cls(**{**vars(data), "replies": replies}, _site=site)

    def delete(self) -> None:
        """Delete the comment."""
        ask(self._site, profile_comments.delete_comment(self.user, self.id))

    def reply(self, content: str) -> "ProfileComment":
        """Answer the comment and return the answer.

        :raises CommentRejectedError: if the site refuses the text.
        """
        request = profile_comments.post_comment(
            self.user, check_comment(content), self.parent_id or self.id, self.author_id
        )
        return ProfileComment.of(ask(self._site, request), self._site)


def post(
    site: Site,
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
    return comments.written_by(ask(site, request), site.account.username or "")
