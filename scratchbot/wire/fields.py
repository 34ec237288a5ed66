"""Reading single fields of the site's JSON, which is not always what it says it is."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from scratchbot.errors import UnexpectedAnswerError

Row = Mapping[str, Any]


def integer(row: Row, key: str) -> int:
    """Return a number that must be there; the old site gives some as text.

    :raises UnexpectedAnswerError: if it is not there.
    """
    value = optional_integer(row, key)
    if value is None:
        raise UnexpectedAnswerError(f"the site's answer has no number {key!r}")
    return value


def optional_integer(row: Row, key: str) -> int | None:
    """Return a number, or ``None`` where there is none."""
    value = row.get(key)
    if type(value) is int:  # a bool is none
        return value
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 20:
        return int(value)
    return None


def text(row: Row, key: str) -> str:
    """Return a text, empty where there is none."""
    value = row.get(key)
    return value if isinstance(value, str) else ""


def required_text(row: Row, key: str) -> str:
    """Return a text that must be there.

    :raises UnexpectedAnswerError: if it is not there, or empty.
    """
    value = text(row, key)
    if not value:
        raise UnexpectedAnswerError(f"the site's answer has no text {key!r}")
    return value


def optional_text(row: Row, key: str) -> str | None:
    """Return a text, or ``None`` where there is none."""
    value = row.get(key)
    return value if isinstance(value, str) else None


def flag(row: Row, key: str) -> bool:
    """Return whether the field is true."""
    return row.get(key) is True


def inner(row: Row, key: str) -> Row:
    """Return an object within the object, empty where there is none."""
    value = row.get(key)
    return value if isinstance(value, dict) else {}


def time(value: str) -> datetime:
    """Return one of the site's times; without a zone, it means UTC.

    :raises UnexpectedAnswerError: if it is no time.
    """
    try:
        moment = datetime.fromisoformat(value)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise UnexpectedAnswerError(f"the site's answer has {value[:40]!r} as a time") from None


def epoch(row: Row, key: str) -> datetime | None:
    """Return a time that the site gives in seconds since 1970, or ``None`` where there is none."""
    value = row.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
