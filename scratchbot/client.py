"""One account's way to the site: its log-in, its requests, its cloud sockets."""

import secrets
from collections.abc import Mapping
from random import Random
from typing import Any, TypeVar

from scratchbot.clock import Clock, SystemClock
from scratchbot.errors import NotLoggedInError, WrongCredentialsError
from scratchbot.settings import Credentials, Network
from scratchbot.site import Account
from scratchbot.sockets import CHECK_EVERY, NO_HEADERS, CloudSocket
from scratchbot.transport import Transport
from scratchbot.wire import accounts, users
from scratchbot.wire.cloud import SCRATCH_CLOUD, CloudChange
from scratchbot.wire.request import Answer, Request

T = TypeVar("T")


class Client:
    """The :class:`~scratchbot.site.AsyncSite` that is really connected.

    :param credentials: what to log in with; without any, only reading what is public works.
    """

    def __init__(
        self,
        credentials: Credentials,
        network: Network,
        clock: Clock | None = None,
        jitter: Random | None = None,
    ) -> None:
        self.account = Account(csrf_token=secrets.token_hex(16))
        self._credentials = credentials
        self._network = network
        self._clock = clock or SystemClock()
        self._jitter = jitter or Random()
        self._transport = Transport(network, self._clock, self._jitter)
        self._sockets: dict[tuple[int, str], CloudSocket] = {}

    async def exchange(self, request: Request[Any]) -> Answer:
        """Send a request and return its answer, whatever its status."""
        if request.login and not self.account.logged_in:
            raise NotLoggedInError(
                f"{request.about}: this needs a log-in; give a user name and a password, "
                "or a session id (SCRATCHBOT_USERNAME and SCRATCHBOT_PASSWORD for a bot)"
            )
        return await self._transport.send(request, self.account)

    async def change_cloud(self, change: CloudChange) -> None:
        """Change a cloud variable over the socket that is open already, else over a new one."""
        self.check_cloud_login(change.host)
        await self.socket(change.project_id, change.host).change(change)

    async def read_cloud(self, project_id: int, name: str, host: str) -> str:
        """Return the value of a cloud variable, as the socket knows it."""
        self.check_cloud_login(host)
        return await self.socket(project_id, host).get(name)

    def socket(
        self, project_id: int, host: str = SCRATCH_CLOUD, every: float = CHECK_EVERY
    ) -> CloudSocket:
        """Return the one socket to a project's cloud variables."""
        key = (project_id, host)
        if key not in self._sockets:
            self._sockets[key] = CloudSocket(
                project_id,
                host,
                network=self._network,
                account=self.account,
                clock=self._clock,
                jitter=self._jitter,
                every=every,
            )
        return self._sockets[key]

    def new_socket(
        self, project_id: int, host: str, headers: Mapping[str, str] = NO_HEADERS
    ) -> CloudSocket:
        """Return a socket to a project's cloud variables that whoever asks for it closes."""
        self.check_cloud_login(host)
        return CloudSocket(
            project_id,
            host,
            network=self._network,
            account=self.account,
            clock=self._clock,
            jitter=self._jitter,
            headers=headers,
        )

    async def log_in(self) -> None:
        """Log in with the credentials, if there are any, and learn whose account it is.

        :raises WrongCredentialsError: if the site refuses them.
        :raises SiteDownError: if the site does not answer.
        """
        if not self._credentials.given:
            return
        if self._credentials.password:
            await self._log_in_with_password()
        else:
            await self._log_in_with_session()
        if self.account.username:
            self.account.user = await self._ask(users.get_user(self.account.username))
            self.account.username = self.account.user.username

    async def close(self) -> None:
        """Close every connection."""
        for socket in self._sockets.values():
            await socket.close()
        await self._transport.close()

    def check_cloud_login(self, host: str) -> None:
        """Let pass who may open a socket to a cloud server.

        :raises NotLoggedInError: if Scratch's wants a log-in and there is none.
        """
        if host == SCRATCH_CLOUD and not self.account.logged_in:
            raise NotLoggedInError("cloud variables need a log-in; give a user name and a password")

    async def _ask(self, request: Request[T]) -> T:
        return request.result(await self.exchange(request))

    async def _log_in_with_password(self) -> None:
        username, password = self._credentials.username, self._credentials.password
        if not username or not password:
            raise WrongCredentialsError("a password needs a user name too: give both")
        self._learn(await self._ask(accounts.log_in(username, password)))

    async def _log_in_with_session(self) -> None:
        session_id = (self._credentials.session_id or "").strip('"')
        if session_id:
            self._learn(accounts.session_contents(session_id))
            status = await self._ask(accounts.session_status())
            if status is None:
                self.account.session_id = self.account.token = None
                raise WrongCredentialsError(
                    "the site does not know this session id (any more): "
                    "log in in a browser again and copy the new one"
                )
            self._learn(status)
        self.account.username = self.account.username or self._credentials.username
        self.account.token = self.account.token or self._credentials.token

    def _learn(self, login: accounts.Login) -> None:
        account = self.account
        account.username = login.username or account.username
        account.user_id = login.user_id or account.user_id
        account.session_id = login.session_id or account.session_id
        account.token = login.token or account.token
