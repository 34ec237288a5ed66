"""Lists that the site gives page by page: no more is asked for than what is looked at."""

from collections.abc import Callable
from typing import Any

import pytest

from scratchbot.errors import InputError
from tests.scratch import Scratch
from tests.session.conftest import Asked
from tests.session.forms import LogIn, done, every, first, run

pytestmark = pytest.mark.asyncio

MANY = 95
STUDIO = 26135902


def comments(scratch: Scratch, place: str) -> None:
    where = scratch.world.comments[500000001].place.parse(place)
    for number in range(MANY):
        scratch.acts.post_comment("bob", where, f"number {number}")


def replies(scratch: Scratch) -> None:
    top = scratch.world.comments[500000003]
    for number in range(MANY):
        scratch.acts.post_comment("bob", top.place, f"number {number}", top.id)


def followers(scratch: Scratch) -> None:
    for number in range(MANY):
        scratch.acts.follow(scratch.acts.join(f"fan{number}", "a-word").username, "alice")


def followed(scratch: Scratch) -> None:
    for number in range(MANY):
        scratch.acts.follow("bob", scratch.acts.join(f"fan{number}", "a-word").username)


def projects(scratch: Scratch) -> None:
    for number in range(MANY):
        made = scratch.acts.create_project("bob", {}, f"number {number}", 105)
        scratch.acts.share("bob", made.id)
        scratch.acts.favorite("bob", made.id)
        scratch.acts.add_project("alice", STUDIO, made.id)


def activity(scratch: Scratch) -> None:
    for _ in range(MANY // 2):
        scratch.jump(seconds=1)
        scratch.acts.add_project("alice", STUDIO, 105)
        scratch.jump(seconds=1)
        scratch.acts.remove_project("alice", STUDIO, 105)


def studios(scratch: Scratch) -> None:
    for _ in range(MANY):
        studio = scratch.acts.create_studio("bob")
        scratch.acts.add_project("bob", studio.id, 104)


def cloud_logs(scratch: Scratch) -> None:
    for number in range(MANY):
        scratch.acts.set_cloud("bob", 104, "☁ foo", str(number))


def backpack(scratch: Scratch) -> None:
    for number in range(MANY):
        scratch.sandbox.acts.keep_in_backpack(
            "bob",
            kind="script",
            mime="application/json",
            name=f"code {number}",
            body=b"[]",
            thumbnail=b"",
        )


def messages(scratch: Scratch) -> None:
    comments(scratch, "profile:alice")
    for number in range(MANY):
        scratch.acts.alert("bob", f"number {number}")
        scratch.world.news.append({**scratch.world.news[0], "id": number + 1})


def managers(scratch: Scratch) -> None:
    for number in range(MANY):
        user = scratch.acts.join(f"fan{number}", "a-word", "scratcher")
        scratch.acts.invite_curator("Za-Chary", STUDIO, user.username)
        scratch.acts.accept_curator(user.username, STUDIO)
    for number in range(38):
        scratch.acts.promote_curator("Za-Chary", STUDIO, f"fan{number}")


LAZY: list[tuple[str, str, Callable[[Scratch], None]]] = [
    ("session.get_project(104).comments", "get_comments", lambda s: comments(s, "project:104")),
    (
        f"session.get_studio({STUDIO}).comments",
        "get_comments",
        lambda s: comments(s, f"studio:{STUDIO}"),
    ),
    ("session.get_project(104).get_comment(500000003).replies", "get_replies", replies),
    ("session.get_user('alice').followers", "get_followers", followers),
    ("session.get_user('bob').following", "get_following", followed),
    ("session.get_user('bob').projects", "get_projects", projects),
    ("session.get_user('bob').favorites", "get_favorites", projects),
    ("session.get_project(105).remixes", "get_remixes", projects),
    (f"session.get_studio({STUDIO}).projects", "get_projects", projects),
    (f"session.get_studio({STUDIO}).activity", "get_activity", activity),
    (f"session.get_studio({STUDIO}).curators", "get_curators", managers),
    ("session.get_user('bob').curating", "get_curating", studios),
    ("session.get_project(104).studios", "get_studios", studios),
    ("session.get_project(104).cloud_logs", "get_cloud_logs", cloud_logs),
    ("session.backpack", "get_backpack", backpack),
    ("session.messages", "get_messages", projects),
    ("session.news", "get_news", messages),
]


@pytest.mark.parametrize(
    ("program", "method", "fill"), LAZY, ids=[program for program, _, _ in LAZY]
)
async def test_a_list_is_read_as_far_as_it_is_looked_at(
    program: str,
    method: str,
    fill: Callable[[Scratch], None],
    log_in: LogIn,
    scratch: Scratch,
    asked: Asked,
) -> None:
    fill(scratch)
    if "messages" in program:
        scratch.sandbox.acts.clear_messages("bob")
        for number in range(MANY):
            scratch.acts.love(scratch.acts.join(f"fan{number}", "a-word").username, 700000002)
    owner, name = program.rsplit(".", 1)
    async with log_in("bob") as session:
        holder = await run(owner, {"session": session})
        pages, get = getattr(holder, name), getattr(holder, method)
        asked.now()
        few = await first(40, pages)
        assert len(asked.now()) == 1, "forty items are one page"
        more = await first(41, getattr(holder, name))
        assert len(asked.now()) == 2, "the forty-first is on the next"
        everything = await every(getattr(holder, name))
        assert len(asked.now()) == pages_of(name, len(everything))
        assert len(everything) >= 57
        assert (more[:40], everything[:41]) == (few, more)
        assert await done(get(all=True)) == everything
        asked.now()
        assert await done(get(limit=50, offset=3)) == everything[3:53]
        assert len(asked.now()) == 2
        assert await done(get(limit=0)) == []
        assert await done(get(offset=5_000)) == []
        assert await done(get(all=True, offset=50)) == everything[50:]


def pages_of(name: str, items: int) -> int:
    """Return how many pages a list has; activity ends with one that has nothing new."""
    return items // 40 + 1 + (name == "activity")


@pytest.mark.parametrize("pages", ["comments", "own"])
async def test_numbered_pages_are_read_as_far_as_they_are_looked_at(
    pages: str, log_in: LogIn, scratch: Scratch, asked: Asked
) -> None:
    comments(scratch, "profile:bob")
    projects(scratch)
    async with log_in("bob") as session:
        if pages == "comments":
            size, lazy, get = 10, session.scraping.profile_comments("bob"), None
            everything = await done(session.scraping.get_profile_comments("bob", all=True))
        else:
            size, lazy, get = 40, session.own_projects("title", "shared"), session.own_projects
            everything = await done(session.get_own_projects(True, "title", "shared"))
        assert len(everything) in (MANY, MANY + 1)
        asked.now()
        assert await first(size, lazy) == everything[:size]
        assert len(asked.now()) == 1
        assert await first(size + 1, lazy) == everything[: size + 1]
        assert len(asked.now()) == 2
        assert await every(lazy) == everything
        assert get is None or await every(get("title", "shared")) == everything


async def test_a_page_of_a_profile_s_comments_holds_ten(log_in: LogIn, scratch: Scratch) -> None:
    comments(scratch, "profile:ceebee")
    async with log_in() as session:
        everything = await done(session.scraping.get_profile_comments("ceebee", all=True))
        assert len(everything) == MANY + 2
        second = await done(session.scraping.get_profile_comments("ceebee", page=2))
        assert second == everything[10:20]
        assert await done(session.scraping.get_profile_comments("ceebee", page=67)) == []


async def test_managers_are_read_over_pages(log_in: LogIn, scratch: Scratch) -> None:
    managers(scratch)
    async with log_in() as session:
        studio = await done(session.get_studio(STUDIO))
        assert len(await every(studio.managers)) == 40
        assert (await done(studio.get_managers(all=True)))[0].username == "Za-Chary"


async def test_alerts_are_read_over_pages(log_in: LogIn, scratch: Scratch) -> None:
    messages(scratch)
    async with log_in("bob") as session:
        alerts = await done(session.get_alerts(all=True))
        assert len(alerts) == MANY + 1
        assert alerts[0].message == f"number {MANY - 1}"
        assert await done(session.get_alerts(limit=45, offset=5)) == alerts[5:50]


async def test_activity_is_read_over_pages_of_equal_times(log_in: LogIn, scratch: Scratch) -> None:
    kept = scratch.world.studios[STUDIO].activity
    for number in range(30):
        scratch.jump(seconds=1 if number % 10 == 0 else 0)
        scratch.acts.add_project("alice", STUDIO, 105)
        scratch.acts.remove_project("Za-Chary", STUDIO, 105)
    async with log_in() as session:
        rows = await done((await done(session.get_studio(STUDIO))).get_activity(all=True))
        assert [row.id for row in rows] == [row["id"] for row in reversed(kept)]


async def test_activity_goes_on_before_a_moment_that_is_longer_than_a_page(
    log_in: LogIn, scratch: Scratch
) -> None:
    kept = scratch.world.studios[STUDIO].activity
    for row in range(60):
        kept.append(
            {**kept[0], "id": f"at-once-{row}", "datetime_created": kept[0]["datetime_created"]}
        )
    kept.insert(0, {**kept[0], "id": "older", "datetime_created": "2020-01-01T00:00:00.000Z"})
    async with log_in() as session:
        studio = await done(session.get_studio(STUDIO))
        rows = await every(studio.activity)
        assert len(rows) == 41
        assert rows[-1].id == "older"
        assert await every(studio.activity) == rows


@pytest.mark.parametrize("program", [f"{program}|{method}" for program, method, _ in LAZY])
async def test_a_limit_or_offset_below_nought_is_refused(
    program: str, log_in: LogIn, asked: Asked
) -> None:
    path, method = program.split("|")
    wrong: list[dict[str, Any]] = [{"limit": -1}, {"offset": -1}, {"all": True, "offset": -1}]
    async with log_in("bob") as session:
        holder = await run(path.rsplit(".", 1)[0], {"session": session})
        asked.now()
        for values in wrong:
            with pytest.raises(InputError, match="below 0"):
                await done(getattr(holder, method)(**values))
        assert asked.now() == []
