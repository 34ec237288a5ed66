"""Opening the store's file: it is ours, whole, and nobody else's."""

import os
import sqlite3
from pathlib import Path

from scratchbot.engines.schema import prepare
from scratchbot.errors import StoreError

PATIENCE = 10.0
"""Seconds to wait for another program that writes into the store."""


class Lock:
    """Keeps a second daemon from a store; it dies with the process that holds it.

    An exclusive transaction on a file beside the store: other programs can still read the store.
    """

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(f"{file}-lock", timeout=0, isolation_level=None)
        try:
            self._connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            self._connection.close()
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            raise StoreError(
                f"another bot is running on the store {file}: stop it, or use another file"
            ) from None

    def release(self) -> None:
        """Let others in."""
        self._connection.close()


def check_place(file: Path) -> None:
    """Do nothing if there can be a store.

    :raises StoreError: if its folder is missing, or something else is there.
    """
    if not file.parent.is_dir():
        raise StoreError(f"there is no folder {file.parent}: make it, or use another file")
    if file.exists() and not file.is_file():
        raise StoreError(f"{file} is no file: use one such as bot.db")


def connect(file: Path | None, *, alone: bool = True) -> sqlite3.Connection:
    """Open a store, or one in memory, and bring it up to date.

    :param alone: whether nobody else has it open, so that what looks cut off is. Without, a store
        that cannot be written is opened to be read only.
    :raises StoreError: if it is damaged, or no store, or one of a newer scratchbot.
    :raises sqlite3.Error: if it cannot be opened, read or written.
    """
    if file is not None and not alone and not _can_be_written(file):
        return _connect_to_read(file)
    was_cut_off = alone and file is not None and file.with_name(f"{file.name}-wal").exists()
    connection = sqlite3.connect(file or ":memory:", timeout=PATIENCE, isolation_level=None)
    try:
        if was_cut_off:
            _check(connection, file)
        prepare(connection, file)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA wal_autocheckpoint = 4000")
        connection.execute("PRAGMA journal_size_limit = 16777216")
    except BaseException:
        connection.close()
        raise
    return connection


def _can_be_written(file: Path) -> bool:
    # SQLite makes files beside the store, also to read it.
    return os.access(file.parent, os.W_OK) and os.access(file, os.W_OK)


def _connect_to_read(file: Path) -> sqlite3.Connection:
    """Open a store where nothing can be written.

    :raises StoreError: if it was not closed properly, or is none of this scratchbot.
    """
    is_closed = not file.with_name(f"{file.name}-wal").exists()
    address = f"{file.absolute().as_uri()}?mode=ro{'&immutable=1' if is_closed else ''}"
    connection = sqlite3.connect(address, uri=True, timeout=PATIENCE, isolation_level=None)
    try:
        prepare(connection, file)
    except sqlite3.OperationalError as error:
        connection.close()
        raise StoreError(
            f"the store {file} cannot be read where nothing can be written ({error}): copy it, "
            f"with {file.name}-wal if there is one, to a folder of yours, and look at the copy"
        ) from None
    except BaseException:
        connection.close()
        raise
    return connection


def _check(connection: sqlite3.Connection, file: Path | None) -> None:
    """Look through a store that was not closed properly.

    :raises StoreError: if it is damaged.
    """
    (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise StoreError(
            f"the store {file} is damaged ({found}): put a copy from before in its place, "
            "or use another file"
        )
