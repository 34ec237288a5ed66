"""Showing what strangers wrote to a person at a terminal, and how."""

import os
from typing import TextIO


def printable(text: str) -> str:
    """Return one line that cannot do anything to a terminal."""
    return "".join(char if char.isprintable() else " " for char in text)


def has_colours(stream: TextIO) -> bool:
    """Tell whether a stream is a terminal whose user wants colours: see https://no-color.org."""
    is_wanted = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return is_wanted and stream.isatty()
