"""The sandbox's answers, asked for by a plain HTTP client that knows nothing of ours."""

import base64
import json
import zlib

import pytest
from bs4 import BeautifulSoup
from yarl import URL

from scratchbot.sandbox import Place
from tests.sandbox.site import API, SITE, capture, serving, shape

pytestmark = pytest.mark.asyncio


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/users/ceebee", "user_team"),
        ("/projects/104", "project"),
        ("/studios/26135902", "studio"),
        ("/users/scratchcat/projects/104/comments", "comments"),
        ("/users/scratchcat/messages/count", "messages_count"),
        ("/users/gdpr0000001", "user_removed"),
        ("/news", "news"),
        ("/classrooms/156", "classroom"),
    ],
)
async def test_answers_have_the_shape_of_the_captured_ones(path: str, name: str) -> None:
    async with serving() as site:
        ours, theirs = shape(await site.get(path)), shape(capture(name))
        assert json.dumps(ours) == json.dumps(theirs)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/site-api/projects/all/104/", "site_api_project"),
        ("/site-api/users/all/scratchcat/", "site_api_user"),
        ("/accounts/check_username/scratchcat/", "check_username"),
        ("/statistics/data/daily/", "statistics_daily"),
        ("/statistics/data/monthly-ga/", "statistics_monthly_ga"),
    ],
)
async def test_old_answers_have_the_shape_of_the_captured_ones(path: str, name: str) -> None:
    async with serving() as site:
        _, text, _ = await site.ask("GET", SITE, path)
        ours = json.loads(text)
        if name == "site_api_user":
            ours["featured_project_label_id"] = ours["featured_project_label_id"] or 2
        assert json.dumps(shape(ours)) == json.dumps(shape(capture(name)))


async def test_the_remix_tree_has_the_shape_of_the_captured_one() -> None:
    async with serving() as site:
        _, text, answer = await site.ask("GET", SITE, "/projects/105/remixtree/bare/")
        ours, theirs = json.loads(text), capture("remixtree")
        assert answer.content_type == "text/plain"
        assert list(ours)[-1] == "root_id" == list(theirs)[-1]
        (theirs_root, *_), ours_root = theirs.values(), ours["105"]
        assert json.dumps(shape(ours_root)) == json.dumps(shape(theirs_root))


async def test_a_refused_profile_comment_has_the_shape_of_the_captured_one() -> None:
    async with serving() as site:
        headers = await site.log_in("bob", "builder")
        for content in ("come to discord.gg", "and now?"):
            _, text, _ = await site.ask(
                "POST",
                SITE,
                "/site-api/comments/user/alice/add/",
                json={"content": content},
                headers=headers,
            )
        script = BeautifulSoup(text, "html.parser").select_one("script#error-data")
        assert script is not None
        ours, theirs = json.loads(script.get_text()), capture("comment_muted_profile")
        assert json.dumps(shape(ours)) == json.dumps(shape(theirs))
        assert ours["error"] == theirs["error"] == "isMuted"


async def test_a_reply_has_the_shape_of_the_captured_one() -> None:
    async with serving() as site:
        replied = next(c for c in site.world.comments.values() if c.place.key == "104" and c.parent)
        assert replied.parent is not None
        path = f"/users/scratchcat/projects/104/comments/{replied.parent.id}/replies"
        assert shape((await site.get(path))[0]) == shape(capture("comment_reply"))


async def test_the_cloud_log_has_the_shape_of_the_captured_one() -> None:
    async with serving() as site:
        site.sandbox.acts.set_cloud("alice", 104, "☁ foo", "1")
        _, text, _ = await site.ask("GET", "clouddata.scratch.mit.edu", "/logs?projectid=104")
        assert json.dumps(shape(json.loads(text))) == json.dumps(shape(capture("cloud_logs")))


async def test_a_session_id_can_be_decoded_as_the_site_s() -> None:
    async with serving() as site:
        headers = await site.log_in("alice", "wonderland")
        session = headers["Cookie"].split('"')[1]
        packed, time, signature = session.split(":")
        raw = packed.strip(".") + "=" * (-len(packed.strip(".")) % 4)
        contents = json.loads(zlib.decompress(base64.urlsafe_b64decode(raw)))
        assert contents["username"] == "alice"
        assert contents["token"] == headers["X-Token"]
        assert time
        assert signature


@pytest.mark.parametrize("path", ["/login", "/login/", "/accounts/login/"])
async def test_a_wrong_password_is_403_with_a_list_of_one(path: str) -> None:
    async with serving() as site:
        status, text, answer = await site.ask(
            "POST",
            SITE,
            path,
            json={"username": "alice", "password": "x"},
            headers={"X-CSRFToken": "a", "Cookie": "scratchcsrftoken=a"},
        )
    assert status == 403
    assert json.loads(text)[0]["success"] == 0
    assert "scratchsessionsid" not in answer.headers["Set-Cookie"]


async def test_the_session_tells_who_is_logged_in_to_scripts_only() -> None:
    async with serving() as site:
        headers = await site.log_in("alice", "wonderland")
        status, _, _ = await site.ask("GET", SITE, "/session/", headers=headers)
        assert status == 302
        asked = {**headers, "X-Requested-With": "XMLHttpRequest"}
        _, text, _ = await site.ask("GET", SITE, "/session/", headers=asked)
        assert json.loads(text)["user"]["username"] == "alice"
        await site.ask("POST", SITE, "/accounts/logout/", headers=headers)
        _, text, _ = await site.ask("GET", SITE, "/session/", headers=asked)
        assert "user" not in json.loads(text)


ACTS = [
    ("POST", API, "/proxy/comments/project/104"),
    ("POST", API, "/proxy/comments/studio/26135902"),
    ("DELETE", API, "/proxy/comments/project/104/comment/500000003"),
    ("POST", API, "/proxy/projects/104/loves/user/alice"),
    ("POST", API, "/projects/104/favorites/user/alice"),
    ("PUT", API, "/projects/104"),
    ("POST", API, "/studios/26135902/project/104"),
    ("POST", SITE, "/site-api/comments/user/alice/add/"),
    ("POST", SITE, "/site-api/comments/user/alice/del/"),
    ("PUT", SITE, "/site-api/users/followers/alice/add/"),
    ("POST", SITE, "/site-api/messages/messages-clear/"),
]


@pytest.mark.parametrize(("method", "host", "path"), ACTS)
async def test_nobody_acts_without_a_log_in(method: str, host: str, path: str) -> None:
    async with serving() as site:
        status, _, _ = await site.ask(method, host, path, json={"content": "x"})
    assert status == 403


@pytest.mark.parametrize(("method", "host", "path"), [a for a in ACTS if a[1] == SITE])
async def test_the_old_site_wants_a_csrf_token_too(method: str, host: str, path: str) -> None:
    async with serving() as site:
        headers = await site.log_in("bob", "builder")
        del headers["X-CSRFToken"]
        status, page, _ = await site.ask(method, host, path, json={"content": "x"}, headers=headers)
    assert status == 403
    assert "CSRF verification failed. Request aborted." in page


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "/proxy/comments/project/104/comment/500000003"),
        ("POST", "/proxy/projects/104/loves/user/bob"),
        ("PUT", "/projects/104"),
    ],
)
async def test_nobody_acts_on_what_is_another_s(method: str, path: str) -> None:
    async with serving() as site:
        headers = await site.log_in("griffpatch", "realpassword")
        status, _, _ = await site.ask(method, API, path, json={}, headers=headers)
    assert status == 403


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "isEmpty"),
        ("   ", "isEmpty"),
        ("x" * 501, "isTooLong"),
        ("what a BADWORD", "isBad"),
        ("muted", "isMuted"),
        ("off", "isDisallowed"),
    ],
)
async def test_a_rejected_comment_is_200_with_the_reason(content: str, reason: str) -> None:
    async with serving() as site:
        headers = await site.log_in("bob", "builder")
        if reason == "isMuted":
            site.world.users["bob"].muted_until = 2e9
        if reason == "isDisallowed":
            site.world.projects[104].comments_allowed = False
            site.world.users["alice"].comments_allowed = False
        body = {"content": content, "parent_id": "", "commentee_id": ""}
        path = "/proxy/comments/project/104"
        status, text, _ = await site.ask("POST", API, path, json=body, headers=headers)
        assert (status, json.loads(text)["rejected"]) == (200, reason)
        told = reason in ("isMuted", "isBad")
        assert ("mute_status" in json.loads(text)["status"]) == told
        site.world.users["bob"].muted_until = 2e9 if reason == "isMuted" else 0.0
        path = "/site-api/comments/user/alice/add/"
        status, text, _ = await site.ask("POST", SITE, path, json=body, headers=headers)
        script = BeautifulSoup(text, "html.parser").select_one("script#error-data")
        assert script is not None
        assert (status, json.loads(script.get_text())["error"]) == (200, reason)


@pytest.mark.parametrize("limits", [True, False])
async def test_too_many_comments_are_a_flood_unless_limits_are_off(limits: bool) -> None:
    async with serving(limits=limits) as site:
        headers = await site.log_in("bob", "builder")
        rejected = []
        for number in range(12):
            _, text, _ = await site.ask(
                "POST",
                API,
                "/proxy/comments/project/104",
                data=json.dumps({"content": str(number)}),
                headers=headers,
            )
            rejected.append(json.loads(text).get("rejected"))
    assert ("isFlood" in rejected) is limits
    assert rejected[:10] == [None] * 10


@pytest.mark.parametrize("limit", ["41", "0", "-1", "x"])
async def test_a_limit_over_40_or_no_limit_at_all_is_an_error(limit: str) -> None:
    async with serving() as site:
        status, _, _ = await site.ask("GET", API, f"/users/alice/projects?limit={limit}")
    assert status == 400


@pytest.mark.parametrize(
    "path",
    [
        "/users/nobody",
        "/projects/9",
        "/projects/x",
        "/studios/9",
        "/users/alice/projects/104/comments",
        "/users/scratchcat/projects/104/comments/9",
    ],
)
async def test_what_is_not_there_is_404(path: str) -> None:
    async with serving() as site:
        status, text, _ = await site.ask("GET", API, path)
    assert (status, json.loads(text)["code"]) == (404, "NotFound")


async def test_messages_are_their_reader_s_own() -> None:
    async with serving() as site:
        headers = await site.log_in("alice", "wonderland")
        status, _, _ = await site.ask("GET", API, "/users/bob/messages", headers=headers)
        assert status == 403
        assert await site.get("/users/alice/messages", headers=headers)


async def test_a_love_shows_in_every_answer_that_carries_it() -> None:
    async with serving() as site:
        headers = await site.log_in("bob", "builder")
        before = (await site.get("/projects/105"))["stats"]["loves"]
        unread = (await site.get("/users/scratchcat/messages/count"))["count"]
        path = "/proxy/projects/105/loves/user/bob"
        for changed in (True, False):
            _, text, _ = await site.ask("POST", API, path, headers=headers)
            answer = json.loads(text)
            assert answer == {"projectId": "105", "userLove": True, "statusChanged": changed}
        assert (await site.get("/projects/105"))["stats"]["loves"] == before + 1
        assert (await site.get("/users/scratchcat/messages/count"))["count"] == unread + 1
        owner = await site.log_in("scratchcat", "hunter2")
        newest = (await site.get("/users/scratchcat/messages?limit=1", headers=owner))[0]
        assert (newest["type"], newest["project_id"]) == ("loveproject", 105)
        feed = "/users/scratchcat/following/users/activity?limit=1"
        assert (await site.get(feed, headers=owner))[0]["type"] == "loveproject"
        await site.ask("DELETE", API, path, headers=headers)
        assert (await site.get("/projects/105"))["stats"]["loves"] == before
        assert (await site.get("/users/scratchcat/messages/count"))["count"] == unread


async def test_a_deleted_comment_vanishes_everywhere() -> None:
    async with serving() as site:
        acts, place = site.sandbox.acts, Place("project", "105")
        top = acts.post_comment("alice", place, "top")
        reply = acts.post_comment("bob", place, "reply", top.id)
        owner = await site.log_in("scratchcat", "hunter2")
        messages = "/users/scratchcat/messages?limit=2&filter=comments"
        told = [row["comment_id"] for row in await site.get(messages, headers=owner)]
        assert told == [reply.id, top.id]
        acts.delete_comment("alice", top.id)
        told = [row["comment_id"] for row in await site.get(messages, headers=owner)]
        assert not {top.id, reply.id} & set(told)
        for number in (top.id, reply.id):
            path = f"/users/scratchcat/projects/105/comments/{number}"
            assert (await site.ask("GET", API, path))[0] == 404


async def test_a_reply_to_a_reply_goes_under_the_top_comment() -> None:
    async with serving() as site:
        acts, place = site.sandbox.acts, Place("studio", "26135902")
        top = acts.post_comment("alice", place, "top")
        reply = acts.post_comment("bob", place, "reply", top.id)
        deeper = acts.post_comment("alice", place, "deeper", reply.id, 20002)
        assert deeper.parent is top
        assert deeper.commentee is not None
        assert deeper.commentee.username == "bob"


async def test_what_people_write_is_escaped() -> None:
    evil = "<script>alert(1)</script> & 'quotes' \"too\""
    async with serving() as site:
        site.sandbox.acts.post_comment("bob", Place("project", "104"), evil)
        site.sandbox.acts.post_comment("bob", Place("profile", "alice"), evil)
        (row,) = await site.get("/users/scratchcat/projects/104/comments?limit=1")
        assert row["content"] == (
            "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &apos;quotes&apos; &quot;too&quot;"
        )
        _, page, _ = await site.ask("GET", SITE, "/site-api/comments/user/alice/?page=1")
        assert "<script" not in page


async def test_profile_pages_end() -> None:
    async with serving() as site:
        for page, status in ((1, 200), (2, 404), (68, 404)):
            path = f"/site-api/comments/user/ceebee/?page={page}"
            assert (await site.ask("GET", SITE, path))[0] == status


async def test_only_the_own_page_of_the_sandbox_may_act_for_people() -> None:
    async with serving() as site:
        host = f"127.0.0.1:{site.http._base_url.port}"  # type: ignore[union-attr]
        deed = {"act": "love", "who": "bob", "place": "project:104"}
        for origin in ("https://evil.example", "null", ""):
            headers = {"Origin": origin} if origin else {}
            status, _, _ = await site.ask("POST", host, "/sandbox/act", json=deed, headers=headers)
            assert status == 403
        own = {"Origin": f"http://{host}"}
        status, text, _ = await site.ask("POST", host, "/sandbox/act", json=deed, headers=own)
        assert (status, json.loads(text)) == (200, {"message": ""})
        assert "bob" in site.world.projects[104].loves
        comment = {"act": "comment", "who": "bob", "place": "profile:alice", "text": "badword"}
        _, text, _ = await site.ask("POST", host, "/sandbox/act", json=comment, headers=own)
        assert "isBad" in json.loads(text)["message"]
        status, text, _ = await site.ask("GET", host, "/sandbox/state?place=project:104")
        assert json.loads(text)["journal"][0]["what"] == "loved"


@pytest.mark.parametrize("name", ["api.", "projects.", "assets.", "backpack.", "uploads.", "cdn2."])
async def test_no_host_of_the_api_shows_the_sandbox_s_own_page(name: str) -> None:
    async with serving() as site:
        status, text, _ = await site.ask("GET", f"{name}scratch.mit.edu", "/")
        assert status in (404, 405)
        assert json.loads(text)["code"] in ("ResourceNotFound", "MethodNotAllowed")


@pytest.mark.parametrize("host", ["scratch.mit.edu", "anything.example", "127.0.0.1:8080"])
async def test_people_find_the_sandbox_s_page_at_the_site_and_anywhere_else(host: str) -> None:
    async with serving() as site:
        status, text, _ = await site.ask("GET", host, "/")
        assert (status, "Scratch sandbox" in text) == (200, True)


@pytest.mark.parametrize(
    ("path", "moved"),
    [
        ("/users/a%2Fb%3Fc", "/users/a%2Fb%3Fc/"),
        ("/users/a%0d%0aX?b=%0a", "/users/a%0D%0AX/?b=%0A"),
    ],
)
async def test_a_redirect_keeps_what_was_asked(path: str, moved: str) -> None:
    async with serving() as site:
        asked = URL(path, encoded=True)
        status, _, answer = await site.ask("GET", SITE, asked)
        assert (status, answer.headers["Location"].lower()) == (301, moved.lower())


async def test_a_host_may_be_asked_with_its_port() -> None:
    async with serving() as site:
        status, text, _ = await site.ask("GET", f"{SITE}:443", "/users/nobody-here/")
        assert (status, "Whoops!" in text) == (404, True)
