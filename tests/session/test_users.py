"""Users and their profiles."""

from pathlib import Path
from typing import Any

import pytest

from scratchbot.errors import ForbiddenError, NotFoundError
from tests.scratch import Scratch
from tests.session.forms import LogIn, done

pytestmark = pytest.mark.asyncio

LABELS = {
    "featured_project": None,
    "featured_tutorial": 0,
    "work_in_progress": 1,
    "remix_this": 2,
    "my_favorite_things": 3,
    "why_i_scratch": 4,
}


def names(users: list[Any]) -> list[str]:
    return [user.username for user in users]


async def test_a_user_is_found_by_name_however_written_and_by_a_user(log_in: LogIn) -> None:
    async with log_in() as session:
        user = await done(session.get_user("GRIFFPATCH"))
        assert (user.username, user.id, user.scratchteam) == ("griffpatch", 1882674, False)
        assert user.joined_timestamp == "2012-10-23T12:00:00.000Z"
        assert await done(session.get_user(user)) == user
        author = (await done(session.get_project(60917032))).author
        assert await done(session.get_user(author)) == user
        assert (await done(session.get_user("ceebee"))).scratchteam is True


async def test_a_user_whom_there_is_not_is_not_found(log_in: LogIn) -> None:
    async with log_in() as session:
        with pytest.raises(NotFoundError, match="'nobody-here'"):
            await done(session.get_user("nobody-here"))


async def test_a_profile_tells_what_its_user_says(log_in: LogIn) -> None:
    async with log_in() as session:
        user = await done(session.get_user("griffpatch"))
        profile = user.profile
        assert (profile.username, profile.user) == ("griffpatch", user)
        assert (profile.bio, profile.status, profile.country) == (
            "Games, and how they are made.",
            "Working on the next tutorial",
            "United Kingdom",
        )
        assert "1882674" in profile.avatar_URL
        assert user.profile is profile


@pytest.mark.parametrize(
    ("username", "method", "found"),
    [
        ("scratchcat", "get_projects", [104, 105]),
        ("bob", "get_favorites", [60917032]),
        ("alice", "get_curating", [26135902]),
    ],
)
async def test_what_a_user_has_is_listed(
    username: str, method: str, found: list[int], log_in: LogIn
) -> None:
    async with log_in() as session:
        user = await done(session.get_user(username))
        assert [one.id for one in await done(getattr(user, method)())] == found
        assert await done(getattr(user, method)(offset=len(found))) == []


async def test_followers_and_followed_are_listed_newest_first(log_in: LogIn) -> None:
    async with log_in() as session:
        user = await done(session.get_user("alice"))
        assert names(await done(user.get_followers())) == ["demo-bot", "bob", "scratchcat"]
        assert names(await done(user.get_following())) == ["scratchcat"]
        assert names(await done(user.get_followers(limit=1, offset=1))) == ["bob"]


async def test_following_and_its_end_show_on_the_site(log_in: LogIn, scratch: Scratch) -> None:
    following = scratch.world.users["bob"].following
    async with log_in("bob") as session:
        user = await done(session.get_user("griffpatch"))
        before = await done(user.get_message_count())
        assert (await done(user.follow()))["success"] is True
        assert "griffpatch" in following
        assert await done(user.get_message_count()) == before + 1
        await done(user.unfollow())
        assert "griffpatch" not in following
        assert await done(user.get_message_count()) == before


async def test_a_profile_s_comments_are_posted_answered_and_deleted(log_in: LogIn) -> None:
    async with log_in("alice") as session:
        user = await done(session.get_user("bob"))
        posted = await done(user.post_comment("hello <bob>"))
        await done(user.post_comment("and more", posted.id, posted.author_id))
        assert (await done(posted.reply("how are you?"))).parent_id == posted.id
        (thread,) = await done(session.scraping.get_profile_comments("bob"))
        assert (thread.content, thread.author, thread.author_id) == ("hello <bob>", "alice", 20001)
        assert (thread.user, thread.visible, thread.parent_id) == ("bob", True, None)
        assert [reply.content for reply in thread.replies] == ["and more", "how are you?"]
        assert {reply.commentee_id for reply in thread.replies} == {20001}
        await done(user.delete_comment(thread.replies[0].id))
        (thread,) = await done(session.scraping.get_profile_comments(user))
        assert [reply.content for reply in thread.replies] == ["how are you?"]
        await done(thread.delete())
        assert await done(session.scraping.get_profile_comments("bob")) == []


@pytest.mark.parametrize("by", ["user", "comment"])
async def test_a_comment_on_a_profile_is_reported(by: str, log_in: LogIn, scratch: Scratch) -> None:
    async with log_in("alice") as session:
        comment = (await done(session.scraping.get_profile_comments("ceebee")))[0]
        user = await done(session.get_user("ceebee"))
        await done(user.report_comment(comment.id) if by == "user" else comment.report())
    assert scratch.world.comments[comment.id].reporters == {"alice"}


@pytest.mark.parametrize("field", ["username", "icon", "description", "working_on"])
async def test_a_user_is_reported(field: str, log_in: LogIn, scratch: Scratch) -> None:
    async with log_in("alice") as session:
        await done((await done(session.get_user("bob"))).report(field))
    told = scratch.world.journal[-1]
    assert (told.who, told.what, told.where, told.text) == (
        "alice",
        "reported",
        "profile:bob",
        field,
    )


async def test_comments_on_one_s_own_profile_go_off_and_on(log_in: LogIn, scratch: Scratch) -> None:
    bob = scratch.world.users["bob"]
    async with log_in("bob") as session:
        await done(session.user.toggle_commenting())
        assert not bob.comments_allowed
        await done(session.user.toggle_commenting())
        assert bob.comments_allowed


@pytest.mark.parametrize("text", ["bio", "status"])
async def test_one_s_own_profile_is_written(text: str, log_in: LogIn, scratch: Scratch) -> None:
    async with log_in("bob") as session:
        profile = session.user.profile
        await done(getattr(profile, f"set_{text}")("I like mazes & <b>"))
        assert getattr(profile, text) == "I like mazes & <b>"
        assert getattr(session.user.profile, text) == "I like mazes & <b>"
        again = await done(session.get_user("bob"))
        assert getattr(again.profile, text) == "I like mazes & <b>"
        others = (await done(session.get_user("alice"))).profile
        with pytest.raises(ForbiddenError):
            await done(getattr(others, f"set_{text}")("mine"))
        assert getattr(others, text) == ""


async def test_a_picture_is_uploaded_from_its_file(
    log_in: LogIn, scratch: Scratch, tmp_path: Path
) -> None:
    picture = tmp_path / "me.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\nme")
    async with log_in("bob") as session:
        await done(session.user.profile.set_avatar(str(picture)))
    assert scratch.world.assets["avatar/20002"] == picture.read_bytes()


async def test_the_featured_project_is_told(log_in: LogIn) -> None:
    async with log_in() as session:
        profile = (await done(session.get_user("scratchcat"))).profile
        featured = await done(profile.get_featured_project())
        assert (featured.id, featured.title, featured.author) == (
            104,
            "Cloud playground",
            "scratchcat",
        )
        profile = (await done(session.get_user("bob"))).profile
        assert await done(profile.get_featured_project()) is None


@pytest.mark.parametrize("label", LABELS)
async def test_a_project_is_featured_under_each_label(
    label: str, log_in: LogIn, scratch: Scratch
) -> None:
    async with log_in("bob") as session:
        profile = session.user.profile
        await done(profile.set_featured_project(label, await done(session.get_project(104))))
        assert (await done(profile.get_featured_project())).id == 104
        await done(profile.set_featured_project(label, "105"))
    bob = scratch.world.users["bob"]
    assert (bob.featured, bob.featured_label) == (scratch.world.projects[105], LABELS[label])
