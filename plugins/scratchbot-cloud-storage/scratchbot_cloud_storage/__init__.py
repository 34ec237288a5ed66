"""Keeps values and leaderboards for Scratch projects, in databases that outlive the bot."""

from scratchbot_cloud_storage.plugin import CloudStorage

__all__ = ["CloudStorage", "plugin"]

plugin = CloudStorage()
"""What ``bot.load("cloud-storage")`` includes: it serves every cloud that the bot watches."""
