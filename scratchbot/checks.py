"""Input that cannot be right is refused here, before anything is asked of the site."""

import re
from os import PathLike
from pathlib import Path
from typing import Any, Protocol, get_args

from scratchbot.errors import InputError

MAX_COMMENT_LENGTH = 500
FileOrData = bytes | str | PathLike[str]


class HasId(Protocol):
    """A thing on the site that has a number."""

    @property
    def id(self) -> int:
        """The number."""


class HasUsername(Protocol):
    """Somebody on the site."""

    @property
    def username(self) -> str:
        """The name."""


def check_id(value: int | str) -> int:
    """Return the number of a project, studio or comment.

    :raises InputError: if ``value`` is no such number.
    """
    if not isinstance(value, bool) and re.fullmatch(r"[1-9][0-9]{0,18}", str(value)):
        return int(value)
    raise InputError(f"{value!r} is no id: give the number that stands in the page's address")


def id_of(thing: HasId | int | str) -> int:
    """Return the number of a thing that is given by it, or as it stands.

    :raises InputError: if it is no such number.
    """
    return check_id(thing if isinstance(thing, int | str) else thing.id)


def username_of(user: HasUsername | str) -> str:
    """Return the name of a user who is given by it, or as such.

    :raises InputError: if it cannot be one.
    """
    return check_username(user if isinstance(user, str) else user.username)


def read_file(path: str | PathLike[str]) -> bytes:
    """Return what a file holds.

    :raises InputError: if it cannot be read.
    """
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}): check the path") from None


def check_username(value: str) -> str:
    """Return a user name.

    :raises InputError: if ``value`` cannot be one.
    """
    if isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9_-]{1,30}", value):
        return value
    raise InputError(f"{value!r} is no user name: only letters, digits, - and _ can be in one")


def check_comment(content: str) -> str:
    """Return the text of a comment.

    :raises InputError: if the site would not take it for its length.
    """
    if not content.strip():
        raise InputError("a comment cannot be empty: write some text")
    if len(content) > MAX_COMMENT_LENGTH:
        raise InputError(
            f"a comment can have {MAX_COMMENT_LENGTH} characters and this one has {len(content)}: "
            "shorten it"
        )
    return content


def check_choice(name: str, value: object, choices: Any) -> None:
    """Refuse a value that is not among those of a ``Literal``.

    :raises InputError: if it is not; the message names the allowed ones.
    """
    allowed = get_args(choices)
    if value not in allowed:
        listed = ", ".join(repr(choice) for choice in allowed)
        raise InputError(f"{name}={value!r}: it can be {listed}")
