"""Projects."""

from pathlib import Path
from typing import Any

import pytest

from scratchbot.errors import ForbiddenError, NotFoundError, NotLoggedInError, RetiredError
from tests.scratch import Scratch
from tests.session.forms import LogIn, done

pytestmark = pytest.mark.asyncio

CODE: dict[str, Any] = {"targets": [], "monitors": [], "meta": {"semver": "3.0.0"}}
PICTURE = b"\x89PNG\r\n\x1a\nproject"


async def test_a_project_tells_what_the_site_does(log_in: LogIn) -> None:
    async with log_in() as session:
        project = await done(session.get_project("104"))
        assert (project.id, project.title) == (104, "Cloud playground")
        assert (project.author.username, project.author.id) == ("scratchcat", 101)
        assert project.instructions.startswith("Comment, play")
        assert (project.view_count, project.love_count) == (1040, 66)
        assert (project.favorite_count, project.remix_count) == (0, 0)
        assert project.visible
        assert project.public
        assert project.is_published
        assert project.comments_allowed
        assert (project.parent, project.root, project.is_remix) == (None, None, False)
        assert project.shared_timestamp == "2021-06-01T10:00:00.000Z"


async def test_a_remix_tells_what_it_comes_from(log_in: LogIn) -> None:
    async with log_in() as session:
        remix = await done(session.get_project(700000002))
        assert (remix.parent, remix.root, remix.is_remix) == (105, 105, True)
        parent = await done(session.get_project(remix.parent))
        assert [one.id for one in await done(parent.get_remixes())] == [remix.id]
        assert await done(parent.get_remixes(offset=1)) == []


async def test_a_project_can_be_asked_for_by_any_that_stands_for_it(log_in: LogIn) -> None:
    async with log_in() as session:
        front = await done(session.get_front_page())
        curated = front["curated"][0]
        project = await done(session.get_project(curated))
        assert await done(session.get_project(project)) == project
        (branch, _) = await done(project.get_remixtree())
        assert await done(session.get_project(branch)) == project


async def test_a_project_that_is_not_shared_is_not_found(log_in: LogIn) -> None:
    async with log_in("alice") as session:
        for missing in (700000003, 1):
            with pytest.raises(NotFoundError, match=str(missing)):
                await done(session.get_project(missing))


async def test_a_family_s_tree_is_told(log_in: LogIn) -> None:
    async with log_in() as session:
        project = await done(session.get_project(700000002))
        root, remix = await done(project.get_remixtree())
        assert (root.id, root.children, root.parent_id) == (105, [700000002], None)
        assert (remix.author, remix.parent_id, remix.visible) == ("bob", 105, True)
        assert (root.love_count, root.favorite_count) == (12, 0)
        assert root.created_timestamp <= root.shared_timestamp <= remix.shared_timestamp


async def test_a_tree_that_the_site_has_retired_is_said_to_be(
    log_in: LogIn, scratch: Scratch
) -> None:
    async with log_in() as session:
        project = await done(session.get_project(105))
        scratch.acts.unshare("scratchcat", 105)
        with pytest.raises(RetiredError, match="use get_remixes"):
            await done(project.get_remixtree())


@pytest.mark.parametrize(
    ("opinion", "count"), [("love", "love_count"), ("favorite", "favorite_count")]
)
async def test_an_opinion_and_its_end_show_on_the_site(
    opinion: str, count: str, log_in: LogIn
) -> None:
    async with log_in("bob") as session:
        project = await done(session.get_project(105))
        before = getattr(project, count)
        assert await done(getattr(project, opinion)()) is True
        assert getattr(await done(session.get_project(project)), count) == before + 1
        assert await done(getattr(project, f"un{opinion}")()) is False
        assert getattr(await done(session.get_project(project)), count) == before


async def test_a_view_is_counted_without_a_log_in_too(log_in: LogIn, scratch: Scratch) -> None:
    async with log_in() as session:
        project = await done(session.get_project(104))
        await done(project.view())
    assert scratch.world.projects[104].views == 1041


async def test_code_is_read_and_saved(log_in: LogIn, scratch: Scratch) -> None:
    async with log_in("scratchcat") as session:
        project = await done(session.get_project(104))
        assert (await done(project.get_scripts()))["targets"][0]["isStage"] is True
        await done(project.save(CODE))
        assert scratch.world.projects[104].code == CODE
        await done(project.save('{"targets": [1]}'))
        assert await done(project.get_scripts()) == {"targets": [1]}


async def test_the_code_of_another_s_project_is_read_from_a_list_too(log_in: LogIn) -> None:
    async with log_in() as session:
        project = (await done((await done(session.get_user("griffpatch"))).get_projects()))[0]
        assert "targets" in await done(project.get_scripts())


async def test_another_s_code_is_not_saved(log_in: LogIn, scratch: Scratch) -> None:
    async with log_in("bob") as session:
        project = await done(session.get_project(104))
        with pytest.raises(ForbiddenError):
            await done(project.save(CODE))
    assert scratch.world.projects[104].code != CODE


async def test_the_studios_of_a_project_are_listed(log_in: LogIn) -> None:
    async with log_in() as session:
        project = await done(session.get_project(700000002))
        assert [one.id for one in await done(project.get_studios())] == [31000001]
        assert (await done(project.get_studios()))[0].owner is None
        assert await done(project.get_studios(limit=0)) == []


async def test_cloud_logs_tell_who_did_what(log_in: LogIn, scratch: Scratch) -> None:
    scratch.acts.set_cloud("alice", 104, "☁ foo", "1")
    scratch.acts.set_cloud("bob", 104, "☁ new", "2")
    scratch.acts.delete_cloud("alice", 104, "☁ new")
    async with log_in() as session:
        logs = await done((await done(session.get_project(104))).get_cloud_logs())
        told = [(log["user"], log["verb"], log["name"], log["value"]) for log in logs]
        assert told == [
            ("alice", "del_var", "☁ new", None),
            ("bob", "create_var", "☁ new", "2"),
            ("alice", "set_var", "☁ foo", "1"),
        ]
        assert logs[0]["timestamp"] >= logs[2]["timestamp"] > 1_600_000_000_000


async def test_what_became_of_one_s_own_project_is_told(log_in: LogIn) -> None:
    async with log_in("scratchcat") as session:
        project = await done(session.get_project(104))
        told = await done(project.get_visibility())
        assert (told["projectId"], told["creatorId"]) == (104, 101)
        assert (told["deleted"], told["censored"]) == (False, False)
    async with log_in("bob") as session:
        with pytest.raises(ForbiddenError):
            await done((await done(session.get_project(104))).get_visibility())


async def test_comments_are_turned_off_and_on(log_in: LogIn, scratch: Scratch) -> None:
    seen = scratch.world.projects[104]
    async with log_in("scratchcat") as session:
        project = await done(session.get_project(104))
        for change, allowed in (
            (project.toggle_commenting, False),
            (project.toggle_commenting, True),
            (project.turn_off_commenting, False),
            (project.turn_off_commenting, False),
            (project.turn_on_commenting, True),
        ):
            assert await done(change()) is project
            assert (project.comments_allowed, seen.comments_allowed) == (allowed, allowed)


async def test_a_project_is_reported(log_in: LogIn, scratch: Scratch) -> None:
    async with log_in("alice") as session:
        project = await done(session.get_project(104))
        await done(project.report("6", "the second costume"))
        await done(project.report("6", "the third costume", image="https://example.org/a.png"))
    assert scratch.world.projects[104].reporters == {"alice"}
    assert scratch.world.journal[-1].text == "the third costume"


async def test_a_project_is_unshared_and_shared(log_in: LogIn, scratch: Scratch) -> None:
    seen = scratch.world.projects[105]
    async with log_in("scratchcat") as session:
        project = await done(session.get_project(105))
        await done(project.unshare())
        assert (seen.is_shared, project.public, project.is_published) == (False, False, False)
        await done(project.share())
        assert (seen.is_shared, project.public, project.is_published) == (True, True, True)


async def test_a_project_is_thrown_away_and_taken_back(log_in: LogIn, scratch: Scratch) -> None:
    seen = scratch.world.projects[105]
    async with log_in("scratchcat") as session:
        project = await done(session.get_project(105))
        await done(project.delete())
        assert (seen.state, project.visible) == ("trashed", False)
        await done(project.restore_deleted())
        assert (seen.state, project.visible) == ("unshared", True)


@pytest.mark.parametrize("given", ["data", "path", "text"])
async def test_a_thumbnail_is_set_from_data_or_a_file(
    given: str, log_in: LogIn, scratch: Scratch, tmp_path: Path
) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(PICTURE)
    picture = {"data": PICTURE, "path": path, "text": str(path)}[given]
    async with log_in("scratchcat") as session:
        await done((await done(session.get_project(104))).set_thumbnail(picture))
    assert scratch.world.assets["project/104"] == PICTURE


@pytest.mark.parametrize("name", ["title", "instructions", "description"])
async def test_a_text_is_changed_on_the_site_and_in_hand(
    name: str, log_in: LogIn, scratch: Scratch
) -> None:
    async with log_in("scratchcat") as session:
        project = await done(session.get_project(104))
        await done(getattr(project, f"set_{name}")("Ünïcode & <b>"))
        assert getattr(project, name) == "Ünïcode & <b>"
        assert getattr(await done(session.get_project(104)), name) == "Ünïcode & <b>"
    assert getattr(scratch.world.projects[104], name) == "Ünïcode & <b>"


@pytest.mark.parametrize(
    ("act", "values"),
    [
        ("share", ()),
        ("unshare", ()),
        ("delete", ()),
        ("restore_deleted", ()),
        ("turn_off_commenting", ()),
        ("set_title", ("mine",)),
        ("set_instructions", ("mine",)),
        ("set_description", ("mine",)),
        ("set_thumbnail", (PICTURE,)),
    ],
)
async def test_another_s_project_is_not_changed_and_stays_in_hand_as_it_is(
    act: str, values: tuple[Any, ...], log_in: LogIn, scratch: Scratch
) -> None:
    async with log_in("bob") as session:
        project = await done(session.get_project(104))
        before = dict(vars(project))
        with pytest.raises(ForbiddenError):
            await done(getattr(project, act)(*values))
        assert vars(project) == before
    async with log_in() as session:
        with pytest.raises(NotLoggedInError):
            await done(getattr(await done(session.get_project(104)), act)(*values))
    assert scratch.world.projects[104].is_shared
