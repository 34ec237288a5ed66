# Made from scratchbot/aio/studio.py by `make sync`: change that file, not this one.
"""Studios."""

from dataclasses import dataclass, field

from scratchbot.checks import check_id
from scratchbot.site import Site
from scratchbot.sync.comments import StudioComment, post
from scratchbot.sync.opening import ask
from scratchbot.sync.paging import collect
from scratchbot.sync.project import Project
from scratchbot.wire import comments, messages, studios
from scratchbot.wire.comments import CommentData, Ground
from scratchbot.wire.messages import Activity
from scratchbot.wire.studios import StudioData
from scratchbot.wire.users import IncompleteUser


@dataclass(frozen=True, kw_only=True)
class Studio(StudioData):
    """A studio.

    :param owner: the name of the user who hosts it.
    """

    owner: str
    _site: Site = field(repr=False, compare=False)

    @property
    def _ground(self) -> Ground:
        return Ground("studio", self.id)

    def _comment(self, data: CommentData) -> StudioComment:
        return StudioComment(**vars(data), studio=self, _site=self._site)

    def get_comment(self, comment_id: int | str) -> StudioComment:
        """Return one comment of the studio.

        :raises NotFoundError: if there is no such comment.
        """
        request = comments.get_comment(self._ground, check_id(comment_id))
        return self._comment(ask(self._site, request))

    def get_comments(
        self, all: bool = False, limit: int = 20, offset: int = 0
    ) -> list[StudioComment]:
        """Return the top comments of the studio, newest first."""
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
    ) -> StudioComment:
        """Post a comment in the studio and return it.

        :param parent_id: the top comment that it answers, if it is a reply.
        :param commentee_id: the user whom it answers, if it is a reply.
        :raises CommentRejectedError: if the site refuses the text.
        """
        posted = post(self._site, self._ground, content, parent_id, commentee_id)
        return self._comment(posted)

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
