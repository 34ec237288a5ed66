"""A bot that moderates, on the local Scratch."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs

from scratchbot import AsyncScratchSession, Bot
from scratchbot.aio.store import AsyncStore
from scratchbot.events import CommentEvent, ScheduleEvent
from scratchbot.settings import Network, Settings
from scratchbot.testing import Scratch
from scratchbot.watch import ProfileComments, ProjectComments, StudioComments
from scratchbot_moderation import Audit, Entry, Moderation, plugin, read_audit
from scratchbot_moderation import Settings as Rules
from scratchbot_moderation.detection import Detector
from scratchbot_moderation.memory import Memory
from scratchbot_moderation.settings import WordRule

pytestmark = pytest.mark.asyncio

PROJECT, STUDIO, PROFILE = 104, "studio:26135902", "profile:scratchcat"
BAD = "you meanie"
WORDS = {"forbidden": ["meanie"], "warning": "be kind, please."}
RAIDERS = ("alice", "bob", "griffpatch", "newcomer", "student-sam")


def settings(scratch: Scratch, name: str = "moderation", **table: Any) -> Settings:
    return Settings(
        network=Network(endpoint=scratch.address, limits=False),
        plugins={name: {"words": WORDS, **table}},
    )


def bot_of(moderation: Moderation) -> Bot:
    bot = Bot("guard")
    bot.include(moderation)
    return bot


def heard(number: int, content: str) -> CommentEvent:
    return CommentEvent(
        id=f"comment:project:104:{number}",
        name="comment.project",
        at=datetime(2026, 1, 31, tzinfo=UTC),
        source="project-comments:104",
        comment_id=number,
        content=content,
        author="bob",
        where="project",
        target="104",
    )


@asynccontextmanager
async def moderating(
    scratch: Scratch, store: Path | None = None, username: str = "scratchcat", **table: Any
) -> AsyncIterator[Bot]:
    """Run a bot that looks after a project, a studio and a profile that are its account's own."""
    places = (
        ProjectComments(PROJECT),
        StudioComments(26135902),
        ProfileComments("scratchcat"),
    )
    bot = bot_of(Moderation(*places))
    options = settings(scratch, **table)
    async with scratch.running(bot, username=username, store=store, settings=options):
        yield bot


async def entries(store: Path) -> list[Entry]:
    """Return what the audit holds, oldest first."""
    return (await read_audit(store))[::-1]


async def test_a_dry_run_only_writes_down_what_would_be_done(
    scratch: Scratch, tmp_path: Path
) -> None:
    store = tmp_path / "bot.db"
    async with moderating(scratch, store) as bot:
        comments = [scratch.user("bob").comment(PROJECT, BAD) for _ in range(2)]
        await scratch.settled(bot)
    assert all(comment.is_there and not comment.replies for comment in comments)
    assert [entry.outcomes for entry in await entries(store)] == [
        {"warn": "would"},
        {"delete": "would"},
    ]


@pytest.mark.parametrize("place", [PROJECT, STUDIO, PROFILE])
async def test_each_strike_takes_the_next_step(scratch: Scratch, place: int | str) -> None:
    words = {**WORDS, "steps": [["warn"], [], ["report", "delete"]]}
    async with moderating(scratch, act=True, words=words) as bot:
        comments = []
        for _ in range(4):
            comments.append(scratch.user("bob").comment(place, BAD))
            await scratch.settled(bot)
        other = scratch.user("alice").comment(place, BAD)
        await scratch.settled(bot)
    assert [comment.is_there for comment in comments] == [True, True, False, False]
    assert [comment.replies for comment in comments[:2]] == [["@bob be kind, please."], []]
    assert other.replies == ["@alice be kind, please."]


async def test_a_report_reaches_the_site(scratch: Scratch) -> None:
    words = {**WORDS, "steps": [["report"]]}
    async with moderating(scratch, username="demo-bot", act=True, words=words) as bot:
        comment = scratch.user("bob").comment(PROJECT, BAD)
        await scratch.settled(bot)
    assert comment.comment.reporters == {"demo-bot"}


@pytest.mark.parametrize(
    ("rule", "text"),
    [("words", "M3ANIE"), ("links", "evil.com"), ("capitals", "GIVE ME YOUR CODE RIGHT NOW")],
)
async def test_a_comment_that_breaks_a_rule_is_answered(
    scratch: Scratch, rule: str, text: str, tmp_path: Path
) -> None:
    async with moderating(scratch, tmp_path / "bot.db", act=True) as bot:
        comment = scratch.user("bob").comment(PROJECT, text)
        fine = scratch.user("alice").comment(PROJECT, "Nice game!")
        await scratch.settled(bot)
    assert len(comment.replies) == 1
    assert fine.replies == []
    (entry,) = await entries(tmp_path / "bot.db")
    assert (list(entry.rules), entry.author, entry.comment_id) == (
        [rule],
        "bob",
        comment.comment.id,
    )


async def test_a_spammer_is_warned_and_then_deleted_wherever_they_spam(scratch: Scratch) -> None:
    async with moderating(scratch, act=True) as bot:
        comments = []
        for place in (PROJECT, STUDIO, PROFILE, PROJECT):
            comments.append(scratch.user("bob").comment(place, "Follow me!"))
            await scratch.settled(bot)
    assert [len(comment.replies) for comment in comments[:3]] == [0, 0, 1]
    assert [comment.is_there for comment in comments] == [True, True, True, False]


async def test_a_flood_is_stopped_until_time_has_passed(scratch: Scratch) -> None:
    floods = {"comments": 3, "minutes": 2, "steps": [["delete"]]}
    async with moderating(scratch, act=True, floods=floods) as bot:
        comments = []
        for text in ("a cat", "a dog", "a bird"):
            comments.append(scratch.user("bob").comment(PROJECT, text))
            await scratch.settled(bot)
        scratch.jump(minutes=3)
        comments.append(scratch.user("bob").comment(PROJECT, "a mouse"))
        await scratch.settled(bot)
    assert [comment.is_there for comment in comments] == [True, True, False, True]


async def test_a_raid_of_new_people_is_deleted(scratch: Scratch) -> None:
    async with moderating(scratch, act=True) as bot:
        comments = []
        for name in RAIDERS:
            comments.append(scratch.user(name).comment(PROJECT, "this game is stolen"))
            await scratch.settled(bot)
    assert [comment.is_there for comment in comments] == [True] * 4 + [False]


async def test_people_who_were_heard_long_ago_are_no_raid(scratch: Scratch) -> None:
    async with moderating(scratch, act=True) as bot:
        for name in RAIDERS:
            scratch.user(name).comment(PROJECT, f"hello from {name}")
        await scratch.settled(bot)
        scratch.jump(days=4)
        comments = [scratch.user(name).comment(PROJECT, "happy birthday") for name in RAIDERS]
        await scratch.settled(bot)
    assert all(comment.is_there for comment in comments)


async def test_strikes_fade(scratch: Scratch) -> None:
    async with moderating(scratch, act=True, strike_days=7) as bot:
        for _ in range(2):
            comment = scratch.user("bob").comment(PROJECT, BAD)
            await scratch.settled(bot)
            scratch.jump(days=8)
        assert comment.replies == ["@bob be kind, please."]
        again = scratch.user("bob").comment(PROJECT, BAD)
        await scratch.settled(bot)
        scratch.jump(days=6)
        last = scratch.user("bob").comment(PROJECT, BAD)
        await scratch.settled(bot)
    assert again.is_there
    assert not last.is_there


async def test_a_restart_keeps_strikes_and_what_was_heard(scratch: Scratch, tmp_path: Path) -> None:
    store = tmp_path / "bot.db"
    async with moderating(scratch, store, act=True) as bot:
        first = scratch.user("bob").comment(PROJECT, BAD)
        for place in (PROJECT, STUDIO):
            scratch.user("alice").comment(place, "Follow me!")
        await scratch.settled(bot)
    async with moderating(scratch, store, act=True) as bot:
        second = scratch.user("bob").comment(PROJECT, BAD)
        spam = scratch.user("alice").comment(PROJECT, "Follow me!")
        await scratch.settled(bot)
    assert first.is_there
    assert not second.is_there
    assert len(spam.replies) == 1
    assert [entry.strikes for entry in await entries(store)] == [1, 2, 1]


async def test_strikes_of_a_dry_run_do_not_count_once_it_is_over(
    scratch: Scratch, tmp_path: Path
) -> None:
    store = tmp_path / "bot.db"
    async with moderating(scratch, store) as bot:
        scratch.user("bob").comment(PROJECT, BAD)
        await scratch.settled(bot)
    async with moderating(scratch, store, act=True) as bot:
        comment = scratch.user("bob").comment(PROJECT, BAD)
        await scratch.settled(bot)
    assert comment.replies == ["@bob be kind, please."]


async def test_grounds_limit_where_it_acts(scratch: Scratch, tmp_path: Path) -> None:
    words = {**WORDS, "steps": [["warn", "delete"]]}
    table: dict[str, Any] = {"act": True, "words": words, "grounds": ["studio:26135902"]}
    async with moderating(scratch, tmp_path / "bot.db", **table) as bot:
        outside = scratch.user("bob").comment(PROJECT, BAD)
        await scratch.settled(bot)
        inside = scratch.user("bob").comment(STUDIO, BAD)
        await scratch.settled(bot)
    assert outside.is_there
    assert outside.replies == []
    assert not inside.is_there
    refused, done = await entries(tmp_path / "bot.db")
    assert refused.outcomes == {"warn": "refused", "delete": "refused"}
    assert done.outcomes == {"warn": "done", "delete": "done"}


async def test_the_owner_can_take_a_permission_away(scratch: Scratch, tmp_path: Path) -> None:
    words = {**WORDS, "steps": [["warn", "delete"]]}
    table: dict[str, Any] = {"act": True, "words": words, "permissions": ["comment.reply"]}
    async with moderating(scratch, tmp_path / "bot.db", **table) as bot:
        comment = scratch.user("bob").comment(PROJECT, BAD)
        await scratch.settled(bot)
    assert comment.is_there
    assert comment.replies == ["@bob be kind, please."]


async def test_what_is_not_the_account_s_to_delete_stays_and_counts(
    scratch: Scratch, tmp_path: Path
) -> None:
    words = {**WORDS, "steps": [["delete"]]}
    store = tmp_path / "bot.db"
    async with moderating(scratch, store, username="alice", act=True, words=words) as bot:
        comment = scratch.user("bob").comment(PROJECT, BAD)
        await scratch.settled(bot)
    assert comment.is_there
    (entry,) = await entries(store)
    assert (entry.strikes, entry.outcomes) == (1, {"delete": "refused"})


async def test_who_told_the_bot_to_stop_is_not_answered_but_still_moderated(
    scratch: Scratch, tmp_path: Path
) -> None:
    async with moderating(scratch, tmp_path / "bot.db", act=True) as bot:
        scratch.user("bob").comment(PROJECT, "@scratchcat stop")
        await scratch.settled(bot)
        for _ in range(2):
            comment = scratch.user("bob").comment(PROJECT, BAD)
            await scratch.settled(bot)
    assert not comment.is_there
    outcomes = [entry.outcomes for entry in await entries(tmp_path / "bot.db")]
    assert outcomes == [{"warn": "withheld"}, {"delete": "done"}]


async def test_trusted_people_and_the_bot_itself_are_never_acted_on(
    scratch: Scratch, tmp_path: Path
) -> None:
    words = {**WORDS, "steps": [["delete"]]}
    table: dict[str, Any] = {"act": True, "words": words, "trusted": ["Alice"]}
    async with moderating(scratch, tmp_path / "bot.db", **table) as bot:
        comments = [scratch.user(name).comment(PROJECT, BAD) for name in ("alice", "scratchcat")]
        await scratch.settled(bot)
    assert all(comment.is_there for comment in comments)
    assert await entries(tmp_path / "bot.db") == []


async def test_a_comment_counts_once_when_its_run_happens_again(
    scratch: Scratch, tmp_path: Path
) -> None:
    store = tmp_path / "bot.db"
    words = {**WORDS, "steps": [["warn", "delete"]]}
    async with moderating(scratch, store, act=True, words=words) as bot:
        scratch.weather(path="*/comment/*", method="DELETE", status=503)
        comment = scratch.user("bob").comment(PROJECT, BAD)
        await scratch.settled(bot)
        assert len(comment.replies) == 1
        scratch.weather()
        scratch.jump(minutes=10)
        await scratch.settled(bot)
    assert not comment.is_there
    (entry,) = await entries(store)
    assert (entry.strikes, entry.outcomes) == (1, {"warn": "done", "delete": "done"})


async def test_a_comment_that_is_judged_twice_counts_once() -> None:
    async def nothing(key: str) -> str | None:
        return None

    config = Rules(words=WordRule(forbidden=("meanie",)))
    event, store = heard(1, BAD), AsyncStore(nothing)
    later = replace(heard(2, "hello"), at=event.at + timedelta(days=1))
    for each in (event, event, later, event):
        await plugin.judge(
            each,
            AsyncScratchSession(),
            store,
            config=config,
            state=Detector(config),
            log=structlog.get_logger(),
        )
    assert [entry.strikes for entry in await Audit(store).last()] == [1]
    person = await Memory(store).person("bob")
    assert person is not None
    assert person.count(with_dry=True) == 1


async def test_a_report_that_nobody_knows_the_end_of_is_not_sent_again(
    scratch: Scratch, tmp_path: Path
) -> None:
    words = {**WORDS, "steps": [["report", "delete"]]}
    async with moderating(scratch, tmp_path / "bot.db", act=True, words=words) as bot:
        scratch.weather(path="*/report", status=503)
        comment = scratch.user("bob").comment(PROJECT, BAD)
        await scratch.settled(bot)
        assert comment.is_there
        scratch.jump(minutes=10)
        await scratch.settled(bot)
    assert not comment.is_there
    (entry,) = await entries(tmp_path / "bot.db")
    assert entry.outcomes == {"report": "unknown", "delete": "done"}


async def test_a_bot_that_is_muted_acts_when_the_mute_is_over(
    scratch: Scratch, tmp_path: Path
) -> None:
    bot_account = scratch.world.users["scratchcat"]
    async with moderating(scratch, tmp_path / "bot.db", act=True) as bot:
        bot_account.muted_until = scratch.clock.timestamp() + 600
        comment = scratch.user("bob").comment(PROJECT, BAD)
        await scratch.settled(bot)
        assert comment.replies == []
        scratch.jump(minutes=15)
        await scratch.settled(bot)
    assert comment.replies == ["@bob be kind, please."]
    (entry,) = await entries(tmp_path / "bot.db")
    assert entry.outcomes == {"warn": "done"}


async def test_a_comment_that_was_deleted_meanwhile_is_gone(
    scratch: Scratch, tmp_path: Path
) -> None:
    store = tmp_path / "bot.db"
    words = {**WORDS, "steps": [["report", "delete"]]}
    async with moderating(scratch, store, act=True, words=words) as bot:
        scratch.user("bob").comment(PROJECT, BAD)
        await scratch.settled(bot)
    (entry,) = await entries(store)
    assert entry.outcomes == {"report": "done", "delete": "gone"}


async def test_the_audit_and_the_log_hold_nothing_that_people_wrote(
    scratch: Scratch, tmp_path: Path
) -> None:
    with capture_logs() as logs:
        async with moderating(scratch, tmp_path / "bot.db", act=True) as bot:
            scratch.user("bob").comment(PROJECT, "xyzzy you meanie evil.com")
            await scratch.settled(bot)
    (entry,) = await entries(tmp_path / "bot.db")
    assert entry.rules == {"words": "meanie", "links": "other domain"}
    assert "xyzzy" not in f"{entry} {logs}"
    assert [line["strikes"] for line in logs if line["event"] == "rule_broken"] == [1]


async def test_each_day_s_end_is_summed_up_in_the_log(scratch: Scratch) -> None:
    with capture_logs() as logs:
        async with moderating(scratch) as bot:
            scratch.jump(days=1)
            await scratch.settled(bot)
            for name in ("alice", "bob"):
                scratch.user(name).comment(PROJECT, BAD)
            await scratch.settled(bot)
            scratch.jump(days=1)
            await scratch.settled(bot)
    first, second = [line for line in logs if line["event"] == "moderation_summary"]
    assert first["comments"] == 0
    assert second["comments"] == 2
    assert (second["rules"], second["outcomes"]) == ({"words": 2}, {"warn would": 2})


async def test_a_handler_of_one_s_own_reads_the_audit(scratch: Scratch) -> None:
    moderation, read = Moderation(ProjectComments(PROJECT)), list[Entry]()
    bot = bot_of(moderation)

    @moderation.every(hours=1)
    async def look(event: ScheduleEvent, store: AsyncStore) -> None:
        read.extend(await Audit(store).last(1))

    async with scratch.running(bot, settings=settings(scratch)):
        for name in ("alice", "bob"):
            scratch.user(name).comment(PROJECT, BAD)
            await scratch.settled(bot)
        scratch.jump(hours=1, seconds=1)
        await scratch.settled(bot)
    assert [entry.author for entry in read] == ["bob"]


async def test_the_installed_plugin_looks_at_what_the_bot_watches(scratch: Scratch) -> None:
    bot = Bot("guard")
    bot.watch(ProjectComments(PROJECT))
    bot.include(plugin)
    async with scratch.running(bot, settings=settings(scratch, act=True)):
        comment = scratch.user("bob").comment(PROJECT, BAD)
        await scratch.settled(bot)
    assert comment.replies == ["@bob be kind, please."]


async def test_it_looks_at_its_own_places_and_no_others(scratch: Scratch) -> None:
    bot = bot_of(Moderation(ProjectComments(105)))
    bot.watch(ProjectComments(PROJECT))
    async with scratch.running(bot, settings=settings(scratch, act=True)):
        comment = scratch.user("bob").comment(PROJECT, BAD)
        await scratch.settled(bot)
    assert comment.replies == []


async def test_two_of_them_have_rules_of_their_own(scratch: Scratch) -> None:
    bot = Bot("guard")
    bot.watch(ProjectComments(PROJECT))
    bot.include(plugin)
    bot.include(plugin, name="second")
    tables = {
        "moderation": {"act": True, "words": WORDS},
        "second": {"act": True, "words": {"forbidden": ["meanie"], "warning": "really."}},
    }
    network = Network(endpoint=scratch.address, limits=False)
    async with scratch.running(bot, settings=Settings(network=network, plugins=tables)):
        comment = scratch.user("bob").comment(PROJECT, BAD)
        await scratch.settled(bot)
    assert sorted(comment.replies) == ["@bob be kind, please.", "@bob really."]


async def test_the_installed_plugin_asks_for_what_it_does_and_no_more() -> None:
    assert plugin.name == "moderation"
    assert plugin.permissions == {"comment.reply", "comment.delete", "comment.report"}
