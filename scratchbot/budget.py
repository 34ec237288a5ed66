"""How much may be asked of the site in a time: token buckets."""

from scratchbot.clock import Clock
from scratchbot.wire.accounts import LOG_IN
from scratchbot.wire.request import Act


class Bucket:
    """Lets ``rate`` takers a second through, ``burst`` at once; the others wait their turn."""

    def __init__(self, rate: float, burst: int, clock: Clock) -> None:
        self._interval = 1 / rate
        self._burst = burst
        self._clock = clock
        self._free_at = clock.monotonic() - burst * self._interval

    async def take(self) -> None:
        """Wait until one more may pass; those who wait pass in the order they came."""
        now = self._clock.monotonic()
        self._free_at = max(self._free_at, now - self._burst * self._interval) + self._interval
        wait = self._free_at - now
        if wait > 0:
            await self._clock.sleep(wait)


class Budget:
    """The account's requests: reads, comments, log-ins, other acts each have a bucket of their own.

    The site publishes no numbers; these keep well below what its own pages ask for, below the pace
    at which it takes comments for a flood, and below that at which log-ins ask for a captcha.
    """

    def __init__(self, clock: Clock) -> None:
        self._reads = Bucket(rate=5, burst=20, clock=clock)
        self._comments = Bucket(rate=0.4, burst=2, clock=clock)
        self._acts = Bucket(rate=2, burst=5, clock=clock)
        self._log_ins = Bucket(rate=1 / 30, burst=5, clock=clock)

    async def take(self, act: Act | None) -> None:
        """Wait until one more request may be sent.

        :param act: what the request changes, if it changes anything.
        """
        if act is None:
            await self._reads.take()
        elif act.permission in ("comment.post", "comment.reply"):
            await self._comments.take()
        elif act.kind == LOG_IN:
            await self._log_ins.take()
        else:
            await self._acts.take()
