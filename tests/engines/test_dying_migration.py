"""An older store whose migration is killed, at any moment, is brought up to date by the next."""

import itertools
import os
import shutil
import signal
import sqlite3
from pathlib import Path

import pytest

from scratchbot.engines import connection, schema
from scratchbot.engines.engine import Selection
from tests.engines.test_local import LANE, opened
from tests.engines.test_store_file import old_store
from tests.processes import PROCESSES
from tests.test_events import AT

EVENTS = 500
INSTRUCTIONS = 2_000
"""Steps of SQLite's machine from one moment to the next, within a statement."""


def large_old_store(folder: Path) -> Path:
    file = old_store(folder)
    with sqlite3.connect(file) as old:
        for number in range(3, EVENTS + 1):
            body = f'{{"id":"e{number}","name":"bot.start","at":"{AT.isoformat()}","source":"s"}}'
            event = (f"e{number}", "bot.start", "s", AT.isoformat(), body)
            old.execute(
                "INSERT INTO events (id, name, source, at, body) VALUES (?, ?, ?, ?, ?)", event
            )
            old.execute("INSERT INTO runs (event, handler, source) VALUES (?, 'h', 's')", (number,))
    old.close()
    return file


def open_and_die(file: Path, at: int) -> None:
    """Open a store, and die at a moment: before a statement, or within one."""
    moments = itertools.count(1)

    def pass_by(*_: object) -> None:
        if next(moments) == at:
            os.kill(os.getpid(), signal.SIGKILL)

    def connect(*values: object, **named: object) -> sqlite3.Connection:
        made = really_connect(*values, **named)  # type: ignore[call-overload]
        made.set_trace_callback(pass_by)
        made.set_progress_handler(pass_by, INSTRUCTIONS)
        return made  # type: ignore[no-any-return]

    really_connect = sqlite3.connect
    setattr(sqlite3, "connect", connect)  # noqa: B010
    connection.connect(file).close()


@pytest.mark.asyncio
async def test_a_store_whose_migration_is_killed_at_any_moment_is_whole_the_next_time(
    tmp_path: Path,
) -> None:
    (tmp_path / "before").mkdir()
    before, file = large_old_store(tmp_path / "before"), tmp_path / "bot.db"
    copy = tmp_path / "bot.db.version-1"
    for moment in itertools.count(1):
        for left in tmp_path.glob("bot.db*"):
            left.unlink()
        shutil.copy(before, file)
        process = PROCESSES.Process(target=open_and_die, args=[file, moment])
        process.start()
        process.join()
        async with opened(file) as engine:
            assert len(await engine.take(LANE, AT, EVENTS)) == EVENTS - 1, f"killed at {moment}"
            assert await engine.cursor("s") == "far"
            assert [one.error for one in await engine.history(Selection(states=["dead"]), 9)] == [
                "boom"
            ]
            ((version,),) = await engine._database.do(
                lambda connection: connection.execute("PRAGMA user_version").fetchall()
            )
            assert version == schema.VERSION
        kept = sqlite3.connect(copy)
        assert kept.execute("SELECT state, count(*) FROM runs GROUP BY state").fetchall() == [
            ("failed", 1),
            ("waiting", EVENTS - 1),
        ]
        kept.close()
        if process.exitcode == 0:
            break
        assert process.exitcode == -signal.SIGKILL
    assert moment > 40
