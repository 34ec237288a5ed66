"""Comments on projects and in studios, threads, and answers to what a bot has seen."""

from typing import Any

import pytest

from scratchbot.errors import CommentRejectedError, ForbiddenError, NotFoundError
from scratchbot.events import CommentEvent
from scratchbot.wire.request import MAX_PAGE
from tests.scratch import Scratch
from tests.session.conftest import Asked
from tests.session.forms import LogIn, done, every
from tests.test_events import AT

pytestmark = pytest.mark.asyncio

GROUNDS = {"project": 104, "studio": 26135902}


async def ground(session: Any, kind: str) -> Any:
    return await done(getattr(session, f"get_{kind}")(GROUNDS[kind]))


def place_of(scratch: Scratch, place: str) -> Any:
    return scratch.world.comments[500000001].place.parse(place)


@pytest.fixture(params=GROUNDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Give each kind of thing that has comments."""
    return str(request.param)


async def test_a_comment_tells_what_the_site_does(log_in: LogIn) -> None:
    async with log_in() as session:
        project = await done(session.get_project(104))
        comment = (await done(project.get_comments()))[0]
        assert comment.content == 'foo is <b>big</b> & I\'m "impressed"'
        assert (comment.author, comment.author_id) == ("bob", 20002)
        assert (comment.parent_id, comment.commentee_id, comment.reply_count) == (None, None, 0)
        assert comment.created_timestamp == "2022-04-02T09:11:00.000Z"
        assert (comment.visible, comment.project) == (True, project)
        studio = await done(session.get_studio(26135902))
        (comment,) = await done(studio.get_comments())
        assert (comment.content, comment.studio) == ("May I add my game here?", studio)


async def test_what_the_site_says_of_a_person_takes_memory_once_in_a_list(
    kind: str, log_in: LogIn, scratch: Scratch
) -> None:
    place = place_of(scratch, f"{kind}:{GROUNDS[kind]}")
    for number in range(MAX_PAGE + 1):
        scratch.acts.post_comment("alice", place, f"number {number}")
    async with log_in() as session:
        there = await ground(session, kind)
        newest, *_, oldest = await done(there.get_comments(limit=MAX_PAGE + 1))
        assert newest.raw["author"] is oldest.raw["author"]


async def test_comments_are_posted_answered_and_deleted(
    kind: str, log_in: LogIn, asked: Asked
) -> None:
    async with log_in("alice") as session:
        place = await ground(session, kind)
        posted = await done(place.post_comment("first & <last>"))
        assert (posted.author, posted.content) == ("alice", "first & <last>")
        reply = await done(posted.reply("again"))
        deeper = await done(reply.reply("and again"))
        assert f'"parent_id": {posted.id}' in asked.now()[-1].asked, "there are two levels only"
        sent = await done(place.post_comment("by hand", str(posted.id), posted.author_id))
        assert {one.parent_id for one in (reply, deeper, sent)} == {posted.id}
        assert {one.author for one in (reply, deeper, sent)} == {"alice"}
        found = await done(posted.get_replies())
        assert [one.content for one in found] == ["again", "and again", "by hand"]
        assert (await done(posted.get_replies(limit=1, offset=1)))[0] == found[1]
        assert (await done(place.get_comment(str(posted.id)))).reply_count == 3
        await done(reply.delete())
        assert [one.id for one in await done(posted.get_replies())] == [deeper.id, sent.id]
        await done(posted.delete())
        with pytest.raises(NotFoundError, match=str(posted.id)):
            await done(place.get_comment(posted.id))


async def test_an_answer_belongs_to_where_it_was_given(kind: str, log_in: LogIn) -> None:
    async with log_in("alice") as session:
        place = await ground(session, kind)
        answer = await done((await done(place.get_comments()))[0].reply("hi"))
        assert getattr(answer, kind) is place


async def test_another_s_comment_is_not_deleted(kind: str, log_in: LogIn) -> None:
    async with log_in("demo-bot") as session:
        place = await ground(session, kind)
        with pytest.raises(ForbiddenError):
            await done((await done(place.get_comments()))[0].delete())


async def test_a_comment_is_reported(kind: str, log_in: LogIn, scratch: Scratch) -> None:
    async with log_in("demo-bot") as session:
        comment = (await done((await ground(session, kind)).get_comments()))[0]
        await done(comment.report())
    assert scratch.world.comments[comment.id].reporters == {"demo-bot"}


@pytest.mark.parametrize("act", ["delete_comment", "report_comment"])
async def test_a_studio_s_manager_takes_a_comment_away_by_its_number(
    act: str, log_in: LogIn, scratch: Scratch
) -> None:
    async with log_in("scratchcat") as session:
        studio = await done(session.get_studio(26135902))
        (comment,) = await done(studio.get_comments())
        await done(getattr(studio, act)(str(comment.id)))
        assert await done(studio.get_comments()) == []


async def test_threads_are_read_with_all_replies(
    kind: str, log_in: LogIn, scratch: Scratch, asked: Asked
) -> None:
    place = place_of(scratch, f"{kind}:{GROUNDS[kind]}")
    for count in (0, 1, 95):
        top = scratch.acts.post_comment("bob", place, f"top of {count}")
        for number in range(count):
            scratch.acts.post_comment("alice", place, f"reply {number}", top.id)
    async with log_in() as session:
        there = await ground(session, kind)
        threads = await done(there.get_comment_threads(limit=3))
        assert [thread.top.content for thread in threads] == ["top of 95", "top of 1", "top of 0"]
        assert [len(thread.replies) for thread in threads] == [95, 1, 0]
        told = [reply.content for reply in threads[0].replies]
        assert told == [f"reply {number}" for number in range(95)]
        assert {getattr(reply, kind) for reply in threads[0].replies} == {there}
        everything = await done(there.get_comment_threads(all=True))
        assert [thread.top for thread in everything] == await every(there.comments)
        assert await done(there.get_comment_threads(limit=2, offset=1)) == everything[1:3]
        asked.now()
        await done(there.get_comment_threads(limit=1, offset=2))
        assert len(asked.now()) == 1, "a top comment without replies is not asked for them"


@pytest.mark.parametrize("text", ["☃ ünïcode 🐱", "a\nb", " spaces around ", "&amp; <b>", "_meow_"])
async def test_a_text_comes_back_as_it_was_typed(text: str, kind: str, log_in: LogIn) -> None:
    async with log_in("alice") as session:
        place = await ground(session, kind)
        posted = await done(place.post_comment(text))
        assert (await done(place.get_comment(posted.id))).content == text


REJECTED = [("join discord.gg", "hasChatSite"), ("x", "isMuted"), ("x", "isDisallowed")]


@pytest.mark.parametrize(("text", "reason"), REJECTED)
async def test_a_refused_comment_tells_the_site_s_own_reason(
    text: str, reason: str, log_in: LogIn, scratch: Scratch
) -> None:
    if reason == "isDisallowed":
        scratch.world.projects[104].comments_allowed = False
        scratch.world.studios[26135902].comments_allowed = False
        scratch.world.users["bob"].comments_allowed = False
    async with log_in("alice") as session:
        places = [await ground(session, kind) for kind in GROUNDS]
        for place in (*places, await done(session.get_user("bob"))):
            scratch.world.users["alice"].muted_until = 4e9 if reason == "isMuted" else 0.0
            with pytest.raises(CommentRejectedError) as raised:
                await done(place.post_comment(text))
            assert raised.value.reason == reason
            assert bool(raised.value.muted_until) == (reason != "isDisallowed")
            assert "\n" not in str(raised.value)


async def test_a_word_that_is_not_allowed_mutes_and_tells_until_when(log_in: LogIn) -> None:
    async with log_in("alice") as session:
        project, mutes = await done(session.get_project(104)), []
        for text, reason in (("a badword here", "isBad"), ("a good word", "isMuted")):
            with pytest.raises(CommentRejectedError) as raised:
                await done(project.post_comment(text))
            assert raised.value.reason == reason
            mutes.append(raised.value.muted_until)
    assert mutes[0] is not None
    assert mutes[0] == mutes[1]


async def test_a_muted_network_is_told_with_the_number_of_its_case(
    log_in: LogIn, scratch: Scratch
) -> None:
    scratch.world.users["alice"].ip_muted = True
    async with log_in("alice") as session:
        project = await done(session.get_project(104))
        with pytest.raises(CommentRejectedError) as raised:
            await done(project.post_comment("hi"))
    assert (raised.value.reason, raised.value.appeal_id) == ("isIPMuted", "case-20001")


@pytest.mark.parametrize("place", ["project:104", "studio:26135902", "profile:scratchcat"])
async def test_an_event_is_answered_in_its_own_thread_and_deleted(
    place: str, log_in: LogIn, scratch: Scratch
) -> None:
    top = scratch.acts.post_comment("alice", place_of(scratch, place), "hi")
    where, target = place.split(":")
    facts: dict[str, Any] = {
        "id": "comment",
        "name": f"comment.{where}",
        "at": AT,
        "source": "test",
        "comment_id": top.id,
        "content": "hi",
        "author": "alice",
        "author_id": 20001,
        "where": where,
        "target": target,
    }
    async with log_in("bob") as session:
        answer = await done(session.reply(CommentEvent(**facts), "hello"))
        assert (answer.author, answer.content, answer.parent_id) == ("bob", "hello", top.id)
        assert [reply.content for reply in top.replies.values()] == ["hello"]
        deeper = {**facts, "comment_id": answer.id, "parent_id": top.id, "author": "bob"}
        assert (await done(session.reply(CommentEvent(**deeper), "more"))).parent_id == top.id
        await done(session.delete_comment(CommentEvent(**deeper)))
        assert [reply.content for reply in top.replies.values()] == ["more"]
        await done(session.report_comment(CommentEvent(**facts)))
        assert top.reporters == {"bob"}


async def test_a_comment_in_hand_is_answered_and_deleted_by_the_session(
    log_in: LogIn, scratch: Scratch
) -> None:
    async with log_in("scratchcat") as session:
        project, studio = [await ground(session, kind) for kind in GROUNDS]
        tops = [
            (await done(project.get_comments()))[0],
            (await done(studio.get_comments()))[0],
            (await done(session.scraping.get_profile_comments("scratchcat")))[0],
        ]
        for top in tops:
            assert (await done(session.reply(top, "yes"))).parent_id == top.id
            await done(session.delete_comment(top))
            assert top.id not in scratch.world.comments


async def test_a_comment_in_hand_is_reported_by_the_session(
    log_in: LogIn, scratch: Scratch
) -> None:
    async with log_in("demo-bot") as session:
        comment = (await done((await ground(session, "project")).get_comments()))[0]
        await done(session.report_comment(comment))
    assert scratch.world.comments[comment.id].reporters == {"demo-bot"}
