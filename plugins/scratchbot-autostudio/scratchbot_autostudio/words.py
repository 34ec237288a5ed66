"""The commands in what people write."""

from typing import NamedTuple

APPROVE, REJECT, WAITING = "!approve", "!reject", "!waiting"


class Order(NamedTuple):
    """A command with the word behind it, which may be empty."""

    command: str
    argument: str


def command_in(text: str) -> Order | None:
    """Return the command that a text begins with, if it does."""
    word, argument, *_ = (*text.split(maxsplit=2), "", "")
    command = word.lower()
    return Order(command, argument) if command in (APPROVE, REJECT, WAITING) else None
