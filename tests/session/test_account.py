"""The account: its messages, its state, its settings."""

from typing import Any

import pytest

from scratchbot.errors import (
    ForbiddenError,
    NotLoggedInError,
    WrongCredentialsError,
)
from tests.scratch import Scratch
from tests.session.forms import LogIn, done

pytestmark = pytest.mark.asyncio

FILTERS = {
    "comments": {"addcomment"},
    "projects": {"loveproject", "favoriteproject", "remixproject"},
    "studios": {"curatorinvite", "studioactivity", "becomeownerstudio", "becomehoststudio"},
    "forums": {"forumpost"},
}


async def test_messages_are_told_newest_first(log_in: LogIn) -> None:
    async with log_in("scratchcat") as session:
        newest = (await done(session.get_messages(limit=1)))[0]
        assert (newest.type, newest.actor, newest.actor_id) == (
            "loveproject",
            "griffpatch",
            1882674,
        )
        assert (newest.project_id, newest.title) == (104, "Cloud playground")
        assert newest.comment_id is None
        everything = await done(session.get_messages(all=True))
        assert everything[0] == newest
        assert everything[-1].type == "userjoin"
        times = [message.created_timestamp for message in everything]
        assert times == sorted(times, reverse=True)
        assert await done(session.get_messages(limit=3, offset=2)) == everything[2:5]


async def test_a_message_of_a_comment_tells_where_it_stands(log_in: LogIn) -> None:
    async with log_in("scratchcat") as session:
        comments = await done(session.get_messages(filter="comments"))
        newest = comments[0]
        assert newest.comment_fragment == 'foo is <b>big</b> & I\'m "impressed"'
        assert (newest.comment_type, newest.comment_obj_id) == (0, 104)
        assert newest.comment_obj_title == "Cloud playground"
        assert (
            newest.comment_id
            == (await done((await done(session.get_project(104))).get_comments()))[0].id
        )
        assert {message.comment_type for message in comments} == {0, 1}


async def test_messages_of_studios_remixes_and_forums_tell_their_own_fields(
    log_in: LogIn, scratch: Scratch
) -> None:
    scratch.acts.promote_curator("Za-Chary", 26135902, "alice")
    scratch.acts.transfer_studio("Za-Chary", 26135902, "alice", "za-chary")
    remix = scratch.acts.create_project("bob", {}, "A remix", 700000001)
    scratch.acts.share("bob", remix.id)
    scratch.acts.follow_topic("alice", 700001)
    scratch.acts.post_in_topic("bob", 700001, "hello")
    scratch.acts.favorite("bob", 700000001)
    scratch.acts.follow("griffpatch", "alice")
    async with log_in("alice") as session:
        told = {one.type: one for one in await done(session.get_messages(all=True))}
    assert told["followuser"].followed_username == "alice"
    assert told["favoriteproject"].project_title == "Alice's first game"
    assert (told["forumpost"].topic_id, told["forumpost"].topic_title) == (
        700001,
        "Wiki Wednesday",
    )
    assert (told["remixproject"].parent_id, told["remixproject"].title) == (700000001, "A remix")
    for kind in ("becomehoststudio", "becomeownerstudio"):
        assert told[kind].gallery_id == 26135902
        assert told[kind].recipient_username == "alice"


@pytest.mark.parametrize("filter", FILTERS)
async def test_a_filter_leaves_only_its_messages(filter: str, log_in: LogIn) -> None:
    async with log_in("bob") as session:
        everything = await done(session.get_messages(all=True))
        found = await done(session.get_messages(all=True, filter=filter))
        assert found == [message for message in everything if message.type in FILTERS[filter]]


async def test_messages_are_marked_as_read_only_when_asked(log_in: LogIn, scratch: Scratch) -> None:
    unread = scratch.world.users["scratchcat"].unread
    assert unread
    async with log_in("scratchcat") as session:
        await done(session.get_messages())
        assert scratch.world.users["scratchcat"].unread == unread
        await done(session.mark_messages_read())
        assert scratch.world.users["scratchcat"].unread == 0


async def test_the_team_s_messages_are_told_apart(log_in: LogIn) -> None:
    async with log_in("bob") as session:
        (alert,) = await done(session.get_alerts())
        assert alert.message == "Please read the community guidelines."
        assert alert.created_timestamp == "2022-04-01T09:00:00.000Z"
        assert await done(session.get_alerts(all=True)) == [alert]
        assert await done(session.get_alerts(offset=1)) == []


async def test_an_invitation_to_scratchers_is_told_and_accepted(
    log_in: LogIn, scratch: Scratch
) -> None:
    async with log_in("newcomer") as session:
        assert await done(session.get_invitation()) is None
        with pytest.raises(ForbiddenError):
            await done(session.accept_invitation())
        scratch.acts.invite_to_scratchers("newcomer")
        assert (await done(session.get_invitation())).id > 0
        assert not (await done(session.get_account_status())).scratcher
        await done(session.accept_invitation())
        assert (await done(session.get_account_status())).scratcher


async def test_the_feed_tells_what_the_followed_did(log_in: LogIn, scratch: Scratch) -> None:
    scratch.acts.love("bob", 700000001)
    async with log_in("scratchcat") as session:
        newest = (await done(session.get_activity(limit=1)))[0]
        assert (newest.type, newest.actor) == ("loveproject", "bob")
        assert newest.title == "Alice's first game"
        assert (await done(session.get_activity(limit=2)))[1:] == await done(
            session.get_activity(limit=1, offset=1)
        )


@pytest.mark.parametrize(
    ("username", "told"),
    [
        ("scratchcat", {"scratcher", "social"}),
        ("ceebee", {"scratcher", "social", "team"}),
        ("newcomer", {"social"}),
        ("teacher-tess", {"scratcher", "social", "educator"}),
        ("student-sam", {"scratcher", "social", "student"}),
        ("mailless-mia", {"scratcher", "email_unconfirmed"}),
    ],
)
async def test_the_site_tells_what_an_account_is(
    username: str, told: set[str], log_in: LogIn
) -> None:
    async with log_in(username) as session:
        status = await done(session.get_account_status())
        assert status.username == username
        flags = {name for name, value in vars(status).items() if value is True}
        assert flags == told
        assert status.mute is None


async def test_a_mute_is_told_with_its_end(log_in: LogIn) -> None:
    async with log_in("muted-max") as session:
        mute = (await done(session.get_account_status())).mute
        assert mute is not None
        assert mute.ends.isoformat() == "2100-01-01T00:00:00+00:00"


async def test_the_country_is_changed(log_in: LogIn, scratch: Scratch) -> None:
    async with log_in("bob") as session:
        await done(session.change_country("Antarctica"))
        assert (await done(session.get_user("bob"))).profile.country == "Antarctica"


async def test_a_password_is_changed_by_who_knows_it(log_in: LogIn, scratch: Scratch) -> None:
    async with log_in("bob") as session:
        with pytest.raises(WrongCredentialsError, match="old password is wrong") as raised:
            await done(session.change_password("not-mine", "another-word"))
        assert "another-word" not in str(raised.value)
        await done(session.change_password("builder", "another-word"))
        assert scratch.world.users["bob"].password == "another-word"


async def test_an_e_mail_address_is_changed_by_who_knows_the_password(
    log_in: LogIn, scratch: Scratch
) -> None:
    bob = scratch.world.users["bob"]
    async with log_in("bob") as session:
        with pytest.raises(WrongCredentialsError, match="password is wrong"):
            await done(session.change_email("b@example.org", "not-mine"))
        assert bob.email == "bob@example.org"
        await done(session.change_email("b@example.org", "builder"))
        assert (bob.email, bob.email_confirmed) == ("b@example.org", False)


@pytest.mark.parametrize("activities", [True, False])
@pytest.mark.parametrize("teacher_tips", [True, False])
async def test_e_mails_are_chosen(
    activities: bool, teacher_tips: bool, log_in: LogIn, scratch: Scratch
) -> None:
    chosen = {"activities": activities, "teacher_tips": teacher_tips}
    async with log_in("bob") as session:
        await done(session.change_email_subscription(**chosen))
        kept = scratch.world.users["bob"].subscriptions
        assert kept == {name for name, wanted in chosen.items() if wanted}
        await done(session.change_email_subscription())
        assert scratch.world.users["bob"].subscriptions == set()


@pytest.mark.parametrize(
    ("username", "free"), [("free-name", True), ("griffpatch", False), ("x", False)]
)
async def test_it_is_told_whether_a_name_is_free(username: str, free: bool, log_in: LogIn) -> None:
    async with log_in() as session:
        assert await done(session.is_valid_username(username)) is free


async def test_a_password_is_checked(log_in: LogIn) -> None:
    async with log_in("bob") as session:
        assert await done(session.check_password("builder")) is True
        assert await done(session.check_password("wonderland")) is False


NEEDING: list[tuple[str, tuple[Any, ...]]] = [
    ("get_messages", ()),
    ("mark_messages_read", ()),
    ("get_alerts", ()),
    ("get_invitation", ()),
    ("accept_invitation", ()),
    ("get_activity", ()),
    ("get_account_status", ()),
    ("change_country", ("Antarctica",)),
    ("change_password", ("a", "b")),
    ("change_email", ("a@example.org", "b")),
    ("change_email_subscription", ()),
    ("check_password", ("a",)),
    ("logout", ()),
    ("create_project", ({},)),
    ("create_studio", ()),
    ("empty_trash", ("a",)),
    ("get_own_projects", ()),
    ("get_own_studios", ()),
    ("upload_asset", (b"x", "png")),
    ("get_backpack", ()),
    ("add_to_backpack", ("script", "W10=", "application/json", "code", "W10=")),
    ("create_cloud_connection", (104,)),
    ("set_cloud_variable", (104, "foo", 1)),
    ("get_cloud_variable", (104, "foo")),
]


@pytest.mark.parametrize(("name", "values"), NEEDING)
async def test_what_needs_a_log_in_says_so_and_asks_nothing(
    name: str, values: tuple[Any, ...], log_in: LogIn, scratch: Scratch
) -> None:
    async with log_in() as session:
        with pytest.raises(NotLoggedInError, match="log-in"):
            await done(getattr(session, name)(*values))
        assert session.username is session.user is session.csrf_token is session.token is None
        assert session.logged_in is False
    assert not scratch.sandbox.requests.requests
