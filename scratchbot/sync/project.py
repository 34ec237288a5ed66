# Made from scratchbot/aio/project.py by `make sync`: change that file, not this one.
"""Projects."""

from dataclasses import dataclass, field

from scratchbot.site import Site
from scratchbot.sync.comments import Commented, ProjectComment
from scratchbot.sync.opening import ask
from scratchbot.wire import projects
from scratchbot.wire.comments import CommentData, Ground
from scratchbot.wire.projects import ProjectData


@dataclass(frozen=True, kw_only=True)
class Project(ProjectData, Commented[ProjectComment]):
    """A project."""

    _site: Site = field(repr=False, compare=False)

    @property
    def _ground(self) -> Ground:
        return Ground("project", self.id, self.author.username)

    def _comment(self, data: CommentData) -> ProjectComment:
        return ProjectComment(**vars(data), project=self, _ground=self._ground, _site=self._site)

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
