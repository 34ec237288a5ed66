"""Counts as a table for spreadsheets: CSV."""

import csv
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TextIO

from scratchbot_tracker.database import Series

COLUMNS = ("time", "thing", "metric", "value")


def write_table(series: Iterable[Series], file: TextIO) -> None:
    """Write counts as CSV, a line for each; titles, which strangers write, stay out of it.

    :param file: is written to; open it with ``newline=""``.
    """
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in series:
        for count in one.counts:
            time = datetime.fromtimestamp(count.at, UTC)
            writer.writerow([f"{time:%Y-%m-%dT%H:%M:%SZ}", one.name, one.metric, count.value])
