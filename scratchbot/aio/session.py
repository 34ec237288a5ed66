"""The session: everything that a program can ask of the site or do on it."""

from typing import TYPE_CHECKING

from scratchbot import wire
from scratchbot.aio.account import AsyncAccount
from scratchbot.aio.exploring import AsyncExploring
from scratchbot.aio.mystuff import AsyncMyStuff
from scratchbot.aio.project import AsyncProject
from scratchbot.aio.user import AsyncUser
from scratchbot.checks import (
    HasId,
    HasUsername,
    check_comment,
    check_id,
    id_of,
    username_of,
)
from scratchbot.settings import Credentials
from scratchbot.wire import comments, projects, users
from scratchbot.wire.cloud import CloudChange, cloud_name, cloud_value
from scratchbot.wire.cloudhosts import SCRATCH_CLOUD, find_host
from scratchbot.wire.comments import CommentData, Ground
from scratchbot.wire.request import MAX_PAGE

if TYPE_CHECKING:
    from scratchbot.aio.classroom import AsyncClassroom
    from scratchbot.aio.comments import AsyncComment
    from scratchbot.aio.forums import AsyncForumSession
    from scratchbot.aio.profile_comments import AsyncProfileComment
    from scratchbot.aio.scraping import AsyncScrapingSession
    from scratchbot.aio.studio import AsyncStudio
    from scratchbot.events import CommentEvent
    from scratchbot.wire.profile_comments import ProfileCommentData


class AsyncScratchSession(AsyncExploring, AsyncMyStuff, AsyncAccount):
    """The user's current session.

    :param username: the name of the user.
    :param password: the password of the user's account, to log in with.
    :param session_id: a session id from a browser, to log in without the password.
    :param token: the user's token, to log in without the password.
    """

    _me: AsyncUser | None = None

    def __init__(
        self,
        username: str | None = None,
        password: str | None = None,
        session_id: str | None = None,
        token: str | None = None,
    ) -> None:
        super().__init__(
            Credentials(username=username, password=password, session_id=session_id, token=token)
        )

    @property
    def username(self) -> str | None:
        """The name of the user who is logged in."""
        return self._site.account.username

    @property
    def session_id(self) -> str | None:
        """The session id, which most requests to the old site need."""
        return self._site.account.session_id

    @property
    def token(self) -> str | None:
        """The token, which most requests to the new site need."""
        return self._site.account.token

    @property
    def csrf_token(self) -> str | None:
        """The CSRF token that acts are sent with; ``None`` without a log-in."""
        return self._site.account.csrf_token if self.logged_in else None

    @property
    def logged_in(self) -> bool:
        """Whether the session has a log-in."""
        return self._site.account.logged_in

    @property
    def user(self) -> AsyncUser | None:
        """The user who is logged in; ``None`` without a log-in."""
        data = self._site.account.user
        if data is None:
            self._me = None
        elif self._me is None or self._me.id != data.id:
            self._me = AsyncUser(**vars(data), _site=self._site)
        return self._me

    @property
    def forums(self) -> "AsyncForumSession":
        """The discussion forums."""
        from scratchbot.aio.forums import AsyncForumSession

        return AsyncForumSession(self._site)

    @property
    def scraping(self) -> "AsyncScrapingSession":
        """What the site shows as HTML only."""
        from scratchbot.aio.scraping import AsyncScrapingSession

        return AsyncScrapingSession(self._site)

    async def get_user(self, user: HasUsername | str) -> AsyncUser:
        """Return a user.

        :param user: a user name, or a user to ask for anew.
        :raises NotFoundError: if there is no such user.
        """
        data = await self._ask(users.get_user(username_of(user)))
        return AsyncUser(**vars(data), _site=self._site)

    async def get_project(self, project: HasId | int | str) -> AsyncProject:
        """Return a project.

        :param project: the number of a project, or a project to ask for anew.
        :raises NotFoundError: if there is no such project, or it is not shared.
        """
        data = await self._ask(projects.get_project(id_of(project)))
        return AsyncProject(**vars(data), _site=self._site)

    async def get_studio(self, id: HasId | int | str) -> "AsyncStudio":
        """Return a studio.

        :param id: the number of a studio, or a studio to ask for anew.
        :raises NotFoundError: if there is no such studio.
        """
        from scratchbot.aio.studio import AsyncStudio

        number = id_of(id)
        data = await self._ask(wire.studios.get_studio(number))
        managers = await self._ask(wire.members.get_managers(number, MAX_PAGE, 0))
        owner = next((user.username for user in managers if user.id == data.host), None)
        return AsyncStudio(**vars(data), owner=owner, _site=self._site)

    async def get_classroom(self, classroom_id: int | str) -> "AsyncClassroom":
        """Return a class that has not ended.

        :raises NotFoundError: if there is no such class.
        """
        from scratchbot.aio.classroom import AsyncClassroom
        from scratchbot.wire import classrooms

        data = await self._ask(classrooms.get_classroom(check_id(classroom_id)))
        return AsyncClassroom(**vars(data), _site=self._site)

    async def reply(
        self, event_or_comment: "CommentEvent | AsyncComment | AsyncProfileComment", text: str
    ) -> "CommentData | ProfileCommentData":
        """Answer a comment, in its own thread, and return the answer as the site took it.

        :raises InputError: if the text is empty or longer than 500 characters.
        :raises CommentRejectedError: if the site refuses the text.
        """
        from scratchbot.events import CommentEvent

        if not isinstance(event_or_comment, CommentEvent):
            return await event_or_comment.reply(text)
        event, content = event_or_comment, check_comment(text)
        thread = event.parent_id or event.comment_id
        if event.where == "profile":
            return await self._ask(
                wire.profile_comments.post_comment(event.target, content, thread, event.author_id)
            )
        ground = Ground(event.where, int(event.target))
        posted = await self._ask(comments.post_comment(ground, content, thread, event.author_id))
        return comments.written_by(posted, self.username or "")

    async def delete_comment(
        self, event_or_comment: "CommentEvent | AsyncComment | AsyncProfileComment"
    ) -> None:
        """Delete a comment, from one's own ground or of one's own.

        :raises ForbiddenError: if it is not the account's to delete.
        """
        from scratchbot.events import CommentEvent

        if not isinstance(event_or_comment, CommentEvent):
            await event_or_comment.delete()
            return
        event = event_or_comment
        if event.where == "profile":
            await self._ask(wire.profile_comments.delete_comment(event.target, event.comment_id))
        else:
            ground = Ground(event.where, int(event.target))
            await self._ask(comments.delete_comment(ground, event.comment_id))

    async def report_comment(
        self, event_or_comment: "CommentEvent | AsyncComment | AsyncProfileComment"
    ) -> None:
        """Report a comment to the Scratch Team.

        :raises NotFoundError: if there is no such comment any more.
        """
        from scratchbot.events import CommentEvent

        if not isinstance(event_or_comment, CommentEvent):
            await event_or_comment.report()
            return
        event = event_or_comment
        if event.where == "profile":
            await self._ask(wire.profile_comments.report_comment(event.target, event.comment_id))
        else:
            ground = Ground(event.where, int(event.target))
            await self._ask(comments.report_comment(ground, event.comment_id))

    async def get_cloud_variable(
        self, project_id: int | str, name: str, host: str = SCRATCH_CLOUD
    ) -> str:
        """Return the value of a cloud variable of a project.

        :param name: with or without the cloud sign.
        :param host: another cloud server than Scratch's, as in ``Cloud(project_id, host=…)``.
        :raises NotFoundError: if the project has no such variable.
        """
        server = find_host(host)
        return await self._site.read_cloud(
            server.check_project(project_id), cloud_name(name), server.address
        )

    async def set_cloud_variable(
        self,
        project_id: int | str,
        name: str,
        value: float | str,
        host: str = SCRATCH_CLOUD,
        *,
        queue: bool = False,
        seen: bool = False,
    ) -> None:
        """Set a cloud variable of a project; returns when the new value was sent.

        The site takes ten sets a second. Of those to one variable that wait for their turn only the
        last is sent.

        :param name: with or without the cloud sign.
        :param value: a number of at most 256 characters.
        :param host: another cloud server than Scratch's, as in ``Cloud(project_id, host=…)``.
        :param queue: whether to send it even if a newer value waits too, as for messages.
        :param seen: whether to return only when the server has shown the value, in its log or by
            an echo.
        :raises InputError: if the value is no such number.
        :raises NotFoundError: if the project has no such variable.
        :raises SiteDownError: if the server cannot be reached, or shows no sign of the value.
        """
        server = find_host(host)
        await self._site.change_cloud(
            CloudChange(
                project_id=server.check_project(project_id),
                host=server.address,
                method="set",
                name=cloud_name(name),
                value=cloud_value(value, server.longest_value),
                queue=queue,
                seen=seen,
            )
        )
