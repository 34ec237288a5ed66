"""How the account stands with the site: whether it may act at all, and if not, until when."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import structlog

from scratchbot.clock import Clock
from scratchbot.errors import (
    LOST,
    CommentRejectedError,
    RateLimitedError,
    Rejection,
    SiteError,
)

FLOOD_PAUSE = 15.0
LONGEST_FLOOD_PAUSE = 300.0
MUTE_WITHOUT_END = 3600.0
LOST_PAUSE = 1.0
LONGEST_LOST_PAUSE = 3600.0

_log = structlog.get_logger("scratchbot")


class Standing:
    """Stops the acts of all handlers while the site wants none from the account.

    :param told: is told why nothing is done: of a mute or a flood each time and until when, of a
        ban or a lost log-in once until an act passes again.
    """

    def __init__(self, clock: Clock, told: Callable[[str], None]) -> None:
        self._clock = clock
        self._told = told
        self._until = clock.now()
        self._ends = clock.monotonic()
        self._reason: SiteError | None = None
        self._stops = 0
        self._is_lost = False

    @contextmanager
    def acting(self) -> Iterator[None]:
        """Let an act pass, or raise what keeps it; learn from how it goes.

        :raises CommentRejectedError: while the account is muted.
        :raises RateLimitedError: while the site wants no acts from it for another reason.
        """
        left = self._left()
        if self._reason is not None and left > 0:
            raise self._again(self._reason, self._clock.now() + timedelta(seconds=left))
        try:
            yield
        except (CommentRejectedError, RateLimitedError, *LOST) as error:
            self._learn(error)
            raise
        self._stops = 0
        self._is_lost = False

    def _left(self) -> float:
        """Return the seconds for which nothing is to be done.

        What comes first ends them: the time of day, which may be set back meanwhile, or the
        seconds counted, which stand still while the machine is asleep.
        """
        by_time = (self._until - self._clock.now()).total_seconds()
        return min(by_time, self._ends - self._clock.monotonic())

    def _learn(self, error: SiteError) -> None:
        now = self._clock.now()
        if isinstance(error, RateLimitedError):
            pause = error.retry_after or self._pause(FLOOD_PAUSE, LONGEST_FLOOD_PAUSE)
            self._stop(error, error.until or now + timedelta(seconds=pause))
        elif isinstance(error, LOST):
            pause = self._pause(LOST_PAUSE, LONGEST_LOST_PAUSE)
            self._stop(error, now + timedelta(seconds=pause))
        elif isinstance(error, CommentRejectedError):
            self._learn_rejection(error, now)

    def _learn_rejection(self, error: CommentRejectedError, now: datetime) -> None:
        if error.reason == Rejection.FLOOD:
            pause = self._pause(FLOOD_PAUSE, LONGEST_FLOOD_PAUSE)
            self._stop(error, now + timedelta(seconds=pause))
        elif error.muted_until is not None:
            self._stop(error, error.muted_until)
        elif error.reason in (Rejection.MUTED, Rejection.ADDRESS_MUTED):
            self._stop(error, now + timedelta(seconds=MUTE_WITHOUT_END))

    def _stop(self, error: SiteError, until: datetime) -> None:
        self._until, self._reason = until, error
        self._ends = self._clock.monotonic() + (until - self._clock.now()).total_seconds()
        _log.warning("acts_stopped", until=until.isoformat(timespec="seconds"), why=str(error))
        if not isinstance(error, LOST):
            self._told(f"no acts until {until:%Y-%m-%d %H:%M:%S} UTC: {error}")
        elif not self._is_lost:
            self._is_lost = True
            self._told(f"no acts for now, what is to be done is kept: {error}")

    def _pause(self, first: float, longest: float) -> float:
        self._stops += 1
        return min(longest, first * 2.0 ** min(self._stops - 1, 20))

    def _again(self, error: SiteError, until: datetime) -> SiteError:
        """Return the error that stopped the account, for one more act; a run waits until then."""
        if isinstance(error, CommentRejectedError) and error.muted_until is not None:
            return CommentRejectedError(Rejection.MUTED, until, error.appeal_id)
        return RateLimitedError(f"no acts for now ({error})", until=until)
