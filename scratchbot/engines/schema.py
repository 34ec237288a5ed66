"""The tables of the store, and how an older store becomes one of today."""

import sqlite3
from pathlib import Path

from scratchbot.errors import StoreError

APPLICATION_ID = 0x53424F54
"""What marks an SQLite file as a store."""

_FIRST = (
    """CREATE TABLE events (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    at TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT""",
    """CREATE TABLE runs (
    event INTEGER NOT NULL REFERENCES events (number),
    handler TEXT NOT NULL,
    source TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'failed')),
    error TEXT,
    duration REAL,
    PRIMARY KEY (event, handler)
) STRICT, WITHOUT ROWID""",
    "CREATE INDEX runs_waiting ON runs (handler, source, event) WHERE state = 'waiting'",
    """CREATE TABLE cursors (
    source TEXT PRIMARY KEY,
    body TEXT NOT NULL
) STRICT, WITHOUT ROWID""",
    """CREATE TABLE store (
    plugin TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (plugin, key)
) STRICT, WITHOUT ROWID""",
)
_RETRIES_AND_ACTS = (
    "DROP INDEX runs_waiting",
    "ALTER TABLE runs RENAME TO old_runs",
    """CREATE TABLE runs (
    event INTEGER NOT NULL REFERENCES events (number) ON DELETE CASCADE,
    handler TEXT NOT NULL,
    source TEXT NOT NULL,
    state TEXT NOT NULL
        CHECK (state IN ('pending', 'failed', 'done', 'dead', 'stale', 'dropped')),
    attempts INTEGER NOT NULL DEFAULT 0,
    faults INTEGER NOT NULL DEFAULT 0,
    next_at REAL NOT NULL DEFAULT 0,
    error TEXT,
    traceback TEXT,
    duration REAL,
    PRIMARY KEY (event, handler)
) STRICT, WITHOUT ROWID""",
    """INSERT INTO runs (event, handler, source, state, attempts, error, duration)
SELECT event, handler, source,
    CASE state WHEN 'waiting' THEN 'pending' WHEN 'failed' THEN 'dead' ELSE state END,
    state <> 'waiting', error, duration
FROM old_runs""",
    "DROP TABLE old_runs",
    """CREATE INDEX runs_waiting ON runs (handler, source, next_at, event)
WHERE state IN ('pending', 'failed')""",
    "CREATE INDEX runs_over ON runs (state, event) WHERE state IN ('dead', 'stale')",
    """CREATE TABLE acts (
    event INTEGER NOT NULL,
    handler TEXT NOT NULL,
    kind TEXT NOT NULL,
    target TEXT NOT NULL,
    count INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('intended', 'done', 'parked')),
    at TEXT NOT NULL,
    text TEXT,
    made TEXT,
    answer TEXT,
    PRIMARY KEY (event, handler, kind, target, count),
    FOREIGN KEY (event, handler) REFERENCES runs (event, handler) ON DELETE CASCADE
) STRICT, WITHOUT ROWID""",
    "CREATE INDEX acts_made ON acts (made) WHERE made IS NOT NULL",
    """CREATE TABLE floors (
    series TEXT PRIMARY KEY,
    at TEXT NOT NULL
) STRICT, WITHOUT ROWID""",
)
_STEPS = (_FIRST, _RETRIES_AND_ACTS)

VERSION = len(_STEPS)


def prepare(connection: sqlite3.Connection, file: Path | None) -> None:
    """Bring the tables up to date, each step whole or not at all.

    An older store is copied to ``FILE.version-N`` first.

    :raises StoreError: if the file is no store, or one of a newer scratchbot.
    """
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    is_empty = connection.execute("SELECT 1 FROM sqlite_master").fetchone() is None
    version = _version(connection, found, file, is_empty=is_empty)
    if version > VERSION:
        raise StoreError(
            f"the store {file} was written by a newer scratchbot (its version is {version}, this "
            f"one knows {VERSION}): upgrade scratchbot, or use another file"
        )
    if version == VERSION:
        return
    if not is_empty and file is not None:
        _back_up(connection, file.with_name(f"{file.name}.version-{version}"))
    connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    connection.execute("VACUUM")
    for number, step in enumerate(_STEPS[version:], version + 1):
        _take(connection, step, number)


def _version(
    connection: sqlite3.Connection, found: int, file: Path | None, *, is_empty: bool
) -> int:
    """Return a store's version; the first one did not write any down."""
    if not is_store(connection):
        raise StoreError(f"{file} is a database, but not a store of scratchbot: use another file")
    (mark,) = connection.execute("PRAGMA application_id").fetchone()
    return found if is_empty or mark == APPLICATION_ID else 1


def is_store(connection: sqlite3.Connection) -> bool:
    """Tell whether a database is a store, or empty: then it can become one."""
    (mark,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    is_first = mark == version == 0 and {"events", "runs", "cursors", "store"} <= tables
    return mark == APPLICATION_ID or not tables or is_first


def _back_up(connection: sqlite3.Connection, copy: Path) -> None:
    copy.unlink(missing_ok=True)
    connection.execute("VACUUM INTO ?", (str(copy),))


def _take(connection: sqlite3.Connection, step: tuple[str, ...], number: int) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statement in step:
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {number}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
