"""What a cloud socket has heard: the values, and what helps to find in the log what it missed."""

import hashlib
import json
from collections import deque
from collections.abc import Mapping
from typing import Self

from scratchbot.cloud.notices import CHANGES, CloudNotice

KEPT = 8
"""So many of a variable's last changes are remembered."""
SHORT = 20


class Memory:
    """Follows notices, one after the other.

    :ivar values: by variable.
    :ivar heard: the last changes of each variable that the log does not account for, oldest first;
        those of an earlier life have the :func:`mark` of their value for it.
    :ivar accounted: up to where the log is accounted for: the timestamp of its newest row then, and
        how many rows bore it; ``None`` if it was never read.
    :ivar born: when the values were first known, in milliseconds since 1970.
    :ivar alive: when something was heard last, in milliseconds since 1970.
    """

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.heard: dict[str, deque[CloudNotice]] = {}
        self.accounted: tuple[int, int] | None = None
        self.born = 0
        self.alive = 0

    @property
    def is_new(self) -> bool:
        """Whether the values were never known."""
        return not self.alive

    def note(self, notice: CloudNotice) -> None:
        """Bring it up to a notice."""
        kind, at, variable, value = notice[:4]
        if not variable:
            self._note_state(notice)
            return
        if kind in CHANGES:
            self.alive = at
        if kind != "unsure":
            if value is None:
                self.values.pop(variable, None)
            else:
                self.values[variable] = value
        if kind != "value":
            try:
                self.heard[variable].append(notice)
            except KeyError:
                self.heard[variable] = deque((notice,), KEPT)

    def _note_state(self, notice: CloudNotice) -> None:
        if notice.kind == "ready":
            self.alive = notice.at
            self.born = self.born or notice.at
        if notice.accounted is not None:
            self.accounted = notice.accounted
            self._keep(notice.unlogged)

    def _keep(self, unlogged: Mapping[str, int]) -> None:
        """Forget what the log accounts for."""
        for variable in [*self.heard]:
            kept = unlogged.get(variable, 0)
            self.heard[variable] = deque([*self.heard[variable]][-kept:] if kept else (), KEPT)

    def was_last(self, variable: str, value: str) -> bool:
        """Tell whether a value is that of the last change that was heard or tried."""
        heard = self.heard.get(variable)
        return heard is not None and bool(heard) and mark(heard[-1].value) == mark(value)

    def to_json(self) -> str:
        """Return what :meth:`from_json` makes an equal one of."""
        heard = {
            variable: [(mark(each.value), each.at) for each in changes]
            for variable, changes in self.heard.items()
        }
        written = [self.values, heard, self.accounted, self.born, self.alive]
        return json.dumps(written, ensure_ascii=False)

    @classmethod
    def from_json(cls, written: str) -> Self:
        """Return what was written."""
        memory = cls()
        memory.values, heard, accounted, memory.born, memory.alive = json.loads(written)
        for variable, changes in heard.items():
            notices = (CloudNotice("own", at, variable, value) for value, at in changes)
            memory.heard[variable] = deque(notices, KEPT)
        memory.accounted = tuple(accounted) if accounted is not None else None
        return memory


def mark(value: str | None) -> str | None:
    """Return a short text that tells a value from others; short ones stand for themselves."""
    if value is None or len(value) <= SHORT:
        return value
    return hashlib.sha256(value.encode()).hexdigest()[:SHORT]
