"""Writes a line a day into a file: how often a project is loved, and how many messages wait."""

from datetime import UTC, datetime
from pathlib import Path

from scratchbot import Bot, ScratchSession

PROJECT = 104
REPORT = Path("report.csv")

bot = Bot("daily-report")


@bot.cron("0 9 * * *", timezone="UTC")
def report(session: ScratchSession) -> None:
    """Add today's line; a plain function, so it may take its time."""
    project = session.get_project(PROJECT)
    waiting = session.get_user(project.author.username).get_message_count()
    today = datetime.now(UTC).date()
    with REPORT.open("a", encoding="utf-8") as file:
        file.write(f"{today},{project.view_count},{project.love_count},{waiting}\n")
