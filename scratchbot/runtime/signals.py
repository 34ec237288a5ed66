"""Ctrl-C and SIGTERM."""

import asyncio
import contextlib
import os
import signal


def stop_on_signals() -> asyncio.Event:
    """Return an event that SIGTERM or Ctrl-C sets; a second Ctrl-C ends the program at once.

    That works while something blocks the loop, too, which is why the loop does not hear of them
    first.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    is_stopping = False

    def heed(number: int, _: object) -> None:
        nonlocal is_stopping
        if is_stopping and number == signal.SIGINT:
            os._exit(130)
        is_stopping = True
        with contextlib.suppress(RuntimeError):  # The loop is closed: all has stopped.
            loop.call_soon_threadsafe(stop.set)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, heed)
    return stop
