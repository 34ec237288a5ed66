"""Projects."""

from dataclasses import dataclass, field

from scratchbot.aio.comments import AsyncCommented, AsyncProjectComment
from scratchbot.aio.opening import ask
from scratchbot.site import AsyncSite
from scratchbot.wire import projects
from scratchbot.wire.comments import CommentData, Ground
from scratchbot.wire.projects import ProjectData


@dataclass(frozen=True, kw_only=True)
class AsyncProject(ProjectData, AsyncCommented[AsyncProjectComment]):
    """A project."""

    _site: AsyncSite = field(repr=False, compare=False)

    @property
    def _ground(self) -> Ground:
        return Ground("project", self.id, self.author.username)

    def _comment(self, data: CommentData) -> AsyncProjectComment:
        return AsyncProjectComment(
            **vars(data), project=self, _ground=self._ground, _site=self._site
        )

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
