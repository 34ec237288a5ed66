"""A bot's process: nothing that a handler raises ends it, nothing that one leaves keeps it."""

import asyncio
import os
import sys
import threading
import traceback
from collections.abc import Coroutine
from typing import Any

import structlog

LAST_SECONDS = 5.0
"""What tasks and threads that handlers left behind have to end when all else has."""

_log = structlog.get_logger("scratchbot")


def run_to_the_end(main: Coroutine[Any, Any, int]) -> int:
    """Run a coroutine, as ``asyncio.run`` does, and return the exit status that it returns.

    A task that exits ends alone. What does not end after the coroutine is cut off: then the
    process ends here and now.
    """
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        task = loop.create_task(main)
        task.add_done_callback(lambda _: loop.stop())
        while not task.done():
            try:
                loop.run_forever()
            except (SystemExit, KeyboardInterrupt) as error:
                _log.error("task_exited", error=type(error).__name__)
        patience = threading.Timer(LAST_SECONDS, _cut_off, [task])
        patience.daemon = True
        patience.start()
    patience.cancel()
    return task.result()


def _cut_off(main: "asyncio.Task[int]") -> None:
    error = main.exception()
    _log.warning(
        "cut_off",
        tasks=sorted(task.get_name() for task in asyncio.all_tasks(main.get_loop())),
        threads=sorted(thread.name for thread in threading.enumerate() if not thread.daemon),
    )
    if error is not None:
        traceback.print_exception(error)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(main.result() if error is None else 1)
