"""The tables that compare loops show what was played, all of it."""

from pathlib import Path

import pytest

from tests.interop.reliability.loops import LOOPS
from tests.interop.reliability.page import PAGES, SEEDS, recorded, table
from tests.interop.reliability.scenarios import SCENARIOS


def test_every_scenario_was_played_with_every_seed_before_every_loop() -> None:
    played = [(row.scenario, row.seed, row.loop) for row in recorded()]
    every = {(scenario, seed, loop) for scenario in SCENARIOS for seed in SEEDS for loop in LOOPS}
    assert len(played) == len(every)
    assert set(played) == every, "make reliability plays them anew"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_table_of_a_page_shows_what_was_played(page: Path) -> None:
    expected = table(recorded(), PAGES[page])
    assert expected in page.read_text("utf-8"), "make reliability writes it anew"
