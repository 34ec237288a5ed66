"""Gets counts out of a database: ``python -m scratchbot_tracker FILE``."""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from scratchbot.errors import ScratchbotError
from scratchbot_tracker.chart import draw
from scratchbot_tracker.database import Database
from scratchbot_tracker.table import write_table

DAY = 86_400
MOST_DAYS = 36_500


def main(arguments: Sequence[str] | None = None) -> int:
    """Write what was asked for to the standard output, and return the exit status.

    :param arguments: those of the command line; by default, what the program was called with.
    """
    options = _parser().parse_args(arguments)
    try:
        database = Database(options.file, is_reader=True)
        try:
            return _answer(database, options)
        finally:
            database.close()
    except ScratchbotError as error:
        return _refuse(str(error))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m scratchbot_tracker",
        description="Get the counts of a tracker's database. "
        "Without --chart and --csv, it lists what there is, with the last counts.",
    )
    parser.add_argument("file", metavar="FILE", type=Path, help="the database, such as tracker.db")
    form = parser.add_mutually_exclusive_group()
    pair = ("THING", "METRIC")
    form.add_argument(
        "--chart", nargs=2, metavar=pair, help="a chart as SVG, such as: --chart project:104 loves"
    )
    form.add_argument("--csv", action="store_true", help="all counts as a table, for spreadsheets")
    parser.add_argument(
        "--days", type=_days, metavar="N", default=MOST_DAYS, help="only those of the last N days"
    )
    return parser


def _days(text: str) -> int:
    days = int(text)
    if not 1 <= days <= MOST_DAYS:
        raise argparse.ArgumentTypeError(f"give a number from 1 to {MOST_DAYS}")
    return days


def _answer(database: Database, options: argparse.Namespace) -> int:
    now = int(time.time())
    since, there = now - options.days * DAY, database.series()
    if options.csv:
        write_table((database.read(*one, since, now) for one in there), sys.stdout)
    elif options.chart is None:
        for name, metric in there:
            last = database.last(name, metric, now)
            sys.stdout.write(f"{name} {metric} {last.value if last else '-'}\n")
    elif tuple(options.chart) in there:
        name, metric = options.chart
        sys.stdout.write(draw(database.read(name, metric, since, now), since, now))
    else:
        known = ", ".join(" ".join(one) for one in there) or "none"
        return _refuse(f"there are no counts of {' '.join(options.chart)}; there are {known}")
    return 0


def _refuse(said: str) -> int:
    sys.stderr.write(f"scratchbot_tracker: {said}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
