"""What everybody finds: news, projects, studios, the front page, statistics, classes."""

from typing import Any

import pytest

from scratchbot.errors import NotFoundError, NotLoggedInError
from tests.scratch import Scratch
from tests.session.forms import LogIn, done, every

pytestmark = pytest.mark.asyncio


def titles(things: list[Any]) -> list[str]:
    return [one.title for one in things]


async def test_news_are_told_newest_first(log_in: LogIn) -> None:
    async with log_in() as session:
        news = await done(session.get_news())
        assert titles(news) == ["Wiki Wednesday!", "A new design studio"]
        assert news[0].src == "https://scratch.mit.edu/discuss/topic/700001/"
        assert news[0].image_URL == "https://cdn2.scratch.mit.edu/news/wiki.png"
        assert news[0].description.startswith("Check out")
        assert news[0].timestamp == "2022-03-30T18:07:09.000Z"
        assert await done(session.get_news(limit=1, offset=1)) == news[1:]
        assert await done(session.get_news(all=True)) == news


@pytest.mark.parametrize("way", ["explore", "search"])
@pytest.mark.parametrize(
    ("mode", "title"),
    [("trending", "Epic 7D platformer 2021"), ("popular", "Appel v1.4")],
)
async def test_projects_are_found_by_mode(way: str, mode: str, title: str, log_in: LogIn) -> None:
    async with log_in() as session:
        found = await done(getattr(session, f"{way}_projects")(mode))
        assert found[0].title == title
        assert len(found) == 6


async def test_recent_projects_are_explored(log_in: LogIn) -> None:
    async with log_in() as session:
        newest = (await done(session.explore_projects(mode="recent", language="de")))[0]
        assert newest.title == "Epic 7D platformer 2021"
        await done(newest.get_comments())


@pytest.mark.parametrize("way", ["explore", "search"])
async def test_projects_are_found_by_words(way: str, log_in: LogIn) -> None:
    async with log_in() as session:
        found = await done(getattr(session, f"{way}_projects")(query="mouse maze"))
        assert set(titles(found)) == {"Mouse maze", "Mouse maze remix"}
        assert await done(getattr(session, f"{way}_projects")(query="no such words & ?")) == []


@pytest.mark.parametrize(
    ("way", "mode"),
    [
        ("explore", "trending"),
        ("explore", "popular"),
        ("explore", "recent"),
        ("search", "trending"),
        ("search", "popular"),
    ],
)
async def test_studios_are_found_by_mode_and_words(way: str, mode: str, log_in: LogIn) -> None:
    async with log_in() as session:
        find = getattr(session, f"{way}_studios")
        assert len(await done(find(mode))) == 2
        (found,) = await done(find(mode, "mazes"))
        assert (found.id, found.host, found.owner) == (31000001, 15883188, None)


async def test_the_front_page_has_what_it_shows(log_in: LogIn) -> None:
    async with log_in() as session:
        page = await done(session.get_front_page())
    assert list(page) == [
        "featured_projects",
        "featured_studios",
        "top_loved",
        "top_remixed",
        "newest",
        "scratch_design_studio",
        "curated",
        "curator",
        "current_sds",
    ]
    assert titles(page["featured_projects"]) == ["Appel v1.4", "Cloud playground"]
    assert titles(page["featured_studios"]) == ["Scratch games of all kinds"]
    assert (titles(page["curated"]), page["curator"]) == (["Mouse maze"], "alice")
    assert page["curated"][0].curator_name == "alice"
    assert page["current_sds"].id == 31000001
    assert page["current_sds"].title == "Scratch Design Studio: mazes"
    assert {one.gallery_id for one in page["scratch_design_studio"]} == {31000001}
    assert page["top_loved"][0].love_count > 0
    assert page["top_remixed"][0].remixers_count == 1
    assert page["newest"][0].author


async def test_a_front_page_without_curator_and_studio_is_read(
    log_in: LogIn, scratch: Scratch
) -> None:
    scratch.world.front_page.curated = []
    scratch.world.front_page.design_studio = None
    async with log_in() as session:
        page = await done(session.get_front_page())
    assert page["curator"] is page["current_sds"] is None
    assert page["curated"] == page["scratch_design_studio"] == []


async def test_statistics_have_what_the_session_page_says(log_in: LogIn) -> None:
    async with log_in() as session:
        told = await done(session.get_statistics())
    assert list(told) == ["overall", "last_month", "over_time"]
    assert told["overall"].keys() == {
        "COMMENT_COUNT",
        "PROFILE_COMMENT_COUNT",
        "PROJECT_COMMENT_COUNT",
        "STUDIO_COMMENT_COUNT",
        "USER_COUNT",
        "PROJECT_COUNT",
        "STUDIO_COUNT",
    }
    assert told["last_month"].keys() >= {"pageviews", "visits", "users"}
    assert {type(value) for value in told["last_month"].values()} == {int}
    over_time = told["over_time"]
    assert over_time.keys() == {
        "activity_data",
        "active_user_data",
        "age_distribution_data",
        "country_distribution",
        "comment_data",
        "project_data",
    }
    for name in ("activity_data", "active_user_data", "comment_data", "project_data"):
        assert over_time[name][0].keys() == {"color", "key", "values"}
    assert over_time["age_distribution_data"].keys() >= {"key", "values"}
    assert over_time["country_distribution"]["England"] == 11


async def test_a_class_is_told(log_in: LogIn, scratch: Scratch) -> None:
    made = scratch.acts.create_project("student-sam", {}, "My maze")
    scratch.acts.share("student-sam", made.id)
    async with log_in("student-sam") as session:
        classroom = await done(session.get_classroom("156"))
        assert (classroom.title, classroom.status) == ("Grade 5 Rotation 5", "Mazes")
        assert (classroom.educator.username, classroom.ended_timestamp) == ("teacher-tess", None)
        projects = await done(classroom.get_projects())
        assert titles(projects) == ["My maze"]
        assert await every(classroom.projects) == projects
        assert await done(classroom.get_projects(offset=1)) == []


async def test_a_class_that_has_ended_is_not_found(log_in: LogIn, scratch: Scratch) -> None:
    scratch.acts.close_classroom("teacher-tess", 156)
    async with log_in() as session:
        with pytest.raises(NotFoundError, match="class 156"):
            await done(session.get_classroom(156))


async def test_what_a_class_has_made_needs_a_log_in(log_in: LogIn) -> None:
    async with log_in() as session:
        classroom = await done(session.get_classroom(156))
        with pytest.raises(NotLoggedInError):
            await done(classroom.get_projects())
