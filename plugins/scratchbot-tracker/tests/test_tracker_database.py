"""The database of counts."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from scratchbot.errors import StoreError
from scratchbot_tracker import schema
from scratchbot_tracker.database import Database, Slot
from scratchbot_tracker.reading import Reading
from scratchbot_tracker.things import Thing

PROJECT = Thing.project(104)
HOUR = 3_600


def add(database: Database, hour: int, loves: int, title: str = "Maze") -> None:
    at = hour * HOUR
    database.add(PROJECT, Reading(title, {"loves": loves}), Slot.at(at, HOUR), at + 5)


def loves(database: Database) -> list[int]:
    return [one.value for one in database.read(str(PROJECT), "loves", 0, 1 << 40).counts]


def test_a_count_that_is_there_for_the_hour_stays(tmp_path: Path) -> None:
    with closing(Database(tmp_path / "tracker.db")) as database:
        add(database, 1, 10)
        add(database, 1, 11)
        add(database, 2, 12)
        assert loves(database) == [10, 12]


def test_a_title_is_kept_as_it_is_now_in_one_line(tmp_path: Path) -> None:
    with closing(Database(tmp_path / "tracker.db")) as database:
        add(database, 1, 10)
        add(database, 2, 10, "Maze\n\x1b[31m 2")
        assert database.title("project:104") == "Maze [31m 2"
        add(database, 3, 10, "\u200b")
        assert database.title("project:104") == "project:104"


def test_other_programs_read_while_it_writes(tmp_path: Path) -> None:
    with (
        closing(Database(tmp_path / "tracker.db")) as database,
        closing(sqlite3.connect(tmp_path / "tracker.db", timeout=0)) as other,
    ):
        add(database, 1, 10)
        other.execute("BEGIN")
        assert other.execute("SELECT * FROM readings").fetchall() == [
            ("1970-01-01T01:00:05Z", "project:104", "Maze", "loves", 10)
        ]
        add(database, 2, 11)
        assert other.execute("SELECT count(*) FROM readings").fetchone() == (1,)


def test_the_waits_between_tries_double_and_begin_anew_with_the_slot(tmp_path: Path) -> None:
    with closing(Database(tmp_path / "tracker.db")) as database:
        tried = [minute for minute in range(60) if _tries(database, minute * 60)]
        assert tried == [0, 2, 6, 14, 30]
        assert database.is_due(PROJECT, Slot.at(HOUR, HOUR), HOUR)


def _tries(database: Database, at: int) -> bool:
    is_due = database.is_due(PROJECT, Slot.at(at, HOUR), at)
    if is_due:
        database.miss(PROJECT, Slot.at(at, HOUR), at)
    return is_due


def test_an_older_database_becomes_one_of_today(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "tracker.db"
    with closing(Database(file)) as database:
        add(database, 1, 10)
    newer = (*schema.STEPS, ("ALTER TABLE things ADD COLUMN note TEXT",))
    monkeypatch.setattr("scratchbot_tracker.schema.STEPS", newer)
    monkeypatch.setattr("scratchbot_tracker.database.STEPS", newer)
    with pytest.raises(StoreError, match="older version"):
        Database(file, is_reader=True)
    with closing(Database(file)) as database:
        assert loves(database) == [10]
    monkeypatch.undo()
    with pytest.raises(StoreError, match="newer scratchbot-tracker"):
        Database(file)


def test_a_step_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "tracker.db"
    with closing(Database(file)) as database:
        add(database, 1, 10)
    broken = (*schema.STEPS, ("DROP VIEW readings", "no SQL"))
    with monkeypatch.context() as patched:
        patched.setattr("scratchbot_tracker.schema.STEPS", broken)
        with pytest.raises(StoreError, match="cannot be opened"):
            Database(file)
    with closing(Database(file)) as database:
        assert loves(database) == [10]
    with closing(sqlite3.connect(file)) as other:
        assert other.execute("SELECT count(*) FROM readings").fetchone() == (1,)


def test_a_file_of_another_program_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "other.db"
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE mine (x)")
    with pytest.raises(StoreError, match="not a tracker's"):
        Database(file)
    (tmp_path / "text.db").write_text("no database at all, but text, longer than a header" * 9)
    with pytest.raises(StoreError, match="cannot be opened"):
        Database(tmp_path / "text.db")


def test_where_no_file_can_be_the_error_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="make it"):
        Database(tmp_path / "no" / "tracker.db")
    with pytest.raises(StoreError, match="there is no file"):
        Database(tmp_path / "tracker.db", is_reader=True)
