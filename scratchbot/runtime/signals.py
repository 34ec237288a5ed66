"""Ctrl-C and SIGTERM."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable


def stop_on_signals() -> asyncio.Event:
    """Return an event that SIGTERM or Ctrl-C sets; a second Ctrl-C ends the program at once."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def interrupted() -> None:
        if stop.is_set():
            os._exit(130)
        stop.set()

    _handle(loop, signal.SIGTERM, stop.set)
    _handle(loop, signal.SIGINT, interrupted)
    return stop


def _handle(
    loop: asyncio.AbstractEventLoop, number: signal.Signals, callback: Callable[[], None]
) -> None:
    with contextlib.suppress(NotImplementedError):
        loop.add_signal_handler(number, callback)
        return
    signal.signal(number, lambda *_: loop.call_soon_threadsafe(callback))
