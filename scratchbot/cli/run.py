"""``scratchbot run``."""

import argparse
import os
import sys
from pathlib import Path

from scratchbot.bot import Bot
from scratchbot.cli.app import load_app
from scratchbot.errors import ScratchbotError
from scratchbot.runtime.inclusion import include_missing, read_tables
from scratchbot.runtime.launch import launch
from scratchbot.settings import FILE_NAME, read_settings
from scratchbot.terminal import printable


def run(options: argparse.Namespace) -> int:
    """Load the bot and run it until it is stopped."""
    if options.reload:
        from scratchbot.cli.reload import run_reloading

        return run_reloading(options)
    bot = _load(options.app, verbose=options.verbose)
    if bot is None:
        return 1
    store = Path(options.store) if options.store else None
    return launch(
        bot,
        verbose=options.verbose,
        as_json=options.json,
        store=store,
        dry_run=options.dry_run,
    )


def check(app: str) -> int:
    """Load the bot and its settings, and do nothing with them; return the exit status."""
    bot = _load(app, verbose=False)
    if bot is None:
        return 1
    try:
        settings = read_settings(os.environ, Path(FILE_NAME))
        include_missing(bot, settings)
        read_tables(bot, settings)
    except ScratchbotError as error:
        sys.stderr.write(printable(f"scratchbot: {error}") + "\n")
        return 1
    return 0


def _load(app: str, *, verbose: bool) -> Bot | None:
    try:
        return load_app(app)
    except ScratchbotError as error:
        if verbose:
            raise
        sys.stderr.write(printable(f"scratchbot: {error}") + "\n")
        return None
