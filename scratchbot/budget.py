"""How much may be asked of the site in a time: token buckets."""

from scratchbot.clock import Clock


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
    """The account's requests: reads and acts each have a bucket, so that acts never queue behind.

    The site publishes no numbers; these keep well below what its own pages ask for.
    """

    def __init__(self, clock: Clock) -> None:
        self._reads = Bucket(rate=5, burst=20, clock=clock)
        self._acts = Bucket(rate=1, burst=5, clock=clock)

    async def take(self, *, act: bool) -> None:
        """Wait until one more request may be sent."""
        await (self._acts if act else self._reads).take()
