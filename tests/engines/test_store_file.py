"""The store's file: older ones, newer ones, damaged ones, and who may use it."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from scratchbot.engines import schema
from scratchbot.engines.connection import connect
from scratchbot.engines.engine import Selection
from scratchbot.engines.local import LocalEngine
from scratchbot.errors import StoreError
from tests.engines.test_local import LANE, arrivals, opened
from tests.test_events import AT

FIRST_VERSION = """
CREATE TABLE events (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL, source TEXT NOT NULL, at TEXT NOT NULL, body TEXT NOT NULL) STRICT;
CREATE TABLE runs (event INTEGER NOT NULL REFERENCES events (number), handler TEXT NOT NULL,
    source TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'waiting'
    CHECK (state IN ('waiting', 'done', 'failed')), error TEXT, duration REAL,
    PRIMARY KEY (event, handler)) STRICT, WITHOUT ROWID;
CREATE INDEX runs_waiting ON runs (handler, source, event) WHERE state = 'waiting';
CREATE TABLE cursors (source TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE store (plugin TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (plugin, key)) STRICT, WITHOUT ROWID;
INSERT INTO events (id, name, source, at, body) VALUES
    ('e1', 'bot.start', 's', '2026-01-01T00:00:00+00:00',
    '{"id":"e1","name":"bot.start","at":"2026-01-01T00:00:00+00:00","source":"s"}'),
    ('e2', 'bot.start', 's', '2026-01-01T00:00:00+00:00',
    '{"id":"e2","name":"bot.start","at":"2026-01-01T00:00:00+00:00","source":"s"}');
INSERT INTO runs (event, handler, source, state, error) VALUES
    (1, 'h', 's', 'waiting', NULL), (2, 'h', 's', 'failed', 'boom');
INSERT INTO cursors VALUES ('s', 'far');
"""


def old_store(folder: Path) -> Path:
    file = folder / "bot.db"
    with sqlite3.connect(file) as connection:
        connection.executescript(FIRST_VERSION)
    connection.close()
    return file


@pytest.mark.asyncio
async def test_a_store_of_the_first_version_goes_on_and_is_copied_before(tmp_path: Path) -> None:
    file = old_store(tmp_path)
    async with opened(file) as engine:
        assert [run.event.id for run in await engine.take(LANE, AT, 9)] == ["e1"]
        assert await engine.cursor("s") == "far"
        (dead,) = await engine.history(Selection(states=["dead"]), 9)
        assert (dead.run.event.id, dead.error) == ("e2", "boom")
    copy = sqlite3.connect(tmp_path / "bot.db.version-1")
    assert copy.execute("SELECT state FROM runs WHERE event = 1").fetchone() == ("waiting",)
    copy.close()


def test_a_step_that_is_broken_off_leaves_the_store_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = old_store(tmp_path)
    with monkeypatch.context() as broken:
        steps = (schema._STEPS[0], (*schema._STEPS[1], "INSERT INTO nowhere VALUES (1)"))
        broken.setattr(schema, "_STEPS", steps)
        with pytest.raises(sqlite3.OperationalError, match="nowhere"):
            connect(file)
    connection = connect(file)
    assert connection.execute("SELECT count(*) FROM runs").fetchone() == (2,)
    connection.close()


@pytest.mark.asyncio
async def test_a_store_of_a_newer_scratchbot_is_refused_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "bot.db"
    async with opened(file):
        pass
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = file.read_bytes()
    with pytest.raises(StoreError, match=r"newer scratchbot.*99.*upgrade"):
        await LocalEngine(file).open()
    assert file.read_bytes() == before


@pytest.mark.asyncio
async def test_a_database_of_another_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "photos.db"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE photos (name TEXT)")
    connection.close()
    with pytest.raises(StoreError, match="not a store of scratchbot"):
        await LocalEngine(file).open()
    connection = sqlite3.connect(file)
    assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("photos",)]
    connection.close()


@pytest.mark.asyncio
async def test_a_second_bot_on_the_same_store_is_refused_at_once(tmp_path: Path) -> None:
    file = tmp_path / "bot.db"
    async with opened(file):
        with pytest.raises(StoreError, match="another bot is running"):
            await LocalEngine(file).open()
        looking = LocalEngine(file, alone=False)
        await looking.open()
        await looking.close()
    async with opened(file):
        pass


@pytest.mark.asyncio
async def test_a_store_where_nothing_can_be_written_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "bot.db"
    async with opened(file) as engine:
        await engine.append(arrivals(1), "s", "cursor")
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    monkeypatch.setattr("os.access", lambda *_: False)
    looking = LocalEngine(file, alone=False)
    await looking.open()
    assert await looking.cursor("s") == "cursor"
    with pytest.raises(StoreError, match="readonly"):
        await looking.keep("greeter", "alice", "5")
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before
    await looking.close()


@pytest.mark.asyncio
async def test_an_older_store_where_nothing_can_be_written_is_told_to_be_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = old_store(tmp_path)
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(StoreError, match=r"copy it, with bot\.db-wal"):
        await LocalEngine(file, alone=False).open()


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (".", "is no file: use one such as bot.db"),
        ("folder", "is no file: use one such as bot.db"),
        ("nowhere/bot.db", "there is no folder nowhere"),
        ("bot\0.db", "null"),
    ],
)
@pytest.mark.asyncio
async def test_a_place_where_no_store_can_be_is_refused_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, said: str
) -> None:
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises((StoreError, ValueError), match=said):
        async with asyncio.timeout(5):
            await LocalEngine(Path(place)).open()


@pytest.mark.asyncio
async def test_a_damaged_store_is_refused_with_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "bot.db"
    async with opened(file) as engine:
        await engine.append(arrivals(*range(200)), "s", "cursor")
    damaged = bytearray(file.read_bytes())
    damaged[4096 * 3 : 4096 * 6] = b"\xff" * 4096 * 3
    file.write_bytes(damaged)
    (tmp_path / "bot.db-wal").touch()
    with pytest.raises(StoreError, match=r"damaged|malformed"):
        await LocalEngine(file).open()


@pytest.mark.asyncio
async def test_a_full_disk_keeps_what_was_there_and_says_so(tmp_path: Path) -> None:
    async with opened(tmp_path / "bot.db") as engine:
        await engine.append(arrivals(1), "s", "a")
        await engine._database.do(
            lambda connection: connection.execute("PRAGMA max_page_count = 1").fetchall()
        )
        with pytest.raises(StoreError, match="disk is full; make room on the disk"):
            await engine.append(arrivals(*range(2, 3_000)), "s", "b")
        assert await engine.cursor("s") == "a"
        assert len(await engine.take(LANE, AT, 9)) == 1
