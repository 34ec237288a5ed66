"""A webhook on this machine that writes down what it is sent."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from scratchbot.settings import Network, Settings
from scratchbot.testing import Scratch

TOKEN = "tok-5ecret-of-the-webhook"
SIGNING_SECRET = "s1gning-5ecret"
PATIENCE = 20.0

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Received:
    path: str
    headers: Mapping[str, str]
    content: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.content)

    @property
    def key(self) -> str:
        return self.headers["Idempotency-Key"]


class Receiver:
    """Answers with what is queued in ``answers``, then with 204.

    :ivar received: all that came, oldest first.
    """

    def __init__(self) -> None:
        self.answers: deque[Answer] = deque()
        self.received: list[Received] = []
        self.status = 204
        self.address = ""
        self._changed = asyncio.Condition()

    def url(self, path: str = "hook") -> str:
        return f"{self.address}{path}/{TOKEN}"

    async def until(self, count: int) -> None:
        """Wait until so much came."""
        async with asyncio.timeout(PATIENCE), self._changed:
            await self._changed.wait_for(lambda: len(self.received) >= count)

    async def hear(self, request: web.Request) -> web.StreamResponse:
        content = await request.read()
        async with self._changed:
            self.received.append(
                Received(request.path.split("/")[1], dict(request.headers), content)
            )
            self._changed.notify_all()
        if self.answers:
            return await self.answers.popleft()(request)
        return web.Response(status=self.status)


def says(status: int, **options: Any) -> Answer:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(status=status, **options)

    return answer


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    receiver, app = Receiver(), web.Application()
    app.router.add_route("*", "/{path:.*}", receiver.hear)
    async with TestServer(app) as server:
        receiver.address = str(server.make_url("/"))
        yield receiver


def settings(
    scratch: Scratch, targets: Mapping[str, Mapping[str, Any]], *names: str, **table: Any
) -> Settings:
    """Return settings whose targets have their secrets from the environment, as a file says it.

    :param names: of the tables; ``relay`` if none is given.
    """
    environment: dict[str, str] = {}
    written: dict[str, dict[str, Any]] = {}
    for name, target in targets.items():
        written[name] = {"events": ["comment"], **target}
        for key in {"url", "signing_secret"} & target.keys():
            variable = f"{name}_{key}".upper()
            environment[variable], written[name][key] = target[key], f"${variable}"
    return Settings(
        network=Network(endpoint=scratch.address, limits=False),
        environment=environment,
        plugins={
            name: {"targets": written, "allow_private": True, **table}
            for name in names or ["relay"]
        },
    )
