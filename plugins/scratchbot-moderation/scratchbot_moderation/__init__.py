"""Looks at comments on Scratch, and does what the bot's owner says about the bad ones."""

from scratchbot_moderation.audit import Audit, Entry, read_audit
from scratchbot_moderation.plugin import Moderation
from scratchbot_moderation.settings import Settings

__all__ = ["Audit", "Entry", "Moderation", "Settings", "plugin", "read_audit"]

plugin = Moderation()
"""What ``bot.load("moderation")`` includes: it looks at every comment that the bot hears."""
