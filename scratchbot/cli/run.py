"""``scratchbot run``."""

import argparse
import sys
from pathlib import Path

from scratchbot.bot import Bot
from scratchbot.cli.app import load_app
from scratchbot.errors import ScratchbotError
from scratchbot.runtime.launch import launch
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
    """Load the bot and do nothing with it; return the exit status."""
    return 1 if _load(app, verbose=False) is None else 0


def _load(app: str, *, verbose: bool) -> Bot | None:
    try:
        return load_app(app)
    except ScratchbotError as error:
        if verbose:
            raise
        sys.stderr.write(printable(f"scratchbot: {error}") + "\n")
        return None
