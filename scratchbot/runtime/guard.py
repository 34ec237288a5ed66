"""The way to the site as one run of one handler may use it."""

from collections.abc import Callable, Collection
from typing import Any

from scratchbot.errors import PermissionDeniedError, ScratchbotError
from scratchbot.runtime.calls import outside
from scratchbot.runtime.outbox import Outbox
from scratchbot.runtime.standing import Standing
from scratchbot.site import Account, AsyncSite
from scratchbot.wire.cloud import CloudChange
from scratchbot.wire.request import Act, Answer, Request


class Guard:
    """Stands between a handler's session and the site, and sees every act before it is sent.

    :param outbox: what carries acts; ``None`` in a dry run, where they are only shown.
    :param standing: whether the account may act at all.
    :param permissions: the acts that are allowed.
    :param acted: is told of each act that was sent or shown.
    """

    def __init__(
        self,
        site: AsyncSite,
        outbox: Outbox | None,
        standing: Standing,
        plugin: str,
        permissions: Collection[str],
        *,
        acted: Callable[[Act, bool], None],
    ) -> None:
        self._site = site
        self._outbox = outbox
        self._standing = standing
        self._plugin = plugin
        self._permissions = permissions
        self._acted = acted
        self._is_closed = False

    @property
    def account(self) -> Account:
        """Who is logged in."""
        return self._site.account

    def close(self) -> None:
        """Let nothing pass any more: the run is over, whatever it left behind."""
        self._is_closed = True

    async def exchange(self, request: Request[Any]) -> Answer:
        """Send a request, unless it is an act that is not allowed or only to be shown."""
        self._check_open()
        if request.act is None:
            with outside():
                return await self._site.exchange(request)
        self._check(request.act)
        if self._outbox is None:
            self._acted(request.act, True)
            return Answer(status=200, body=request.act.rehearsed)
        with outside(), self._standing.acting():
            answer, was_sent = await self._outbox.carry(request, request.act)
        if was_sent:
            self._acted(request.act, False)
        return answer

    async def change_cloud(self, change: CloudChange) -> None:
        """Change a cloud variable, unless that is not allowed or only to be shown."""
        self._check_open()
        self._check(change.act)
        if self._outbox is None:
            self._acted(change.act, True)
            return
        with outside(), self._standing.acting():
            was_sent = await self._outbox.change_cloud(change)
        if was_sent:
            self._acted(change.act, False)

    async def read_cloud(self, project_id: int | str, name: str, host: str) -> str:
        """Return the value of a cloud variable."""
        with outside():
            return await self._site.read_cloud(project_id, name, host)

    def _check_open(self) -> None:
        if self._is_closed:
            raise ScratchbotError(
                "this handler's run is over: await all that it starts before it returns"
            )

    def _check(self, act: Act) -> None:
        if act.permission not in self._permissions:
            raise PermissionDeniedError(
                f"{self._plugin!r} may not do {act.kind}: its permissions lack {act.permission!r}; "
                "the bot's owner can add it in scratchbot.toml or in the plugin"
            )
