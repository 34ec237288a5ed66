# Made from scratchbot/aio/comments.py by `make sync`: change that file, not this one.
"""Comments on projects, in studios and on profiles."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scratchbot.checks import check_comment
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
class ProjectComment(CommentData):
    """A comment on a project."""

    project: "Project" = field(repr=False, compare=False)
    _site: Site = field(repr=False, compare=False)

    @property
    def _ground(self) -> Ground:
        return Ground("project", self.project.id, self.project.author.username)

    def delete(self) -> None:
        """Delete the comment."""
        ask(self._site, comments.delete_comment(self._ground, self.id))

    def reply(self, content: str) -> "ProjectComment":
        """Answer the comment and return the answer.

        :raises CommentRejectedError: if the site refuses the text.
        """
        posted = reply_to(self._site, self._ground, self, content)
        return ProjectComment(**vars(posted), project=self.project, _site=self._site)

    def get_replies(
        self, all: bool = False, limit: int = 20, offset: int = 0
    ) -> "list[ProjectComment]":
        """Return the replies to the comment, oldest first."""
        found = collect(
            self._site,
            lambda size, start: comments.get_replies(self._ground, self.id, size, start),
            all,
            limit,
            offset,
        )
        return [
            ProjectComment(**vars(data), project=self.project, _site=self._site) for data in found
        ]


@dataclass(frozen=True, kw_only=True)
class StudioComment(CommentData):
    """A comment in a studio."""

    studio: "Studio" = field(repr=False, compare=False)
    _site: Site = field(repr=False, compare=False)

    @property
    def _ground(self) -> Ground:
        return Ground("studio", self.studio.id)

    def delete(self) -> None:
        """Delete the comment."""
        ask(self._site, comments.delete_comment(self._ground, self.id))

    def reply(self, content: str) -> "StudioComment":
        """Answer the comment and return the answer.

        :raises CommentRejectedError: if the site refuses the text.
        """
        posted = reply_to(self._site, self._ground, self, content)
        return StudioComment(**vars(posted), studio=self.studio, _site=self._site)

    def get_replies(
        self, all: bool = False, limit: int = 20, offset: int = 0
    ) -> "list[StudioComment]":
        """Return the replies to the comment, oldest first."""
        found = collect(
            self._site,
            lambda size, start: comments.get_replies(self._ground, self.id, size, start),
            all,
            limit,
            offset,
        )
        return [StudioComment(**vars(data), studio=self.studio, _site=self._site) for data in found]


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
        int(parent_id) if parent_id else None,
        int(commentee_id) if commentee_id else None,
    )
    return comments.written_by(ask(site, request), site.account.username or "")


def reply_to(site: Site, ground: Ground, comment: CommentData, content: str) -> CommentData:
    """Answer a comment; a reply's answer goes under the same top comment."""
    return post(site, ground, content, comment.parent_id or comment.id, comment.author_id)
