"""Waiting until a cloud server shows a change that was sent."""

import asyncio
import contextlib
from datetime import datetime

from scratchbot.cloud.audience import Audience
from scratchbot.cloud.notices import CloudNotice
from scratchbot.cloud.site import CloudSite
from scratchbot.errors import SiteDownError, SiteError
from scratchbot.wire.cloud import CloudChange
from scratchbot.wire.cloudlog import MOST_LOGS, get_logs, shows
from scratchbot.wire.request import by_site_clock

PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)
"""Seconds between two looks."""


class Sighting:
    """Looks for a change: for an echo of it, and in the server's log where there is one.

    :param since: when it was not sent yet.
    :param keeps_log: whether the server has a log.
    """

    def __init__(
        self, change: CloudChange, since: datetime, audience: Audience, *, keeps_log: bool
    ) -> None:
        self._change = change
        self._since = since
        self._keeps_log = keeps_log
        self._audience = audience
        self._is_echoed = asyncio.Event()

    async def come(self, site: CloudSite, username: str) -> None:
        """Wait for it.

        :raises SiteDownError: if nothing of it can be seen.
        """
        self._audience.add(self._hear)
        try:
            for pause in PAUSES:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await self._is_echoed.wait()
                        return
                if self._keeps_log and await self._is_logged(site, username):
                    return
        finally:
            self._audience.remove(self._hear)
        raise SiteDownError(
            f"{self._change.name!r} of project {self._change.project_id} was set, and the server "
            "shows no sign of it: look at the variable before you set it again"
        )

    def _hear(self, notice: CloudNotice) -> None:
        change = self._change
        if notice.kind == "set" and (notice.variable, notice.value) == (change.name, change.value):
            self._is_echoed.set()

    async def _is_logged(self, site: CloudSite, username: str) -> bool:
        change = self._change
        request = get_logs(change.project_id, MOST_LOGS, 0)
        try:
            answer = await site.exchange(request)
            logs = request.result(answer)
        except SiteError:
            return False
        since = by_site_clock(answer, self._since)
        return shows(logs, change.name, change.value, username, since)
