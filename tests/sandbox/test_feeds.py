"""What people are told: messages, alerts, and the feeds of what others did."""

import json

import pytest

from scratchbot.sandbox import Place
from tests.sandbox.site import SITE, Site, serving

pytestmark = pytest.mark.asyncio


async def unread(site: Site, name: str) -> int:
    told = await site.get(f"/users/{name}/messages/count")
    return int(told["count"])


@pytest.mark.parametrize("kind", ["notification", "invite"])
async def test_the_count_has_alerts_and_the_invitation_in_it_until_they_are_put_away(
    kind: str,
) -> None:
    async with serving() as site:
        site.sandbox.acts.clear_messages("newcomer")
        headers = await site.log_in("newcomer", "newcomer")
        if kind == "invite":
            site.sandbox.acts.invite_to_scratchers("newcomer")
            invitation = await site.get("/users/newcomer/invites", headers=headers)
            number = invitation["id"]
        else:
            site.sandbox.acts.alert("newcomer", "Please be kind.")
            [alert] = await site.get("/users/newcomer/messages/admin", headers=headers)
            number = alert["id"]
        assert await unread(site, "newcomer") == 1
        asked = {"alertType": kind, "alertId": number}
        path = "/site-api/messages/messages-delete/"
        for expected in (200, 404):
            status, _, _ = await site.ask("POST", SITE, path, json=asked, headers=headers)
            assert status == expected
        assert await unread(site, "newcomer") == 0


async def test_messages_and_feeds_come_newest_first() -> None:
    async with serving() as site:
        for user in site.world.users.values():
            login = await site.log_in(user.username, user.password) if not user.removed else None
            if login is None:
                continue
            for path in ("messages", "following/users/activity"):
                rows = await site.get(f"/users/{user.username}/{path}?limit=40", headers=login)
                times = [row["datetime_created"] for row in rows]
                assert times == sorted(times, reverse=True), (user.username, path)


async def test_the_feed_of_the_followed_tells_what_the_front_page_can_show() -> None:
    async with serving() as site:
        acts = site.sandbox.acts
        acts.add_project("alice", 26135902, 105)
        acts.post_comment("alice", Place("project", "104"), "hello")
        acts.edit_profile("alice", bio="I like mazes")
        acts.follow_studio("alice", 26135902)
        headers = await site.log_in("scratchcat", "hunter2")
        rows = await site.get("/users/scratchcat/following/users/activity", headers=headers)
        assert rows[0]["type"] == "followstudio"
        told = {row["type"] for row in rows}
        assert not told & {"addprojecttostudio", "addcomment", "editprofile"}


async def test_the_feed_of_a_class_tells_what_its_students_did() -> None:
    async with serving() as site:
        acts = site.sandbox.acts
        acts.post_comment("student-sam", Place("project", "104"), "hello")
        acts.edit_profile("student-sam", bio="I like mazes")
        acts.love("student-sam", 104)
        acts.follow("student-sam", "alice")
        hidden = acts.post_comment("student-sam", Place("project", "105"), "to be deleted")
        acts.delete_comment("scratchcat", hidden.id)
        headers = await site.log_in("teacher-tess", "chalkboard")
        path = "/site-api/classrooms/activity/156/student-sam/"
        status, text, _ = await site.ask("GET", SITE, path, headers=headers)
        assert status == 200
        rows = json.loads(text)
        assert [row["type"] for row in rows] == [0, 2, 25, 27]
        assert rows[-1]["comment_fragment"] == "hello"
        assert "to be deleted" not in text


async def test_emoji_are_pictures_in_answers() -> None:
    async with serving() as site:
        acts = site.sandbox.acts
        acts.post_comment("alice", Place("project", "104"), "_meow_ & _:'P_")
        [row] = await site.get("/users/scratchcat/projects/104/comments?limit=1")
        assert row["content"] == (
            '<img src="/images/emoji/meow.png" class="emoji" alt="meow emoji"> &amp; '
            '<img src="/images/emoji/lol-cat.png" class="emoji" alt="lol-cat emoji">'
        )
        acts.post_comment("alice", Place("profile", "bob"), "_meow_")
        _, text, _ = await site.ask("GET", SITE, "/site-api/comments/user/bob/")
        assert '/images/easter_eggs/meow.png" class="easter-egg">' in text
