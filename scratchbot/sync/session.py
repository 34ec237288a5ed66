# Made from scratchbot/aio/session.py by `make sync`: change that file, not this one.
"""The session: everything that a program can ask of the site or do on it."""

from scratchbot.checks import check_choice, check_comment, check_id, check_username
from scratchbot.events import CommentEvent
from scratchbot.settings import Credentials
from scratchbot.sync.comments import Comment, ProfileComment
from scratchbot.sync.opening import Opening
from scratchbot.sync.paging import collect
from scratchbot.sync.project import Project
from scratchbot.sync.scraping import ScrapingSession
from scratchbot.sync.studio import Studio
from scratchbot.sync.user import User
from scratchbot.wire import accounts, comments, messages, profile_comments, projects, studios, users
from scratchbot.wire.cloud import SCRATCH_CLOUD, CloudChange, cloud_value, plain_name
from scratchbot.wire.comments import CommentData, Ground
from scratchbot.wire.messages import Activity, Filter, Message
from scratchbot.wire.profile_comments import ProfileCommentData
from scratchbot.wire.users import IncompleteUser


class ScratchSession(Opening):
    """The user's current session.

    :param username: the name of the user.
    :param password: the password of the user's account, to log in with.
    :param session_id: a session id from a browser, to log in without the password.
    :param token: the user's token, to log in without the password.
    """

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
        return User(**vars(data), _site=self._site) if data is not None else None

    @property
    def scraping(self) -> ScrapingSession:
        """What the site shows as HTML only."""
        return ScrapingSession(self._site)

    def get_user(self, user: User | IncompleteUser | str) -> User:
        """Return a user.

        :param user: a user name, or a user to ask for anew.
        :raises NotFoundError: if there is no such user.
        """
        username = check_username(user) if isinstance(user, str) else user.username
        return User(**vars(self._ask(users.get_user(username))), _site=self._site)

    def get_project(self, project: Project | int | str) -> Project:
        """Return a project.

        :param project: the number of a project, or a project to ask for anew.
        :raises NotFoundError: if there is no such project, or it is not shared.
        """
        number = project.id if isinstance(project, Project) else check_id(project)
        data = self._ask(projects.get_project(number))
        return Project(**vars(data), _site=self._site)

    def get_studio(self, id: Studio | int | str) -> Studio:
        """Return a studio.

        :param id: the number of a studio, or a studio to ask for anew.
        :raises NotFoundError: if there is no such studio.
        """
        number = id.id if isinstance(id, Studio) else check_id(id)
        data = self._ask(studios.get_studio(number))
        managers = self._ask(studios.get_managers(number, 40, 0))
        owner = next((user.username for user in managers if user.id == data.host), "")
        return Studio(**vars(data), owner=owner, _site=self._site)

    def get_messages(
        self, all: bool = False, limit: int = 20, offset: int = 0, filter: Filter = ""
    ) -> list[Message]:
        """Return the messages of the user who is logged in, newest first.

        :param all: whether to return every message, and not only ``limit`` of them.
        :param offset: how many of the newest to leave out.
        :param filter: ``""``, ``"comments"``, ``"projects"``, ``"studios"`` or ``"forums"``.
        :raises NotLoggedInError: if nobody is logged in.
        """
        check_choice("filter", filter, Filter)
        return collect(
            self._site,
            lambda size, start: messages.get_messages(self.username or "", size, start, filter),
            all,
            limit,
            offset,
        )

    def get_activity(self, limit: int = 5, offset: int = 0) -> list[Activity]:
        """Return what the people did whom the user follows, newest first.

        :raises NotLoggedInError: if nobody is logged in.
        """
        return collect(
            self._site,
            lambda size, start: messages.get_activity(self.username or "", size, start),
            False,
            limit,
            offset,
        )

    def reply(
        self, event_or_comment: CommentEvent | Comment | ProfileComment, text: str
    ) -> CommentData | ProfileCommentData:
        """Answer a comment, in its own thread, and return the answer as the site took it.

        :raises InputError: if the text is empty or longer than 500 characters.
        :raises CommentRejectedError: if the site refuses the text.
        """
        if not isinstance(event_or_comment, CommentEvent):
            return event_or_comment.reply(text)
        event, content = event_or_comment, check_comment(text)
        thread = event.parent_id or event.comment_id
        if event.where == "profile":
            return self._ask(
                profile_comments.post_comment(event.target, content, thread, event.author_id)
            )
        ground = Ground(event.where, int(event.target))
        posted = self._ask(comments.post_comment(ground, content, thread, event.author_id))
        return comments.written_by(posted, self.username or "")

    def delete_comment(self, event_or_comment: CommentEvent | Comment | ProfileComment) -> None:
        """Delete a comment, from one's own ground or of one's own.

        :raises ForbiddenError: if it is not the account's to delete.
        """
        if not isinstance(event_or_comment, CommentEvent):
            event_or_comment.delete()
            return
        event = event_or_comment
        if event.where == "profile":
            self._ask(profile_comments.delete_comment(event.target, event.comment_id))
        else:
            ground = Ground(event.where, int(event.target))
            self._ask(comments.delete_comment(ground, event.comment_id))

    def get_cloud_variable(
        self, project_id: int | str, name: str, host: str = SCRATCH_CLOUD
    ) -> str:
        """Return the value of a cloud variable of a project.

        :param name: with or without the cloud sign.
        :param host: another cloud server than Scratch's, as in ``Cloud(project_id, host=…)``.
        :raises NotFoundError: if the project has no such variable.
        """
        return self._site.read_cloud(check_id(project_id), plain_name(name), host)

    def set_cloud_variable(
        self, project_id: int | str, name: str, value: float | str, host: str = SCRATCH_CLOUD
    ) -> None:
        """Set a cloud variable of a project; returns when the new value was sent.

        :param name: with or without the cloud sign.
        :param value: a number of at most 256 characters.
        :param host: another cloud server than Scratch's, as in ``Cloud(project_id, host=…)``.
        :raises InputError: if the value is no such number.
        """
        self._site.change_cloud(
            CloudChange(
                project_id=check_id(project_id),
                host=host,
                method="set",
                name=plain_name(name),
                value=cloud_value(value),
            )
        )

    def logout(self) -> None:
        """Log out of the site.

        :raises NotLoggedInError: if nobody is logged in.
        """
        self._ask(accounts.log_out())
        self._site.account.forget()
