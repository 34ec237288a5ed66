"""The sandbox's page for people, used with a keyboard and a mouse in a real Chromium."""

import contextlib
import os
import re
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from scratchbot import testing as plugin
from scratchbot.sandbox import Place
from tests.scratch import Scratch

pytestmark = pytest.mark.browser

API = "api.scratch.mit.edu"

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
    for _ in range(4):
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Love this project")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Favourite it")).to_be_focused()
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


def test_only_its_author_sees_what_is_not_shared_and_only_they_can_share_it(page: Page) -> None:
    page.get_by_label("Another place").fill("project:700000003")
    page.get_by_role("button", name="Go there").click()
    expect(page.locator("#facts")).to_contain_text("Not shared: only its author sees it")
    page.locator("#who").select_option("scratchcat")
    expect(page.locator("#facts")).to_contain_text("by scratchcat")
    page.get_by_role("button", name="Share it", exact=True).click()
    page.locator("#who").select_option("alice")
    expect(page.locator("#facts")).to_contain_text("by scratchcat")


def test_one_s_own_profile_shows_one_s_messages(page: Page) -> None:
    page.locator("#who").select_option("scratchcat")
    page.get_by_label("You are at").select_option("profile:scratchcat")
    expect(page.locator("#messages li").first).to_contain_text("griffpatch loveproject")


@pytest.mark.parametrize(
    ("place", "title", "told"),
    [
        ("project:105", "Mouse maze", ["Mouse maze remix", "Scratch Design Studio: mazes"]),
        ("studio:26135902", "Scratch games of all kinds", ["Appel v1.4", "scratchcat"]),
        ("profile:griffpatch", "griffpatch", ["Games, and how they are made.", "Appel v1.4"]),
    ],
)
def test_a_place_shows_what_it_is_and_what_belongs_to_it(
    page: Page, place: str, title: str, told: list[str]
) -> None:
    page.get_by_label("You are at").select_option(place)
    expect(page.locator("#title")).to_have_text(title)
    for text in told:
        expect(page.locator("#about")).to_contain_text(text)


def test_a_place_that_is_not_there_is_told(page: Page) -> None:
    page.get_by_label("Another place").fill("project:1")
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_contain_text("There is no project:1")


def test_the_world_at_a_glance_leads_to_people(page: Page) -> None:
    page.get_by_role("tab", name="The world").click()
    expect(page.locator("#counts")).to_contain_text("people")
    expect(page.locator("#people tr", has_text="muted-max")).to_contain_text("muted")
    page.get_by_role("button", name="griffpatch").click()
    expect(page.get_by_label("You are at")).to_have_value("profile:griffpatch")


def test_requests_show_live_and_can_be_searched(page: Page, scratch: Scratch) -> None:
    page.get_by_role("tab", name="Requests").click()
    expect(page.locator("#no-requests")).to_be_visible()
    for path in ("/projects/104", "/users/nobody-here"):
        request = urllib.request.Request(scratch.address + path, headers={"Host": API})
        with contextlib.suppress(urllib.error.HTTPError):
            urllib.request.urlopen(request).close()
    expect(page.locator("#requests tr")).to_have_count(2)
    expect(page.locator("#requests tr").first).to_contain_text("404")
    page.get_by_text("/projects/104").click()
    expect(page.locator("#requests pre", has_text="Cloud playground")).to_be_visible()
    page.get_by_label("Show only what contains").fill("projects")
    expect(page.locator("#requests tr").first).to_be_hidden()
    expect(page.locator("#requests tr").last).to_contain_text("nobody")


def test_weather_is_made_and_what_is_wrong_in_it_is_told(page: Page, scratch: Scratch) -> None:
    page.get_by_role("tab", name="Weather").click()
    page.get_by_label("A ready-made one").select_option("one answer of ten is an error")
    expect(page.get_by_label("Rules")).to_have_value(re.compile("503"))
    page.get_by_label("Rules").fill('[{"status": 503, "path": "/projects/*"}]')
    expect(page.get_by_role("status")).to_have_text("No rules: fine weather.")
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("status")).to_have_text("1 rule is in force.")
    request = urllib.request.Request(f"{scratch.address}/projects/104", headers={"Host": API})
    with pytest.raises(urllib.error.HTTPError, match="503"):
        urllib.request.urlopen(request)
    expect(page.locator("#record li")).to_contain_text("/projects/104")
    page.get_by_label("Rules").fill('[{"wind": 3}]')
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("#weather-said")).to_contain_text("rules[1].wind is unknown")


def test_the_views_are_chosen_with_the_arrow_keys(page: Page) -> None:
    page.get_by_role("tab", name="Be somebody").focus()
    for name in ("The world", "Requests", "Weather", "Be somebody"):
        page.keyboard.press("ArrowRight")
        expect(page.get_by_role("tab", name=name)).to_be_focused()
        expect(page.get_by_role("tabpanel", name=name)).to_be_visible()


def test_chromium_opens_scratch_through_the_proxy_and_meets_the_sandbox(browser: Browser) -> None:
    with closing(plugin.Scratch()) as local:
        context = browser.new_context(
            proxy={"server": local.environment["HTTPS_PROXY"]}, ignore_https_errors=True
        )
        page = context.new_page()
        page.goto("https://scratch.mit.edu/")
        expect(page.locator("h1")).to_have_text("Scratch sandbox")
        page.goto("https://scratch.mit.edu/users/griffpatch/")
        expect(page.locator(".header-text")).to_contain_text("griffpatch")
        script = "fetch('https://api.scratch.mit.edu/projects/104').then(one => one.json())"
        assert page.evaluate(script)["title"] == "Cloud playground"
        sockets = """new Promise(done => {
            const socket = new WebSocket("wss://clouddata.turbowarp.org/");
            socket.onopen = () => done("open");
            socket.onerror = () => done("error");
        })"""
        assert page.evaluate(sockets) == "open"
        with pytest.raises(PlaywrightError, match="ERR_TUNNEL_CONNECTION_FAILED"):
            page.goto("https://example.com/")
        context.close()


@pytest.mark.parametrize("width", [360, 1200])
@pytest.mark.parametrize("view", ["Be somebody", "The world", "Requests", "Weather"])
def test_the_pages_fit_a_phone_and_a_screen(page: Page, view: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.get_by_role("tab", name=view).click()
    expect(page.get_by_role("tabpanel", name=view)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        page.screenshot(path=f"{folder}/{view.replace(' ', '-')}-{width}.png", full_page=True)
