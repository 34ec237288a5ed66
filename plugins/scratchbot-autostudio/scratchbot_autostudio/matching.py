"""Whether a project fits into the studio."""

import re
import unicodedata

from scratchbot.wire.projects import ProjectData
from scratchbot_autostudio.settings import Settings


def misfit(project: ProjectData, settings: Settings) -> str | None:
    """Return why a project does not fit, in words for people; ``None`` if it does."""
    if not project.is_published:
        return "is not shared"
    if settings.blocks(project.author.username):
        return "cannot be taken"
    if project.love_count < settings.minimum_loves:
        return f"needs {settings.minimum_loves} loves first"
    text = _plain(f"{project.title}\n{project.instructions}\n{project.description}")
    if settings.any_words and not any(_has(text, word) for word in settings.any_words):
        return "is not about what this studio collects"
    if not all(_has(text, word) for word in settings.all_words):
        return "is not about what this studio collects"
    if any(_has(text, word) for word in settings.no_words):
        return "is about something that this studio does not collect"
    return None


def _has(text: str, word: str) -> bool:
    """Tell whether a text has a word, or words, of which no letter stands beside."""
    return re.search(rf"(?<!\w){re.escape(_plain(word))}(?!\w)", text) is not None


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
