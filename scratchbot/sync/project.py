# Made from scratchbot/aio/project.py by `make sync`: change that file, not this one.
"""Projects."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from scratchbot import wire
from scratchbot.checks import FileOrData
from scratchbot.site import Site
from scratchbot.sync.comments import Commented, ProjectComment
from scratchbot.sync.opening import ask, contents
from scratchbot.sync.pages import Pages
from scratchbot.sync.renewing import Renewing
from scratchbot.wire import projects
from scratchbot.wire.comments import CommentData, Ground
from scratchbot.wire.fields import text
from scratchbot.wire.projects import ProjectData, ProjectVisibility

if TYPE_CHECKING:
    from scratchbot.sync.studio import Studio
    from scratchbot.wire.cloudlog import CloudLog
    from scratchbot.wire.remixtree import RemixtreeProject


@dataclass(frozen=True, kw_only=True)
class Project(ProjectData, Commented[ProjectComment], Renewing):
    """A project."""

    _site: Site = field(repr=False, compare=False)

    @property
    def _ground(self) -> Ground:
        return Ground("project", self.id, self.author.username)

    def _comment(self, data: CommentData) -> ProjectComment:
        return ProjectComment(**vars(data), project=self, _site=self._site)

    @property
    def _username(self) -> str:
        return self._site.account.username or ""

    def love(self) -> bool:
        """Love the project, and tell whether it is loved now; the site wants this from people."""
        return ask(self._site, projects.love(self.id, self._username))

    def unlove(self) -> bool:
        """Take the love back, and tell whether the project is loved now."""
        return ask(self._site, projects.unlove(self.id, self._username))

    def favorite(self) -> bool:
        """Make it a favourite, and tell whether it is one now; the site wants this from people."""
        return ask(self._site, projects.favorite(self.id, self._username))

    def unfavorite(self) -> bool:
        """Take the project off the favourites, and tell whether it is one now."""
        return ask(self._site, projects.unfavorite(self.id, self._username))

    def view(self) -> None:
        """Count a view; the site wants this from people only."""
        ask(self._site, projects.view(self.author.username, self.id))

    def get_scripts(self) -> dict[str, Any]:
        """Return the project's code, as its ``project.json`` has it."""
        token = text(self.raw, "project_token")
        if not token:
            found = ask(self._site, projects.get_project(self.id))
            token = text(found.raw, "project_token")
        return ask(self._site, wire.files.get_code(self.id, token))

    def save(self, project: Mapping[str, Any] | str) -> None:
        """Save other code, which is one's own project's.

        :param project: what a ``project.json`` holds, or its text.
        """
        ask(self._site, wire.files.save_code(self.id, project))

    @property
    def remixes(self) -> "Pages[Project]":
        """The shared remixes, newest first, read as they are needed."""
        return Pages(
            self._site,
            lambda size, start: projects.get_remixes(self.id, size, start),
            lambda data: Project(**vars(data), _site=self._site),
        )

    def get_remixes(self, all: bool = False, limit: int = 20, offset: int = 0) -> "list[Project]":
        """Return the shared remixes, newest first.

        :param all: whether to return every one, and not only ``limit`` of them.
        :param offset: how many of the newest to leave out.
        """
        return self.remixes.collect(all, limit, offset)

    @property
    def studios(self) -> "Pages[Studio]":
        """The studios that the project is in, newest first, read as they are needed."""
        from scratchbot.sync.studio import Studio

        return Pages(
            self._site,
            lambda size, start: wire.studios.get_project_studios(
                self.author.username, self.id, size, start
            ),
            lambda data: Studio(**vars(data), _site=self._site),
        )

    def get_studios(self, all: bool = False, limit: int = 20, offset: int = 0) -> "list[Studio]":
        """Return the studios that the project is in, newest first.

        :param all: whether to return every one, and not only ``limit`` of them.
        :param offset: how many of the newest to leave out.
        """
        return self.studios.collect(all, limit, offset)

    def get_remixtree(self) -> "list[RemixtreeProject]":
        """Return all projects of the family that the project belongs to.

        :raises RetiredError: if the site gives no tree, which it retired by 2025.
        """
        return ask(self._site, wire.remixtree.get_remixtree(self.id))

    @property
    def cloud_logs(self) -> "Pages[CloudLog]":
        """The changes of the cloud variables, newest first, read as they are needed."""
        return Pages(
            self._site,
            lambda size, start: wire.cloudlog.get_logs(self.id, size, start),
            lambda log: log,
        )

    def get_cloud_logs(
        self, all: bool = False, limit: int = 20, offset: int = 0
    ) -> "list[CloudLog]":
        """Return the changes of the cloud variables, newest first, with who made them.

        :param all: whether to return every one, and not only ``limit`` of them.
        :param offset: how many of the newest to leave out.
        """
        return self.cloud_logs.collect(all, limit, offset)

    def get_visibility(self) -> ProjectVisibility:
        """Return what became of one's own project: deleted, censored, and why.

        :raises ForbiddenError: if it is another's.
        """
        return ask(self._site, projects.get_visibility(self._username, self.id))

    def toggle_commenting(self) -> Self:
        """Turn comments off where they were on, or on; return the project."""
        return self._allow_comments(not self.comments_allowed)

    def turn_on_commenting(self) -> Self:
        """Turn comments on; return the project."""
        return self._allow_comments(True)

    def turn_off_commenting(self) -> Self:
        """Turn comments off; return the project."""
        return self._allow_comments(False)

    def _allow_comments(self, allowed: bool) -> Self:
        ask(self._site, projects.edit(self.id, comments_allowed=allowed))
        self._renew(comments_allowed=allowed)
        return self

    def report(self, category: str, reason: str, image: str | None = None) -> None:
        """Report the project to the Scratch Team.

        :param category: the number of the rule that it breaks, as text.
        :param reason: where in the project, in words.
        :param image: the address of a picture that shows it; the thumbnail if left out.
        """
        request = projects.report(self.id, category, reason, image or self.thumbnail_URL)
        ask(self._site, request)

    def share(self) -> None:
        """Share the project."""
        ask(self._site, projects.share(self.id))
        self._renew(public=True, is_published=True)

    def unshare(self) -> None:
        """Take the project back from everybody's sight."""
        ask(self._site, projects.unshare(self.id))
        self._renew(public=False, is_published=False)

    def delete(self) -> None:
        """Throw the project into the trash."""
        ask(self._site, projects.trash(self.id))
        self._renew(visible=False)

    def restore_deleted(self) -> None:
        """Take the project out of the trash, unshared."""
        ask(self._site, projects.restore(self.id))
        self._renew(visible=True)

    def set_thumbnail(self, file_or_data: FileOrData) -> None:
        """Change the project's picture.

        :param file_or_data: the picture, or the path of its file.
        """
        ask(self._site, projects.set_thumbnail(self.id, contents(file_or_data)))

    def set_title(self, title: str) -> None:
        """Change the title."""
        ask(self._site, projects.edit(self.id, title=title))
        self._renew(title=title)

    def set_instructions(self, instructions: str) -> None:
        """Change the instructions."""
        ask(self._site, projects.edit(self.id, instructions=instructions))
        self._renew(instructions=instructions)

    def set_description(self, description: str) -> None:
        """Change the notes and credits."""
        ask(self._site, projects.edit(self.id, description=description))
        self._renew(description=description)
