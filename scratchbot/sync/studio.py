# Made from scratchbot/aio/studio.py by `make sync`: change that file, not this one.
"""Studios."""

from dataclasses import dataclass, field

from scratchbot.checks import check_id
from scratchbot.site import Site
from scratchbot.sync.comments import Commented, StudioComment
from scratchbot.sync.opening import ask
from scratchbot.sync.paging import collect
from scratchbot.sync.project import Project
from scratchbot.wire import comments, messages, studios
from scratchbot.wire.comments import CommentData, Ground
from scratchbot.wire.messages import Activity
from scratchbot.wire.studios import StudioData
from scratchbot.wire.users import IncompleteUser


@dataclass(frozen=True, kw_only=True)
class Studio(StudioData, Commented[StudioComment]):
    """A studio.

    :param owner: the name of the user who hosts it.
    """

    owner: str
    _site: Site = field(repr=False, compare=False)

    @property
    def _ground(self) -> Ground:
        return Ground("studio", self.id)

    def _comment(self, data: CommentData) -> StudioComment:
        return StudioComment(**vars(data), studio=self, _ground=self._ground, _site=self._site)

    def delete_comment(self, comment_id: int | str) -> None:
        """Delete a comment from the studio."""
        ask(self._site, comments.delete_comment(self._ground, check_id(comment_id)))

    def get_managers(
        self, all: bool = False, limit: int = 20, offset: int = 0
    ) -> list[IncompleteUser]:
        """Return the managers of the studio, its host among them."""
        return collect(
            self._site,
            lambda size, start: studios.get_managers(self.id, size, start),
            all,
            limit,
            offset,
        )

    def get_activity(self, all: bool = False, limit: int = 20, offset: int = 0) -> list[Activity]:
        """Return what happened in the studio, newest first.

        The site pages by time, so ``offset`` is counted off here.
        """
        found: dict[str, Activity] = {}
        until: str | None = None
        while all or len(found) < offset + limit:
            page = ask(self._site, messages.get_studio_activity(self.id, 40, until))
            fresh = [row for row in page if row.id not in found]
            found.update((row.id, row) for row in fresh)
            if not fresh:
                break
            until = page[-1].created_timestamp
        rows = list(found.values())[offset:]
        return rows if all else rows[:limit]

    def add_project(self, project: Project | int | str) -> None:
        """Add a project to the studio."""
        number = project.id if isinstance(project, Project) else check_id(project)
        ask(self._site, studios.add_project(self.id, number))

    def remove_project(self, project: Project | int | str) -> None:
        """Take a project out of the studio."""
        number = project.id if isinstance(project, Project) else check_id(project)
        ask(self._site, studios.remove_project(self.id, number))
