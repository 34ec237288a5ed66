"""A simulated week: what was lost, what was done twice, and whether memory and file stay small.

``python -m tests.benchmarks.week`` lives through it and prints what came of it; its exit status is
0 only if all went well. ``make nightly`` runs it.
"""

import argparse
import logging
import sys
import tempfile
from pathlib import Path

import structlog

from tests.delivery.week import Report, live_through
from tests.virtual import run_virtually

MEGABYTE = 1 << 20
FLAT = 1.25
"""How many times what the first day needed another may need, at most."""


def show(report: Report) -> None:
    print(f"things that people did       {report.acts:10}")
    print(f"events stored                {report.events:10}")
    print(f"runs of handlers             {report.runs:10}")
    print(f"answers sent                 {report.answers:10}")
    print(f"requests                     {report.requests:10}")
    print(f"struck by weather            {report.strikes:10}")
    print(f"deaths                       {report.deaths:10}")
    print(f"starts without a log-in      {report.false_starts:10}")
    print(f"lost                         {len(report.lost):10}  {report.lost[:5] or ''}")
    print(f"done twice                   {report.twice:10}")
    for day, (peak, size) in enumerate(zip(report.peaks, report.sizes, strict=True), 1):
        print(f"day {day}: peak memory {peak / MEGABYTE:6.1f} MB, store {size / MEGABYTE:5.1f} MB")
    print(f"this took {report.seconds:.0f} s")


def is_flat(report: Report) -> bool:
    """Tell whether the first day, or no day, needed about as much as any."""
    figures = (report.peaks, report.sizes)
    return all(max(each) <= FLAT * each[0] for each in figures if each)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--days", type=float, default=7)
    parser.add_argument("--acts", type=int, default=20_000)
    parser.add_argument("--every", type=float, default=30)
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with tempfile.TemporaryDirectory() as folder:
        report = run_virtually(live_through(Path(folder), **vars(given)))
    show(report)
    return 0 if not report.lost and not report.twice and is_flat(report) else 1


if __name__ == "__main__":
    sys.exit(main())
