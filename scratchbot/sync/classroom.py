# Made from scratchbot/aio/classroom.py by `make sync`: change that file, not this one.
"""Classes, as everybody sees them."""

from dataclasses import dataclass, field

from scratchbot.site import Site
from scratchbot.sync.pages import Pages
from scratchbot.sync.project import Project
from scratchbot.wire import classrooms
from scratchbot.wire.classrooms import ClassroomData


@dataclass(frozen=True, kw_only=True)
class Classroom(ClassroomData):
    """A class."""

    _site: Site = field(repr=False, compare=False)

    @property
    def projects(self) -> Pages[Project]:
        """What the students have shared, newest first, read as it is needed."""
        return Pages(
            self._site,
            lambda size, start: classrooms.get_projects(self.id, size, start),
            lambda data: Project(**vars(data), _site=self._site),
        )

    def get_projects(self, all: bool = False, limit: int = 20, offset: int = 0) -> list[Project]:
        """Return what the students have shared, newest first.

        :param all: whether to return every one, and not only ``limit`` of them.
        :param offset: how many of the newest to leave out.
        :raises NotLoggedInError: if nobody is logged in.
        """
        return self.projects.collect(all, limit, offset)
