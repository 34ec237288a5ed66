"""Who may do what: roles, mutes, bans, log-ins that end, captchas and rate limits."""

import json
from typing import Any

import aiohttp
import pytest

from tests.sandbox.site import API, SITE, Site, serving

pytestmark = pytest.mark.asyncio


async def post(site: Site, headers: dict[str, str], content: str) -> dict[str, Any]:
    path = "/proxy/comments/project/104"
    body = {"content": content, "parent_id": "", "commentee_id": ""}
    _, text, _ = await site.ask("POST", API, path, json=body, headers=headers)
    said: dict[str, Any] = json.loads(text)
    return said


async def session(site: Site, headers: dict[str, str]) -> dict[str, Any]:
    asked = {**headers, "X-Requested-With": "XMLHttpRequest"}
    _, text, _ = await site.ask("GET", SITE, "/session/", headers=asked)
    said: dict[str, Any] = json.loads(text)
    return said


@pytest.mark.parametrize(
    ("name", "password", "permission"),
    [
        ("ceebee", "ceebee", "admin"),
        ("newcomer", "newcomer", "new_scratcher"),
        ("alice", "wonderland", "scratcher"),
        ("teacher-tess", "chalkboard", "educator"),
        ("student-sam", "homework", "student"),
    ],
)
async def test_the_session_tells_each_role(name: str, password: str, permission: str) -> None:
    async with serving() as site:
        told = await session(site, await site.log_in(name, password))
        assert told["permissions"][permission] is True


async def test_an_account_without_a_confirmed_address_may_neither_comment_nor_share() -> None:
    async with serving() as site:
        headers = await site.log_in("mailless-mia", "no-mail")
        assert (await session(site, headers))["flags"]["has_outstanding_email_confirmation"]
        assert (await post(site, headers, "hi"))["rejected"] == "isNotPermitted"


async def test_a_banned_account_is_told_so_and_can_do_nothing() -> None:
    async with serving() as site:
        headers = await site.log_in("banned-ben", "out-of-here")
        told = await session(site, headers)
        assert told["banned"] is True
        assert told["user"]["banned"] is True
        status, _, _ = await site.ask(
            "POST", API, "/proxy/comments/project/104", json={"content": "hi"}, headers=headers
        )
        assert status == 403


async def test_a_muted_account_can_neither_comment_nor_edit_its_studio() -> None:
    async with serving() as site:
        headers = await site.log_in("Za-Chary", "za-chary")
        site.sandbox.acts.mute("za-chary", 600)
        assert (await post(site, headers, "hi"))["rejected"] == "isMuted"
        path = "/site-api/galleries/all/26135902/"
        status, text, _ = await site.ask("PUT", SITE, path, json={"title": "x"}, headers=headers)
        assert status == 403
        assert json.loads(text)["mute_status"]["muteExpiresAt"] > 0
        site.sandbox.acts.mute("za-chary", 0)
        assert "id" in await post(site, headers, "hi again")


@pytest.mark.parametrize(
    ("text", "reason", "kind"),
    [
        ("what a BADWORD!", "isBad", "vulgarity"),
        ("you loser", "isUnconstructive", "unconstructive"),
        ("join https://discord.gg/abc", "hasChatSite", "chatsite"),
    ],
)
async def test_an_offence_mutes_and_longer_each_time(text: str, reason: str, kind: str) -> None:
    async with serving() as site:
        headers = await site.log_in("bob", "builder")
        lasted = []
        for _ in range(3):
            told = await post(site, headers, text)
            assert told["rejected"] == reason
            assert (await post(site, headers, "sorry"))["rejected"] == "isMuted"
            mute = told["status"]["mute_status"]
            assert mute["currentMessageType"] == kind
            lasted.append(mute["muteExpiresAt"] - mute["offenses"][-1]["createdAt"])
            site.later(lasted[-1] + 1)
        assert lasted == pytest.approx([300, 600, 900])
        assert mute["showWarning"] is True
        assert "id" in await post(site, headers, "sorry")


async def test_a_muted_network_is_told_with_the_number_of_its_case() -> None:
    async with serving() as site:
        headers = await site.log_in("bob", "builder")
        site.world.users["bob"].ip_muted = True
        told = await post(site, headers, "hi")
        assert told == {"rejected": "isIPMuted", "status": {}, "appealId": "case-20002"}


@pytest.mark.parametrize("limits", [True, False])
async def test_the_same_text_too_often_is_spam_unless_limits_are_off(limits: bool) -> None:
    async with serving(limits=limits) as site:
        headers = await site.log_in("bob", "builder")
        rejected = [(await post(site, headers, "again")).get("rejected") for _ in range(6)]
        assert rejected == [None] * 5 + (["isSpam"] if limits else [None])


async def test_two_reports_hide_a_comment_and_one_does_on_one_s_own_ground() -> None:
    async with serving() as site:
        acts, world = site.sandbox.acts, site.world
        comments = [one for one in world.comments.values() if str(one.place) == "project:105"]
        first, second = comments[0], comments[1]
        acts.report_comment("griffpatch", first.id)
        acts.report_comment(first.author.username, first.id)
        assert first.id in world.comments
        acts.report_comment("bob", first.id)
        assert first.id not in world.comments
        acts.report_comment("scratchcat", second.id)
        shown = await site.get("/users/scratchcat/projects/105/comments")
        assert not {first.id, second.id} & {row["id"] for row in shown}


async def test_a_session_ends_by_itself_by_log_out_and_by_the_site() -> None:
    async with serving() as site:
        headers = await site.log_in("alice", "wonderland")
        site.sandbox.sessions.close_all(site.world.users["alice"])
        assert "user" not in await session(site, headers)
        again = await site.log_in("alice", "wonderland")
        site.later(15 * 24 * 3600)
        assert "user" not in await session(site, again)
        status, _, _ = await site.ask("GET", API, "/users/alice/messages", headers=again)
        assert status == 403


async def test_wrong_passwords_lead_to_a_captcha_and_a_solved_one_passes() -> None:
    async with serving() as site:

        async def attempt(path: str, **said: str) -> dict[str, Any]:
            body = {"username": "alice", **said}
            headers = {"X-CSRFToken": "a", "Cookie": "scratchcsrftoken=a"}
            _, text, _ = await site.ask("POST", SITE, path, json=body, headers=headers)
            answer: dict[str, Any] = json.loads(text)[0]
            return answer

        tries = [(await attempt("/login/", password="x"))["num_tries"] for _ in range(5)]
        assert tries == [1, 2, 3, 4, 5]
        asked = await attempt("/login/", password="wonderland")
        assert asked["redirect"] == "/accounts/login-retry"
        solved = {"password": "wonderland", "g-recaptcha-response": "traffic lights"}
        assert (await attempt("/login_retry/", **solved))["success"] == 1
        site.sandbox.sessions.captcha = True
        assert "redirect" in await attempt("/login/", password="wonderland")


async def test_too_many_reads_and_writes_are_429_unless_limits_are_off() -> None:
    async with serving() as site:
        answers = [await site.ask("GET", API, "/projects/104") for _ in range(80)]
        refused = [answer for status, _, answer in answers if status == 429]
        assert refused
        assert int(refused[0].headers["Retry-After"]) >= 1
        headers = await site.log_in("alice", "wonderland")
        path = "/proxy/projects/105/loves/user/alice"
        loves = [await site.ask("POST", API, path, headers=headers) for _ in range(30)]
        assert 429 in [status for status, _, _ in loves]
    async with serving(limits=False) as site:
        answers = [await site.ask("GET", API, "/projects/104") for _ in range(80)]
        assert {status for status, _, _ in answers} == {200}


async def test_an_invited_newcomer_becomes_a_scratcher() -> None:
    async with serving() as site:
        headers = await site.log_in("newcomer", "newcomer")
        path = "/users/newcomer/promote-to-scratcher/"
        assert (await site.ask("GET", SITE, path, headers=headers))[0] == 403
        site.sandbox.acts.invite_to_scratchers("newcomer")
        assert (await site.get("/users/newcomer/invites", headers=headers))["unread"] == 1
        assert (await site.ask("GET", SITE, path, headers=headers))[0] == 302
        assert (await session(site, headers))["permissions"]["scratcher"] is True


async def test_nobody_sees_what_is_not_shared_but_its_author() -> None:
    async with serving() as site:
        own = await site.log_in("scratchcat", "hunter2")
        assert (await site.get("/projects/700000003", headers=own))["public"] is False
        for path in ("/projects/700000003", "/users/scratchcat/projects/700000003/comments"):
            assert (await site.ask("GET", API, path))[0] == 404
        site.sandbox.acts.love("alice", 105)
        site.sandbox.acts.unshare("scratchcat", 105)
        follower = await site.log_in("bob", "builder")
        feed = await site.get("/users/bob/following/users/activity", headers=follower)
        assert 105 not in [row.get("project_id") for row in feed]
        assert 105 not in [row["id"] for row in await site.get("/users/scratchcat/projects")]
        found = await site.get("/explore/projects?mode=popular")
        assert not {105, 700000003} & {row["id"] for row in found}
        assert 105 not in [row["id"] for row in await site.get("/studios/31000001/projects")]


async def test_the_old_site_redirects_to_the_slash_and_takes_double_ones() -> None:
    async with serving() as site:
        status, _, answer = await site.ask("GET", SITE, "/users/alice")
        assert (status, answer.headers["Location"]) == (301, "/users/alice/")
        status, _, answer = await site.ask("GET", API, "/news//?limit=1")
        assert (status, answer.headers["Location"]) == (308, "/news/?limit=1")


async def test_the_site_s_own_pages_may_ask_its_other_hosts() -> None:
    async with serving() as site:
        origin = {"Origin": "https://scratch.mit.edu"}
        _, _, answer = await site.ask("GET", API, "/projects/104", headers=origin)
        assert answer.headers["Access-Control-Allow-Origin"] == "https://scratch.mit.edu"
        preflight = {**origin, "Access-Control-Request-Method": "PUT"}
        status, _, _ = await site.ask("OPTIONS", API, "/projects/104", headers=preflight)
        assert status == 204
        _, _, answer = await site.ask(
            "GET", API, "/projects/104", headers={"Origin": "https://evil.example"}
        )
        assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    ("host", "path", "body"),
    [
        (API, "/proxy/comments/project/104", {"content": "forged"}),
        (API, "/proxy/projects/104/loves/user/alice", {}),
        (SITE, "/classes/student_update_registration/", {"password": "forged1"}),
        (SITE, "/site-api/comments/user/bob/add/", {"content": "forged"}),
    ],
)
async def test_the_session_cookie_alone_does_nothing(host: str, path: str, body: Any) -> None:
    async with serving() as site:
        headers = await site.log_in("alice", "wonderland")
        cookie = {"Cookie": headers["Cookie"]}
        status, _, _ = await site.ask("POST", host, path, json=body, headers=cookie)
        assert status == 403
        assert site.world.users["alice"].password == "wonderland"


async def test_only_students_complete_a_registration() -> None:
    async with serving() as site:
        path = "/classes/student_update_registration/"
        for name, password, expected in (
            ("alice", "wonderland", 403),
            ("student-sam", "homework", 200),
        ):
            headers = await site.log_in(name, password)
            asked = {"csrfmiddlewaretoken": "a", "password": "changed1"}
            status, _, _ = await site.ask("POST", SITE, path, data=asked, headers=headers)
            assert status == expected
        assert site.world.users["student-sam"].password == "changed1"


@pytest.mark.parametrize("name", ["", "a b/<i>", "x\r\nX-Evil: 1", "alice", "badword"])
async def test_a_student_s_name_is_one_that_the_site_takes(name: str) -> None:
    async with serving() as site:
        count = len(site.world.users)
        asked = {"username": name, "password": "secret1", "classroom_token": "a1b2c3d4e"}
        status, _, _ = await site.ask("POST", SITE, "/classes/register_new_student/", data=asked)
        assert (status, len(site.world.users)) == (400, count)


async def test_a_banned_educator_changes_nothing_in_class() -> None:
    async with serving() as site:
        headers = await site.log_in("teacher-tess", "chalkboard")
        site.sandbox.acts.ban("teacher-tess")
        for method, path in (
            ("PUT", "/site-api/users/all/student-sam/"),
            ("POST", "/classes/156/student_upload/"),
            ("PUT", "/site-api/classrooms/all/156/"),
        ):
            status, _, _ = await site.ask(method, SITE, path, json={"bio": "x"}, headers=headers)
            assert status == 403


async def test_a_deleted_account_comes_back_with_a_log_in() -> None:
    async with serving() as site:
        headers = await site.log_in("bob", "builder")
        path, asked = "/accounts/settings/delete_account/", {"password": "builder"}
        await site.ask("POST", SITE, path, data=asked, headers=headers)
        assert "user" not in await session(site, headers)
        assert site.world.users["bob"].leaving
        again = await site.log_in("bob", "builder")
        assert not site.world.users["bob"].leaving
        assert (await session(site, again))["user"]["username"] == "bob"


async def test_the_session_tells_what_an_account_has_to_do_first() -> None:
    async with serving() as site:
        headers = await site.log_in("student-sam", "homework")
        site.sandbox.acts.reset_student_password("teacher-tess", "student-sam", "another")
        assert (await session(site, headers))["flags"]["must_reset_password"] is True
        site.world.users["student-sam"].vpn_required = True
        assert (await session(site, headers))["vpn_required"] is True


@pytest.mark.parametrize("label", [5, 99])
async def test_a_label_that_there_is_not_is_refused_and_the_profile_stays(label: int) -> None:
    async with serving() as site:
        headers = await site.log_in("alice", "wonderland")
        path = "/site-api/users/all/alice/"
        asked = {"featured_project": 104, "featured_project_label": label}
        assert (await site.ask("PUT", SITE, path, json=asked, headers=headers))[0] == 400
        assert (await site.ask("GET", SITE, path))[0] == 200


async def test_a_picture_comes_in_a_form_of_several_parts() -> None:
    async with serving() as site:
        headers = await site.log_in("alice", "wonderland")
        picture = b"\x89PNG\r\n\x1a\n\x00\xff"
        asked = aiohttp.FormData()
        asked.add_field("file", picture, filename="a.png", content_type="image/png")
        path = "/site-api/users/all/alice/"
        assert (await site.ask("POST", SITE, path, data=asked, headers=headers))[0] == 200
        assert site.world.assets[f"avatar/{site.world.users['alice'].id}"] == picture
