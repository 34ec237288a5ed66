"""The sandbox behind a plain HTTP client that knows nothing of ours."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from yarl import URL

from scratchbot.sandbox import Sandbox, World, load_world

CAPTURES = Path(__file__).parent.parent / "captures"
API, SITE = "api.scratch.mit.edu", "scratch.mit.edu"


class Site:
    """The sandbox behind an HTTP client."""

    def __init__(self, sandbox: Sandbox, http: aiohttp.ClientSession, now: list[float]) -> None:
        self._now = now
        self.sandbox = sandbox
        self.world = sandbox.world
        self.http = http

    async def ask(
        self, method: str, host: str, path: str | URL, **more: Any
    ) -> tuple[int, str, aiohttp.ClientResponse]:
        headers = {"Host": host, **more.pop("headers", {})}
        async with self.http.request(
            method, path, headers=headers, allow_redirects=False, **more
        ) as answer:
            return answer.status, (await answer.read()).decode("utf-8", "replace"), answer

    def later(self, seconds: float) -> None:
        """Let time pass."""
        self._now[0] += seconds

    async def get(self, path: str, **more: Any) -> Any:
        status, text, _ = await self.ask("GET", API, path, **more)
        assert status == 200, text
        return json.loads(text)

    async def log_in(self, username: str, password: str) -> dict[str, str]:
        """Log in and return the headers that acts need."""
        status, text, answer = await self.ask(
            "POST",
            SITE,
            "/login/",
            data=json.dumps({"username": username, "password": password, "useMessages": True}),
            headers={"X-CSRFToken": "a", "Cookie": "scratchcsrftoken=a"},
        )
        assert status == 200, text
        session = answer.headers["Set-Cookie"].split('"')[1]
        return {
            "X-Token": json.loads(text)[0]["token"],
            "X-CSRFToken": "a",
            "Cookie": f'scratchcsrftoken=a; scratchsessionsid="{session}"',
        }


@asynccontextmanager
async def serving(*, limits: bool = True, world: World | None = None) -> AsyncIterator[Site]:
    now = [1_750_000_000.0]

    def clock() -> float:
        now[0] += 0.001
        return now[0]

    sandbox = Sandbox(world or load_world(), clock=clock, limits=limits)
    async with (
        sandbox.serve() as address,
        aiohttp.ClientSession(address, cookie_jar=aiohttp.DummyCookieJar()) as http,
    ):
        yield Site(sandbox, http, now)


def shape(value: Any) -> Any:
    """Return the keys of a JSON value, in order, without its values."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    return [shape(value[0])] if isinstance(value, list) and value else type(value).__name__


def capture(name: str) -> Any:
    return json.loads((CAPTURES / f"{name}.json").read_text("utf-8"))
