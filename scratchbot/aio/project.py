"""Projects."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from scratchbot import wire
from scratchbot.aio.comments import AsyncCommented, AsyncProjectComment
from scratchbot.aio.opening import ask, contents
from scratchbot.aio.pages import AsyncPages
from scratchbot.aio.renewing import AsyncRenewing
from scratchbot.checks import FileOrData
from scratchbot.site import AsyncSite
from scratchbot.wire import projects
from scratchbot.wire.comments import CommentData, Ground
from scratchbot.wire.fields import text
from scratchbot.wire.projects import ProjectData, ProjectVisibility

if TYPE_CHECKING:
    from scratchbot.aio.studio import AsyncStudio
    from scratchbot.wire.cloudlog import CloudLog
    from scratchbot.wire.remixtree import RemixtreeProject


@dataclass(frozen=True, kw_only=True)
class AsyncProject(ProjectData, AsyncCommented[AsyncProjectComment], AsyncRenewing):
    """A project."""

    _site: AsyncSite = field(repr=False, compare=False)

    @property
    def _ground(self) -> Ground:
        return Ground("project", self.id, self.author.username)

    def _comment(self, data: CommentData) -> AsyncProjectComment:
        return AsyncProjectComment(**vars(data), project=self, _site=self._site)

    @property
    def _username(self) -> str:
        return self._site.account.username or ""

    async def love(self) -> bool:
        """Love the project, and tell whether it is loved now; the site wants this from people."""
        return await ask(self._site, projects.love(self.id, self._username))

    async def unlove(self) -> bool:
        """Take the love back, and tell whether the project is loved now."""
        return await ask(self._site, projects.unlove(self.id, self._username))

    async def favorite(self) -> bool:
        """Make it a favourite, and tell whether it is one now; the site wants this from people."""
        return await ask(self._site, projects.favorite(self.id, self._username))

    async def unfavorite(self) -> bool:
        """Take the project off the favourites, and tell whether it is one now."""
        return await ask(self._site, projects.unfavorite(self.id, self._username))

    async def view(self) -> None:
        """Count a view; the site wants this from people only."""
        await ask(self._site, projects.view(self.author.username, self.id))

    async def get_scripts(self) -> dict[str, Any]:
        """Return the project's code, as its ``project.json`` has it."""
        token = text(self.raw, "project_token")
        if not token:
            found = await ask(self._site, projects.get_project(self.id))
            token = text(found.raw, "project_token")
        return await ask(self._site, wire.files.get_code(self.id, token))

    async def save(self, project: Mapping[str, Any] | str) -> None:
        """Save other code, which is one's own project's.

        :param project: what a ``project.json`` holds, or its text.
        """
        await ask(self._site, wire.files.save_code(self.id, project))

    @property
    def remixes(self) -> "AsyncPages[AsyncProject]":
        """The shared remixes, newest first, read as they are needed."""
        return AsyncPages(
            self._site,
            lambda size, start: projects.get_remixes(self.id, size, start),
            lambda data: AsyncProject(**vars(data), _site=self._site),
        )

    async def get_remixes(
        self, all: bool = False, limit: int = 20, offset: int = 0
    ) -> "list[AsyncProject]":
        """Return the shared remixes, newest first.

        :param all: whether to return every one, and not only ``limit`` of them.
        :param offset: how many of the newest to leave out.
        """
        return await self.remixes.collect(all, limit, offset)

    @property
    def studios(self) -> "AsyncPages[AsyncStudio]":
        """The studios that the project is in, newest first, read as they are needed."""
        from scratchbot.aio.studio import AsyncStudio

        return AsyncPages(
            self._site,
            lambda size, start: wire.studios.get_project_studios(
                self.author.username, self.id, size, start
            ),
            lambda data: AsyncStudio(**vars(data), _site=self._site),
        )

    async def get_studios(
        self, all: bool = False, limit: int = 20, offset: int = 0
    ) -> "list[AsyncStudio]":
        """Return the studios that the project is in, newest first.

        :param all: whether to return every one, and not only ``limit`` of them.
        :param offset: how many of the newest to leave out.
        """
        return await self.studios.collect(all, limit, offset)

    async def get_remixtree(self) -> "list[RemixtreeProject]":
        """Return all projects of the family that the project belongs to.

        :raises RetiredError: if the site gives no tree, which it retired by 2025.
        """
        return await ask(self._site, wire.remixtree.get_remixtree(self.id))

    @property
    def cloud_logs(self) -> "AsyncPages[CloudLog]":
        """The changes of the cloud variables, newest first, read as they are needed."""
        return AsyncPages(
            self._site,
            lambda size, start: wire.cloudlog.get_logs(self.id, size, start),
            lambda log: log,
        )

    async def get_cloud_logs(
        self, all: bool = False, limit: int = 20, offset: int = 0
    ) -> "list[CloudLog]":
        """Return the changes of the cloud variables, newest first, with who made them.

        :param all: whether to return every one, and not only ``limit`` of them.
        :param offset: how many of the newest to leave out.
        """
        return await self.cloud_logs.collect(all, limit, offset)

    async def get_visibility(self) -> ProjectVisibility:
        """Return what became of one's own project: deleted, censored, and why.

        :raises ForbiddenError: if it is another's.
        """
        return await ask(self._site, projects.get_visibility(self._username, self.id))

    async def toggle_commenting(self) -> Self:
        """Turn comments off where they were on, or on; return the project."""
        return await self._allow_comments(not self.comments_allowed)

    async def turn_on_commenting(self) -> Self:
        """Turn comments on; return the project."""
        return await self._allow_comments(True)

    async def turn_off_commenting(self) -> Self:
        """Turn comments off; return the project."""
        return await self._allow_comments(False)

    async def _allow_comments(self, allowed: bool) -> Self:
        await ask(self._site, projects.edit(self.id, comments_allowed=allowed))
        self._renew(comments_allowed=allowed)
        return self

    async def report(self, category: str, reason: str, image: str | None = None) -> None:
        """Report the project to the Scratch Team.

        :param category: the number of the rule that it breaks, as text.
        :param reason: where in the project, in words.
        :param image: the address of a picture that shows it; the thumbnail if left out.
        """
        request = projects.report(self.id, category, reason, image or self.thumbnail_URL)
        await ask(self._site, request)

    async def share(self) -> None:
        """Share the project."""
        await ask(self._site, projects.share(self.id))
        self._renew(public=True, is_published=True)

    async def unshare(self) -> None:
        """Take the project back from everybody's sight."""
        await ask(self._site, projects.unshare(self.id))
        self._renew(public=False, is_published=False)

    async def delete(self) -> None:
        """Throw the project into the trash."""
        await ask(self._site, projects.trash(self.id))
        self._renew(visible=False)

    async def restore_deleted(self) -> None:
        """Take the project out of the trash, unshared."""
        await ask(self._site, projects.restore(self.id))
        self._renew(visible=True)

    async def set_thumbnail(self, file_or_data: FileOrData) -> None:
        """Change the project's picture.

        :param file_or_data: the picture, or the path of its file.
        """
        await ask(self._site, projects.set_thumbnail(self.id, await contents(file_or_data)))

    async def set_title(self, title: str) -> None:
        """Change the title."""
        await ask(self._site, projects.edit(self.id, title=title))
        self._renew(title=title)

    async def set_instructions(self, instructions: str) -> None:
        """Change the instructions."""
        await ask(self._site, projects.edit(self.id, instructions=instructions))
        self._renew(instructions=instructions)

    async def set_description(self, description: str) -> None:
        """Change the notes and credits."""
        await ask(self._site, projects.edit(self.id, description=description))
        self._renew(description=description)
