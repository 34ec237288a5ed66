"""Where in an author's program something was registered."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from scratchbot.errors import RegistrationError

_OWN = ("scratchbot", "contextlib")


def calling_line() -> str:
    """Return file and line of the innermost call from outside this package."""
    frame = sys._getframe(1)
    while frame.f_back is not None and _is_own(frame.f_globals.get("__name__", "")):
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"


def line_of(function: Callable[..., Any]) -> str:
    """Return file and line where a function is written; nothing if it is not written in Python."""
    code = getattr(function, "__code__", None)
    return f"{code.co_filename}:{code.co_firstlineno}" if code else ""


@contextmanager
def placed(place: Callable[[], str] = calling_line) -> Iterator[None]:
    """Let errors of registration end with file and line, unless they do already.

    :param place: says them.
    """
    try:
        yield
    except RegistrationError as error:
        if error.place:
            raise
        raise RegistrationError(str(error), place()) from None


def _is_own(module: str) -> bool:
    return module.partition(".")[0] in _OWN
