"""What stands in the variables: pieces of requests one way, packets of answers the other.

A request is ``DIGITS.ID`` in TO_HOST; where it is long, all pieces but the last have a minus before
them. Its answer is packets in the variables FROM_HOST_1, FROM_HOST_2, …: ``DIGITS.ID`` with an
ending that says which packet it is, or that it is the last. A packet that did not arrive is asked
for again with its place, from 0, and a nine behind the id.
"""

import re
from dataclasses import dataclass

from scratchbot.encoding import encode
from scratchbot.errors import InputError

TO_HOST = "TO_HOST"
FROM_HOST = "FROM_HOST_"
SEPARATOR = "&"
"""What stands between a request's name and its arguments."""

MESSAGE_ID = "100000000"
"""What the ids of messages begin with that nobody has asked for."""

LONGEST_VALUE = 256
MOST_PACKETS = 1_000
"""The sprite knows a packet by three digits."""

_VALUE = re.compile(r"(-?)([0-9]*)\.([0-9]{1,20})")
_NUMBER = re.compile("[0-9]+")
_ID_LENGTH = 6
_AGAIN = "9"
_LINE_END = encode("\n")
_NOTHING = "-"
_TEXT_ENDS, _NUMBER_ENDS = "2222", "3222"


@dataclass(frozen=True)
class Piece:
    """A request, or a piece of one."""

    request_id: str
    digits: str
    is_last: bool


@dataclass(frozen=True)
class Again:
    """A project asks for a packet that it has not got.

    :param place: which of the answer's packets, from 0.
    """

    request_id: str
    place: int


def read(value: str) -> Piece | Again | None:
    """Return what a value of TO_HOST says, None where it says nothing."""
    found = _VALUE.fullmatch(value)
    if found is None:
        return None
    sign, digits, request_id = found.groups()
    if len(request_id) == _ID_LENGTH + 1 and request_id.endswith(_AGAIN):
        return Again(request_id[:-1], int(digits)) if digits and not sign else None
    return Piece(request_id, digits, is_last=not sign)


def packets(request_id: str, answer: object) -> list[str]:
    """Return the values that carry an answer to the project.

    Numbers that are whole and not below 0 go as they are, a list item by item, all else as text;
    what the sprite has no character for becomes a space.

    :raises InputError: if it is longer than what the sprite can put together.
    """
    digits, end = _written(answer, request_id)
    room = LONGEST_VALUE - len(request_id) - len(".0001") - 1
    pieces = [digits[at : at + room] for at in range(0, len(digits), room)] or [""]
    if len(pieces) > MOST_PACKETS:
        raise InputError(
            f"an answer has room for {MOST_PACKETS * room // 2} characters and this one has "
            f"{len(digits) // 2}: answer with less, and let the project ask for more"
        )
    *first, last = pieces
    return [
        *(f"{piece}.{request_id}{number:03}1" for number, piece in enumerate(first, 1)),
        f"{last}.{request_id}{end}",
    ]


def _written(answer: object, request_id: str) -> tuple[str, str]:
    """Return the digits of an answer, and the ending that says how they are meant."""
    number = _as_it_is(answer)
    if number is not None and request_id.endswith("0"):
        return number, _NUMBER_ENDS
    if isinstance(answer, list | tuple):
        return "".join(_text(item) + _LINE_END for item in answer), _TEXT_ENDS
    return _text(answer) or encode(_NOTHING), _TEXT_ENDS


def _as_it_is(answer: object) -> str | None:
    """Return the digits of a whole number that is not below 0, or of text that is one."""
    if isinstance(answer, float) and answer.is_integer():
        answer = int(answer)
    if isinstance(answer, bool) or not isinstance(answer, int | str):
        return None
    return str(answer) if _NUMBER.fullmatch(str(answer)) else None


def _text(value: object) -> str:
    return encode(str(value).replace("\n", " "), missing=" ")
