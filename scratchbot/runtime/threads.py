"""Plain functions in threads of their own."""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import TypeVar

from scratchbot.runtime.calls import note

T = TypeVar("T")


async def call_in_thread(function: Callable[[], T], name: str) -> T:
    """Call a function in a new thread and await its result.

    The thread ends with the program, finished or not: a handler that never returns must not
    keep a daemon from stopping.
    """
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[tuple[T | None, BaseException | None]] = loop.create_future()

    def call() -> None:
        result, error = None, None
        try:
            result = function()
        except BaseException as raised:
            error = raised
        with contextlib.suppress(RuntimeError):  # The loop is closed: nobody waits any more.
            loop.call_soon_threadsafe(ended.set_result, (result, error))

    threading.Thread(target=call, name=name, daemon=True).start()
    note(ended)
    result, error = await asyncio.shield(ended)
    if error is not None:
        raise error
    return result  # type: ignore[return-value] # where there is no error, there is a result
