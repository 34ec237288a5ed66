"""What is written on the command line, read and checked."""

import argparse
from datetime import UTC, datetime, timedelta

ACTIONS = ("list", "show", "follow", "export", "retry", "drop")
"""What ``scratchbot events`` does."""


def state(text: str) -> str:
    """Return a state of runs, or ``all``."""
    from typing import get_args

    from scratchbot.engines.engine import RunState

    states = (*get_args(RunState), "all")
    if text in states:
        return text
    if text in ACTIONS:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no state: write the action first, as `scratchbot events {text} --state …`"
        )
    raise argparse.ArgumentTypeError(f"{text!r} is no state: give one of {', '.join(states)}")


def some(text: str) -> int:
    """Return a whole number above 0."""
    if count(text) > 0:
        return int(text)
    raise argparse.ArgumentTypeError("give a whole number above 0")


def port(text: str) -> int:
    """Return the number of a port."""
    if text.isascii() and text.isdecimal() and int(text) < 65536:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no port: give a number from 0 to 65535")


def count(text: str) -> int:
    """Return a whole number."""
    if text.isascii() and text.isdecimal() and int(text) <= 10_000_000:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r}: give a whole number up to 10000000")


def seconds(text: str) -> float:
    """Return a number of seconds above 0."""
    try:
        given = float(text)
    except ValueError:
        given = 0
    if 0 < given < 1e6:
        return given
    raise argparse.ArgumentTypeError(f"{text!r}: give a number of seconds above 0")


def since(text: str) -> datetime:
    """Return when something began: so long ago, as ``2h``, or at a time, as ``2026-11-30``."""
    units = {"m": "minutes", "h": "hours", "d": "days"}
    amount, unit = text[:-1], text[-1:]
    try:
        if unit in units and amount.isascii() and amount.isdecimal():
            return datetime.now(UTC) - timedelta(**{units[unit]: int(amount)})
        at = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no time: give one such as 30m, 2h, 7d, 2026-11-30 or 2026-11-30T18:00"
        ) from None
    return at.astimezone(UTC) if at.tzinfo is not None else at.replace(tzinfo=UTC)


def event_name(text: str) -> str:
    """Return the name of events, or one with which names begin."""
    from scratchbot.errors import RegistrationError
    from scratchbot.events import check_event_name

    try:
        return check_event_name(text)
    except RegistrationError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
