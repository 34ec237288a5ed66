"""Many rows in one statement.

Each step of a statement gives the interpreter's lock away and has to wait for it again; a statement
for each row would spend more time waiting than working while handlers are busy.
"""

import sqlite3
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain

MOST = 500
"""Rows of a statement, whose values SQLite limits to 32,766."""


def execute(
    connection: sqlite3.Connection, statement: str, rows: Sequence[tuple[object, ...]]
) -> None:
    """Execute a statement with rows in place of its ``{rows}``."""
    for first in range(0, len(rows), MOST):
        piece = rows[first : first + MOST]
        filled = statement.format(rows=_marks(len(piece), len(piece[0])))
        connection.execute(filled, [*chain.from_iterable(piece)])


@lru_cache(maxsize=1_000)
def _marks(rows: int, columns: int) -> str:
    row = f"({', '.join('?' * columns)})"
    return ", ".join([row] * rows)
