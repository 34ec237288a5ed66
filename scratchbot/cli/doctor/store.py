"""Whether the store is whole, and free."""

import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from scratchbot.cli.doctor.finding import Finding
from scratchbot.cli.doctor.subject import Subject
from scratchbot.engines.schema import VERSION, is_store
from scratchbot.runtime.threads import call_in_thread

PATIENCE = 5.0
"""Seconds after which the rest of a big store is taken to be whole."""

_COPY = "put a copy from before in its place, or name another file"
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


async def check_store(subject: Subject) -> list[Finding]:
    """Look whether the store can be used; nothing is written into it."""
    file = subject.settings.store
    if file is None:
        what = "there is none: a bot that is stopped forgets what it has seen and answered"
        return [
            Finding(
                "store", "warning", what, 'write store = "bot.db" under [bot] in scratchbot.toml'
            )
        ]
    return [await call_in_thread(lambda: _look(file), "scratchbot doctor")]


def _look(file: Path) -> Finding:
    if not file.parent.is_dir():
        what = f"there is no folder {file.parent}"
        return Finding("store", "failed", what, f"mkdir -p {file.parent}")
    if not os.access(file.parent, os.W_OK) or (file.exists() and not os.access(file, os.W_OK)):
        what = f"{file} or its folder cannot be written"
        return Finding("store", "failed", what, "let the bot's user write both, or name another")
    if not file.exists():
        return Finding("store", "ok", f"{file} will be made")
    if not file.is_file():
        return Finding("store", "failed", f"{file} is no file", "name another file")
    if _is_held(file):
        what = f"a bot is running on {file}"
        advice = "if it is not this one, stop it, or give this bot another file"
        return Finding("store", "failed", what, advice)
    try:
        return _read(file)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in _BUSY:
            what = f"another program has locked {file}"
            return Finding("store", "failed", what, "close the program that uses the file")
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            return Finding("store", "ok", f"{file}, as far as it was looked through")
        return Finding(
            "store", "failed", f"{file}: {error}", "let the bot's user read and write it"
        )
    except sqlite3.DatabaseError as error:
        return Finding("store", "failed", f"{file} is damaged ({error})", _COPY)


def _is_held(file: Path) -> bool:
    """Tell whether a bot holds the lock beside the store; nothing is locked to find out."""
    lock = file.with_name(f"{file.name}-lock")
    if not lock.exists():
        return False
    with closing(sqlite3.connect(f"{lock.absolute().as_uri()}?mode=ro", uri=True, timeout=0)) as db:
        try:
            db.execute("SELECT 1 FROM sqlite_master").fetchone()
        except sqlite3.OperationalError as error:
            return error.sqlite_errorcode & 0xFF in _BUSY
    return False


def _read(file: Path) -> Finding:
    # A store that was closed properly is read as it is; to open it otherwise makes files beside it.
    was_cut_off = file.with_name(f"{file.name}-wal").exists()
    address = f"{file.absolute().as_uri()}?mode=ro{'' if was_cut_off else '&immutable=1'}"
    with closing(sqlite3.connect(address, uri=True, timeout=1)) as db:
        ends = time.monotonic() + PATIENCE
        db.set_progress_handler(lambda: time.monotonic() > ends, 100_000)
        (version,) = db.execute("PRAGMA user_version").fetchone()
        (found,) = db.execute("PRAGMA quick_check(1)").fetchone()
        is_ours = is_store(db)
    if found != "ok":
        return Finding("store", "failed", f"{file} is damaged ({found})", _COPY)
    if not is_ours:
        return Finding("store", "failed", f"{file} is no store", "name another file")
    if version > VERSION:
        what = f"{file} was written by a newer scratchbot"
        return Finding("store", "failed", what, "upgrade scratchbot, or name another file")
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True, timeout=1)) as db:
        # Whoever writes locks out a bot; whoever reads does not notice.
        db.execute("BEGIN IMMEDIATE")
        db.rollback()
    return Finding("store", "ok", f"{file} is whole, and free")
