"""The way to the site as one run of one handler may use it."""

from collections.abc import Callable, Collection
from typing import Any

from scratchbot.errors import PermissionDeniedError
from scratchbot.site import Account, AsyncSite
from scratchbot.wire.cloud import CloudChange
from scratchbot.wire.request import Act, Answer, Request


class Guard:
    """Stands between a handler's session and the site, and sees every act before it is sent.

    :param permissions: the acts that are allowed.
    :param dry_run: whether acts are only shown.
    :param acted: is told of each act that was sent or shown.
    """

    def __init__(
        self,
        site: AsyncSite,
        plugin: str,
        permissions: Collection[str],
        *,
        dry_run: bool,
        acted: Callable[[Act, bool], None],
    ) -> None:
        self._site = site
        self._plugin = plugin
        self._permissions = permissions
        self._dry_run = dry_run
        self._acted = acted

    @property
    def account(self) -> Account:
        """Who is logged in."""
        return self._site.account

    async def exchange(self, request: Request[Any]) -> Answer:
        """Send a request, unless it is an act that is not allowed or only to be shown."""
        if request.act is None:
            return await self._site.exchange(request)
        self._check(request.act)
        if self._dry_run:
            self._acted(request.act, True)
            return Answer(status=200, body=request.act.rehearsed)
        answer = await self._site.exchange(request)
        self._acted(request.act, False)
        return answer

    async def change_cloud(self, change: CloudChange) -> None:
        """Change a cloud variable, unless that is not allowed or only to be shown."""
        self._check(change.act)
        if not self._dry_run:
            await self._site.change_cloud(change)
        self._acted(change.act, self._dry_run)

    async def read_cloud(self, project_id: int, name: str, host: str) -> str:
        """Return the value of a cloud variable."""
        return await self._site.read_cloud(project_id, name, host)

    def _check(self, act: Act) -> None:
        if act.permission not in self._permissions:
            raise PermissionDeniedError(
                f"{self._plugin!r} may not do {act.kind}: its permissions lack {act.permission!r}; "
                "the bot's owner can add it in scratchbot.toml or in the plugin"
            )
