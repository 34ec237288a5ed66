"""The projects that a comment links to."""

import re

_LINK = re.compile(
    r"(?<![\w.@/-])(?:https?://)?(?:www\.)?scratch\.mit\.edu/projects/([1-9][0-9]{0,18})(?![\w-])",
    re.IGNORECASE,
)
_NUMBER = re.compile("[1-9][0-9]{0,18}")


def linked_projects(text: str, most: int) -> list[int]:
    """Return the numbers of the projects that a text links to, each once, in its order.

    :param most: how many of them.
    """
    numbers = dict.fromkeys(int(number) for number in _LINK.findall(text))
    return list(numbers)[:most]


def named_project(word: str) -> int | None:
    """Return the number of the project that a word names by its number or by a link."""
    if _NUMBER.fullmatch(word):
        return int(word)
    linked = linked_projects(word, 1)
    return linked[0] if linked else None
