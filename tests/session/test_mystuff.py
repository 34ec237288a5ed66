"""What belongs to the account: projects, studios, trash, assets, backpack."""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from scratchbot.errors import ForbiddenError, InputError, NotFoundError, RateLimitedError
from tests.scratch import Scratch
from tests.session.forms import LogIn, done, every

pytestmark = pytest.mark.asyncio

CODE: dict[str, Any] = {"targets": [{"name": "Stüge"}]}
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
ITEM = ("script", "W10=", "application/json", "code", b"W10=")


def ids(things: list[Any]) -> list[int]:
    return [one.id for one in things]


@pytest.mark.parametrize("code", [CODE, json.dumps(CODE)])
async def test_a_project_is_made_from_code_or_its_text(
    code: Any, log_in: LogIn, scratch: Scratch
) -> None:
    async with log_in("bob") as session:
        made = await done(session.create_project(code))
        assert isinstance(made, int)
        assert await done((await done(session.get_project(made))).get_scripts()) == CODE
    seen = scratch.world.projects[made]
    assert (seen.author.username, seen.state, seen.code) == ("bob", "unshared", CODE)


async def test_a_studio_is_made(log_in: LogIn, scratch: Scratch) -> None:
    async with log_in("bob") as session:
        made = await done(session.create_studio())
        assert (await done(session.get_studio(made))).owner == "bob"
    assert scratch.world.studios[made].host.username == "bob"


async def test_a_new_scratcher_makes_no_studio(log_in: LogIn) -> None:
    async with log_in("newcomer") as session:
        with pytest.raises(ForbiddenError, match="need to be a Scratcher"):
            await done(session.create_studio())


async def test_who_makes_many_studios_is_asked_to_wait(log_in: LogIn, scratch: Scratch) -> None:
    scratch.sandbox.acts.limits = True
    async with log_in("bob") as session:
        for _ in range(5):
            await done(session.create_studio())
        with pytest.raises(RateLimitedError, match="slow down"):
            await done(session.create_studio())


async def test_the_trash_is_emptied_with_the_password_only(log_in: LogIn, scratch: Scratch) -> None:
    async with log_in("bob") as session:
        with pytest.raises(ForbiddenError):
            await done(session.empty_trash("not-mine"))
        assert 700000004 in scratch.world.projects
        await done(session.empty_trash("builder"))
        assert 700000004 not in scratch.world.projects
        assert 700000002 in scratch.world.projects


OWN = {
    "all": {104, 105, 700000003},
    "shared": {104, 105},
    "notshared": {700000003},
    "trashed": set(),
}


@pytest.mark.parametrize("filter", OWN)
async def test_one_s_own_projects_are_filtered(filter: str, log_in: LogIn) -> None:
    async with log_in("scratchcat") as session:
        assert set(ids(await done(session.get_own_projects(filter=filter)))) == OWN[filter]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("", [104]),
        ("view_count", [104]),
        ("love_count", [104, 105, 700000003]),
        ("remixers_count", [105]),
        ("title", [700000003, 105, 104]),
    ],
)
async def test_one_s_own_projects_are_sorted(
    sort: str, order: list[int], log_in: LogIn, scratch: Scratch
) -> None:
    scratch.acts.save_project("scratchcat", 104, CODE)
    async with log_in("scratchcat") as session:
        found = await done(session.get_own_projects(sort=sort))
        assert ids(found)[: len(order)] == order
        assert len(found) == 3


async def test_one_s_own_project_is_a_project(log_in: LogIn) -> None:
    async with log_in("scratchcat") as session:
        project = (await done(session.get_own_projects(sort="love_count")))[0]
        assert (project.title, project.author.username) == ("Cloud playground", "scratchcat")
        assert (project.love_count, project.view_count) == (66, 1040)
        assert (project.is_published, project.public, project.visible) == (True, True, True)
        await done(project.set_title("Another"))
        assert (await done(session.get_project(104))).title == "Another"


async def test_one_s_own_projects_come_by_pages_of_forty(log_in: LogIn, scratch: Scratch) -> None:
    for number in range(80):
        scratch.acts.create_project("bob", {}, f"number {number}")
    async with log_in("bob") as session:
        everything = await done(session.get_own_projects(all=True))
        assert len(everything) == 81
        assert len(await done(session.get_own_projects())) == 40
        assert await done(session.get_own_projects(page=2)) == everything[40:80]
        assert await done(session.get_own_projects(page=3)) == everything[80:]
        assert await done(session.get_own_projects(page=4)) == []
        assert await every(session.own_projects()) == everything


async def test_one_s_own_studios_are_listed_and_sorted(log_in: LogIn) -> None:
    async with log_in("scratchcat") as session:
        made = await done(session.create_studio())
        for values in ({}, {"all": True}, {"sort": "title"}):
            found = await done(session.get_own_studios(**values))
            assert set(ids(found)) == {made, 26135902}
        assert ids(await done(session.get_own_studios(sort="title"))) == [made, 26135902]
        assert ids(await done(session.get_own_studios(sort="projecters_count")))[0] == 26135902
        assert ids(await every(session.own_studios("title"))) == [made, 26135902]
        assert await done(session.get_own_studios(page=2)) == []
        studio = found[1]
        assert (studio.curator_count, studio.follower_count, studio.manager_count) == (
            studio.raw["curators_count"],
            None,
            None,
        )


@pytest.mark.parametrize("ending", ["svg", ".svg"])
async def test_an_asset_is_uploaded_and_read(ending: str, log_in: LogIn, scratch: Scratch) -> None:
    name = f"{hashlib.md5(SVG).hexdigest()}.svg"
    async with log_in("bob") as session:
        await done(session.upload_asset(SVG, ending))
        assert scratch.world.assets[name] == SVG
        assert await done(session.get_asset(name)) == SVG


@pytest.mark.parametrize("given", ["text", "path", "other ending"])
async def test_an_asset_is_uploaded_from_its_file(
    given: str, log_in: LogIn, scratch: Scratch, tmp_path: Path
) -> None:
    path = tmp_path / ("costume" if given == "other ending" else "costume.svg")
    path.write_bytes(SVG)
    values = {"text": (str(path),), "path": (path,), "other ending": (str(path), "svg")}[given]
    async with log_in("bob") as session:
        await done(session.upload_asset(*values))
    assert f"{hashlib.md5(SVG).hexdigest()}.svg" in scratch.world.assets


async def test_an_asset_without_a_kind_is_refused(log_in: LogIn) -> None:
    async with log_in("bob") as session:
        with pytest.raises(InputError, match="file_ext='png'"):
            await done(session.upload_asset(SVG))


async def test_an_asset_that_there_is_not_is_not_found(log_in: LogIn) -> None:
    async with log_in() as session:
        with pytest.raises(NotFoundError, match="no asset"):
            await done(session.get_asset("0" * 32 + ".svg"))


async def test_what_is_no_base64_is_not_put_into_the_backpack(log_in: LogIn) -> None:
    async with log_in("bob") as session:
        with pytest.raises(InputError, match="base64"):
            await done(session.add_to_backpack("script", "W1", "application/json", "code", "W10="))


async def test_things_are_kept_in_the_backpack_and_dropped(log_in: LogIn, scratch: Scratch) -> None:
    kept = scratch.world.users["bob"].backpack
    async with log_in("bob") as session:
        first = await done(session.add_to_backpack(*ITEM))
        body = base64.b64encode(SVG)
        second = await done(
            session.add_to_backpack("costume", body, "image/svg+xml", "cat", body.decode())
        )
        assert (second.type, second.mime, second.name) == ("costume", "image/svg+xml", "cat")
        assert second.body_URL.startswith("https://backpack.scratch.mit.edu/")
        assert second.thumbnail_URL.startswith("https://backpack.scratch.mit.edu/")
        assert await done(session.get_backpack()) == [second, first]
        assert await done(session.get_backpack(limit=1, offset=1)) == [first]
        assert await done(second.get_body()) == SVG
        await done(second.delete())
        assert [item.id for item in kept] == [first.id]
        assert await done(session.get_backpack(all=True)) == [first]
        with pytest.raises(NotFoundError):
            await done(second.delete())
