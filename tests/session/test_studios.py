"""Studios."""

from pathlib import Path
from typing import Any

import pytest

from scratchbot.errors import ForbiddenError, NotFoundError, StudioRejectedError
from tests.scratch import Scratch
from tests.session.forms import LogIn, done

pytestmark = pytest.mark.asyncio

STUDIO = 26135902
PICTURE = b"\x89PNG\r\n\x1a\nstudio"


def names(users: list[Any]) -> list[str]:
    return [user.username for user in users]


async def test_a_studio_tells_what_the_site_does(log_in: LogIn) -> None:
    async with log_in() as session:
        studio = await done(session.get_studio(str(STUDIO)))
        assert (studio.id, studio.title) == (STUDIO, "Scratch games of all kinds")
        assert (studio.host, studio.owner) == (15077600, "Za-Chary")
        assert (studio.visible, studio.comments_allowed) == (True, True)
        assert (studio.manager_count, studio.follower_count, studio.project_count) == (2, 0, 2)
        assert studio.created_timestamp == "2020-03-01T10:00:00.000Z"
        assert str(STUDIO) in studio.thumbnail_URL


async def test_a_studio_can_be_asked_for_by_any_that_stands_for_it(log_in: LogIn) -> None:
    async with log_in() as session:
        short = (await done(session.get_front_page()))["featured_studios"][0]
        studio = await done(session.get_studio(short))
        assert await done(session.get_studio(id=studio)) == studio


async def test_a_studio_that_there_is_not_is_not_found(log_in: LogIn) -> None:
    async with log_in() as session:
        with pytest.raises(NotFoundError, match="studio 1 "):
            await done(session.get_studio(1))


async def test_the_people_of_a_studio_are_listed(log_in: LogIn) -> None:
    async with log_in() as session:
        studio = await done(session.get_studio(STUDIO))
        assert names(await done(studio.get_managers())) == ["Za-Chary", "scratchcat"]
        assert set(names(await done(studio.get_curators()))) == {"alice", "demo-bot"}
        assert len(await done(studio.get_curators(limit=1, offset=1))) == 1


async def test_the_projects_of_a_studio_are_listed_newest_first(log_in: LogIn) -> None:
    async with log_in() as session:
        studio = await done(session.get_studio(STUDIO))
        projects = await done(studio.get_projects())
        assert [one.id for one in projects] == [700000001, 60917032]
        assert (projects[0].title, projects[0].author) == ("Alice's first game", "alice")
        assert projects[0].creator_id == 20001


async def test_a_project_is_added_and_taken_out(log_in: LogIn, scratch: Scratch) -> None:
    async with log_in("scratchcat") as session:
        studio = await done(session.get_studio(STUDIO))
        await done(studio.add_project(await done(session.get_project(105))))
        assert 105 in scratch.world.studios[STUDIO].projects
        await done(studio.remove_project("105"))
        assert 105 not in scratch.world.studios[STUDIO].projects
        newest, before = await done(studio.get_activity(limit=2))
        assert (newest.type, newest.actor, newest.project_id) == (
            "removeprojectstudio",
            "scratchcat",
            105,
        )
        assert (before.type, before.project_title) == ("addprojecttostudio", "Mouse maze")
        assert (await done(studio.get_activity(limit=1, offset=1))) == [before]


async def test_a_stranger_adds_no_project(log_in: LogIn, scratch: Scratch) -> None:
    scratch.acts.open_studio("Za-Chary", STUDIO, to_all=False)
    async with log_in("bob") as session:
        studio = await done(session.get_studio(STUDIO))
        with pytest.raises(ForbiddenError):
            await done(studio.add_project(700000002))


@pytest.mark.parametrize(
    ("username", "is_true"),
    [("Za-Chary", "manager"), ("alice", "curator"), ("bob", "invited"), ("ceebee", "")],
)
async def test_what_one_is_in_a_studio_is_told(username: str, is_true: str, log_in: LogIn) -> None:
    async with log_in(username) as session:
        roles = await done((await done(session.get_studio(STUDIO))).get_roles())
        assert {role for role, held in roles.items() if held} == ({is_true} if is_true else set())


async def test_a_studio_is_followed_and_no_longer(log_in: LogIn, scratch: Scratch) -> None:
    async with log_in("bob") as session:
        studio = await done(session.get_studio(STUDIO))
        assert (await done(studio.follow()))["success"] is True
        assert "bob" in scratch.world.studios[STUDIO].followers
        await done(studio.unfollow())
        assert not scratch.world.studios[STUDIO].followers


async def test_a_studio_is_opened_and_closed(log_in: LogIn, scratch: Scratch) -> None:
    seen = scratch.world.studios[STUDIO]
    async with log_in("Za-Chary") as session:
        studio = await done(session.get_studio(STUDIO))
        await done(studio.close_to_public())
        assert (seen.open_to_all, bool(studio.open_to_public)) == (False, False)
        assert repr(studio.open_to_public) == "False"
        assert studio.open_to_public == False  # noqa: E712 (as a program may compare it)
        await done(studio.open_to_public())
        assert (seen.open_to_all, bool(studio.open_to_public)) == (True, True)
        assert studio.open_to_public == True  # noqa: E712


async def test_comments_go_off_and_on(log_in: LogIn, scratch: Scratch) -> None:
    seen = scratch.world.studios[STUDIO]
    async with log_in("Za-Chary") as session:
        studio = await done(session.get_studio(STUDIO))
        for allowed in (False, True):
            await done(studio.toggle_commenting())
            assert (seen.comments_allowed, studio.comments_allowed) == (allowed, allowed)


async def test_comments_go_on_again_whatever_a_list_that_does_not_say_it_made_believe(
    log_in: LogIn, scratch: Scratch
) -> None:
    seen = scratch.world.studios[STUDIO]
    seen.comments_allowed = False
    async with log_in("Za-Chary") as session:
        (studio,) = [one for one in await done(session.get_own_studios()) if one.id == STUDIO]
        await done(studio.toggle_commenting())
    assert (seen.comments_allowed, studio.comments_allowed) == (True, True)


async def test_a_curator_is_invited_accepts_is_promoted_and_removed(
    log_in: LogIn, scratch: Scratch
) -> None:
    seen = scratch.world.studios[STUDIO]
    async with log_in("Za-Chary") as session:
        studio = await done(session.get_studio(STUDIO))
        await done(studio.invite_curator(await done(session.get_user("griffpatch"))))
        await done(studio.invite_curator("griffpatch"))
        assert "griffpatch" in seen.invited
        async with log_in("griffpatch") as other:
            theirs = await done(other.get_studio(STUDIO))
            await done(theirs.accept_curator("griffpatch"))
        assert "griffpatch" in seen.curators
        await done(studio.promote_curator("griffpatch"))
        assert "griffpatch" in seen.managers
        await done(studio.remove_curator("griffpatch"))
        assert "griffpatch" not in seen.managers


async def test_an_invitation_that_there_was_not_is_not_accepted(log_in: LogIn) -> None:
    async with log_in("griffpatch") as session:
        studio = await done(session.get_studio(STUDIO))
        with pytest.raises(ForbiddenError):
            await done(studio.accept_curator("griffpatch"))


async def test_a_studio_is_handed_over_with_the_password_only(
    log_in: LogIn, scratch: Scratch
) -> None:
    async with log_in("Za-Chary") as session:
        studio = await done(session.get_studio(STUDIO))
        with pytest.raises(ForbiddenError) as raised:
            await done(studio.transfer_host("scratchcat", "a-wrong-one"))
        assert "a-wrong-one" not in str(raised.value)
        await done(studio.transfer_host("scratchcat", "za-chary"))
        assert scratch.world.studios[STUDIO].host.username == "scratchcat"
        assert (await done(session.get_studio(STUDIO))).owner == "scratchcat"


@pytest.mark.parametrize("name", ["title", "description"])
async def test_a_text_is_changed_on_the_site_and_in_hand(
    name: str, log_in: LogIn, scratch: Scratch
) -> None:
    async with log_in("Za-Chary") as session:
        studio = await done(session.get_studio(STUDIO))
        await done(getattr(studio, f"set_{name}")("Mazes & more"))
        assert getattr(studio, name) == "Mazes & more"
        assert getattr(scratch.world.studios[STUDIO], name) == "Mazes & more"
        with pytest.raises(StudioRejectedError, match="shorten the text"):
            await done(getattr(studio, f"set_{name}")("x" * 5_001))
        with pytest.raises(StudioRejectedError, match="filter"):
            await done(getattr(studio, f"set_{name}")("a badword"))
        assert getattr(studio, name) == "Mazes & more"


@pytest.mark.parametrize("given", ["data", "path", "text"])
async def test_a_thumbnail_is_set_from_data_or_a_file(
    given: str, log_in: LogIn, scratch: Scratch, tmp_path: Path
) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(PICTURE)
    picture = {"data": PICTURE, "path": path, "text": str(path)}[given]
    async with log_in("Za-Chary") as session:
        studio = await done(session.get_studio(STUDIO))
        await done(studio.set_thumbnail(picture))
        for wrong, reason in (
            (b"text", "image-invalid"),
            (PICTURE * 50_000, "thumbnail-too-large"),
        ):
            with pytest.raises(StudioRejectedError) as raised:
                await done(studio.set_thumbnail(wrong))
            assert raised.value.reason == reason
    assert scratch.world.assets[f"gallery/{STUDIO}"] == PICTURE


@pytest.mark.parametrize("field", ["title", "description", "thumbnail"])
async def test_a_studio_is_reported(field: str, log_in: LogIn, scratch: Scratch) -> None:
    async with log_in("alice") as session:
        await done((await done(session.get_studio(STUDIO))).report(field))
    told = scratch.world.journal[-1]
    assert (told.who, told.where, told.text) == ("alice", f"studio:{STUDIO}", field)


async def test_a_studio_is_deleted(log_in: LogIn, scratch: Scratch) -> None:
    async with log_in("Za-Chary") as session:
        studio = await done(session.get_studio(STUDIO))
        await done(studio.delete())
        assert not studio.visible
        with pytest.raises(NotFoundError):
            await done(session.get_studio(STUDIO))
    assert STUDIO not in scratch.world.studios


@pytest.mark.parametrize(
    ("act", "values"),
    [
        ("open_to_public", ()),
        ("close_to_public", ()),
        ("toggle_commenting", ()),
        ("invite_curator", ("griffpatch",)),
        ("promote_curator", ("demo-bot",)),
        ("remove_curator", ("demo-bot",)),
        ("transfer_host", ("alice", "wonderland")),
        ("set_title", ("mine",)),
        ("set_description", ("mine",)),
        ("set_thumbnail", (PICTURE,)),
        ("delete", ()),
    ],
)
async def test_another_s_studio_is_not_changed_and_stays_in_hand_as_it_is(
    act: str, values: tuple[Any, ...], log_in: LogIn
) -> None:
    async with log_in("alice") as session:
        studio = await done(session.get_studio(STUDIO))
        before = dict(vars(studio))
        with pytest.raises(ForbiddenError):
            await done(getattr(studio, act)(*values))
        assert vars(studio) == before


async def test_a_curator_leaves_a_studio(log_in: LogIn, scratch: Scratch) -> None:
    async with log_in("alice") as session:
        await done((await done(session.get_studio(STUDIO))).remove_curator(session.user))
    assert "alice" not in scratch.world.studios[STUDIO].curators
