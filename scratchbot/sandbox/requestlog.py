"""What was asked of the sandbox, and what it answered."""

from collections import deque
from dataclasses import dataclass
from itertools import count

LENGTH = 500


@dataclass(frozen=True, kw_only=True)
class LoggedRequest:
    """One request and its answer."""

    number: int
    at: float
    who: str
    method: str
    host: str
    path: str
    status: int
    milliseconds: float
    weather: str = ""


class RequestLog:
    """The requests that came last."""

    def __init__(self) -> None:
        self.requests: deque[LoggedRequest] = deque(maxlen=LENGTH)
        self.numbers = count(1)

    def since(self, number: int) -> list[LoggedRequest]:
        """Return the requests after a number, oldest first."""
        return [one for one in self.requests if one.number > number]
