"""From a bot object to a running program, and from its end to an exit status."""

import logging
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

from scratchbot.bot import Bot
from scratchbot.client import Client
from scratchbot.clock import SystemClock
from scratchbot.engines.local import LocalEngine
from scratchbot.errors import ScratchbotError
from scratchbot.kept.sessions import KeptSessions, with_kept_session
from scratchbot.logs import set_up_logs
from scratchbot.runtime.daemon import Daemon
from scratchbot.runtime.observer import LogObserver, Observer
from scratchbot.runtime.process import run_to_the_end
from scratchbot.runtime.signals import stop_on_signals
from scratchbot.settings import FILE_NAME, Settings, read_settings


def launch(
    bot: Bot,
    *,
    verbose: bool = False,
    as_json: bool = False,
    folder: Path | None = None,
    **flags: Any,
) -> int:
    """Run a bot until it is stopped, and return the exit status.

    :param as_json: whether the log is lines of JSON wherever it goes.
    :param folder: where ``scratchbot.toml`` is looked for; by default the working folder.
    :param flags: settings from the command line, which win over file and environment.
    """
    set_up_logs(logging.DEBUG if verbose else logging.INFO, as_json=as_json)
    return run_to_the_end(_live(bot, (folder or Path()) / FILE_NAME, flags, verbose=verbose))


async def _live(bot: Bot, file: Path, flags: Mapping[str, Any], *, verbose: bool) -> int:
    try:
        settings = read_settings(os.environ, file, **flags)
        settings = with_kept_session(settings, KeptSessions.of(settings))
        await run_until_signalled(bot, settings, LogObserver())
    except ScratchbotError as error:
        if verbose:
            raise
        sys.stderr.write(f"scratchbot: {error}\n")
        return 1
    return 0


async def run_until_signalled(bot: Bot, settings: Settings, observer: Observer) -> None:
    """Run a bot until SIGTERM or Ctrl-C; a second Ctrl-C ends the program at once."""
    clock, jitter = SystemClock(), Random()
    daemon = Daemon(
        bot,
        settings,
        engine=LocalEngine(settings.store),
        client=Client(settings.credentials, settings.network, clock, jitter),
        clock=clock,
        jitter=jitter,
        observer=observer,
    )
    await daemon.run(stop_on_signals())
