"""Some hours of the simulated week; the whole of it runs at night."""

from pathlib import Path

from tests.delivery.week import live_through
from tests.virtual import run_virtually


def test_in_a_stormy_morning_with_a_death_nothing_is_lost_and_nothing_done_twice(
    tmp_path: Path,
) -> None:
    report = run_virtually(live_through(tmp_path, days=0.3, acts=150, every=180))
    assert report.deaths == 1
    assert report.events > report.acts
    assert report.strikes > report.acts
    assert (report.lost, report.twice) == ([], 0)
