"""Writing what strangers wrote so that it means nothing to the program that shows it."""

import re
from collections.abc import Callable
from typing import NamedTuple

CUT = "\N{HORIZONTAL ELLIPSIS}"
WORD_JOINER = "\N{WORD JOINER}"

_DISCORD_MARKS = re.compile(r"[\\*_~`|>#\[\]()<:@/+-]")
_SLACK_MARKS = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": f"@{WORD_JOINER}"})
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
"""Control characters, and those that turn the direction of what follows."""


class Markup(NamedTuple):
    """What a program takes for more than letters.

    :param escape: takes the meaning from a text.
    :param longest: characters of a message, counted as the programs count them, in UTF-16.
    :param torn: the half of an escape at the end of a text that was cut; group 1 stays.
    """

    escape: Callable[[str], str]
    longest: int
    torn: re.Pattern[str]


def one_line(value: object) -> str:
    """Return a value as one line, so that nobody can make up lines of their own."""
    return " ".join(_UNSEEN.sub(" ", str(value)).split())


def width(text: str) -> int:
    """Return the length of a text in UTF-16."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, markup: Markup) -> str:
    """Return a text that fits into a message, cut between two escapes if it is too long."""
    if width(text) <= markup.longest:
        return text
    room = (markup.longest - width(CUT)) * 2
    kept = text.encode("utf-16-le", "surrogatepass")[:room].decode("utf-16-le", "ignore")
    return markup.torn.sub(r"\1", kept) + CUT


def _escape_for_discord(text: str) -> str:
    return _DISCORD_MARKS.sub(r"\\\g<0>", text)


def _escape_for_slack(text: str) -> str:
    """Return a text without control sequences; where Slack is imitated, ``@all`` is one too."""
    return text.translate(_SLACK_MARKS)


DISCORD = Markup(_escape_for_discord, 2_000, re.compile(r"(?<!\\)((?:\\\\)*)\\\Z"))
SLACK = Markup(_escape_for_slack, 40_000, re.compile(r"()&\w{0,4}\Z"))
