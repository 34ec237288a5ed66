"""How the account stands with the site: whether it may act at all, and if not, until when."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import structlog

from scratchbot.clock import Clock
from scratchbot.errors import CommentRejectedError, RateLimitedError, Rejection

FLOOD_PAUSE = 15.0
LONGEST_FLOOD_PAUSE = 300.0
MUTE_WITHOUT_END = 3600.0

_log = structlog.get_logger("scratchbot")


class Standing:
    """Stops the acts of all handlers while the site wants none from the account.

    :param told: is told, once for each time, why nothing is done and until when.
    """

    def __init__(self, clock: Clock, told: Callable[[str], None]) -> None:
        self._clock = clock
        self._told = told
        self._until: datetime | None = None
        self._reason: CommentRejectedError | RateLimitedError | None = None
        self._floods = 0

    @contextmanager
    def acting(self) -> Iterator[None]:
        """Let an act pass, or raise what keeps it; learn from how it goes.

        :raises CommentRejectedError: while the account is muted, or took to flooding.
        :raises RateLimitedError: while the site asks to slow down.
        """
        if self._until is not None and self._reason is not None:
            if self._clock.now() < self._until:
                raise self._again(self._reason, self._until)
            self._until = None
        try:
            yield
        except (CommentRejectedError, RateLimitedError) as error:
            self._learn(error)
            raise
        self._floods = 0

    def _learn(self, error: CommentRejectedError | RateLimitedError) -> None:
        now = self._clock.now()
        if isinstance(error, RateLimitedError):
            pause = error.retry_after or self._flood_pause()
            self._stop(error, error.until or now + timedelta(seconds=pause))
        elif error.reason == Rejection.FLOOD:
            self._stop(error, now + timedelta(seconds=self._flood_pause()))
        elif error.muted_until is not None:
            self._stop(error, error.muted_until)
        elif error.reason in (Rejection.MUTED, Rejection.ADDRESS_MUTED):
            self._stop(error, now + timedelta(seconds=MUTE_WITHOUT_END))

    def _stop(self, error: CommentRejectedError | RateLimitedError, until: datetime) -> None:
        self._until, self._reason = until, error
        _log.warning("acts_stopped", until=until.isoformat(timespec="seconds"), why=str(error))
        self._told(f"no acts until {until:%Y-%m-%d %H:%M:%S} UTC: {error}")

    def _flood_pause(self) -> float:
        self._floods += 1
        return min(LONGEST_FLOOD_PAUSE, FLOOD_PAUSE * 2.0 ** (self._floods - 1))

    def _again(
        self, error: CommentRejectedError | RateLimitedError, until: datetime
    ) -> CommentRejectedError | RateLimitedError:
        """Return the error that stopped the account, for one more act; a run waits until then."""
        if isinstance(error, CommentRejectedError) and error.muted_until is not None:
            return CommentRejectedError(Rejection.MUTED, until, error.appeal_id)
        return RateLimitedError(f"no acts for now ({error})", until=until)
