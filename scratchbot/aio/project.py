"""Projects."""

from dataclasses import dataclass, field

from scratchbot.aio.comments import AsyncProjectComment, post
from scratchbot.aio.opening import ask
from scratchbot.aio.paging import collect
from scratchbot.checks import check_id
from scratchbot.site import AsyncSite
from scratchbot.wire import comments, projects
from scratchbot.wire.comments import CommentData, Ground
from scratchbot.wire.projects import ProjectData


@dataclass(frozen=True, kw_only=True)
class AsyncProject(ProjectData):
    """A project."""

    _site: AsyncSite = field(repr=False, compare=False)

    @property
    def _ground(self) -> Ground:
        return Ground("project", self.id, self.author.username)

    def _comment(self, data: CommentData) -> AsyncProjectComment:
        return AsyncProjectComment(**vars(data), project=self, _site=self._site)

    async def get_comment(self, comment_id: int | str) -> AsyncProjectComment:
        """Return one comment of the project.

        :raises NotFoundError: if there is no such comment.
        """
        request = comments.get_comment(self._ground, check_id(comment_id))
        return self._comment(await ask(self._site, request))

    async def get_comments(
        self, all: bool = False, limit: int = 20, offset: int = 0
    ) -> list[AsyncProjectComment]:
        """Return the top comments of the project, newest first."""
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
    ) -> AsyncProjectComment:
        """Post a comment on the project and return it.

        :param parent_id: the top comment that it answers, if it is a reply.
        :param commentee_id: the user whom it answers, if it is a reply.
        :raises CommentRejectedError: if the site refuses the text.
        """
        posted = await post(self._site, self._ground, content, parent_id, commentee_id)
        return self._comment(posted)

    async def love(self) -> None:
        """Love the project; the site wants this from people only."""
        await ask(self._site, projects.love(self.id, self._site.account.username or ""))

    async def unlove(self) -> None:
        """Take the love back."""
        await ask(self._site, projects.unlove(self.id, self._site.account.username or ""))

    async def favorite(self) -> None:
        """Add the project to the favourites; the site wants this from people only."""
        await ask(self._site, projects.favorite(self.id, self._site.account.username or ""))

    async def unfavorite(self) -> None:
        """Take the project off the favourites."""
        await ask(self._site, projects.unfavorite(self.id, self._site.account.username or ""))
