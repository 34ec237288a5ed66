"""Welcomes first comments, new curators and new followers on Scratch, each person once."""

from scratchbot_welcome.plugin import Welcome
from scratchbot_welcome.settings import Settings

__all__ = ["Settings", "Welcome", "plugin"]

plugin = Welcome()
"""What ``bot.load("welcome")`` includes: it welcomes wherever the bot watches."""
