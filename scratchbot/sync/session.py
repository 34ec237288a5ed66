# Made from scratchbot/aio/session.py by `make sync`: change that file, not this one.
"""The session: everything that a program can ask of the site or do on it."""

from typing import TYPE_CHECKING

from scratchbot import wire
from scratchbot.checks import (
    HasId,
    HasUsername,
    check_comment,
    check_id,
    id_of,
    username_of,
)
from scratchbot.settings import Credentials
from scratchbot.sync.account import Account
from scratchbot.sync.exploring import Exploring
from scratchbot.sync.mystuff import MyStuff
from scratchbot.sync.project import Project
from scratchbot.sync.user import User
from scratchbot.wire import comments, projects, users
from scratchbot.wire.cloud import CloudChange, cloud_name, cloud_value
from scratchbot.wire.cloudhosts import SCRATCH_CLOUD, find_host
from scratchbot.wire.comments import CommentData, Ground
from scratchbot.wire.request import MAX_PAGE

if TYPE_CHECKING:
    from scratchbot.events import CommentEvent
    from scratchbot.sync.classroom import Classroom
    from scratchbot.sync.comments import Comment
    from scratchbot.sync.forums import ForumSession
    from scratchbot.sync.profile_comments import ProfileComment
    from scratchbot.sync.scraping import ScrapingSession
    from scratchbot.sync.studio import Studio
    from scratchbot.wire.profile_comments import ProfileCommentData


class ScratchSession(Exploring, MyStuff, Account):
    """The user's current session.

    :param username: the name of the user.
    :param password: the password of the user's account, to log in with.
    :param session_id: a session id from a browser, to log in without the password.
    :param token: the user's token, to log in without the password.
    """

    _me: User | None = None

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
    def user(self) -> User | None:
        """The user who is logged in; ``None`` without a log-in."""
        data = self._site.account.user
        if data is None:
            self._me = None
        elif self._me is None or self._me.id != data.id:
            self._me = User(**vars(data), _site=self._site)
        return self._me

    @property
    def forums(self) -> "ForumSession":
        """The discussion forums."""
        from scratchbot.sync.forums import ForumSession

        return ForumSession(self._site)

    @property
    def scraping(self) -> "ScrapingSession":
        """What the site shows as HTML only."""
        from scratchbot.sync.scraping import ScrapingSession

        return ScrapingSession(self._site)

    def get_user(self, user: HasUsername | str) -> User:
        """Return a user.

        :param user: a user name, or a user to ask for anew.
        :raises NotFoundError: if there is no such user.
        """
        data = self._ask(users.get_user(username_of(user)))
        return User(**vars(data), _site=self._site)

    def get_project(self, project: HasId | int | str) -> Project:
        """Return a project.

        :param project: the number of a project, or a project to ask for anew.
        :raises NotFoundError: if there is no such project, or it is not shared.
        """
        data = self._ask(projects.get_project(id_of(project)))
        return Project(**vars(data), _site=self._site)

    def get_studio(self, id: HasId | int | str) -> "Studio":
        """Return a studio.

        :param id: the number of a studio, or a studio to ask for anew.
        :raises NotFoundError: if there is no such studio.
        """
        from scratchbot.sync.studio import Studio

        number = id_of(id)
        data = self._ask(wire.studios.get_studio(number))
        managers = self._ask(wire.members.get_managers(number, MAX_PAGE, 0))
        owner = next((user.username for user in managers if user.id == data.host), None)
        return Studio(**vars(data), owner=owner, _site=self._site)

    def get_classroom(self, classroom_id: int | str) -> "Classroom":
        """Return a class that has not ended.

        :raises NotFoundError: if there is no such class.
        """
        from scratchbot.sync.classroom import Classroom
        from scratchbot.wire import classrooms

        data = self._ask(classrooms.get_classroom(check_id(classroom_id)))
        return Classroom(**vars(data), _site=self._site)

    def reply(
        self, event_or_comment: "CommentEvent | Comment | ProfileComment", text: str
    ) -> "CommentData | ProfileCommentData":
        """Answer a comment, in its own thread, and return the answer as the site took it.

        :raises InputError: if the text is empty or longer than 500 characters.
        :raises CommentRejectedError: if the site refuses the text.
        """
        from scratchbot.events import CommentEvent

        if not isinstance(event_or_comment, CommentEvent):
            return event_or_comment.reply(text)
        event, content = event_or_comment, check_comment(text)
        thread = event.parent_id or event.comment_id
        if event.where == "profile":
            return self._ask(
                wire.profile_comments.post_comment(event.target, content, thread, event.author_id)
            )
        ground = Ground(event.where, int(event.target))
        posted = self._ask(comments.post_comment(ground, content, thread, event.author_id))
        return comments.written_by(posted, self.username or "")

    def delete_comment(self, event_or_comment: "CommentEvent | Comment | ProfileComment") -> None:
        """Delete a comment, from one's own ground or of one's own.

        :raises ForbiddenError: if it is not the account's to delete.
        """
        from scratchbot.events import CommentEvent

        if not isinstance(event_or_comment, CommentEvent):
            event_or_comment.delete()
            return
        event = event_or_comment
        if event.where == "profile":
            self._ask(wire.profile_comments.delete_comment(event.target, event.comment_id))
        else:
            ground = Ground(event.where, int(event.target))
            self._ask(comments.delete_comment(ground, event.comment_id))

    def report_comment(self, event_or_comment: "CommentEvent | Comment | ProfileComment") -> None:
        """Report a comment to the Scratch Team.

        :raises NotFoundError: if there is no such comment any more.
        """
        from scratchbot.events import CommentEvent

        if not isinstance(event_or_comment, CommentEvent):
            event_or_comment.report()
            return
        event = event_or_comment
        if event.where == "profile":
            self._ask(wire.profile_comments.report_comment(event.target, event.comment_id))
        else:
            ground = Ground(event.where, int(event.target))
            self._ask(comments.report_comment(ground, event.comment_id))

    def get_cloud_variable(
        self, project_id: int | str, name: str, host: str = SCRATCH_CLOUD
    ) -> str:
        """Return the value of a cloud variable of a project.

        :param name: with or without the cloud sign.
        :param host: another cloud server than Scratch's, as in ``Cloud(project_id, host=…)``.
        :raises NotFoundError: if the project has no such variable.
        """
        server = find_host(host)
        return self._site.read_cloud(
            server.check_project(project_id), cloud_name(name), server.address
        )

    def set_cloud_variable(
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
        self._site.change_cloud(
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
