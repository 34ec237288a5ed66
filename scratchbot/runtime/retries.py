"""Whether and when a run that failed is tried again."""

from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from scratchbot.engines.engine import Run
from scratchbot.errors import (
    BlockedError,
    CommentRejectedError,
    NotLoggedInError,
    RateLimitedError,
    Rejection,
    ScratchbotError,
    SiteDownError,
    UnexpectedAnswerError,
    WrongCredentialsError,
)
from scratchbot.policy import Policy

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 300.0
MOST_ATTEMPTS = 1_000
"""With the longest pause, about three days."""

_PASSING = (
    SiteDownError,
    UnexpectedAnswerError,
    RateLimitedError,
    NotLoggedInError,
    WrongCredentialsError,
    BlockedError,
)
_PASSING_REASONS = (Rejection.FLOOD, Rejection.MUTED, Rejection.ADDRESS_MUTED)


class Retry(NamedTuple):
    """What becomes of a run that failed.

    :param fault: whether the handler itself is to blame.
    :param at: when it is tried again; ``None`` if it is not.
    """

    fault: bool
    at: datetime | None


def decide(error: BaseException, run: Run, policy: Policy, now: datetime, jitter: Random) -> Retry:
    """Return what becomes of a run that an error ended.

    What passes by itself (the site is down, the account is muted) is waited for without counting;
    what a second try cannot change (forbidden, rejected) is not tried again.
    """
    if passes(error):
        is_over = run.attempts + 1 >= MOST_ATTEMPTS
        return Retry(False, None if is_over else _later(error, run.attempts, now, jitter))
    if isinstance(error, ScratchbotError) or run.faults >= policy.retries:
        return Retry(True, None)
    return Retry(True, _later(error, run.faults, now, jitter))


def passes(error: BaseException) -> bool:
    """Tell whether an error passes by itself."""
    if isinstance(error, CommentRejectedError):
        return error.reason in _PASSING_REASONS
    return isinstance(error, _PASSING)


def _later(error: BaseException, failures: int, now: datetime, jitter: Random) -> datetime:
    """Return the time after a pause with exponential backoff and full jitter."""
    most = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(failures, 20))
    later = now + timedelta(seconds=jitter.uniform(0, most))
    wanted = _wanted(error, now)
    return later if wanted is None else max(later, wanted)


def _wanted(error: BaseException, now: datetime) -> datetime | None:
    """Return the time before which the site does not want to hear it again."""
    if isinstance(error, CommentRejectedError):
        return error.muted_until
    if not isinstance(error, RateLimitedError):
        return None
    if error.until is None and error.retry_after is not None:
        return now + timedelta(seconds=error.retry_after)
    return error.until
