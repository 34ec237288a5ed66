"""What was asked of the sandbox, and what it answered."""

import re
from collections import deque
from dataclasses import dataclass
from itertools import count

LENGTH = 500
SHOWN = 2_000
"""How many characters of a body are kept."""

_HIDDEN = r"(?:\w*password\w*|token|csrfmiddlewaretoken)"
_JSON_SECRET = re.compile(rf'("{_HIDDEN}"\s*:\s*)"(?:\\.|[^"\\])*"?', re.IGNORECASE)
_FORM_SECRET = re.compile(rf"((?:^|&){_HIDDEN}=)[^&]*", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class LoggedRequest:
    """One request and its answer; ``asked`` and ``answered`` are how their bodies begin."""

    number: int
    at: float
    who: str
    method: str
    host: str
    path: str
    status: int
    milliseconds: float
    weather: str = ""
    asked: str = ""
    answered: str = ""


class RequestLog:
    """The requests that came last."""

    def __init__(self) -> None:
        self.requests: deque[LoggedRequest] = deque(maxlen=LENGTH)
        self.numbers = count(1)

    def since(self, number: int) -> list[LoggedRequest]:
        """Return the requests after a number, oldest first."""
        return [one for one in self.requests if one.number > number]


def shown(body: object) -> str:
    """Return how a body begins, as text and without passwords and tokens."""
    if not isinstance(body, bytes | bytearray) or not body:
        return ""
    start = bytes(body[:SHOWN])
    text = start.decode("utf-8", "ignore" if len(body) > SHOWN else "replace")
    if "\0" in text or "\ufffd" in text:
        return f"({len(body)} bytes)"
    text = _FORM_SECRET.sub(r"\1…", _JSON_SECRET.sub(r'\1"…"', text))
    return f"{text}…" if len(body) > SHOWN else text
