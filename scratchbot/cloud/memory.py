"""What a cloud socket has heard: the values, and what helps to find in the log what it missed."""

import hashlib
import json
from collections import deque
from collections.abc import Mapping
from typing import Any, NamedTuple, Self

from scratchbot.cloud.notices import CloudNotice

KEPT = 8
"""So many of a variable's last changes are remembered."""
SHORT = 20


class Heard(NamedTuple):
    """A change that was heard.

    :param mark: tells its value from others; see :func:`mark`.
    :param at: milliseconds since 1970, by this machine's clock.
    """

    mark: str
    at: int


class Memory:
    """Follows notices, one after the other.

    :ivar values: by variable.
    :ivar heard: the last changes of each variable that the log does not account for, oldest first.
    :ivar accounted: up to where the log is accounted for: the timestamp of its newest row then, and
        how many rows bore it; ``None`` if it was never read.
    :ivar alive: when something was heard last, in milliseconds since 1970.
    """

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.heard: dict[str, deque[Heard]] = {}
        self.accounted: tuple[int, int] | None = None
        self.alive = 0

    @property
    def is_new(self) -> bool:
        """Whether the values were never known."""
        return not self.alive

    def note(self, notice: CloudNotice) -> None:
        """Bring it up to a notice."""
        kind, variable, value = notice.kind, notice.variable, notice.value
        if variable:
            if kind != "unsure":
                self._hold(variable, value)
            if kind != "value" and notice.via != "log" and (kind, notice.via) != ("own", "values"):
                self._remember(variable, Heard(mark(value), notice.at))
        if kind in ("ready", "set", "create", "delete"):
            self.alive = notice.at
        if kind == "ready" and self.accounted is None:
            self.accounted = (notice.at, 0)
        if notice.accounted is not None:
            self.accounted = notice.accounted
            self._keep(notice.unlogged)

    def _keep(self, unlogged: Mapping[str, int]) -> None:
        """Forget what the log accounts for."""
        for variable in [*self.heard]:
            kept = unlogged.get(variable, 0)
            self.heard[variable] = deque([*self.heard[variable]][-kept:] if kept else (), KEPT)

    def _hold(self, variable: str, value: str | None) -> None:
        if value is not None:
            self.values[variable] = value
        else:
            self.values.pop(variable, None)

    def last(self, variable: str) -> str | None:
        """Return the :func:`mark` of the last change of a variable that was heard or tried."""
        heard = self.heard.get(variable)
        return heard[-1].mark if heard else None

    def _remember(self, variable: str, heard: Heard) -> None:
        if variable not in self.heard:
            self.heard[variable] = deque(maxlen=KEPT)
        self.heard[variable].append(heard)

    def to_json(self) -> str:
        """Return what :meth:`from_json` makes an equal one of."""
        heard = {name: list(changes) for name, changes in self.heard.items()}
        return json.dumps([self.values, heard, self.accounted, self.alive], ensure_ascii=False)

    @classmethod
    def from_json(cls, written: str) -> Self:
        """Return what was written."""
        memory = cls()
        memory.values, heard, accounted, memory.alive = json.loads(written)
        for variable, changes in heard.items():
            memory.heard[variable] = deque((Heard(*each) for each in changes), KEPT)
        memory.accounted = tuple(accounted) if accounted is not None else None
        return memory


def mark(value: Any) -> str:
    """Return a short text that tells a value from others; empty for a variable that is deleted."""
    if value is None:
        return ""
    return value if len(value) <= SHORT else hashlib.sha256(value.encode()).hexdigest()[:SHORT]
