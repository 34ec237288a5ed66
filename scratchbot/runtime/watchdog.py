"""Noticing that something blocks the loop, and who: a thread asks, and the loop has to answer."""

import asyncio
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import structlog

import scratchbot
from scratchbot.clock import Clock
from scratchbot.runtime.calls import handler_of

ASK_EVERY = 1.0
"""Seconds from one question to the next."""
PATIENCE = 5
"""Questions' time without an answer after which the loop is blocked."""

_OURS = Path(scratchbot.__file__).parent
_LIBRARY = Path(os.__file__).parent
_CALLBACK = asyncio.Handle._run.__code__
"""What calls whatever the loop does: a step of a task, as a rule."""

_log = structlog.get_logger("scratchbot")


class Watchdog:
    """Logs when the loop does nothing else for some seconds: with the task, and the line, it is at.

    It is used with ``with``, in the loop that it watches.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._loop_thread = threading.get_ident()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="scratchbot watchdog", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join()

    def _watch(self) -> None:
        self._ask()
        silent = 0
        while not self._stopping.wait(ASK_EVERY):
            if self._answered_at is None:
                silent += 1
                if silent == PATIENCE:
                    self._tell_blocked()
                continue
            if silent >= PATIENCE:
                _log.warning("loop_freed", seconds=self._since(self._answered_at))
            silent = 0
            self._ask()

    def _ask(self) -> None:
        self._answered_at: float | None = None
        self._asked_at = self._clock.monotonic()
        self._loop.call_soon_threadsafe(self._answer)

    def _answer(self) -> None:
        self._answered_at = self._clock.monotonic()

    def _tell_blocked(self) -> None:
        task = asyncio.current_task(self._loop)
        _log.warning(
            "loop_blocked",
            task=None if task is None else handler_of(task),
            seconds=self._since(self._clock.monotonic()),
            at=_place(sys._current_frames().get(self._loop_thread)),
        )

    def _since(self, moment: float) -> float:
        return round(moment - self._asked_at, 1)


def _place(frame: FrameType | None) -> str | None:
    """Return the line at which a thread's loop stands, in the code of whoever wrote the handler.

    That is the innermost in the folder of the outermost that is neither ours nor of Python.
    """
    places = [(Path(one.f_code.co_filename), one.f_lineno) for one in _frames(frame)]
    theirs = [file for file, _ in places if not _is_machinery(file)]
    if theirs:
        places = [(file, line) for file, line in places if file.parent == theirs[-1].parent]
    return f"{places[0][0]}:{places[0][1]}" if places else None


def _is_machinery(file: Path) -> bool:
    is_library = _LIBRARY in file.parents and "site-packages" not in file.parts
    return is_library or _OURS in file.parents


def _frames(frame: FrameType | None) -> Iterator[FrameType]:
    """Yield the frames of what the loop does now, from the innermost on."""
    while frame is not None and frame.f_code is not _CALLBACK:
        yield frame
        frame = frame.f_back
