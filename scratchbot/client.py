"""One account's way to the site: its requests and its cloud sockets."""

from collections.abc import Mapping
from random import Random
from typing import TYPE_CHECKING, Any

from scratchbot.budget import Bucket
from scratchbot.clock import Clock, SystemClock
from scratchbot.login import Login
from scratchbot.logs import set_up_usual_logs
from scratchbot.settings import Credentials, Network
from scratchbot.site import Account
from scratchbot.transport import Transport
from scratchbot.wire.cloud import CHECK_EVERY, NO_HEADERS, CloudChange
from scratchbot.wire.cloudhosts import SCRATCH_CLOUD, find_host
from scratchbot.wire.request import Answer, Request

if TYPE_CHECKING:
    from scratchbot.cloud.site import CloudSite
    from scratchbot.cloud.socket import CloudSocket

SOCKETS_A_SECOND = 10
"""How fast cloud sockets are opened: a bot with hundreds of them must not flood the servers."""


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
        set_up_usual_logs()
        self._network = network
        self._clock = clock or SystemClock()
        self._jitter = jitter or Random()
        self._transport = Transport(network, self._clock, self._jitter)
        self._login = Login(credentials, self._transport, self._clock)
        self._sockets: dict[tuple[int | str, str], CloudSocket] = {}
        self._openings = Bucket(SOCKETS_A_SECOND, 1, self._clock) if network.limits else None

    @property
    def account(self) -> Account:
        """Who is logged in."""
        return self._login.account

    async def log_in(self) -> None:
        """Log in now, if there are credentials; else that happens when it is first needed.

        :raises WrongCredentialsError: if the site refuses them.
        :raises SiteDownError: if the site does not answer.
        """
        await self._login.log_in()

    async def exchange(self, request: Request[Any]) -> Answer:
        """Send a request and return its answer, whatever its status."""
        return await self._login.send(request)

    async def change_cloud(self, change: CloudChange) -> None:
        """Change a cloud variable over the socket that is open already, else over a new one."""
        await self.require_cloud_login(change.host)
        await self.socket(change.project_id, change.host).change(change)

    async def read_cloud(self, project_id: int | str, name: str, host: str) -> str:
        """Return the value of a cloud variable, as the socket knows it."""
        await self.require_cloud_login(host)
        return await self.socket(project_id, host).get(name)

    def socket(
        self, project_id: int | str, host: str = SCRATCH_CLOUD, every: float = CHECK_EVERY
    ) -> "CloudSocket":
        """Return the one socket to a project's cloud variables."""
        key = (project_id, host)
        if key not in self._sockets:
            self._sockets[key] = self.new_socket(project_id, host, every=every)
        return self._sockets[key]

    def new_socket(
        self,
        project_id: int | str,
        host: str,
        headers: Mapping[str, str] = NO_HEADERS,
        *,
        every: float = CHECK_EVERY,
        site: "CloudSite | None" = None,
    ) -> "CloudSocket":
        """Return a socket to a project's cloud variables that whoever asks for it closes.

        :param site: how it reaches the site, if it does not live on this client's loop.
        """
        from scratchbot.cloud.socket import CloudSocket

        return CloudSocket(
            project_id,
            find_host(host),
            site=site or self,
            network=self._network,
            clock=self._clock,
            jitter=self._jitter,
            every=every,
            headers=headers,
            openings=self._openings,
        )

    async def close(self) -> None:
        """Close every connection."""
        for socket in self._sockets.values():
            await socket.close()
        await self._login.close()
        await self._transport.close()

    async def require_cloud_login(self, host: str) -> None:
        """Log in, unless that is done already or a cloud server does not ask for it.

        :raises NotLoggedInError: if Scratch's wants a log-in and there is nothing to log in with.
        """
        if find_host(host).needs_login:
            await self._login.require("cloud variables")

    async def doubt_session(self) -> None:
        """Ask the site whether the session is alive; if not, log in again.

        :raises BlockedError: if it is, and the account may do nothing all the same.
        """
        await self._login.doubt()
