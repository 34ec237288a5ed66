"""Studios."""

from dataclasses import dataclass, field
from typing import Any, Self

from scratchbot.aio.comments import AsyncCommented, AsyncStudioComment
from scratchbot.aio.opening import ask, contents
from scratchbot.aio.pages import AsyncPages, AsyncTimedPages
from scratchbot.aio.renewing import AsyncRenewing
from scratchbot.aio.user import AsyncUser
from scratchbot.checks import (
    FileOrData,
    HasId,
    HasUsername,
    check_choice,
    check_id,
    id_of,
    username_of,
)
from scratchbot.site import AsyncSite
from scratchbot.wire import comments, members, messages, studios
from scratchbot.wire.comments import CommentData, Ground
from scratchbot.wire.members import StudioRoles
from scratchbot.wire.messages import Activity
from scratchbot.wire.projects import IncompleteProject
from scratchbot.wire.request import MAX_PAGE, File
from scratchbot.wire.studios import ReportedField, StudioData
from scratchbot.wire.users import UserData


class AsyncOpenToPublic(int):
    """Whether everybody can add projects to a studio; called, it lets everybody do so.

    The site's word for the state and for the change is the same, and so are ours.
    """

    _studio: "AsyncStudio"

    def __new__(cls, studio: "AsyncStudio") -> Self:
        """Make the answer for a studio."""
        made = super().__new__(cls, studio.open_to_all)
        made._studio = studio
        return made

    async def __call__(self) -> None:
        """Let everybody add projects."""
        await ask(self._studio._site, studios.open_to_public(self._studio.id))
        self._studio._renew(open_to_all=True)

    def __repr__(self) -> str:
        """Say the answer."""
        return repr(bool(self))


@dataclass(frozen=True, kw_only=True)
class AsyncStudio(StudioData, AsyncCommented[AsyncStudioComment], AsyncRenewing):
    """A studio.

    :param owner: the name of the user who hosts it; ``None`` in lists, which do not say.
    """

    owner: str | None = None
    _site: AsyncSite = field(repr=False, compare=False)

    @property
    def _ground(self) -> Ground:
        return Ground("studio", self.id)

    def _comment(self, data: CommentData) -> AsyncStudioComment:
        return AsyncStudioComment(**vars(data), studio=self, _site=self._site)

    @property
    def _username(self) -> str:
        return self._site.account.username or ""

    async def delete_comment(self, comment_id: int | str) -> None:
        """Delete a comment from the studio."""
        await ask(self._site, comments.delete_comment(self._ground, check_id(comment_id)))

    async def report_comment(self, comment_id: int | str) -> None:
        """Report a comment in the studio to the Scratch Team."""
        await ask(self._site, comments.report_comment(self._ground, check_id(comment_id)))

    @property
    def projects(self) -> AsyncPages[IncompleteProject]:
        """The projects, newest first, read as they are needed."""
        return AsyncPages(
            self._site,
            lambda size, start: studios.get_projects(self.id, size, start),
            lambda project: project,
        )

    async def get_projects(
        self, all: bool = False, limit: int = 20, offset: int = 0
    ) -> list[IncompleteProject]:
        """Return the projects, newest first.

        :param all: whether to return every one, and not only ``limit`` of them.
        :param offset: how many of the newest to leave out.
        """
        return await self.projects.collect(all, limit, offset)

    @property
    def curators(self) -> AsyncPages[AsyncUser]:
        """The curators who are no managers, read as they are needed."""
        return AsyncPages(
            self._site,
            lambda size, start: members.get_curators(self.id, size, start),
            self._user,
        )

    async def get_curators(
        self, all: bool = False, limit: int = 20, offset: int = 0
    ) -> list[AsyncUser]:
        """Return the curators who are no managers.

        :param all: whether to return every one, and not only ``limit`` of them.
        :param offset: how many of the first to leave out.
        """
        return await self.curators.collect(all, limit, offset)

    @property
    def managers(self) -> AsyncPages[AsyncUser]:
        """The managers, the host first, read as they are needed."""
        return AsyncPages(
            self._site,
            lambda size, start: members.get_managers(self.id, size, start),
            self._user,
        )

    async def get_managers(
        self, all: bool = False, limit: int = 20, offset: int = 0
    ) -> list[AsyncUser]:
        """Return the managers, the host first.

        :param all: whether to return every one, and not only ``limit`` of them.
        :param offset: how many of the first to leave out.
        """
        return await self.managers.collect(all, limit, offset)

    def _user(self, data: UserData) -> AsyncUser:
        return AsyncUser(**vars(data), _site=self._site)

    async def get_roles(self) -> StudioRoles:
        """Return what the account is in the studio: manager, curator, invited, following."""
        return await ask(self._site, members.get_roles(self.id, self._username))

    @property
    def activity(self) -> AsyncTimedPages:
        """What happened in the studio, newest first, read as it is needed."""
        return AsyncTimedPages(
            self._site, lambda until: messages.get_studio_activity(self.id, MAX_PAGE, until)
        )

    async def get_activity(
        self, all: bool = False, limit: int = 20, offset: int = 0
    ) -> list[Activity]:
        """Return what happened in the studio, newest first.

        The site pages by time, so ``offset`` is counted off here.

        :param all: whether to return everything, and not only ``limit`` of it.
        :raises InputError: if ``limit`` or ``offset`` is below 0.
        """
        return await self.activity.collect(all, limit, offset)

    async def add_project(self, project: HasId | int | str) -> None:
        """Add a project to the studio."""
        await ask(self._site, studios.add_project(self.id, id_of(project)))

    async def remove_project(self, project: HasId | int | str) -> None:
        """Take a project out of the studio."""
        await ask(self._site, studios.remove_project(self.id, id_of(project)))

    async def report(self, field: ReportedField) -> None:
        """Report the studio to the Scratch Team.

        :param field: what is wrong: ``"title"``, ``"description"`` or ``"thumbnail"``.
        """
        check_choice("field", field, ReportedField)
        await ask(self._site, studios.report(self.id, field))

    async def follow(self) -> dict[str, Any]:
        """Follow the studio, and return what the site answers; it wants this from people only."""
        return await ask(self._site, studios.follow(self.id, self._username))

    async def unfollow(self) -> dict[str, Any]:
        """Stop following the studio, and return what the site answers."""
        return await ask(self._site, studios.unfollow(self.id, self._username))

    @property
    def open_to_public(self) -> AsyncOpenToPublic:
        """Whether everybody can add projects; called, it lets everybody do so."""
        return AsyncOpenToPublic(self)

    async def close_to_public(self) -> None:
        """Let only curators and managers add projects."""
        await ask(self._site, studios.close_to_public(self.id))
        self._renew(open_to_all=False)

    async def toggle_commenting(self) -> None:
        """Turn comments off where they were on, or on."""
        found = await ask(self._site, studios.get_studio(self.id))
        wanted = not found.comments_allowed
        await ask(self._site, studios.toggle_commenting(self.id, to=wanted))
        self._renew(comments_allowed=wanted)

    async def invite_curator(self, user: HasUsername | str) -> None:
        """Invite a user to curate the studio; the site wants this from people only."""
        await ask(self._site, members.invite_curator(self.id, username_of(user)))

    async def accept_curator(self, user: HasUsername | str) -> None:
        """Accept the account's invitation to curate the studio.

        :param user: the account itself: nobody accepts for another.
        """
        await ask(self._site, members.accept_curator(self.id, username_of(user)))

    async def promote_curator(self, user: HasUsername | str) -> None:
        """Make a curator a manager."""
        await ask(self._site, members.promote_curator(self.id, username_of(user)))

    async def remove_curator(self, user: HasUsername | str) -> None:
        """Remove a curator or manager, or leave the studio oneself."""
        await ask(self._site, members.remove_curator(self.id, username_of(user)))

    async def transfer_host(self, user: HasUsername | str, password: str) -> None:
        """Make a manager the host.

        :param password: the account's own, which the site asks for.
        """
        await ask(self._site, members.transfer_host(self.id, username_of(user), password))

    async def set_description(self, description: str) -> None:
        """Change the description.

        :raises StudioRejectedError: if the site refuses the text.
        """
        await ask(self._site, studios.edit(self.id, "description", description))
        self._renew(description=description)

    async def set_title(self, content: str) -> None:
        """Change the title.

        :raises StudioRejectedError: if the site refuses the text.
        """
        await ask(self._site, studios.edit(self.id, "title", content))
        self._renew(title=content)

    async def set_thumbnail(self, file_or_data: FileOrData) -> None:
        """Change the studio's picture.

        :param file_or_data: the picture, or the path of its file.
        :raises StudioRejectedError: if the site refuses the picture.
        """
        picture = File("thumbnail.png", "image/png", await contents(file_or_data))
        await ask(self._site, studios.set_thumbnail(self.id, picture))

    async def delete(self) -> None:
        """Delete the studio."""
        await ask(self._site, studios.delete(self.id))
        self._renew(visible=False)
