"""Charts as people see them, in a real Chromium."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from scratchbot_tracker.chart import HEIGHT, WIDTH, draw
from scratchbot_tracker.database import Count, Series, Slot

pytestmark = pytest.mark.browser

HOUR = 3_600
NOVEMBER = 1_795_651_200
"""Midnight, 26 November 2026."""

JANUARY = 1_798_761_600
"""Midnight, 1 January 2027."""

OUTSIDE = f"""() => [...document.querySelectorAll("text")].filter(text => {{
  const box = text.getBBox();
  return box.x < 0 || box.y < 0
    || box.x + box.width > {WIDTH} || box.y + box.height > {HEIGHT};
}}).map(text => text.textContent)"""

OVERLAPPING = """() => {
  const boxes = [...document.querySelectorAll("text")].map(text => text.getBBox());
  return boxes.some((a, i) => boxes.some((b, j) => i < j
    && a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height));
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    assert path, "run .ci/setup-browser first"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu"]
        )
        yield chromium
        chromium.close()


def chart(hours: int, title: str, growth: int, start: int) -> str:
    counts = [
        Count(start + hour * HOUR, hour * growth, Slot(start + hour * HOUR, HOUR))
        for hour in range(hours)
    ]
    return draw(Series("project:104", title, "favorites", counts), start, counts[-1].at)


@pytest.mark.parametrize("hours", [1, 2, 9, 30, 200, 800, 3_000, 9_000, 40_000])
def test_all_words_are_within_the_picture_and_beside_each_other(
    browser: Browser, hours: int
) -> None:
    page = browser.new_page()
    up_to_january = JANUARY - (hours - 1) * HOUR
    for growth, start in ((0, NOVEMBER), (3, NOVEMBER + 5_000), (99_999, up_to_january)):
        page.set_content(chart(hours, "Maze", growth, start))
        assert page.evaluate(OUTSIDE) == []
        assert not page.evaluate(OVERLAPPING)
    page.close()


@pytest.mark.parametrize("title", ["W" * 100, "n" * 100, "迷宫" * 50, "EPIC GAME " * 10, "🐭" * 50])
def test_a_long_title_is_cut_where_the_picture_ends(browser: Browser, title: str) -> None:
    page = browser.new_page()
    page.set_content(chart(9, title, 1, NOVEMBER))
    assert page.evaluate(OUTSIDE) == []
    page.close()


def test_a_chart_is_light_by_day_and_dark_by_night(browser: Browser) -> None:
    colours = {}
    for scheme in ("light", "dark"):
        page = browser.new_page(color_scheme=scheme)
        page.set_content(chart(100, "Maze", 1, NOVEMBER))
        colours[scheme] = page.evaluate(
            "() => getComputedStyle(document.querySelector('.back')).fill"
        )
        page.close()
    assert colours == {"light": "rgb(255, 255, 255)", "dark": "rgb(22, 24, 29)"}


def test_screen_readers_hear_what_a_chart_shows(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content(chart(100, "Maze", 1, NOVEMBER))
    picture = page.get_by_role("img", name="Favorites of Maze")
    assert picture.count() == 1
    page.close()
