"""The database of counts: an SQLite file that other programs can read meanwhile."""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from scratchbot.errors import StoreError
from scratchbot_tracker.reading import Reading
from scratchbot_tracker.schema import STEPS, check, prepare
from scratchbot_tracker.things import Thing, plain

PATIENCE = 10.0
"""Seconds to wait for another program that writes into the file."""

FIRST_WAIT = 120
"""Seconds after which a thing that could not be read is tried again; they double each time."""


_COUNTS = (
    "SELECT at, value, slot, period FROM counts JOIN things ON things.number = counts.thing "
    "WHERE name = ? AND metric = ? AND slot <= ?"
)


@dataclass(frozen=True)
class Slot:
    """A stretch of time for which each thing is counted once.

    :param start: when it begins, in seconds since 1970.
    :param period: how long it is, in seconds.
    """

    start: int
    period: int

    @classmethod
    def at(cls, moment: int, period: int) -> Self:
        """Return the slot that a moment lies in."""
        return cls(moment // period * period, period)


@dataclass(frozen=True)
class Count:
    """A count at a moment.

    :param at: when it was read, in seconds since 1970.
    """

    at: int
    value: int
    slot: Slot

    def is_followed_by(self, later: "Count") -> bool:
        """Tell whether nothing is missing between two counts."""
        return later.slot.start <= self.slot.start + self.slot.period


@dataclass(frozen=True)
class Series:
    """The counts of one metric of one thing, the oldest first.

    :param name: the thing, such as ``project:104``.
    :param title: what it is called on the site.
    """

    name: str
    title: str
    metric: str
    counts: Sequence[Count]


class Database:
    """Keeps counts; it can be used from several threads.

    :param file: the database, which is made if it is not there.
    :param is_reader: whether it is only read, and must be there.
    :raises StoreError: if it cannot be opened, or is no tracker's.
    """

    def __init__(self, file: Path, *, is_reader: bool = False) -> None:
        self._lock = threading.Lock()
        try:
            self._connection = _reader(file) if is_reader else _writer(file)
        except sqlite3.Error as error:
            raise StoreError(
                f"{file} cannot be opened ({error}): check that it is a tracker's database, and "
                "that this user may read and write the file and its folder"
            ) from error

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def add(self, thing: Thing, reading: Reading, slot: Slot, at: int) -> None:
        """Keep what was read; a count that is there for the slot already stays as it is.

        :param at: when it was read, in seconds since 1970.
        """
        with self._changing() as connection:
            (number,) = connection.execute(
                "INSERT INTO things (name, title) VALUES (?, ?) "
                "ON CONFLICT (name) DO UPDATE SET title = excluded.title RETURNING number",
                (str(thing), plain(reading.title)),
            ).fetchone()
            connection.executemany(
                "INSERT OR IGNORE INTO counts VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (number, metric, slot.start, slot.period, at, value)
                    for metric, value in reading.counts.items()
                ],
            )

    def miss(self, thing: Thing, slot: Slot, at: int) -> None:
        """Note that a thing could not be read; the wait for the next try doubles within a slot."""
        with self._changing() as connection:
            (tries,) = connection.execute(
                "INSERT INTO misses VALUES (?, ?, 1, 0) ON CONFLICT (thing) DO UPDATE SET "
                "tries = iif(slot = excluded.slot, tries + 1, 1), slot = excluded.slot "
                "RETURNING tries",
                (str(thing), slot.start),
            ).fetchone()
            wait = min(FIRST_WAIT << (tries - 1), slot.period)
            connection.execute(
                "UPDATE misses SET next_at = ? WHERE thing = ?", (at + wait, str(thing))
            )

    def is_due(self, thing: Thing, slot: Slot, at: int) -> bool:
        """Tell whether a thing is to be read now."""
        known = self._rows(
            "SELECT metric FROM counts JOIN things ON things.number = counts.thing "
            "WHERE name = ? AND slot = ?",
            str(thing),
            slot.start,
        )
        if {metric for (metric,) in known} >= set(thing.metrics):
            return False
        waits = "SELECT 1 FROM misses WHERE thing = ? AND slot = ? AND next_at > ?"
        return not self._rows(waits, str(thing), slot.start, at)

    def series(self) -> list[tuple[str, str]]:
        """Return what there are counts of: things and metrics."""
        return self._rows(
            "SELECT DISTINCT name, metric FROM counts JOIN things ON things.number = counts.thing "
            "ORDER BY name, metric"
        )

    def read(self, name: str, metric: str, since: int, until: int) -> Series:
        """Return the counts of a thing whose slots begin from one time to another.

        :param since: in seconds since 1970, like ``until``.
        """
        found = self._rows(f"{_COUNTS} AND slot >= ? ORDER BY at", name, metric, until, since)
        return Series(name, self.title(name), metric, [_count(row) for row in found])

    def last(self, name: str, metric: str, until: int) -> Count | None:
        """Return the last count of a thing whose slot begins by a time, if there is one."""
        found = self._rows(f"{_COUNTS} ORDER BY slot DESC LIMIT 1", name, metric, until)
        return _count(found[0]) if found else None

    def title(self, name: str) -> str:
        """Return what a thing is called on the site; its name here if it has no title."""
        found = self._rows("SELECT title FROM things WHERE name = ?", name)
        return found[0][0] or name if found else name

    def is_reported(self, end: int) -> bool:
        """Tell whether the report up to a time was made."""
        return bool(self._rows('SELECT 1 FROM reports WHERE "end" = ?', end))

    def reported(self, end: int) -> None:
        """Note that the report up to a time was made."""
        with self._changing() as connection:
            connection.execute("INSERT OR IGNORE INTO reports VALUES (?)", (end,))

    def forget(self, before: int) -> None:
        """Delete the counts from before a time, in seconds since 1970."""
        with self._changing() as connection:
            connection.execute("DELETE FROM counts WHERE slot < ?", (before,))

    def _rows(self, query: str, *values: object) -> list[Any]:
        with self._lock:
            return self._connection.execute(query, values).fetchall()

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        """Do what a block does whole or not at all."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")


def _count(row: tuple[int, int, int, int]) -> Count:
    at, value, slot, period = row
    return Count(at, value, Slot(slot, period))


def _writer(file: Path) -> sqlite3.Connection:
    if not file.parent.is_dir():
        raise StoreError(f"there is no folder {file.parent}: make it, or use another file")
    connection = _connect(str(file))
    try:
        prepare(connection, file)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA foreign_keys = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def _reader(file: Path) -> sqlite3.Connection:
    if not file.is_file():
        raise StoreError(f"there is no file {file}: give the one that the setting 'file' names")
    connection = _connect(f"{file.resolve().as_uri()}?mode=ro")
    try:
        is_old = check(connection, file) < len(STEPS)
    except BaseException:
        connection.close()
        raise
    if is_old:
        connection.close()
        raise StoreError(f"{file} is of an older version: start the bot, which renews it")
    return connection


def _connect(name: str) -> sqlite3.Connection:
    return sqlite3.connect(
        name, timeout=PATIENCE, isolation_level=None, check_same_thread=False, uri="?mode=" in name
    )
