"""A session of each form."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from scratchbot import AsyncScratchSession, ScratchSession
from scratchbot.sandbox.requestlog import LoggedRequest
from tests.scratch import Scratch
from tests.session.forms import LogIn


@pytest.fixture(params=["sync", "async"])
def form(request: pytest.FixtureRequest) -> str:
    """Give the name of each form in turn."""
    return str(request.param)


@pytest.fixture
def log_in(form: str, scratch: Scratch, endpoint: str) -> LogIn:
    """Give what opens a session of the form, for an account of the sandbox or for nobody."""

    @asynccontextmanager
    async def opened(username: str | None = None) -> AsyncIterator[Any]:
        password = None if username is None else scratch.world.users[username.lower()].password
        if form == "sync":
            with ScratchSession(username, password) as session:
                yield session
        else:
            async with AsyncScratchSession(username, password) as awaited:
                yield awaited

    return opened


class Asked:
    """What the sandbox was asked since the last look."""

    def __init__(self, scratch: Scratch) -> None:
        self._log = scratch.sandbox.requests
        self._last = 0

    def now(self) -> list[LoggedRequest]:
        """Return what was asked since the last look."""
        found = self._log.since(self._last)
        self._last = max((one.number for one in found), default=self._last)
        return found


@pytest.fixture
def asked(scratch: Scratch) -> Asked:
    """Give what the sandbox was asked."""
    return Asked(scratch)
