"""The texts that people are welcomed with, and what stands for what in them."""

import difflib
from collections.abc import Sequence
from string import Template

from scratchbot.checks import check_comment
from scratchbot.errors import InputError

LONGEST_NAME = "M" * 30
"""Names of today have 20 characters at most, but old ones are longer."""


def check_texts(setting: str, texts: Sequence[str], longest: dict[str, str]) -> None:
    """Refuse texts that could not be said.

    :param setting: what the texts are called in the settings.
    :param longest: by placeholder, the longest that can stand for it.
    :raises ValueError: if there is none, a placeholder stands for nothing, or a text is too long.
    """
    if not texts:
        raise ValueError(f"{setting} is empty: give one text or more")
    for text in texts:
        template = Template(text)
        if not template.is_valid():
            raise ValueError(f"{setting}: {text!r} has a lonely '$': write '$$' for a dollar sign")
        for name in template.get_identifiers():
            if name not in longest:
                raise ValueError(f"{setting}: {_unknown(name, longest)}")
        try:
            check_comment(template.substitute(longest))
        except InputError as error:
            raise ValueError(f"{setting}: when {text[:40]!r} is filled, {error}") from None


def fill(texts: Sequence[str], turn: int, **values: str) -> str:
    """Return the text whose turn it is, filled.

    :param turn: how many were used before.
    """
    return Template(texts[turn % len(texts)]).substitute(values)


def listed(names: Sequence[str], count: int) -> str:
    """Return people in words, such as ``@alice, @bob and 3 more``.

    :param count: how many there are, named or not.
    """
    parts = [f"@{name}" for name in names]
    if count > len(parts):
        parts.append(f"{count - len(parts)} more")
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _unknown(name: str, known: dict[str, str]) -> str:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0)
    return f"'${name}' stands for nothing; did you mean '${near[0]}'?"
