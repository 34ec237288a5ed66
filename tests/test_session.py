"""The session page's examples that this path needs, as they stand there, and the rest of it."""

import gc
import subprocess
import sys
import threading
from typing import Any

import pytest

from scratchbot import AsyncScratchSession, ScratchSession
from scratchbot.errors import (
    CommentRejectedError,
    ForbiddenError,
    InputError,
    NotFoundError,
    NotLoggedInError,
    ScratchbotError,
    SiteDownError,
    WrongCredentialsError,
)
from scratchbot.events import CommentEvent
from scratchbot.site import Account
from scratchbot.wire.cloud import CloudChange
from scratchbot.wire.request import Answer, Request
from tests.scratch import Scratch, until
from tests.test_events import AT

pytestmark = pytest.mark.usefixtures("endpoint")


def test_the_examples_of_the_session_page_print_what_the_page_prints() -> None:
    session = ScratchSession("griffpatch", "realpassword")
    assert session.user is not None
    assert session.user.id == 1882674
    assert session.scraping.get_profile_comments("ceebee")[0].content == (
        "Pls ban @griffpatch he is hacking my account"
    )
    assert session.get_user("griffpatch").scratchteam is False
    assert session.get_project(60917032).title == "Appel v1.4"
    assert session.get_studio(26135902).owner == "Za-Chary"
    session.close()
    session = ScratchSession("scratchcat", "hunter2")
    assert session.get_messages(all=True)[0].actor == "griffpatch"
    messages = session.get_messages(limit=40, offset=10, filter="comments")
    assert messages[0].comment_fragment == "thank you my friend"
    session.close()


@pytest.mark.asyncio
async def test_the_same_examples_hold_when_awaited() -> None:
    async with AsyncScratchSession("griffpatch", "realpassword") as session:
        assert session.user is not None
        assert session.user.id == 1882674
        assert (await session.get_user("griffpatch")).scratchteam is False
        assert (await session.get_project(60917032)).title == "Appel v1.4"
        assert (await session.get_studio(26135902)).owner == "Za-Chary"
        assert (await session.scraping.get_profile_comments("ceebee"))[0].author == "scratchcat"
    async with AsyncScratchSession("scratchcat", "hunter2") as session:
        assert (await session.get_messages(all=True))[0].actor == "griffpatch"


def test_a_wrong_password_is_refused_without_repeating_it() -> None:
    with pytest.raises(WrongCredentialsError) as raised:
        ScratchSession("griffpatch", "wrongpassword")
    assert "wrongpassword" not in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_session_id_or_a_token_logs_in_without_a_password() -> None:
    with ScratchSession("alice", "wonderland") as first:
        with ScratchSession(session_id=first.session_id) as second:
            assert second.username == "alice"
            assert second.token == first.token
            assert second.user == first.user
        with ScratchSession("alice", token=first.token) as third:
            assert len(third.get_messages()) == len(first.get_messages())


def test_a_session_id_that_the_site_does_not_know_is_refused() -> None:
    with pytest.raises(WrongCredentialsError, match="session id"):
        ScratchSession(session_id="made:up:session")


def test_logging_out_ends_the_session_on_the_site() -> None:
    with ScratchSession("alice", "wonderland") as session:
        session_id = session.session_id
        assert session.logged_in
        assert session.csrf_token
        session.logout()
        assert not session.logged_in
        assert session.user is None
    with pytest.raises(WrongCredentialsError):
        ScratchSession(session_id=session_id)


def test_without_a_log_in_reading_works_and_acting_says_what_is_missing() -> None:
    with ScratchSession() as session:
        assert session.username is None
        assert session.csrf_token is None
        assert session.get_project(104).author.username == "scratchcat"
        with pytest.raises(NotLoggedInError, match="needs a log-in"):
            session.get_project(104).post_comment("hi")
        with pytest.raises(NotLoggedInError):
            session.get_messages()
        with pytest.raises(NotLoggedInError):
            session.set_cloud_variable(104, "foo", 1)
        with pytest.raises(NotLoggedInError):
            session.get_cloud_variable(104, "foo")


def test_a_project_s_comments_are_read_answered_and_deleted(scratch: Scratch) -> None:
    with ScratchSession("alice", "wonderland") as session:
        project = session.get_project("104")
        assert project.get_comments()[0].content == 'foo is <b>big</b> & I\'m "impressed"'
        posted = project.post_comment("first & <last>")
        assert (posted.author, posted.content) == ("alice", "first & <last>")
        reply = posted.reply("again")
        deeper = reply.reply("and again")
        assert [each.content for each in posted.get_replies()] == ["again", "and again"]
        assert {reply.parent_id, deeper.parent_id} == {posted.id}
        assert project.get_comment(posted.id).reply_count == 2
        posted.delete()
        with pytest.raises(NotFoundError):
            project.get_comment(posted.id)
        with pytest.raises(ForbiddenError):
            project.get_comments()[0].delete()


def test_a_studio_s_comments_are_read_answered_and_deleted() -> None:
    with ScratchSession("scratchcat", "hunter2") as session:
        studio = session.get_studio(26135902)
        assert studio.get_comments()[0].content == "May I add my game here?"
        posted = studio.post_comment("Yes!")
        assert [each.author for each in (posted.reply("a"), posted.reply("b"))] == [
            "scratchcat"
        ] * 2
        assert studio.get_comment(posted.id).get_replies(limit=1)[0].content == "a"
        studio.delete_comment(posted.id)
        assert studio.get_comments()[0].content == "May I add my game here?"


def test_a_profile_s_comments_are_read_answered_and_deleted() -> None:
    with ScratchSession("alice", "wonderland") as session:
        user = session.get_user("bob")
        posted = user.post_comment("hello <bob>")
        assert posted.reply("how are you?").parent_id == posted.id
        (thread,) = session.scraping.get_profile_comments("bob")
        assert (thread.content, thread.author, thread.author_id) == ("hello <bob>", "alice", 20001)
        assert [reply.content for reply in thread.replies] == ["how are you?"]
        user.delete_comment(thread.id)
        assert session.scraping.get_profile_comments("bob", all=True) == []


def test_a_list_is_read_page_by_page(scratch: Scratch) -> None:
    place = scratch.world.comments[500000001].place
    for number in range(95):
        scratch.acts.post_comment("bob", place, f"number {number}")
    with ScratchSession() as session:
        assert len(session.scraping.get_profile_comments("ceebee", all=True)) == 97
        assert session.scraping.get_profile_comments("ceebee", page=2)[0].content == "number 84"
    for number in range(95):
        scratch.acts.post_comment("bob", place.parse("project:105"), f"number {number}")
    with ScratchSession() as session:
        project = session.get_project(105)
        every = [comment.content for comment in project.get_comments(all=True)]
        assert every[:2] == ["number 94", "number 93"]
        assert len(every) == 98
        fifty = [comment.content for comment in project.get_comments(limit=50, offset=3)]
        assert fifty == every[3:53]


def test_a_studio_s_activity_is_read_over_pages_of_equal_times(scratch: Scratch) -> None:
    for _ in range(45):
        scratch.acts.add_project("alice", 26135902, 105)
        scratch.acts.remove_project("Za-Chary", 26135902, 105)
    with ScratchSession() as session:
        rows = session.get_studio(26135902).get_activity(all=True)
        assert len({row.id for row in rows}) == len(rows)
        assert rows[0].type == "removeprojectstudio"


def test_loves_favourites_and_follows_show_on_the_site(scratch: Scratch) -> None:
    with ScratchSession("bob", "builder") as session:
        project = session.get_project(105)
        before = project.love_count
        project.love()
        project.favorite()
        again = session.get_project(project)
        assert (again.love_count, again.favorite_count) == (before + 1, 1)
        project.unlove()
        project.unfavorite()
        assert session.get_project(105).love_count == before
        unread = session.get_user("griffpatch").get_message_count()
        session.get_user("griffpatch").follow()
        assert session.get_user("griffpatch").get_message_count() == unread + 1
        assert "griffpatch" in scratch.world.users["bob"].following
        session.get_user("griffpatch").unfollow()
        assert "griffpatch" not in scratch.world.users["bob"].following


def test_a_project_is_added_to_a_studio_and_taken_out() -> None:
    with ScratchSession("scratchcat", "hunter2") as session:
        studio = session.get_studio(26135902)
        studio.add_project(session.get_project(105))
        assert studio.get_activity(limit=1)[0].project_id == 105
        studio.remove_project(105)
        assert [row.type for row in studio.get_activity(limit=2)] == [
            "removeprojectstudio",
            "addprojecttostudio",
        ]
        assert {user.username for user in studio.get_managers()} == {"Za-Chary", "scratchcat"}


def test_the_following_feed_shows_what_the_followed_did(scratch: Scratch) -> None:
    scratch.acts.love("bob", 700000001)
    with ScratchSession("scratchcat", "hunter2") as session:
        newest = session.get_activity(limit=1)[0]
        assert (newest.type, newest.actor, newest.title) == (
            "loveproject",
            "bob",
            "Alice's first game",
        )


@pytest.mark.parametrize(
    ("where", "target"), [("project", "104"), ("studio", "26135902"), ("profile", "scratchcat")]
)
def test_reply_answers_an_event_in_its_own_thread(
    scratch: Scratch, where: str, target: str
) -> None:
    place = scratch.world.comments[500000001].place.parse(f"{where}:{target}")
    top = scratch.acts.post_comment("alice", place, "hi")
    event = CommentEvent(
        id="comment",
        name=f"comment.{where}",
        at=AT,
        source="test",
        comment_id=top.id,
        content="hi",
        author="alice",
        author_id=20001,
        where=where,  # type: ignore[arg-type]
        target=target,
    )
    with ScratchSession("bob", "builder") as session:
        answer = session.reply(event, "hello")
        assert (answer.author, answer.content, answer.parent_id) == ("bob", "hello", top.id)
        assert [reply.content for reply in top.replies.values()] == ["hello"]
        session.delete_comment(
            CommentEvent(**{**vars(event), "comment_id": answer.id, "author": "bob"})
        )
        assert not top.replies


def test_reply_answers_a_comment_object_too() -> None:
    with ScratchSession("bob", "builder") as session:
        comment = session.get_project(104).get_comments()[0]
        assert session.reply(comment, "yes").parent_id == comment.id


@pytest.mark.parametrize(
    ("text", "reason"),
    [("join discord.gg", "hasChatSite"), ("x", "isMuted"), ("x", "isDisallowed")],
)
def test_a_refused_comment_tells_the_site_s_own_reason(
    scratch: Scratch, text: str, reason: str
) -> None:
    if reason == "isDisallowed":
        scratch.world.projects[104].comments_allowed = False
        scratch.world.users["bob"].comments_allowed = False
    with ScratchSession("alice", "wonderland") as session:
        for post in (session.get_project(104).post_comment, session.get_user("bob").post_comment):
            scratch.world.users["alice"].muted_until = 4e9 if reason == "isMuted" else 0.0
            with pytest.raises(CommentRejectedError) as raised:
                post(text)
            assert raised.value.reason == reason
            assert bool(raised.value.muted_until) == (reason != "isDisallowed")


def test_a_word_that_is_not_allowed_mutes_and_tells_until_when() -> None:
    with ScratchSession("alice", "wonderland") as session:
        project, mutes = session.get_project(104), []
        for text, reason in (("a badword here", "isBad"), ("a good word", "isMuted")):
            with pytest.raises(CommentRejectedError) as raised:
                project.post_comment(text)
            assert raised.value.reason == reason
            mutes.append(raised.value.muted_until)
    assert mutes[0] is not None
    assert mutes[0] == mutes[1]


def test_input_that_cannot_be_right_is_refused_before_anything_is_asked() -> None:
    with ScratchSession("alice", "wonderland") as session:
        project = session.get_project(104)
        for wrong in (
            lambda: session.get_project("abc"),
            lambda: session.get_user("../x"),
            lambda: session.get_messages(filter="comment"),  # type: ignore[arg-type]
            lambda: session.get_messages(limit=-1),
            lambda: session.scraping.get_profile_comments("bob", page=68),
            lambda: project.post_comment(""),
            lambda: project.post_comment("x" * 501),
            lambda: session.set_cloud_variable(104, "foo", "abc"),
            lambda: session.set_cloud_variable(104, "foo", "1" * 257),
        ):
            with pytest.raises(InputError):
                wrong()


def test_set_cloud_variable_works_with_and_without_the_cloud_sign(scratch: Scratch) -> None:
    cloud = scratch.world.projects[104].cloud
    with ScratchSession("alice", "wonderland") as session:
        session.set_cloud_variable(104, "foo", 12.5)
        session.set_cloud_variable("104", "☁ ping", -3)

    async def arrived() -> None:
        await until(lambda: (cloud["☁ foo"], cloud["☁ ping"]) == ("12.5", "-3"))

    import asyncio

    asyncio.run(arrived())


def test_a_cloud_variable_is_read_as_the_server_knows_it(scratch: Scratch) -> None:
    with ScratchSession("alice", "wonderland") as session:
        assert session.get_cloud_variable(104, "foo") == "1391203129031"
        session.set_cloud_variable(104, "foo", 5)
        assert session.get_cloud_variable("104", "☁ foo") == "5"
        with pytest.raises(NotFoundError, match="no cloud variable 'fo'"):
            session.get_cloud_variable(104, "fo")


def test_a_closed_session_leaves_no_thread_and_says_that_it_is_closed() -> None:
    before = threading.active_count()
    session = ScratchSession("alice", "wonderland")
    session.close()
    session.close()
    assert threading.active_count() == before
    with pytest.raises(ScratchbotError, match="closed"):
        session.get_project(104)


def test_what_came_from_a_session_works_when_the_session_itself_is_held_no_more() -> None:
    before = threading.active_count()
    studio = ScratchSession("bob", "builder").get_studio(26135902)
    studio.accept_curator("bob")
    assert "bob" in [user.username for user in studio.get_curators()]
    cloud = ScratchSession("bob", "builder").create_cloud_connection(104)
    cloud.set_cloud_variable("foo", 5)
    assert cloud.get_cloud_variable("foo") == "5"
    del studio
    cloud.close()
    del cloud
    gc.collect()
    assert threading.active_count() == before


def test_one_s_own_projects_have_their_author_in_full() -> None:
    with ScratchSession("scratchcat", "hunter2") as session:
        (own, *_) = session.get_own_projects(sort="love_count")
        assert session.user is not None
        assert own.author.joined_timestamp == session.user.joined_timestamp
        assert own.author.avatar_URL == session.get_project(own.id).author.avatar_URL


def test_a_failed_log_in_leaves_no_thread() -> None:
    before = threading.active_count()
    with pytest.raises(WrongCredentialsError):
        ScratchSession("alice", "wrong")
    assert threading.active_count() == before


def test_a_session_that_is_never_closed_ends_quietly_with_its_program() -> None:
    code = (
        "from scratchbot import ScratchSession\n"
        "session = ScratchSession('alice', 'wonderland')\n"
        "session.set_cloud_variable(104, 'foo', 1)\n"
        "print(session.get_project(104).id)"
    )
    command = [sys.executable, "-X", "dev", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "104\n"
    assert done.stderr == ""


@pytest.mark.asyncio
async def test_the_synchronous_session_works_where_a_loop_runs_already() -> None:
    with ScratchSession("alice", "wonderland") as session:
        assert session.get_project(104).id == 104


def test_a_site_that_is_down_is_named_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCRATCHBOT_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(SiteDownError, match="is the sandbox running there"):
        ScratchSession("alice", "wonderland")


def test_secrets_do_not_show_in_any_representation() -> None:
    with ScratchSession("alice", "wonderland") as session:
        shown = " ".join(
            repr(each)
            for each in (
                session,
                session.user,
                vars(session),
                session._site,
                vars(session._site),
                session._site.account,
                session.get_project(104),
            )
        )
        assert session.token
        assert session.session_id
        for secret in ("wonderland", session.token, session.session_id):
            assert secret not in shown


class Listening:
    """A site that only writes down what it is asked."""

    def __init__(self) -> None:
        self.account = Account(username="bob", session_id="x")
        self.asked: list[Request[Any]] = []

    async def exchange(self, request: Request[Any]) -> Answer:
        self.asked.append(request)
        assert request.act is not None
        return Answer(status=200, body=request.act.rehearsed)

    async def change_cloud(self, change: CloudChange) -> None:
        raise NotImplementedError

    async def read_cloud(self, project_id: int, name: str, host: str) -> str:
        raise NotImplementedError


@pytest.mark.asyncio
async def test_an_answer_to_a_reply_goes_under_the_top_comment_to_its_author() -> None:
    site = Listening()
    event = CommentEvent(
        id="comment",
        name="comment.project",
        at=AT,
        source="test",
        comment_id=8,
        parent_id=7,
        content="hi",
        author="alice",
        author_id=5,
        where="project",
        target="104",
    )
    await AsyncScratchSession.over(site).reply(event, "hello")
    (request,) = site.asked
    assert request.json == {"content": "hello", "parent_id": 7, "commentee_id": 5}
