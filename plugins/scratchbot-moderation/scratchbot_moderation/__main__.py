"""``python -m scratchbot_moderation bot.db``: shows the owner the newest entries of the audit."""

import argparse
import asyncio
import sys
from pathlib import Path

from scratchbot.errors import ScratchbotError
from scratchbot.terminal import printable
from scratchbot_moderation.audit import read_audit


def main(arguments: list[str] | None = None) -> int:
    """Print the newest entries, the newest last; return the exit status."""
    parser = argparse.ArgumentParser(prog="scratchbot_moderation", description=__doc__)
    parser.add_argument("store", type=Path, help="the file that the bot keeps its events in")
    parser.add_argument("--name", default="moderation", help="what the plugin is called in the bot")
    parser.add_argument("--last", type=int, default=50, help="how many entries (50)")
    options = parser.parse_args(arguments)
    if not options.store.is_file():
        sys.stderr.write(f"there is no store {options.store}: check the name and the folder\n")
        return 1
    try:
        entries = asyncio.run(read_audit(options.store, options.name, options.last))
    except ScratchbotError as error:
        sys.stderr.write(f"{printable(str(error))}\n")
        return 1
    for entry in reversed(entries):
        sys.stdout.write(f"{printable(str(entry))}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
