"""How sessions are opened, logged in and closed, and what they keep to themselves."""

import gc
import subprocess
import sys
import threading
from typing import Any

import pytest

from scratchbot import AsyncScratchSession, ScratchSession
from scratchbot.errors import (
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
from tests.stderr import complaints
from tests.test_events import AT

pytestmark = pytest.mark.usefixtures("endpoint")


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
    assert complaints(done.stderr) == ""


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

    async def read_cloud(self, project_id: int | str, name: str, host: str) -> str:
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
    await AsyncScratchSession.over(lambda: site).reply(event, "hello")
    (request,) = site.asked
    assert request.json == {"content": "hello", "parent_id": 7, "commentee_id": 5}


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
