"""The command line, which gets counts out of the database."""

import csv
import io
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scratchbot_tracker.__main__ import main
from scratchbot_tracker.database import Count, Database, Series, Slot
from scratchbot_tracker.reading import Reading
from scratchbot_tracker.table import write_table
from scratchbot_tracker.things import Thing

DAY = 86_400


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path, now = tmp_path / "tracker.db", int(time.time())
    with closing(Database(path)) as database:
        for days, loves in ((60, 10), (2, 60), (1, 64)):
            at = now - days * DAY
            reading = Reading("=1+1", {"loves": loves})
            database.add(Thing.project(104), reading, Slot.at(at, 3_600), at)
    return path


def test_without_more_it_lists_what_there_is(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(file)]) == 0
    assert capsys.readouterr().out == "project:104 loves 64\n"


def test_a_chart_of_the_last_days(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(file), "--chart", "project:104", "loves", "--days", "30"]) == 0
    chart = capsys.readouterr().out
    assert ElementTree.fromstring(chart)[0].text == "Loves of =1+1"
    assert "64, +4 since" in chart


def test_a_table_of_everything_without_what_strangers_wrote(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(file), "--csv"]) == 0
    table = capsys.readouterr().out
    assert table.splitlines()[0] == "time,thing,metric,value"
    assert [row["value"] for row in csv.DictReader(io.StringIO(table))] == ["10", "60", "64"]
    assert "=1+1" not in table


def test_it_works_while_the_tracker_writes(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(Database(file)):
        assert main([str(file)]) == 0


def test_what_there_is_not_is_an_error_that_says_what_there_is(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(file), "--chart", "project:105", "loves"]) == 1
    assert "there are project:104 loves" in capsys.readouterr().err
    assert main([str(file.with_name("other.db"))]) == 1
    assert "there is no file" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main([str(file), "--days", "0"])


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["project:104", "user:alice"]),
            st.lists(st.tuples(st.integers(0, 4_000_000_000), st.integers(0)), max_size=5),
        ),
        max_size=5,
    )
)
def test_any_counts_come_out_of_a_table_as_they_went_in(
    given_series: list[tuple[str, list[tuple[int, int]]]],
) -> None:
    series = [
        Series(name, "", "loves", [Count(at, value, Slot(at, 60)) for at, value in counts])
        for name, counts in given_series
    ]
    written = io.StringIO(newline="")
    write_table(series, written)
    rows = list(csv.reader(io.StringIO(written.getvalue(), newline="")))[1:]
    found = [(row[1], int(datetime.fromisoformat(row[0]).timestamp()), int(row[3])) for row in rows]
    assert found == [(one.name, count.at, count.value) for one in series for count in one.counts]
