"""The site's limits on how much one client asks for in a while."""

from collections.abc import Callable
from dataclasses import dataclass

READS_A_SECOND, READ_BURST = 20.0, 60.0
WRITES_A_SECOND, WRITE_BURST = 4.0, 20.0
MOST_CLIENTS = 10_000


@dataclass
class _Bucket:
    tokens: float
    at: float


class Limits:
    """Counts the requests of each client.

    :param clock: seconds since 1970.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._buckets: dict[tuple[str, bool], _Bucket] = {}

    def wait(self, client: str, *, write: bool) -> float:
        """Take a request of a client; return the seconds that it should have waited, 0 if none."""
        rate, burst = (WRITES_A_SECOND, WRITE_BURST) if write else (READS_A_SECOND, READ_BURST)
        now = self._clock()
        if len(self._buckets) >= MOST_CLIENTS:
            self._buckets.clear()
        bucket = self._buckets.setdefault((client, write), _Bucket(burst, now))
        bucket.tokens = min(burst, bucket.tokens + max(0.0, now - bucket.at) * rate)
        bucket.at = now
        if bucket.tokens < 1:
            return (1 - bucket.tokens) / rate
        bucket.tokens -= 1
        return 0.0
