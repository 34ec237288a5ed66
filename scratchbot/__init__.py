"""An event-driven bot framework for Scratch."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scratchbot.aio.session import AsyncScratchSession
    from scratchbot.bot import Bot
    from scratchbot.plugins import Plugin
    from scratchbot.sync.session import ScratchSession

__all__ = ["AsyncScratchSession", "Bot", "Plugin", "ScratchSession"]

_HOMES = {
    "AsyncScratchSession": "scratchbot.aio.session",
    "Bot": "scratchbot.bot",
    "Plugin": "scratchbot.plugins",
    "ScratchSession": "scratchbot.sync.session",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used, so that importing the package is quick."""
    if name not in _HOMES:
        raise AttributeError(f"module 'scratchbot' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
