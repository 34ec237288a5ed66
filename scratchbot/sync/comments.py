# Made from scratchbot/aio/comments.py by `make sync`: change that file, not this one.
"""Comments on projects and in studios."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Generic, Self, TypeVar

from scratchbot.checks import check_comment, check_id
from scratchbot.site import Site
from scratchbot.sync.opening import ask, ask_all
from scratchbot.sync.pages import Pages
from scratchbot.wire import comments
from scratchbot.wire.comments import CommentData, Ground
from scratchbot.wire.request import MAX_PAGE

if TYPE_CHECKING:
    from scratchbot.sync.project import Project
    from scratchbot.sync.studio import Studio


@dataclass(frozen=True, kw_only=True)
class Comment(CommentData):
    """A comment on a project or in a studio."""

    _site: Site = field(repr=False, compare=False)

    @property
    def _ground(self) -> Ground:
        raise NotImplementedError

    def delete(self) -> None:
        """Delete the comment."""
        ask(self._site, comments.delete_comment(self._ground, self.id))

    def report(self) -> None:
        """Report the comment to the Scratch Team."""
        ask(self._site, comments.report_comment(self._ground, self.id))

    def reply(self, content: str) -> Self:
        """Answer the comment and return the answer, which goes under the same top comment.

        :raises CommentRejectedError: if the site refuses the text.
        """
        thread = self.parent_id or self.id
        posted = post(self._site, self._ground, content, thread, self.author_id)
        return replace(self, **vars(posted))

    @property
    def replies(self) -> Pages[Self]:
        """The replies to the comment, oldest first, read as they are needed."""
        return Pages(
            self._site,
            lambda size, start: comments.get_replies(self._ground, self.id, size, start),
            lambda data: replace(self, **vars(data)),
        )

    def get_replies(self, all: bool = False, limit: int = 20, offset: int = 0) -> list[Self]:
        """Return the replies to the comment, oldest first."""
        return self.replies.collect(all, limit, offset)


@dataclass(frozen=True, kw_only=True)
class ProjectComment(Comment):
    """A comment on a project."""

    project: "Project" = field(repr=False, compare=False)

    @property
    def _ground(self) -> Ground:
        return self.project._ground


@dataclass(frozen=True, kw_only=True)
class StudioComment(Comment):
    """A comment in a studio."""

    studio: "Studio" = field(repr=False, compare=False)

    @property
    def _ground(self) -> Ground:
        return self.studio._ground


C = TypeVar("C", bound=Comment)


@dataclass(frozen=True, kw_only=True)
class CommentThread(Generic[C]):
    """A top comment and the replies to it, oldest first."""

    top: C
    replies: list[C] = field(hash=False)


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

    @property
    def comments(self) -> Pages[C]:
        """The top comments, newest first, read as they are needed."""
        authors: comments.Authors = {}
        return Pages(
            self._site,
            lambda size, start: comments.get_comments(self._ground, size, start, authors),
            self._comment,
        )

    def get_comments(self, all: bool = False, limit: int = 20, offset: int = 0) -> list[C]:
        """Return the top comments, newest first.

        :param all: whether to return every one, and not only ``limit`` of them.
        :param offset: how many of the newest to leave out.
        """
        return self.comments.collect(all, limit, offset)

    def get_comment_threads(
        self, all: bool = False, limit: int = 20, offset: int = 0
    ) -> list[CommentThread[C]]:
        """Return the top comments, newest first, each with all of its replies.

        :param all: whether to return every one, and not only ``limit`` of them.
        :param offset: how many of the newest to leave out.
        """
        tops = self.get_comments(all, limit, offset)
        answered = [top for top in tops if top.reply_count]
        first = ask_all(
            self._site,
            [comments.get_replies(self._ground, top.id, MAX_PAGE, 0) for top in answered],
        )
        replies: dict[int, list[C]] = {}
        for top, found in zip(answered, first, strict=True):
            replies[top.id] = [self._comment(data) for data in found]
            if len(found) == MAX_PAGE:
                replies[top.id] += top.get_replies(all=True, offset=len(found))
        return [CommentThread(top=top, replies=replies.get(top.id, [])) for top in tops]

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
