"""Users."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scratchbot import wire
from scratchbot.aio.opening import ask
from scratchbot.aio.pages import AsyncPages
from scratchbot.aio.project import AsyncProject
from scratchbot.checks import check_choice, check_comment, check_id
from scratchbot.site import AsyncSite
from scratchbot.wire import projects, users
from scratchbot.wire.projects import ProjectData
from scratchbot.wire.users import ReportedField, UserData

if TYPE_CHECKING:
    from scratchbot.aio.profile import AsyncUserProfile
    from scratchbot.aio.profile_comments import AsyncProfileComment
    from scratchbot.aio.studio import AsyncStudio


@dataclass(frozen=True, kw_only=True)
class AsyncUser(UserData):
    """A user of the site."""

    _site: AsyncSite = field(repr=False, compare=False)

    @property
    def profile(self) -> "AsyncUserProfile":
        """What the user says of themselves."""
        from scratchbot.aio.profile import AsyncUserProfile

        profile = vars(self).get("_profile")
        if profile is None:
            data = wire.profiles.profile(self.raw)
            profile = AsyncUserProfile(**vars(data), user=self, _site=self._site)
            vars(self)["_profile"] = profile
        return profile

    @property
    def _username(self) -> str:
        return self._site.account.username or ""

    @property
    def projects(self) -> AsyncPages[AsyncProject]:
        """The shared projects, in the site's order, read as they are needed."""
        return AsyncPages(
            self._site,
            lambda size, start: projects.get_user_projects(self.username, size, start),
            self._project,
        )

    async def get_projects(
        self, all: bool = False, limit: int = 20, offset: int = 0
    ) -> list[AsyncProject]:
        """Return the shared projects, in the site's order.

        :param all: whether to return every one, and not only ``limit`` of them.
        :param offset: how many of the first to leave out.
        """
        return await self.projects.collect(all, limit, offset)

    @property
    def favorites(self) -> AsyncPages[AsyncProject]:
        """The favourites, newest first, read as they are needed."""
        return AsyncPages(
            self._site,
            lambda size, start: projects.get_favorites(self.username, size, start),
            self._project,
        )

    async def get_favorites(
        self, all: bool = False, limit: int = 20, offset: int = 0
    ) -> list[AsyncProject]:
        """Return the favourites, newest first.

        :param all: whether to return every one, and not only ``limit`` of them.
        :param offset: how many of the newest to leave out.
        """
        return await self.favorites.collect(all, limit, offset)

    def _project(self, data: ProjectData) -> AsyncProject:
        return AsyncProject(**vars(data), _site=self._site)

    @property
    def curating(self) -> "AsyncPages[AsyncStudio]":
        """The studios that the user curates or manages, newest first, read as they are needed."""
        from scratchbot.aio.studio import AsyncStudio

        return AsyncPages(
            self._site,
            lambda size, start: wire.studios.get_curating(self.username, size, start),
            lambda data: AsyncStudio(**vars(data), _site=self._site),
        )

    async def get_curating(
        self, all: bool = False, limit: int = 20, offset: int = 0
    ) -> "list[AsyncStudio]":
        """Return the studios that the user curates or manages, newest first.

        :param all: whether to return every one, and not only ``limit`` of them.
        :param offset: how many of the newest to leave out.
        """
        return await self.curating.collect(all, limit, offset)

    @property
    def followers(self) -> "AsyncPages[AsyncUser]":
        """Those who follow the user, newest first, read as they are needed."""
        return AsyncPages(
            self._site,
            lambda size, start: users.get_followers(self.username, size, start),
            self._user,
        )

    async def get_followers(
        self, all: bool = False, limit: int = 20, offset: int = 0
    ) -> "list[AsyncUser]":
        """Return those who follow the user, newest first.

        :param all: whether to return every one, and not only ``limit`` of them.
        :param offset: how many of the newest to leave out.
        """
        return await self.followers.collect(all, limit, offset)

    @property
    def following(self) -> "AsyncPages[AsyncUser]":
        """Those whom the user follows, newest first, read as they are needed."""
        return AsyncPages(
            self._site,
            lambda size, start: users.get_following(self.username, size, start),
            self._user,
        )

    async def get_following(
        self, all: bool = False, limit: int = 20, offset: int = 0
    ) -> "list[AsyncUser]":
        """Return those whom the user follows, newest first.

        :param all: whether to return every one, and not only ``limit`` of them.
        :param offset: how many of the newest to leave out.
        """
        return await self.following.collect(all, limit, offset)

    def _user(self, data: UserData) -> "AsyncUser":
        return AsyncUser(**vars(data), _site=self._site)

    async def get_message_count(self) -> int:
        """Return how many messages the user has not read."""
        return await ask(self._site, users.get_message_count(self.username))

    async def post_comment(
        self, content: str, parent_id: int | str = "", commentee_id: int | str = ""
    ) -> "AsyncProfileComment":
        """Post a comment on the user's profile and return it.

        :param parent_id: the top comment that it answers, if it is a reply.
        :param commentee_id: the user whom it answers, if it is a reply.
        :raises CommentRejectedError: if the site refuses the text.
        """
        from scratchbot.aio.profile_comments import AsyncProfileComment

        request = wire.profile_comments.post_comment(
            self.username,
            check_comment(content),
            check_id(parent_id) if parent_id else None,
            check_id(commentee_id) if commentee_id else None,
        )
        return AsyncProfileComment.of(await ask(self._site, request), self._site)

    async def delete_comment(self, comment_id: int | str) -> None:
        """Delete a comment from the user's profile."""
        request = wire.profile_comments.delete_comment(self.username, check_id(comment_id))
        await ask(self._site, request)

    async def report_comment(self, comment_id: int | str) -> None:
        """Report a comment on the user's profile to the Scratch Team."""
        request = wire.profile_comments.report_comment(self.username, check_id(comment_id))
        await ask(self._site, request)

    async def report(self, field: ReportedField) -> None:
        """Report the user to the Scratch Team.

        :param field: what is wrong: ``"username"``, ``"icon"``, ``"description"`` or
            ``"working_on"``.
        """
        check_choice("field", field, ReportedField)
        await ask(self._site, users.report(self.username, field))

    async def toggle_commenting(self) -> None:
        """Turn comments on one's own profile off where they were on, or on."""
        allowed = await ask(self._site, wire.profile_comments.allows_comments(self.username))
        await ask(
            self._site, wire.profile_comments.toggle_commenting(self.username, to=not allowed)
        )

    async def follow(self) -> dict[str, Any]:
        """Follow the user, and return what the site answers; it wants this from people only."""
        return await ask(self._site, users.follow(self.username, self._username))

    async def unfollow(self) -> dict[str, Any]:
        """Stop following the user, and return what the site answers."""
        return await ask(self._site, users.unfollow(self.username, self._username))
