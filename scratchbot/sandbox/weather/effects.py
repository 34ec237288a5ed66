"""What the weather does to one request or to one socket."""

import dataclasses
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Effects:
    """What happens to one request; times are seconds."""

    delay: float = 0.0
    status: int | None = None
    maintenance: bool = False
    timeout: bool = False
    log_out: bool = False
    stale: float | None = None
    repeat: bool = False
    reorder: bool = False
    bytes_per_second: float | None = None
    truncate: bool = False
    reset: bool = False

    def __bool__(self) -> bool:
        """Tell whether anything happens at all."""
        return self != _NOTHING

    def as_json(self) -> dict[str, Any]:
        """Return what differs from nothing."""
        return {key: value for key, value in dataclasses.asdict(self).items() if value}


_NOTHING = Effects()


@dataclass(frozen=True, kw_only=True)
class SocketFate:
    """What becomes of a socket, and how many seconds after it was opened.

    ``code`` is the close code of a socket that is closed, None for one that just breaks.
    """

    after: float
    code: int | None = None
    half_open: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return it as a record keeps it."""
        return dataclasses.asdict(self)
