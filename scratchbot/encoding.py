"""Text written in digits: cloud variables hold numbers only."""

from dataclasses import dataclass
from functools import cached_property

from scratchbot.errors import InputError

UNKNOWN = "\N{REPLACEMENT CHARACTER}"
"""What is read where the digits stand for no character."""


@dataclass(frozen=True)
class Encoding:
    """A table of characters, each written as a number of as many digits as all others.

    The first character is the lowest number of that many digits, ``10`` or ``100``: none begins
    with a zero, which Scratch would lose when it counts with the digits.

    :param characters: all that can be written, each once: at most 90 of two digits, 900 of three.
    :param digits: how many digits a character takes.
    """

    characters: str
    digits: int = 2

    def __post_init__(self) -> None:
        if not isinstance(self.digits, int) or self.digits < 1:
            raise InputError(f"digits={self.digits!r}: a character takes 1 digit or more")
        room = 9 * self._first
        if len(self.characters) > room:
            raise InputError(
                f"a table of {self.digits} digits has room for {room} characters and not for "
                f"{len(self.characters)}: give it more digits"
            )
        for character in self.characters:
            if self.characters.count(character) > 1:
                raise InputError(f"{character!r} is twice in the table: leave one out")

    def encode(self, text: str | float, *, missing: str | None = None) -> str:
        """Return text as digits.

        :param text: what is to be written; a number as it is shown.
        :param missing: a character of the table that stands for all that are not in it; without
            one, they are an error.
        :raises InputError: if the table lacks a character; the message names it.
        """
        codes, text = self._codes, str(text)
        if missing is not None:
            if missing not in codes:
                raise InputError(f"missing={missing!r}: give a character of the table")
            return "".join([codes.get(each, codes[missing]) for each in text])
        for place, each in enumerate(text, 1):
            if each not in codes:
                raise InputError(
                    f"character {place} of the text, {each!r}, is not in the table: leave it out, "
                    "or say what is to stand for it, as in missing=' '"
                )
        return "".join([codes[each] for each in text])

    def decode(self, digits: str | int) -> str:
        """Return the text that digits stand for.

        Where they stand for no character, :data:`UNKNOWN` is read; digits at the end that are too
        few for a character are left out.

        :raises InputError: if there is something else than digits.
        """
        digits = str(digits)
        if digits.strip("0123456789"):
            raise InputError(f"{digits[:40]!r} is no text in digits: there must be digits only")
        places = range(0, len(digits) - self.digits + 1, self.digits)
        return "".join([self._character(int(digits[at : at + self.digits])) for at in places])

    @property
    def _first(self) -> int:
        number: int = 10 ** (self.digits - 1)
        return number

    @cached_property
    def _codes(self) -> dict[str, str]:
        return {each: str(number) for number, each in enumerate(self.characters, self._first)}

    def _character(self, number: int) -> str:
        place = number - self._first
        return self.characters[place] if 0 <= place < len(self.characters) else UNKNOWN


SCRATCHATTACH = Encoding(
    "1234567890 aAbBcCdDeEfFgGhHiIjJkKlLmMnNoOpPqQrRsStTuUvVwWxXyYzZ"
    "*/.,!\"§$%_-(\N{ACUTE ACCENT})`?\n@#~;:+&|^'"
)
"""The table of the sprites that are made for scratchattach, where ``89`` ends a line."""


def encode(
    text: str | float, *, missing: str | None = None, table: Encoding = SCRATCHATTACH
) -> str:
    """Return text as digits, two for each character; those are of :meth:`Encoding.encode`."""
    return table.encode(text, missing=missing)


def decode(digits: str | int, *, table: Encoding = SCRATCHATTACH) -> str:
    """Return the text that digits stand for, as :meth:`Encoding.decode` does."""
    return table.decode(digits)
