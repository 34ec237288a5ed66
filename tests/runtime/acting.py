"""An account that acts as the runs of a daemon do, with answers that get lost."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from scratchbot.client import Client
from scratchbot.clock import Clock
from scratchbot.engines.engine import Arrival, Run
from scratchbot.engines.local import LocalEngine
from scratchbot.errors import SiteDownError
from scratchbot.events import BotEvent
from scratchbot.runtime.outbox import Outbox, Places
from scratchbot.settings import Credentials, Network
from scratchbot.site import Account, AsyncSite
from scratchbot.wire.cloud import CloudChange
from scratchbot.wire.request import Act, Answer, Request
from tests.clock import HurriedClock
from tests.scratch import Scratch
from tests.test_events import AT

EVENT = BotEvent(id="e", name="bot.start", at=AT, source="s")
HANDLERS = tuple(f"handler {number}" for number in range(100))
DONE: dict[str, Any] = {"reset": True}
"""The weather in which an act is done and its answer lost."""
UNDONE: dict[str, Any] = {"status": 503}
"""The weather in which an act is not done and nobody can tell."""


class Actor:
    """An account that acts through outboxes, as the runs of a daemon do."""

    def __init__(self, client: Client, engine: LocalEngine, scratch: Scratch) -> None:
        self.client = client
        self._engine = engine
        self._scratch = scratch
        self._places = Places()
        self._runs = 0

    def outbox(
        self, *, again: int = 0, site: AsyncSite | None = None, clock: Clock | None = None
    ) -> Outbox:
        """Return the outbox of a new run.

        :param again: 1 for the last run, which happens again, 2 for the one before, and so on.
        """
        if not again:
            self._runs += 1
        run = Run(number=1, event=EVENT, handler=HANDLERS[self._runs - max(again, 1)])
        clock = clock or HurriedClock()
        return Outbox(run, site or self.client, self._engine, clock, places=self._places, pause=1)

    async def do(self, request: Request[Any], **how: Any) -> Any:
        """Act in a run, and return what the answer means; ``how`` is as for :meth:`outbox`."""
        answer, _ = await self.outbox(**how).carry(request, act_of(request), _pass)
        return request.result(answer)

    async def lose(self, request: Request[Any], **weather: Any) -> None:
        """Act in a new run, and hear no answer."""
        self._scratch.weather(
            method=request.method, host=request.host, path=request.path, **weather
        )
        with pytest.raises(SiteDownError):
            await self.do(request)
        self._scratch.weather()


async def _pass(act: Act) -> None: ...


def act_of(request: Request[Any]) -> Act:
    assert request.act is not None
    return request.act


@asynccontextmanager
async def acting(scratch: Scratch, username: str) -> AsyncIterator[Actor]:
    password = scratch.world.users[username.lower()].password
    login = Credentials(username=username, password=password)
    client = Client(login, Network(endpoint=scratch.address, limits=False), HurriedClock())
    engine = LocalEngine(None)
    await engine.open()
    try:
        await engine.append([Arrival(event=EVENT, handlers=HANDLERS)], "s", None)
        await client.log_in()
        yield Actor(client, engine, scratch)
    finally:
        await client.close()
        await engine.close()


def sent(scratch: Scratch, request: Request[Any]) -> int:
    """Return how often an act was sent."""
    asked = scratch.sandbox.requests.since(0)
    wanted = (request.method, request.host, request.path.rstrip("/"))
    found = [(one.method, one.host, one.path.partition("?")[0].rstrip("/")) for one in asked]
    return found.count(wanted)


class Through:
    """A way to the site that is another one, until a test makes something else of it."""

    def __init__(self, site: AsyncSite) -> None:
        self._site = site

    @property
    def account(self) -> Account:
        return self._site.account

    async def exchange(self, request: Request[Any]) -> Answer:
        return await self._site.exchange(request)

    async def change_cloud(self, change: CloudChange) -> None:
        await self._site.change_cloud(change)

    async def read_cloud(self, project_id: int | str, name: str, host: str) -> str:
        return await self._site.read_cloud(project_id, name, host)
