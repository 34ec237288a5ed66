"""The tables of the database, and how an older database becomes one of today."""

import sqlite3
from pathlib import Path

from scratchbot.errors import StoreError

APPLICATION_ID = 0x53425452
"""What marks an SQLite file as a tracker's."""

_FIRST = (
    """CREATE TABLE things (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL
) STRICT""",
    """CREATE TABLE counts (
    thing INTEGER NOT NULL REFERENCES things (number),
    metric TEXT NOT NULL,
    slot INTEGER NOT NULL,
    period INTEGER NOT NULL,
    at INTEGER NOT NULL,
    value INTEGER NOT NULL,
    PRIMARY KEY (thing, metric, slot)
) STRICT, WITHOUT ROWID""",
    """CREATE TABLE misses (
    thing TEXT PRIMARY KEY,
    slot INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    next_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID""",
    'CREATE TABLE reports ("end" INTEGER PRIMARY KEY) STRICT',
    """CREATE VIEW readings AS
SELECT strftime('%Y-%m-%dT%H:%M:%SZ', at, 'unixepoch') AS time, name AS thing, title, metric, value
FROM counts JOIN things ON things.number = counts.thing
ORDER BY at, name, metric""",
)
STEPS: tuple[tuple[str, ...], ...] = (_FIRST,)
"""What makes each version out of the one before."""


def prepare(connection: sqlite3.Connection, file: Path) -> None:
    """Bring the tables up to date, each step whole or not at all.

    :raises StoreError: if the file is another program's, or of a newer version.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = check(connection, file)
        for number, step in enumerate(STEPS[version:], version + 1):
            for statement in step:
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {number}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def check(connection: sqlite3.Connection, file: Path) -> int:
    """Return the version of a database, 0 for one that is empty.

    :raises StoreError: if it is another program's, or of a newer version.
    """
    (mark,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    is_empty = connection.execute("SELECT 1 FROM sqlite_master").fetchone() is None
    if mark != APPLICATION_ID and not (is_empty and mark == version == 0):
        raise StoreError(f"{file} is a database, but not a tracker's: use another file")
    if version > len(STEPS):
        raise StoreError(
            f"{file} was written by a newer scratchbot-tracker (its version is {version}, this one "
            f"knows {len(STEPS)}): upgrade it, or use another file"
        )
    return int(version)
