"""A bot at work in the sandbox."""

import asyncio
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from scratchbot import AsyncScratchSession, Bot, Plugin, ScratchSession
from scratchbot.aio.store import AsyncStore
from scratchbot.engines.local import LocalEngine
from scratchbot.errors import (
    NotFoundError,
    NotLoggedInError,
    PermissionDeniedError,
    SettingsError,
    StoreError,
)
from scratchbot.events import (
    ActivityEvent,
    BotErrorEvent,
    CloudSetEvent,
    CommentEvent,
    Event,
    MessageEvent,
)
from scratchbot.sandbox import Place
from scratchbot.settings import Credentials, Network, Settings
from scratchbot.watch import (
    Activity,
    Cloud,
    Messages,
    ProfileComments,
    ProjectComments,
    StudioActivity,
    StudioComments,
    Watch,
)
from tests.running import running
from tests.scratch import Scratch, until

pytestmark = pytest.mark.asyncio

PROJECT, STUDIO, PROFILE = (
    Place("project", "104"),
    Place("studio", "26135902"),
    Place("profile", "bob"),
)


def greeter() -> Bot:
    bot = Bot("greeter")
    bot.watch(ProjectComments(104), StudioComments(26135902), ProfileComments("bob"))

    @bot.on("comment")
    async def greet(event: CommentEvent, session: AsyncScratchSession) -> None:
        await session.reply(event, f"Hello, @{event.author}!")

    return bot


@pytest.mark.parametrize("place", [PROJECT, STUDIO, PROFILE], ids=str)
async def test_a_comment_is_answered_in_its_own_thread(scratch: Scratch, place: Place) -> None:
    async with running(greeter(), scratch) as record:
        comment = scratch.acts.post_comment("alice", place, "hi & <bye>")
        await until(lambda: comment.replies)
    (answer,) = comment.replies.values()
    assert (answer.author.username, answer.content) == ("demo-bot", "Hello, @alice!")
    (event,) = [e for e in record.named("comment") if isinstance(e, CommentEvent)][:1]
    assert event.id == f"comment:{place}:{comment.id}"
    assert (event.author, event.content, event.parent_id) == ("alice", "hi & <bye>", None)
    assert (event.where, event.target) == (place.kind, place.key)


@pytest.mark.parametrize("place", [PROJECT, STUDIO, PROFILE], ids=str)
async def test_a_reply_under_a_comment_is_an_event_too(scratch: Scratch, place: Place) -> None:
    top = scratch.acts.post_comment("bob", place, "before the bot came")
    scratch.acts.post_comment("alice", place, "this too", top.id)
    async with running(greeter(), scratch) as record:
        reply = scratch.acts.post_comment("alice", place, "now", top.id)
        await until(lambda: len(top.replies) == 3)
    seen = [e for e in record.named("comment") if isinstance(e, CommentEvent)]
    assert [(e.comment_id, e.parent_id) for e in seen if e.author != "demo-bot"] == [
        (reply.id, top.id)
    ]


async def test_what_was_there_before_the_bot_is_not_answered(scratch: Scratch) -> None:
    before = scratch.acts.post_comment("alice", PROJECT, "old")
    async with running(greeter(), scratch):
        after = scratch.acts.post_comment("alice", PROJECT, "new")
        await until(lambda: after.replies)
    assert not before.replies


async def test_a_deletion_that_brings_an_old_comment_back_is_no_event(scratch: Scratch) -> None:
    for number in range(45):
        scratch.acts.post_comment("bob", PROJECT, f"old {number}")
    newest = scratch.acts.post_comment("alice", PROJECT, "to be deleted")
    async with running(greeter(), scratch) as record:
        scratch.acts.delete_comment("alice", newest.id)
        after = scratch.acts.post_comment("alice", PROJECT, "new")
        await until(lambda: after.replies)
    authors = [e.author for e in record.named("comment") if isinstance(e, CommentEvent)]
    assert authors.count("bob") == 0


async def test_a_burst_larger_than_a_page_is_answered_whole_and_in_order(scratch: Scratch) -> None:
    bot, said = Bot("bot"), []
    bot.watch(ProjectComments(104))

    @bot.on("comment")
    async def listen(event: CommentEvent) -> None:
        said.append(event.content)

    def burst() -> None:
        for number in range(100):
            scratch.sandbox.acts.post_comment("alice", PROJECT, str(number))

    async with running(bot, scratch):
        scratch.do(burst)
        await until(lambda: len(said) >= 100)
    assert said == [str(number) for number in range(100)]


async def test_the_bot_does_not_answer_itself(scratch: Scratch) -> None:
    async with running(greeter(), scratch) as record:
        comment = scratch.acts.post_comment("alice", PROJECT, "hi")
        await until(lambda: len(record.named("comment")) == 2)
        second = scratch.acts.post_comment("alice", PROJECT, "hi again")
        await until(lambda: second.replies)
    assert len(comment.replies) == 1


async def test_a_comment_seen_by_a_watch_and_in_the_messages_is_one_event(
    scratch: Scratch,
) -> None:
    bot = greeter()
    bot.watch(Messages(), ProfileComments("demo-bot"))
    async with running(bot, scratch) as record:
        comment = scratch.acts.post_comment("alice", Place("profile", "demo-bot"), "hi")
        await until(lambda: record.named("message") and record.named("comment"))
        scratch.acts.post_comment("alice", PROJECT, "later")
        await until(lambda: len(record.named("comment.project")) == 2)
    about = [e for e in record.events if isinstance(e, CommentEvent | MessageEvent)]
    mine = [e.name for e in about if e.comment_id == comment.id]
    assert sorted(mine) == ["comment.profile", "message.addcomment"]
    assert len(comment.replies) == 1


async def test_messages_tell_who_loved_followed_and_commented(scratch: Scratch) -> None:
    bot, got = Bot("bot"), []
    bot.watch(Messages())

    @bot.on("message")
    async def listen(event: MessageEvent) -> None:
        got.append((event.type, event.actor, event.project_id))

    settings = Credentials(username="scratchcat", password="hunter2")
    async with running(bot, scratch, login=settings) as record:
        scratch.acts.love("bob", 104)
        scratch.acts.follow("griffpatch", "scratchcat")
        comment = scratch.acts.post_comment("bob", PROJECT, "x" * 300)
        await until(lambda: len(got) == 3 and record.named("comment"))
    assert sorted(got, key=str) == [
        ("addcomment", "bob", None),
        ("followuser", "griffpatch", None),
        ("loveproject", "bob", 104),
    ]
    (event,) = record.named("comment")
    assert isinstance(event, CommentEvent)
    assert (event.comment_id, event.content) == (comment.id, "x" * 300)


async def test_a_message_whose_comment_is_gone_is_a_message_only(scratch: Scratch) -> None:
    bot = Bot("bot")
    bot.watch(Messages())
    profile = Place("profile", "demo-bot")
    async with running(bot, scratch) as record:

        def post_and_remove() -> None:
            comment = scratch.sandbox.acts.post_comment("alice", profile, "gone soon")
            del scratch.world.threads[profile][comment.id]

        scratch.do(post_and_remove)
        scratch.acts.follow("alice", "demo-bot")
        await until(lambda: record.named("message.followuser"))
    assert record.named("message.addcomment")
    assert not record.named("comment")


async def test_activity_of_the_followed_and_of_a_studio_are_events(scratch: Scratch) -> None:
    bot, got = Bot("bot"), []
    bot.watch(Activity(), StudioActivity(26135902))

    @bot.on("activity")
    async def listen(event: ActivityEvent) -> None:
        got.append((event.source, event.name, event.actor, event.studio_id))

    async with running(bot, scratch):
        scratch.acts.love("alice", 105)
        scratch.acts.add_project("bob", 26135902, 105)
        await until(lambda: len(got) == 2)
    assert sorted(got, key=str) == [
        ("activity", "activity.loveproject", "alice", None),
        ("studio-activity:26135902", "activity.addprojecttostudio", "bob", 26135902),
    ]


async def test_a_cloud_variable_is_heard_and_answered(scratch: Scratch) -> None:
    bot, heard = Bot("bot"), []
    bot.watch(Cloud(104))

    @bot.on("cloud.set", variable="ping")
    async def pong(event: CloudSetEvent, session: AsyncScratchSession) -> None:
        heard.append((event.value, event.previous, event.project_id))
        await session.set_cloud_variable(104, "pong", event.value)

    async with running(bot, scratch) as record:
        scratch.acts.set_cloud("alice", 104, "☁ ping", "5")
        scratch.acts.set_cloud("alice", 104, "☁ ping", "6")
        await until(lambda: scratch.world.projects[104].cloud["☁ pong"] == "6")
        scratch.acts.set_cloud("alice", 104, "☁ new", "1")
        scratch.acts.delete_cloud("alice", 104, "☁ new")
        await until(lambda: record.named("cloud.delete"))
    assert heard == [("5", "0", 104), ("6", "5", 104)]
    names = [event.name for event in record.named("cloud")]
    assert names == ["cloud.connect", "cloud.set", "cloud.set", "cloud.create", "cloud.delete"]


async def test_a_plain_function_runs_in_a_thread_with_the_synchronous_session(
    scratch: Scratch,
) -> None:
    bot, threads = Bot("bot"), []
    bot.watch(ProjectComments(104))

    @bot.on("comment.project", project_id=104)
    def answer(event: CommentEvent, session: ScratchSession, store: Any) -> None:
        threads.append(threading.current_thread())
        store.set("count", store.get("count", 0) + 1)
        session.reply(event, f"{session.get_project(104).title} {store.get('count')}")

    async with running(bot, scratch):
        comment = scratch.acts.post_comment("alice", PROJECT, "hi")
        await until(lambda: comment.replies)
    assert [reply.content for reply in comment.replies.values()] == ["Cloud playground 1"]
    assert threads[0] is not threading.main_thread()


async def test_a_command_parses_its_words_and_replies_what_it_returns(scratch: Scratch) -> None:
    bot = Bot("bot")
    bot.watch(ProjectComments(104))

    @bot.command("!add")
    async def add(event: CommentEvent, a: int, b: int = 1) -> str:
        return f"{event.author}: {a + b}"

    @bot.command("!shout")
    def shout(text: str) -> str:
        return text.upper()

    async with running(bot, scratch):
        asked = ["!add 2 3", "!add 2", "!add two", "!shout hello there", "no command"]
        posted = [scratch.acts.post_comment("alice", PROJECT, text) for text in asked]
        await until(lambda: all(comment.replies for comment in posted[:-1]))
    answers = [[r.content for r in comment.replies.values()] for comment in posted]
    assert answers == [
        ["alice: 5"],
        ["alice: 3"],
        ["a must be a whole number. Write it like this: !add <a> [b]"],
        ["HELLO THERE"],
        [],
    ]


async def test_a_command_replies_with_a_number_too_and_not_with_true(scratch: Scratch) -> None:
    bot = Bot("counting")
    bot.watch(ProjectComments(104))

    @bot.command("!half")
    async def half(number: int) -> float:
        return number / 2

    @bot.command("!done")
    async def done() -> bool:
        return True

    async with running(bot, scratch):
        done_asked, half_asked = (
            scratch.acts.post_comment("alice", PROJECT, text) for text in ("!done", "!half 5")
        )
        await until(lambda: half_asked.replies)
    assert [reply.content for reply in half_asked.replies.values()] == ["2.5"]
    assert not done_asked.replies


async def test_a_slow_handler_delays_only_itself(scratch: Scratch) -> None:
    bot, quick, release = Bot("bot"), [], asyncio.Event()
    bot.watch(ProjectComments(104))

    @bot.on("comment")
    async def slow(event: CommentEvent) -> None:
        await release.wait()

    @bot.on("comment")
    async def fast(event: CommentEvent) -> None:
        quick.append(event.content)

    async with running(bot, scratch):
        scratch.acts.post_comment("alice", PROJECT, "1")
        scratch.acts.post_comment("alice", PROJECT, "2")
        await until(lambda: quick == ["1", "2"])
        release.set()


async def test_a_failing_handler_fires_bot_error_and_the_next_event_still_comes(
    scratch: Scratch,
) -> None:
    bot, errors, after = Bot("bot"), [], []
    bot.watch(ProjectComments(104))

    @bot.on("comment", retries=0)
    async def fragile(event: CommentEvent) -> None:
        if event.content == "boom":
            raise RuntimeError("it broke")
        after.append(event.content)

    @bot.on("bot.error", retries=0)
    async def failed(event: BotErrorEvent) -> None:
        errors.append((event.handler, event.error, event.event_id))
        raise RuntimeError("a handler of errors must not call itself")

    async with running(bot, scratch) as record:
        comment = scratch.acts.post_comment("alice", PROJECT, "boom")
        scratch.acts.post_comment("alice", PROJECT, "fine")
        await until(lambda: after and errors and len(record.runs) == 3)
    name = f"bot.{fragile.__qualname__}"
    assert errors == [(name, "RuntimeError: it broke", f"comment:project:104:{comment.id}")]


async def test_a_dry_run_shows_what_would_be_done_and_sends_nothing(scratch: Scratch) -> None:
    bot = greeter()
    bot.watch(Cloud(104))

    @bot.on("cloud.set", variable="ping")
    async def pong(event: CloudSetEvent, session: AsyncScratchSession) -> None:
        await session.set_cloud_variable(104, "pong", event.value)

    settings = Settings(network=Network(endpoint=scratch.address, limits=False), dry_run=True)
    async with running(bot, scratch, settings=settings) as record:
        comments = [scratch.acts.post_comment("alice", p, "hi") for p in (PROJECT, STUDIO, PROFILE)]
        scratch.acts.set_cloud("alice", 104, "☁ ping", "5")
        await until(lambda: len(record.runs) == 4)
    assert sorted(str(act) for _, act, rehearsed in record.acts if rehearsed) == sorted(
        [
            f"comment.reply project:104:comment:{comments[0].id} 'Hello, @alice!'",
            f"comment.reply studio:26135902:comment:{comments[1].id} 'Hello, @alice!'",
            f"comment.reply profile:bob:comment:{comments[2].id} 'Hello, @alice!'",
            "cloud.set cloud:104:pong '5'",
        ]
    )
    assert not any(outcome.error for _, outcome in record.runs)
    assert not any(comment.replies for comment in comments)
    assert scratch.world.projects[104].cloud["☁ pong"] == "0"


@pytest.mark.parametrize("allowed", [False, True])
async def test_social_acts_need_the_owner_s_word(scratch: Scratch, allowed: bool) -> None:
    bot, refused = Bot("bot"), []
    bot.watch(ProjectComments(104))

    @bot.on("comment")
    async def love(session: AsyncScratchSession) -> None:
        try:
            await (await session.get_project(104)).love()
        except PermissionDeniedError as error:
            refused.append(str(error))

    settings = Settings(
        network=Network(endpoint=scratch.address, limits=False),
        permissions=frozenset({"social"} if allowed else ()),
    )
    async with running(bot, scratch, settings=settings) as record:
        scratch.acts.post_comment("alice", PROJECT, "hi")
        await until(lambda: record.runs)
    assert ("demo-bot" in scratch.world.projects[104].loves) is allowed
    assert bool(refused) is not allowed
    if refused:
        assert "'social'" in refused[0]


@dataclass(frozen=True)
class Config:
    greeting: str


async def test_a_plugin_has_its_own_store_config_and_permissions(scratch: Scratch) -> None:
    plugin = Plugin("polite", config=Config, permissions=["comment.reply"])
    plugin.watch(ProjectComments(104))
    seen: list[object] = []

    @plugin.on("comment")
    async def greet(
        event: CommentEvent, session: AsyncScratchSession, store: AsyncStore, config: Config
    ) -> None:
        await store.set("who", event.author)
        await session.reply(event, config.greeting)
        with pytest.raises(PermissionDeniedError, match=r"comment\.delete"):
            await session.delete_comment(event)

    bot = Bot("bot")
    bot.include(plugin)

    @bot.on("comment")
    async def look(store: AsyncStore) -> None:
        seen.append(await store.get("who"))

    settings = Settings(
        network=Network(endpoint=scratch.address, limits=False),
        plugins={"polite": {"greeting": "Good day"}},
    )
    async with running(bot, scratch, settings=settings) as record:
        comment = scratch.acts.post_comment("alice", PROJECT, "hi")
        await until(lambda: len(record.runs) == 2)
    assert [reply.content for reply in comment.replies.values()] == ["Good day"]
    assert seen == [None]
    assert not any(outcome.error for _, outcome in record.runs)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"polite": {}}, "needs a value for 'greeting'"),
        ({"polite": {"greeting": 3}}, "must be a text"),
        ({"polite": {"greting": "x"}}, "no setting 'greting'"),
        ({"rude": {}}, "includes no such plugin"),
    ],
)
async def test_wrong_settings_of_a_plugin_stop_the_start(
    scratch: Scratch, table: dict[str, dict[str, object]], said: str
) -> None:
    bot = Bot("bot")
    bot.include(Plugin("polite", config=Config))
    with pytest.raises(SettingsError, match=said):
        async with running(bot, scratch, settings=Settings(plugins=table)):
            pass


async def test_progress_outlives_a_restart(scratch: Scratch, tmp_path: Path) -> None:
    store = tmp_path / "bot.db"
    async with running(greeter(), scratch, store=store):
        first = scratch.acts.post_comment("alice", PROJECT, "one")
        await until(lambda: first.replies)
    second = scratch.acts.post_comment("alice", PROJECT, "while the bot was away")
    async with running(greeter(), scratch, store=store):
        await until(lambda: second.replies)
        third = scratch.acts.post_comment("alice", PROJECT, "three")
        await until(lambda: third.replies)
    assert [len(comment.replies) for comment in (first, second, third)] == [1, 1, 1]


async def test_a_run_that_was_cut_off_runs_again_after_a_restart(
    scratch: Scratch, tmp_path: Path
) -> None:
    def bot_that(answers: bool) -> Bot:
        bot = Bot("bot")
        bot.watch(ProjectComments(104))

        @bot.on("comment")
        async def answer(event: CommentEvent, session: AsyncScratchSession) -> None:
            if not answers:
                started.set()
                await asyncio.sleep(3600)
            await session.reply(event, "here I am")

        return bot

    started = asyncio.Event()
    from scratchbot.runtime import daemon

    patch = pytest.MonkeyPatch()
    patch.setattr(daemon, "GRACE", 0.1)
    async with running(bot_that(False), scratch, store=tmp_path / "bot.db"):
        comment = scratch.acts.post_comment("alice", PROJECT, "hi")
        await until(started.is_set)
    patch.undo()
    assert not comment.replies
    async with running(bot_that(True), scratch, store=tmp_path / "bot.db"):
        await until(lambda: comment.replies)


async def test_a_cloud_value_that_changed_while_the_bot_was_away_is_an_event(
    scratch: Scratch, tmp_path: Path
) -> None:
    bot = Bot("bot")
    bot.watch(Cloud(104))
    async with running(bot, scratch, store=tmp_path / "bot.db") as record:
        scratch.acts.set_cloud("alice", 104, "☁ ping", "1")
        await until(lambda: record.named("cloud.set"))
    scratch.acts.set_cloud("alice", 104, "☁ ping", "2")
    async with running(bot, scratch, store=tmp_path / "bot.db") as record:
        await until(lambda: record.named("cloud.set"))
    (event,) = record.named("cloud.set")
    assert isinstance(event, CloudSetEvent)
    assert (event.variable, event.previous, event.value) == ("ping", "1", "2")


async def test_what_the_bot_itself_set_is_no_event_after_a_restart(
    scratch: Scratch, tmp_path: Path
) -> None:
    bot = Bot("bot")
    bot.watch(Cloud(104))

    @bot.on("cloud.set", variable="ping")
    async def pong(event: CloudSetEvent, session: AsyncScratchSession) -> None:
        await session.set_cloud_variable(104, "pong", event.value)

    cloud = scratch.world.projects[104].cloud
    async with running(bot, scratch, store=tmp_path / "bot.db"):
        scratch.acts.set_cloud("alice", 104, "☁ ping", "1")
        await until(lambda: cloud["☁ pong"] == "1")
    async with running(bot, scratch, store=tmp_path / "bot.db") as record:
        scratch.acts.set_cloud("alice", 104, "☁ ping", "2")
        await until(lambda: cloud["☁ pong"] == "2")
    told = [e.variable for e in record.named("cloud.set") if isinstance(e, CloudSetEvent)]
    assert told == ["ping"]


async def test_start_and_stop_are_events(scratch: Scratch) -> None:
    bot, got = Bot("bot"), []

    @bot.on("bot")
    async def listen(event: Event) -> None:
        got.append(event.name)

    async with running(bot, scratch):
        await until(lambda: got)
    assert got == ["bot.start", "bot.stop"]


async def test_what_a_handler_was_doing_is_finished_before_the_bot_stops(
    scratch: Scratch,
) -> None:
    bot, started = Bot("bot"), asyncio.Event()
    bot.watch(ProjectComments(104))

    @bot.on("comment")
    async def slow(event: CommentEvent, session: AsyncScratchSession) -> None:
        started.set()
        await asyncio.sleep(0.3)
        await session.reply(event, "done")

    async with running(bot, scratch):
        comment = scratch.acts.post_comment("alice", PROJECT, "hi")
        await until(started.is_set)
    assert len(comment.replies) == 1


async def test_a_store_keeps_what_a_finished_run_wrote_and_nothing_of_a_failed_one(
    scratch: Scratch,
) -> None:
    bot, values = Bot("bot"), []
    bot.watch(ProjectComments(104))

    @bot.on("comment")
    async def count(event: CommentEvent, store: AsyncStore) -> None:
        values.append(await store.get("n", 0))
        await store.set("n", values[-1] + 1)
        if event.content == "fail":
            raise RuntimeError
        if event.content == "forget":
            await store.delete("n")

    async with running(bot, scratch):
        for text in ("ok", "fail", "ok", "forget", "ok"):
            scratch.acts.post_comment("alice", PROJECT, text)
        await until(lambda: len(values) == 5)
    assert values == [0, 1, 1, 2, 0]


@pytest.mark.parametrize("watch", [Messages(), Activity(), Cloud(104)], ids=lambda w: w.name)
async def test_a_watch_that_needs_a_log_in_says_so(scratch: Scratch, watch: Watch) -> None:
    bot = Bot("bot")
    bot.watch(watch)
    with pytest.raises(NotLoggedInError, match="SCRATCHBOT_USERNAME"):
        async with running(bot, scratch, login=Credentials()):
            pass


async def test_a_store_that_cannot_be_opened_is_named(scratch: Scratch, tmp_path: Path) -> None:
    (tmp_path / "bot.db").write_text("this is no database, " * 100)
    with pytest.raises(StoreError, match=r"bot\.db"):
        async with running(Bot("bot"), scratch, store=tmp_path / "bot.db"):
            pass
    with pytest.raises(StoreError, match="no folder"):
        async with running(Bot("bot"), scratch, store=tmp_path / "missing" / "bot.db"):
            pass


@pytest.mark.parametrize(
    ("watch", "said"),
    [
        (ProjectComments(999), "no project 999"),
        (StudioComments(999), "no studio 999"),
        (ProfileComments("nobody"), "no user 'nobody'"),
        (StudioActivity(999), "no studio 999"),
    ],
    ids=lambda value: getattr(value, "name", None),
)
async def test_a_watch_on_what_does_not_exist_stops_the_start(
    scratch: Scratch, watch: Watch, said: str
) -> None:
    bot = Bot("bot")
    bot.watch(watch)
    with pytest.raises(NotFoundError, match=said):
        async with running(bot, scratch):
            pass


async def test_what_vanishes_later_is_asked_for_ever_more_rarely(scratch: Scratch) -> None:
    bot = Bot("bot")
    bot.watch(ProjectComments(104))
    async with running(bot, scratch) as record:
        with capture_logs() as logs:
            scratch.world.projects[104].state = "unshared"
            await until(lambda: any(entry["event"] == "source_failed" for entry in logs))
        scratch.world.projects[104].state = "shared"
        scratch.acts.post_comment("alice", PROJECT, "back again")
        await until(lambda: record.named("comment"))


async def test_a_store_that_fails_ends_the_bot_instead_of_leaving_it_deaf(
    scratch: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot, has_failed = Bot("bot"), asyncio.Event()
    bot.watch(ProjectComments(104))

    @bot.on("comment")
    async def listen(event: CommentEvent) -> None: ...

    @bot.on("comment")
    async def be_late(event: CommentEvent) -> None:
        await has_failed.wait()
        await asyncio.sleep(0.1)

    async def full(*_: object) -> None:
        has_failed.set()
        raise StoreError("the disk is full")

    monkeypatch.setattr(LocalEngine, "finish", full)
    with pytest.raises(StoreError, match="the disk is full"):
        async with running(bot, scratch) as record:
            scratch.acts.post_comment("alice", PROJECT, "hi")
            await until(lambda: record.is_over)


@pytest.mark.parametrize(("is_watching", "is_told"), [(False, True), (True, False)])
async def test_a_bot_that_watches_nothing_of_what_its_handlers_hear_is_told_so(
    is_watching: bool, is_told: bool, scratch: Scratch
) -> None:
    bot = Bot("deaf")
    if is_watching:
        bot.watch(ProjectComments(104))

    @bot.on("comment")
    async def hear(event: CommentEvent) -> None: ...

    @bot.every(hours=1)
    async def look() -> None: ...

    with capture_logs() as logs:
        async with scratch.running(bot):
            await scratch.settled(bot)
    told = [log["handlers"] for log in logs if log["event"] == "nothing_watched"]
    assert told == ([[bot.handlers[0].name]] if is_told else [])


async def test_a_bot_that_only_goes_by_the_clock_need_not_watch(scratch: Scratch) -> None:
    bot = Bot("clock")

    @bot.every(hours=1)
    async def look() -> None: ...

    with capture_logs() as logs:
        async with scratch.running(bot):
            await scratch.settled(bot)
    assert "nothing_watched" not in [log["event"] for log in logs]
