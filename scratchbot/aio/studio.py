"""Studios."""

from dataclasses import dataclass, field

from scratchbot.aio.comments import AsyncCommented, AsyncStudioComment
from scratchbot.aio.opening import ask
from scratchbot.aio.paging import collect
from scratchbot.aio.project import AsyncProject
from scratchbot.checks import check_id
from scratchbot.site import AsyncSite
from scratchbot.wire import comments, messages, studios
from scratchbot.wire.comments import CommentData, Ground
from scratchbot.wire.messages import Activity
from scratchbot.wire.studios import StudioData
from scratchbot.wire.users import IncompleteUser


@dataclass(frozen=True, kw_only=True)
class AsyncStudio(StudioData, AsyncCommented[AsyncStudioComment]):
    """A studio.

    :param owner: the name of the user who hosts it.
    """

    owner: str
    _site: AsyncSite = field(repr=False, compare=False)

    @property
    def _ground(self) -> Ground:
        return Ground("studio", self.id)

    def _comment(self, data: CommentData) -> AsyncStudioComment:
        return AsyncStudioComment(**vars(data), studio=self, _ground=self._ground, _site=self._site)

    async def delete_comment(self, comment_id: int | str) -> None:
        """Delete a comment from the studio."""
        await ask(self._site, comments.delete_comment(self._ground, check_id(comment_id)))

    async def get_managers(
        self, all: bool = False, limit: int = 20, offset: int = 0
    ) -> list[IncompleteUser]:
        """Return the managers of the studio, its host among them."""
        return await collect(
            self._site,
            lambda size, start: studios.get_managers(self.id, size, start),
            all,
            limit,
            offset,
        )

    async def get_activity(
        self, all: bool = False, limit: int = 20, offset: int = 0
    ) -> list[Activity]:
        """Return what happened in the studio, newest first.

        The site pages by time, so ``offset`` is counted off here.
        """
        found: dict[str, Activity] = {}
        until: str | None = None
        while all or len(found) < offset + limit:
            page = await ask(self._site, messages.get_studio_activity(self.id, 40, until))
            fresh = [row for row in page if row.id not in found]
            found.update((row.id, row) for row in fresh)
            if not fresh:
                break
            until = page[-1].created_timestamp
        rows = list(found.values())[offset:]
        return rows if all else rows[:limit]

    async def add_project(self, project: AsyncProject | int | str) -> None:
        """Add a project to the studio."""
        number = project.id if isinstance(project, AsyncProject) else check_id(project)
        await ask(self._site, studios.add_project(self.id, number))

    async def remove_project(self, project: AsyncProject | int | str) -> None:
        """Take a project out of the studio."""
        number = project.id if isinstance(project, AsyncProject) else check_id(project)
        await ask(self._site, studios.remove_project(self.id, number))
