"""Answers the cloud requests of Scratch projects that use scratchattach's sprite."""

from scratchbot_cloud_requests.plugin import CloudRequests

__all__ = ["CloudRequests", "plugin"]

plugin = CloudRequests()
"""What ``bot.load("cloud-requests")`` includes: it serves every cloud that the bot watches."""
