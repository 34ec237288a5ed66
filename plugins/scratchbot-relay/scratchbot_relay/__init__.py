"""Sends events to webhooks: in order, and each at least once."""

from scratchbot_relay.plugin import Relay
from scratchbot_relay.settings import Settings, Target

__all__ = ["Relay", "Settings", "Target", "plugin"]

plugin = Relay()
"""What ``bot.load("relay")`` includes: it sends what the bot itself watches."""
