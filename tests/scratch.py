"""The sandbox of the framework's own tests, and waiting for conditions."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from scratchbot import testing
from scratchbot.sandbox import Sandbox

PATIENCE = 30.0


class Scratch(testing.Scratch):
    """A local Scratch with nothing hidden; ``scratch.acts.love("alice", 104)`` acts in it."""

    @property
    def sandbox(self) -> Sandbox:
        """The sandbox itself."""
        return self._sandbox

    @property
    def acts(self) -> "_Acts":
        """Its acts, from any thread."""
        return _Acts(self)


class _Acts:
    def __init__(self, scratch: Scratch) -> None:
        self._scratch = scratch

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return lambda *values, **named: self._scratch.act(name, *values, **named)


async def until(condition: Callable[[], object], what: str = "the condition") -> None:
    """Wait until a condition holds; fail if it does not within some seconds."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        await asyncio.sleep(0.01)
