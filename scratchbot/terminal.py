"""Showing what strangers wrote to a person at a terminal."""


def printable(text: str) -> str:
    """Return one line that cannot do anything to a terminal."""
    return "".join(char if char.isprintable() else " " for char in text)
