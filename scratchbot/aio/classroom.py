"""Classes, as everybody sees them."""

from dataclasses import dataclass, field

from scratchbot.aio.pages import AsyncPages
from scratchbot.aio.project import AsyncProject
from scratchbot.site import AsyncSite
from scratchbot.wire import classrooms
from scratchbot.wire.classrooms import ClassroomData


@dataclass(frozen=True, kw_only=True)
class AsyncClassroom(ClassroomData):
    """A class."""

    _site: AsyncSite = field(repr=False, compare=False)

    @property
    def projects(self) -> AsyncPages[AsyncProject]:
        """What the students have shared, newest first, read as it is needed."""
        return AsyncPages(
            self._site,
            lambda size, start: classrooms.get_projects(self.id, size, start),
            lambda data: AsyncProject(**vars(data), _site=self._site),
        )

    async def get_projects(
        self, all: bool = False, limit: int = 20, offset: int = 0
    ) -> list[AsyncProject]:
        """Return what the students have shared, newest first.

        :param all: whether to return every one, and not only ``limit`` of them.
        :param offset: how many of the newest to leave out.
        :raises NotLoggedInError: if nobody is logged in.
        """
        return await self.projects.collect(all, limit, offset)
