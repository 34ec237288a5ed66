"""The sandbox's page for people, used with a keyboard and a mouse in a real Chromium."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from scratchbot.sandbox import Place
from tests.scratch import Scratch

pytestmark = pytest.mark.browser

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    assert path, "run .ci/setup-browser first"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser, scratch: Scratch) -> Iterator[Page]:
    opened = browser.new_page()
    opened.set_default_timeout(10_000)
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("dialog", lambda dialog: problems.append(f"a dialog: {dialog.message}"))
    opened.goto(scratch.address)
    expect(opened.get_by_label("You are at")).to_have_value("project:104")
    yield opened
    opened.close()
    assert not problems


def test_a_person_comments_and_sees_what_a_bot_answers(page: Page, scratch: Scratch) -> None:
    page.locator("#who").select_option("bob")
    page.get_by_label("Comment", exact=True).fill("!hello from a person")
    page.get_by_role("button", name="Post").click()
    expect(page.locator("#comments .comment").first).to_contain_text("!hello from a person")
    newest = next(scratch.world.top_comments(Place("project", "104")))
    assert newest.author.username == "bob"
    scratch.acts.post_comment("demo-bot", newest.place, "Hello, @bob!", newest.id)
    expect(page.locator("#comments .reply").first).to_contain_text("Hello, @bob!")
    expect(page.locator("#journal li").first).to_contain_text("demo-bot replied")


def test_everything_can_be_done_with_the_keyboard(page: Page, scratch: Scratch) -> None:
    page.locator("#who").focus()
    page.keyboard.type("griff")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Love this project")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("ping")
    page.keyboard.press("Tab")
    page.keyboard.type("12.5")
    page.keyboard.press("Enter")
    expect(page.locator("#variables")).to_contain_text("ping = 12.5")
    assert scratch.world.projects[104].cloud["☁ ping"] == "12.5"


def test_loving_following_replying_and_deleting_show(page: Page, scratch: Scratch) -> None:
    page.locator("#who").select_option("bob")
    page.get_by_role("button", name="Love this project").click()
    expect(page.locator("#facts")).to_contain_text("67 loves")
    page.locator("#comments .comment").first.get_by_role("button", name="reply").click()
    page.get_by_label("Reply to bob").fill("to myself")
    page.get_by_role("button", name="Post").click()
    expect(page.locator("#comments .reply").first).to_contain_text("to myself")
    page.locator("#comments .reply").first.get_by_role("button", name="delete").click()
    expect(page.locator("#comments .reply", has_text="to myself")).to_have_count(0)
    page.get_by_label("You are at").select_option("profile:griffpatch")
    page.get_by_role("button", name="Follow this user").click()
    expect(page.locator("#journal li").first).to_contain_text("bob followed")


def test_a_refusal_is_told(page: Page) -> None:
    page.get_by_label("Comment", exact=True).fill("a badword")
    page.get_by_role("button", name="Post").click()
    expect(page.get_by_role("alert")).to_contain_text("isBad")


def test_what_vandals_write_stays_text(page: Page, scratch: Scratch) -> None:
    evil = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    scratch.acts.post_comment("bob", Place("project", "104"), evil)
    expect(page.locator("#comments .text").first).to_have_text(evil)
    expect(page.locator("#journal li").first).to_contain_text(evil)


@pytest.mark.parametrize("width", [360, 1200])
def test_the_page_fits_a_phone_and_a_screen(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        page.screenshot(path=f"{folder}/people-{width}.png", full_page=True)
