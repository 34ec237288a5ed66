"""Adds fitting projects to a Scratch studio, after a manager has agreed."""

from scratchbot_autostudio.plugin import AutoStudio
from scratchbot_autostudio.settings import Settings

__all__ = ["AutoStudio", "Settings", "plugin"]

plugin = AutoStudio()
"""What ``bot.load("autostudio")`` includes: it serves the studio that the settings name."""
