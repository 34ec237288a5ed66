"""Whatever is asked, nothing breaks, and nothing that is private shows."""

import json
from collections.abc import AsyncIterator
from random import Random
from typing import Any
from urllib.parse import quote

import pytest

from scratchbot.sandbox import Place
from scratchbot.sandbox.world import World
from tests.sandbox.routes import paths
from tests.sandbox.site import API, SITE, Site, serving

pytestmark = pytest.mark.asyncio

SECRET = "s3cr3t"
PLACE = Place("project", "104")
ODD_TEXTS = [
    "",
    "0",
    "-1",
    "1" * 400,
    "9" * 20,
    "é☁",
    "a b",
    "a\r\nX: 1",
    "\x00",
    "..",
    "%ff",
    "<b>",
]
ODD_VALUES: list[Any] = [None, [], {}, True, -1, 10**30, 1.5, *ODD_TEXTS, {"place": 5}]
ODD_BODIES = [
    b"",
    b"[]",
    b"{",
    b"[" * 100_000,
    b'{"content":"\\ud800"}',
    b"\xff",
    b"a=%ff&b",
    b"NaN",
]
KEYS = [
    *("content", "parent_id", "commentee_id", "id", "title", "description", "visibility", "name"),
    *("bio", "status", "featured_project", "featured_project_label", "country", "password", "file"),
    *("isPublished", "body", "subscribe", "signature", "reason", "post", "username", "usernames"),
    *("classroom_token", "csv_file", "type", "mime", "thumbnail", "alertType", "alertId", "cue"),
]


def known(world: World) -> list[dict[str, str]]:
    """Return what can stand in the gaps of paths: everything that there is, some of it together."""
    people = [user.username for user in world.users.values()]
    projects = [(str(one.id), one.author.username) for one in world.projects.values()]
    columns = {
        "project_id": [number for number, _ in projects],
        "owner": [name for _, name in projects],
        "studio_id": list(map(str, world.studios)),
        "classroom_id": list(map(str, world.classrooms)),
        "category_id": list(map(str, world.categories)),
        "topic_id": list(map(str, world.topics)),
        "post_id": list(map(str, world.posts)),
        "comment_id": list(map(str, world.comments)),
        "token": [room.token for room in world.classrooms.values()],
        "kind": ["project"],
        "key": [f"{number}_480x360.png" for number, _ in projects],
    }

    def row(number: int) -> dict[str, str]:
        return {gap: column[number % len(column)] for gap, column in columns.items() if column}

    by_author = [
        {**row(number), "username": projects[number][1]} for number in range(len(projects))
    ]
    most = max(len(people), len(world.comments))
    return by_author + [{**row(n), "username": people[n % len(people)]} for n in range(most)]


def body_of(random: Random) -> dict[str, Any]:
    """Return the body of a request, and what tells its kind."""
    values = {key: random.choice(ODD_VALUES) for key in random.sample(KEYS, 6)}
    match random.randrange(4):
        case 0:
            return {"data": random.choice(ODD_BODIES)}
        case 1:
            return {
                "data": random.choice(
                    [b"", b"--x\r\n\r\n", b"--x\r\nContent-Type: a/b\r\n\r\n--x--"]
                ),
                "headers": {
                    "Content-Type": f"multipart/form-data{random.choice(['', '; boundary=x'])}"
                },
            }
        case 2:
            return {"data": "&".join(f"{key}={quote(str(values[key]))}" for key in values).encode()}
        case _:
            return {"data": json.dumps(values).encode()}


async def ask_oddly(site: Site, random: Random) -> None:
    """Ask for every path, with odd numbers, names, queries and bodies."""
    rows = known(site.world)

    def fill(gap: str) -> str:
        there = random.choice(rows).get(gap, "x")
        return there if random.random() < 0.7 else quote(random.choice(ODD_TEXTS), safe="")

    people = [user for user in site.world.users.values() if not user.removed]
    for method, host, path in list(paths(site.sandbox, fill)):
        login = site.sandbox.sessions.open(random.choice(people), site.sandbox.now())
        asked = body_of(random) if method != "GET" else {}
        query = "&".join(
            f"{key}={quote(random.choice(ODD_TEXTS))}"
            for key in random.sample(("limit", "offset", "page", "q", "mode", "user", "max"), 2)
        )
        headers = {
            "X-Token": login.token,
            "X-CSRFToken": "a",
            "Cookie": f'scratchcsrftoken=a; scratchsessionsid="{login.session_id}"',
            "X-Requested-With": "XMLHttpRequest",
            **asked.pop("headers", {}),
        }
        status, text, _ = await site.ask(method, host, f"{path}?{query}", headers=headers, **asked)
        assert status < 500, f"{method} {host}{path}?{query} {asked}: {text}"


async def answers(site: Site, headers: dict[str, str]) -> AsyncIterator[tuple[str, int, str]]:
    """Ask for everything that there is."""
    for row in known(site.world):

        def fill(gap: str, row: dict[str, str] = row) -> str:
            return row.get(gap, "1")

        for method, host, path in paths(site.sandbox, fill):
            if method == "GET":
                status, text, _ = await site.ask("GET", host, path, headers=headers)
                yield f"{host}{path}", status, text


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_is_asked_nothing_breaks_then_or_later(seed: int) -> None:
    async with serving(limits=False) as site:
        await ask_oddly(site, Random(seed))
        async for where, status, text in answers(site, {}):
            assert status < 500, f"{where}: {text}"


async def hide_secrets(site: Site) -> None:
    """Put a secret into everything that not everybody may see."""
    acts = site.sandbox.acts
    draft = acts.create_project("scratchcat", {"meta": SECRET}, SECRET)
    acts.edit_project("scratchcat", draft.id, instructions=SECRET, description=SECRET)
    for hide, parent_id in ((acts.unshare, 105), (acts.trash, 105), (acts.unshare, None)):
        shown = acts.create_project("scratchcat", {"meta": SECRET}, SECRET, parent_id)
        acts.share("scratchcat", shown.id)
        acts.post_comment("student-sam", Place("project", str(shown.id)), SECRET)
        acts.add_project("scratchcat", 26135902, shown.id)
        acts.love("student-sam", shown.id)
        acts.set_cloud("scratchcat", shown.id, f"☁ {SECRET}", "1")
        remix = acts.create_project("bob", {}, "a remix", parent_id=shown.id)
        acts.share("bob", remix.id)
        hide("scratchcat", shown.id)
    hidden = acts.post_comment("alice", PLACE, SECRET)
    for reporter in ("griffpatch", "bob"):
        acts.report_comment(reporter, hidden.id)
    gone = acts.post_comment("alice", PLACE, SECRET)
    acts.delete_comment("scratchcat", gone.id)
    acts.alert("alice", SECRET)
    acts.change_account("alice", email=f"{SECRET}@example.org")
    acts.post_comment("griffpatch", Place("profile", "alice"), "hello")
    studio = acts.create_studio("Za-Chary")
    acts.edit_studio("Za-Chary", studio.id, title=SECRET)
    acts.delete_studio("Za-Chary", studio.id)


@pytest.mark.parametrize("reader", [None, "bob", "teacher-tess"])
async def test_no_answer_shows_what_its_reader_may_not_see(reader: str | None) -> None:
    async with serving(limits=False) as site:
        await hide_secrets(site)
        user = site.world.users[reader] if reader is not None else None
        headers = await site.log_in(user.username, user.password) if user is not None else {}
        seen = 0
        async for where, status, text in answers(site, headers):
            assert SECRET not in text, where
            seen += status == 200
        assert seen > 100


async def test_its_author_sees_what_is_not_shared() -> None:
    async with serving(limits=False) as site:
        await hide_secrets(site)
        headers = await site.log_in("scratchcat", "hunter2")
        found = {where async for where, _, text in answers(site, headers) if SECRET in text}
        assert any(where.startswith(f"{API}/projects/") for where in found)
        assert any(where.startswith("projects.scratch.mit.edu/") for where in found)
        assert any(where.startswith(f"{SITE}/site-api/projects/all") for where in found)
