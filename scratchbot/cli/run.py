"""``scratchbot run``."""

import argparse
import sys
from pathlib import Path

from scratchbot.cli.app import load_app
from scratchbot.errors import ScratchbotError
from scratchbot.runtime.launch import launch


def run(options: argparse.Namespace) -> int:
    """Load the bot and run it until it is stopped."""
    try:
        bot = load_app(options.app)
    except ScratchbotError as error:
        if options.verbose:
            raise
        sys.stderr.write(f"scratchbot: {error}\n")
        return 1
    store = Path(options.store) if options.store else None
    return launch(bot, verbose=options.verbose, store=store, dry_run=options.dry_run)
