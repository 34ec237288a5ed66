"""Looking at this machine: Python, the store, a port."""

import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from scratchbot.doctor.finding import Finding
from scratchbot.engines.connection import Lock
from scratchbot.engines.schema import VERSION
from scratchbot.errors import StoreError

LOWEST = (3, 11)


def look_at_python(version: tuple[int, ...]) -> Finding:
    """Tell whether a version of Python runs scratchbot."""
    said = ".".join(map(str, version[:3]))
    if version[:2] >= LOWEST:
        return Finding(about="Python", said=said)
    return Finding(
        about="Python",
        state="failed",
        said=f"{said} is too old",
        advice="install Python 3.11 or newer from python.org, and scratchbot with its pip",
    )


def look_at_store(file: Path | None) -> Iterator[Finding]:
    """Look through a store; nothing is written into it."""
    if file is None:
        said = "none: what waits is lost when the bot stops"
        advice = 'write store = "bot.db" under [bot] in scratchbot.toml'
        yield Finding(about="store", state="warning", said=said, advice=advice)
    elif not file.parent.is_dir():
        advice = f"make the folder {file.parent}, or name another file"
        yield Finding(about="store", state="failed", said=f"no folder {file.parent}", advice=advice)
    elif not file.exists():
        yield Finding(about="store", said=f"{file} is made when the bot first runs")
    else:
        yield _whole(file)
        yield _free(file)


def _whole(file: Path) -> Finding:
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as opened:
            (found,) = opened.execute("PRAGMA quick_check(1)").fetchone()
            (version,) = opened.execute("PRAGMA user_version").fetchone()
    except sqlite3.DatabaseError as error:
        found, version = str(error), 0
    if version > VERSION:
        return Finding(
            about="store",
            state="failed",
            said=f"{file} is of a newer scratchbot",
            advice="install a newer scratchbot: pip install --upgrade scratchbot",
        )
    if found == "ok":
        return Finding(about="store", said=f"{file} is whole")
    return Finding(
        about="store",
        state="failed",
        said=f"{file} is damaged ({' '.join(str(found).split())[:100]})",
        advice="put a copy from before in its place, or move it away to begin with an empty one",
    )


def _free(file: Path) -> Finding:
    if not file.with_name(f"{file.name}-lock").exists():
        return Finding(about="store in use", said="no bot uses it")
    try:
        Lock(file).release()
    except (StoreError, sqlite3.Error):
        return Finding(
            about="store in use",
            state="failed",
            said=f"another bot is running on {file}",
            advice="stop that bot before you start this one, or give this one another store",
        )
    return Finding(about="store in use", said="no bot uses it")


def look_at_port(port: int) -> Finding:
    """Tell whether the sandbox could listen on a port."""
    with closing(socket.socket()) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", port))
        except OSError as error:
            return Finding(
                about="port",
                state="warning",
                said=f"{port} cannot be used by `scratchbot sandbox` ({error.strerror})",
                advice="stop the program that has it, or give `scratchbot sandbox` --port 0",
            )
    return Finding(about="port", said=f"{port} is free for `scratchbot sandbox`")
