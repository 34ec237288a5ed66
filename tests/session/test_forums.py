"""The discussion forums, and the pages of the old kind."""

from datetime import UTC, datetime

import pytest

from scratchbot.errors import ForbiddenError, InputError, NotFoundError, UnexpectedAnswerError
from tests.scratch import Scratch
from tests.session.forms import LogIn, done

pytestmark = pytest.mark.asyncio

TOPIC, POST = 700002, 7000002
SOURCE = "[b]Hi[/b] & <all>\n[scratchblocks]say [x][/scratchblocks]"


async def test_a_topic_is_started_and_posted_in(log_in: LogIn, scratch: Scratch) -> None:
    async with log_in("bob") as session:
        topic_id = await done(session.forums.create_topic("7", "A question & <more>", SOURCE))
        topic = scratch.world.topics[topic_id]
        assert (topic.title, topic.author.username) == ("A question & <more>", "bob")
        assert "bob" in topic.subscribers
        post_id = await done(session.forums.post(topic_id, "An answer"))
        assert [post.id for post in topic.posts] == [topic.posts[0].id, post_id]
        assert await done(session.forums.get_post_source(topic.posts[0].id)) == SOURCE


async def test_a_closed_topic_takes_no_post(log_in: LogIn, scratch: Scratch) -> None:
    scratch.world.topics[TOPIC].closed = True
    async with log_in("bob") as session:
        with pytest.raises(ForbiddenError, match="may be closed"):
            await done(session.forums.post(TOPIC, "hi"))


@pytest.mark.parametrize("text", ["", "  "])
async def test_a_post_without_a_text_is_said_not_to_be_taken(text: str, log_in: LogIn) -> None:
    async with log_in("bob") as session:
        with pytest.raises(UnexpectedAnswerError):
            await done(session.forums.post(TOPIC, text))


async def test_one_s_own_post_is_edited(log_in: LogIn, scratch: Scratch) -> None:
    async with log_in("scratchcat") as session:
        await done(session.forums.edit_post(POST, SOURCE))
        assert await done(session.forums.get_post_source(str(POST))) == SOURCE
    async with log_in("bob") as session:
        with pytest.raises(ForbiddenError):
            await done(session.forums.edit_post(POST, "mine"))


async def test_a_post_is_reported(log_in: LogIn, scratch: Scratch) -> None:
    async with log_in("bob") as session:
        await done(session.forums.report_post(POST, "off topic & more"))
    assert scratch.world.posts[POST].reports == [("bob", "off topic & more")]


async def test_a_topic_is_followed_and_no_longer(log_in: LogIn, scratch: Scratch) -> None:
    subscribers = scratch.world.topics[TOPIC].subscribers
    async with log_in("bob") as session:
        await done(session.forums.follow_topic(TOPIC))
        assert "bob" in subscribers
        await done(session.forums.unfollow_topic(str(TOPIC)))
        assert "bob" not in subscribers


async def test_the_signature_is_changed_and_read(log_in: LogIn, scratch: Scratch) -> None:
    async with log_in("scratchcat") as session:
        for source, shown in (
            ("I like [b]mazes[/b] & more", "I like <span"),
            ("[url=https://scratch.mit.edu/]here[/url]", "<a"),
            ("[color=red]r[/color] [i]i[/i]", "<span"),
        ):
            await done(session.forums.change_signature(source))
            assert scratch.world.users["scratchcat"].signature == source
            assert await done(session.scraping.get_signature(POST)) == source
            assert shown in await done(session.scraping.get_signature(POST, as_html=True))
        await done(session.forums.change_signature(""))
        assert await done(session.scraping.get_signature(POST)) == ""


async def test_the_newest_posts_of_a_topic_are_told(log_in: LogIn) -> None:
    async with log_in() as session:
        newest, first = await done(session.forums.get_latest_topic_posts(TOPIC))
        assert (newest.author, first.author, first.id) == ("alice", "scratchcat", POST)
        assert "Bots that behave" in first.title
        assert first.content == "How do you keep a bot from answering itself?"
        assert "<blockquote>" in newest.content
        assert str(POST) in first.link
        assert first.published.startswith("2022-03-31T08:00:00")


async def test_the_newest_posts_of_a_category_are_told(log_in: LogIn) -> None:
    async with log_in() as session:
        posts = await done(session.forums.get_latest_category_posts("31"))
        assert [post.author for post in posts] == ["alice", "scratchcat"]
        for missing in (session.forums.get_latest_topic_posts, session.scraping.get_signature):
            with pytest.raises(NotFoundError):
                await done(missing(1))


async def test_a_feed_reads_the_same_where_the_text_looks_like_markup(
    log_in: LogIn, scratch: Scratch
) -> None:
    scratch.acts.post_in_topic("bob", TOPIC, "<b> &amp; ]]> <?xml?> 🐱")
    async with log_in() as session:
        newest = (await done(session.forums.get_latest_topic_posts(TOPIC)))[0]
        assert newest.content == "&lt;b&gt; &amp;amp; ]]&gt; &lt;?xml?&gt; 🐱"


@pytest.mark.parametrize(
    ("name", "username", "count"),
    [
        ("get_follower_count", "alice", 3),
        ("get_following_count", "scratchcat", 4),
        ("get_favorited_count", "bob", 1),
        ("get_followed_studios_count", "alice", 1),
        ("get_curated_studios_count", "alice", 1),
        ("get_shared_projects_count", "scratchcat", 2),
    ],
)
async def test_counts_are_read_off_the_headings(
    name: str, username: str, count: int, log_in: LogIn
) -> None:
    async with log_in() as session:
        assert await done(getattr(session.scraping, name)(username)) == count
        user = await done(session.get_user(username))
        assert await done(getattr(session.scraping, name)(user=user)) == count
        with pytest.raises(NotFoundError):
            await done(getattr(session.scraping, name)("nobody-here"))


async def test_what_a_user_did_is_read_off_a_page(log_in: LogIn, scratch: Scratch) -> None:
    scratch.acts.love("bob", 104)
    scratch.acts.favorite("bob", 104)
    scratch.acts.follow("bob", "griffpatch")
    scratch.acts.follow_studio("bob", 26135902)
    async with log_in() as session:
        deeds = await done(session.scraping.get_user_activity("bob"))
        told = {deed.type: deed for deed in reversed(deeds)}
        assert told.keys() == {"loveproject", "favoriteproject", "followuser", "followstudio"}
        assert {deed.actor for deed in deeds} == {"bob"}
        assert (told["loveproject"].project_id, told["loveproject"].title) == (
            104,
            "Cloud playground",
        )
        assert told["followuser"].followed_username == "griffpatch"
        assert told["followstudio"].gallery_id == 26135902
        when = datetime.fromisoformat(deeds[0].created_timestamp)
        assert abs((datetime.now(UTC) - when).total_seconds()) < 3600
        newest = await done(session.scraping.get_user_activity("bob", max=2))
        # Their times differ by a second, since the page only says how long ago they were.
        assert [deed.type for deed in newest] == [deed.type for deed in deeds[:2]]
        with pytest.raises(InputError):
            await done(session.scraping.get_user_activity("bob", 0))


async def test_the_comments_of_a_profile_are_read_with_their_replies(
    log_in: LogIn, scratch: Scratch
) -> None:
    async with log_in("alice") as session:
        newest, oldest = await done(session.scraping.get_profile_comments("ceebee"))
        assert newest.content == "Pls ban @griffpatch he is hacking my account"
        assert (newest.author, newest.author_id, newest.user) == ("scratchcat", 101, "ceebee")
        assert oldest.created_timestamp == "2022-04-01T10:00:00Z"
        assert newest.replies == []
        assert newest.reply_count == 0
        await done(newest.reply("Why?"))
        again = (await done(session.scraping.get_profile_comments("ceebee")))[0]
        (reply,) = again.replies
        assert (reply.content, reply.parent_id, reply.commentee_id) == ("Why?", newest.id, 101)
        await done(reply.delete())
        assert (await done(session.scraping.get_profile_comments("ceebee")))[0].replies == []
