"""An SQLite database whose connection belongs to one thread."""

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from scratchbot.engines.connection import Lock, check_place, connect
from scratchbot.errors import StoreError

T = TypeVar("T")

LARGEST_BATCH = 500

_CHECK_THE_DISK = "check that its disk works and has room, then start the bot again"
_LET_WRITE = "let the bot's user write the file and its folder, then start the bot again"
_PUT_A_COPY = "put a copy from before in its place, or use another file"
_ADVICE = {
    sqlite3.SQLITE_FULL: "make room on the disk, then start the bot again",
    sqlite3.SQLITE_READONLY: _LET_WRITE,
    sqlite3.SQLITE_PERM: _LET_WRITE,
    sqlite3.SQLITE_CANTOPEN: _LET_WRITE,
    sqlite3.SQLITE_CORRUPT: _PUT_A_COPY,
    sqlite3.SQLITE_NOTADB: _PUT_A_COPY,
    sqlite3.SQLITE_BUSY: "close the program that uses the file, then start the bot again",
}


class _Work(NamedTuple):
    task: Callable[[sqlite3.Connection], Any]
    future: "asyncio.Future[Any]"


class Database:
    """Does work on the connection in a thread, and commits what has gathered in one go.

    :param file: the store, or ``None`` for one in memory.
    :param alone: whether to refuse when another daemon has it.
    """

    def __init__(self, file: Path | None, *, alone: bool) -> None:
        self._file = file
        self._alone = alone
        self._queue: queue.SimpleQueue[_Work | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    async def open(self) -> None:
        """Open the store and bring it up to date.

        :raises StoreError: if it cannot be opened, or is none.
        """
        self._loop = asyncio.get_running_loop()
        opened: asyncio.Future[None] = self._loop.create_future()
        self._thread = threading.Thread(
            target=self._work, args=[opened], name="scratchbot store", daemon=True
        )
        self._thread.start()
        await opened

    async def close(self) -> None:
        """Finish the work that was handed in, and close."""
        if self._thread is not None:
            self._queue.put(None)
            await asyncio.to_thread(self._thread.join)
            self._thread = None

    async def do(self, task: Callable[[sqlite3.Connection], T]) -> T:
        """Do a task in a transaction and return its result when that is committed.

        :raises StoreError: if the database fails.
        """
        future: asyncio.Future[T] = self._loop.create_future()
        self._queue.put(_Work(task, future))
        return await future

    def _work(self, opened: "asyncio.Future[None]") -> None:
        lock: Lock | None = None
        try:
            if self._file is not None:
                check_place(self._file)
            if self._alone and self._file is not None:
                lock = Lock(self._file)
            connection = connect(self._file, alone=self._alone)
        except Exception as error:  # Who opens the store waits for whatever comes.
            if lock is not None:
                lock.release()
            self._settle([(opened, None, self._explain(error))])
            return
        self._settle([(opened, None, None)])
        while (batch := self._gather()) is not None:
            self._settle(self._run(connection, batch))
        connection.close()
        if lock is not None:
            lock.release()

    def _gather(self) -> list[_Work] | None:
        """Return the work that waits, at least one piece; ``None`` at the end."""
        batch: list[_Work] = []
        while len(batch) < LARGEST_BATCH:
            try:
                work = self._queue.get(block=not batch)
            except queue.Empty:
                break
            if work is None:
                if batch:
                    self._queue.put(None)
                    break
                return None
            batch.append(work)
        return batch

    def _run(
        self, connection: sqlite3.Connection, batch: list[_Work]
    ) -> "list[tuple[asyncio.Future[Any], Any, Exception | None]]":
        results: list[tuple[asyncio.Future[Any], Any, Exception | None]] = []
        try:
            connection.execute("BEGIN IMMEDIATE")
            for work in batch:
                connection.execute("SAVEPOINT one")
                try:
                    results.append((work.future, work.task(connection), None))
                except Exception as error:
                    if not connection.in_transaction:  # A full disk takes back the whole batch.
                        raise
                    connection.execute("ROLLBACK TO one")
                    results.append((work.future, None, self._explain(error)))
                connection.execute("RELEASE one")
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            failure = self._explain(error)
            return [(work.future, None, failure) for work in batch]
        return results

    def _settle(self, results: "list[tuple[asyncio.Future[Any], Any, Exception | None]]") -> None:
        def settle() -> None:
            for future, result, error in results:
                if future.done():
                    continue
                if error is not None:
                    future.set_exception(error)
                else:
                    future.set_result(result)

        self._loop.call_soon_threadsafe(settle)

    def _explain(self, error: Exception) -> Exception:
        if not isinstance(error, sqlite3.Error | OSError):
            return error
        advice = _ADVICE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF, _CHECK_THE_DISK)
        return StoreError(f"the store {self._file or 'in memory'} failed: {error}; {advice}")
