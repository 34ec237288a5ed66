"""Keeps how users, projects and studios grow: counts over time, charts, and a daily report."""

from scratchbot_tracker.plugin import Tracker

__all__ = ["Tracker", "plugin"]

plugin = Tracker()
"""What ``bot.load("tracker")`` includes: it counts what the settings name."""
