"""What a cloud socket needs of an account's way to the site."""

from typing import Any, Protocol

from scratchbot.site import Account
from scratchbot.wire.request import Answer, Request


class CloudSite(Protocol):
    """The account's way to the site, for reading the cloud log and for staying logged in."""

    @property
    def account(self) -> Account:
        """Who is logged in."""

    async def exchange(self, request: Request[Any]) -> Answer:
        """Send a request and return its answer, whatever its status."""

    async def require_cloud_login(self, host: str) -> None:
        """Log in, unless that is done already or a cloud server does not ask for it."""

    async def doubt_session(self) -> None:
        """Ask the site whether the session is alive; if not, log in again."""
