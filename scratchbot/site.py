"""The one way to the site that a session knows, in its two forms."""

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from scratchbot.wire.cloud import CloudChange
from scratchbot.wire.request import Answer, Request
from scratchbot.wire.users import UserData

T = TypeVar("T")

SIDE_BY_SIDE = 8
"""How many requests are on their way at once, at most, where many answers are wanted."""


@dataclass(kw_only=True)
class Account:
    """Who is logged in; its secrets do not show in ``repr``.

    :param over: whether the log-in came to an end that only the owner can change.
    """

    username: str | None = None
    user_id: int | None = None
    session_id: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    csrf_token: str | None = field(default=None, repr=False)
    user: UserData | None = None
    over: bool = False

    @property
    def logged_in(self) -> bool:
        """Whether acts can be tried at all."""
        return bool(self.session_id or self.token)

    def without_secrets(self) -> "Account":
        """Return what plugins may know of it."""
        return _Shown(
            username=self.username,
            user_id=self.user_id,
            user=self.user,
            over=self.over,
            has_login=self.logged_in,
        )

    def drop(self, *, over: bool) -> None:
        """Drop a log-in that is worth nothing any more; whose it was stays known."""
        self.session_id = self.token = None
        self.over = over

    def forget(self) -> None:
        """Forget the log-in and whose it was, for good."""
        self.drop(over=True)
        self.username = self.user_id = self.user = None


@dataclass(kw_only=True)
class _Shown(Account):
    """An account without its secrets, which still knows whether it has any."""

    has_login: bool

    @property
    def logged_in(self) -> bool:
        """Whether acts can be tried at all."""
        return self.has_login


class AsyncSite(Protocol):
    """A way to the site whose answers are awaited."""

    @property
    def account(self) -> Account:
        """Who is logged in."""

    async def exchange(self, request: Request[Any]) -> Answer:
        """Send a request and return its answer, whatever its status.

        :raises SiteDownError: if there is no answer.
        :raises NotLoggedInError: if it needs a log-in and there is none.
        """

    async def change_cloud(self, change: CloudChange) -> None:
        """Change a cloud variable; returns when the change was sent."""

    async def read_cloud(self, project_id: int | str, name: str, host: str) -> str:
        """Return the value of a cloud variable.

        :raises NotFoundError: if the project has no such variable.
        """


class Site(Protocol):
    """A way to the site whose calls block until the answer is there."""

    @property
    def account(self) -> Account:
        """Who is logged in."""

    def exchange(self, request: Request[Any]) -> Answer:
        """Send a request and return its answer, as :meth:`AsyncSite.exchange`."""

    def wait(self, asked: Callable[[AsyncSite], Coroutine[Any, Any, T]]) -> T:
        """Return what asynchronous code gets from the site."""

    def change_cloud(self, change: CloudChange) -> None:
        """Change a cloud variable, as :meth:`AsyncSite.change_cloud`."""

    def read_cloud(self, project_id: int | str, name: str, host: str) -> str:
        """Return the value of a cloud variable, as :meth:`AsyncSite.read_cloud`."""


AsyncReader = Callable[[str], Awaitable[str | None]]
Reader = Callable[[str], str | None]
