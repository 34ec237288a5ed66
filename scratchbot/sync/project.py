# Made from scratchbot/aio/project.py by `make sync`: change that file, not this one.
"""Projects."""

from dataclasses import dataclass, field

from scratchbot.checks import check_id
from scratchbot.site import Site
from scratchbot.sync.comments import ProjectComment, post
from scratchbot.sync.opening import ask
from scratchbot.sync.paging import collect
from scratchbot.wire import comments, projects
from scratchbot.wire.comments import CommentData, Ground
from scratchbot.wire.projects import ProjectData


@dataclass(frozen=True, kw_only=True)
class Project(ProjectData):
    """A project."""

    _site: Site = field(repr=False, compare=False)

    @property
    def _ground(self) -> Ground:
        return Ground("project", self.id, self.author.username)

    def _comment(self, data: CommentData) -> ProjectComment:
        return ProjectComment(**vars(data), project=self, _site=self._site)

    def get_comment(self, comment_id: int | str) -> ProjectComment:
        """Return one comment of the project.

        :raises NotFoundError: if there is no such comment.
        """
        request = comments.get_comment(self._ground, check_id(comment_id))
        return self._comment(ask(self._site, request))

    def get_comments(
        self, all: bool = False, limit: int = 20, offset: int = 0
    ) -> list[ProjectComment]:
        """Return the top comments of the project, newest first."""
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
    ) -> ProjectComment:
        """Post a comment on the project and return it.

        :param parent_id: the top comment that it answers, if it is a reply.
        :param commentee_id: the user whom it answers, if it is a reply.
        :raises CommentRejectedError: if the site refuses the text.
        """
        posted = post(self._site, self._ground, content, parent_id, commentee_id)
        return self._comment(posted)

    def love(self) -> None:
        """Love the project; the site wants this from people only."""
        ask(self._site, projects.love(self.id, self._site.account.username or ""))

    def unlove(self) -> None:
        """Take the love back."""
        ask(self._site, projects.unlove(self.id, self._site.account.username or ""))

    def favorite(self) -> None:
        """Add the project to the favourites; the site wants this from people only."""
        ask(self._site, projects.favorite(self.id, self._site.account.username or ""))

    def unfavorite(self) -> None:
        """Take the project off the favourites."""
        ask(self._site, projects.unfavorite(self.id, self._site.account.username or ""))
