"""``scratchbot replay``: a changed bot is tried on what has happened, before it acts."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from scratchbot.cli import main
from scratchbot.events import BotEvent, PluginEvent
from scratchbot.kept.sessions import KeptSessions
from scratchbot.runtime.replay import _comes_from_outside
from tests.cli.test_cli import environment, one_line, scratchbot, started
from tests.cli.test_events_command import SOURCE, store
from tests.scratch import Scratch, until
from tests.test_events import AT

BOT = """
from scratchbot import AsyncScratchSession, Bot
from scratchbot.aio.conversation import AsyncConversation
from scratchbot.events import CommentEvent
from scratchbot.watch import ProjectComments

bot = Bot("greeter")
bot.watch(ProjectComments(104, every=0.2))

@bot.on("comment")
async def greet(event: CommentEvent, session: AsyncScratchSession, store) -> None:
    if event.content == "hi":
        await store.set(event.author, int(await store.get(event.author) or 0) + 1)
        times = await store.get(event.author)
        await session.reply(event, f"Hello, @{event.author}, {times}!")

@bot.command("!break")
async def break_it() -> None:
    raise ValueError("broken")

@bot.command("!colour")
async def colour(event: CommentEvent, session, conversation: AsyncConversation) -> None:
    answer = await conversation.ask(event, "Which colour?", timeout=600)
    await session.reply(event, f"{answer.content} is nice")
"""


ALONE = environment(SCRATCHBOT_ENDPOINT="http://127.0.0.1:9", SCRATCHBOT_PASSWORD="")
"""Where no site can be reached, and nothing is there to log in with."""


async def record(
    scratch: Scratch, folder: Path, live: Callable[[], Awaitable[None]], program: str = BOT
) -> None:
    """Let a real bot live through something, with a store."""
    (folder / "bot.py").write_text(program)
    run = started("run", "bot.py", "--store", "bot.db", env=environment(scratch), cwd=folder)
    async with run as (process, lines):
        await until(lambda: any("bot_ready" in line for line in lines))
        await live()
        process.terminate()
        assert await process.wait() == 0


async def played(folder: Path, *arguments: str) -> tuple[int, list[str]]:
    """Replay where no site can be reached; return the exit status and what was shown."""
    done = await asyncio.to_thread(scratchbot, "replay", *arguments, cwd=folder, env=ALONE)
    assert done.stderr == ""
    return done.returncode, done.stdout.splitlines()


async def comment(scratch: Scratch) -> None:
    alice, bob = scratch.user("alice"), scratch.user("bob")
    alice.comment(104, "what a game")
    alice.comment(104, "!break")
    greeted = [alice.comment(104, "hi"), bob.comment(104, "hi"), alice.comment(104, "hi")]
    await until(lambda: all(comment.replies for comment in greeted))


@pytest.mark.asyncio
async def test_the_same_bot_does_the_same_again(scratch: Scratch, tmp_path: Path) -> None:
    await record(scratch, tmp_path, lambda: comment(scratch))
    status, (*lines, last) = await played(tmp_path, "bot.db", "bot.py")
    assert status == 0, lines
    assert [line.split("  ")[1] for line in lines] == ["greeter.break_it", *["greeter.greet"] * 3]
    assert lines[0].endswith("ValueError: broken")
    assert [line.partition("Hello, ")[2] for line in lines[1:]] == [
        "@alice, 1!",
        "@bob, 1!",
        "@alice, 2!",
    ]
    assert all(line.startswith("= comment:project:104:") for line in lines)
    assert last.endswith(" events: 4 as before.")


@pytest.mark.asyncio
async def test_a_changed_bot_shows_what_differs(scratch: Scratch, tmp_path: Path) -> None:
    await record(scratch, tmp_path, lambda: comment(scratch))
    changed = BOT.replace('== "hi"', 'in ("hi", "what a game")')
    (tmp_path / "changed.py").write_text(changed.replace('"!break"', '"!burst"'))
    status, lines = await played(tmp_path, "bot.db", "changed.py", "--json")
    assert status == 1
    rows = [json.loads(line) for line in lines]
    assert [(row["verdict"], row["text"]) for row in rows] == [
        ("new", "Hello, @alice, 1!"),
        ("new", "Hello, @alice, 2!"),
        ("gone", "Hello, @alice, 1!"),
        ("same", "Hello, @bob, 1!"),
        ("new", "Hello, @alice, 3!"),
        ("gone", "Hello, @alice, 2!"),
    ]
    assert {row["kind"] for row in rows} == {"comment.reply"}


@pytest.mark.asyncio
async def test_a_run_that_fails_only_now_is_told(scratch: Scratch, tmp_path: Path) -> None:
    await record(scratch, tmp_path, lambda: comment(scratch))
    (tmp_path / "worse.py").write_text(BOT.replace("int(await", "int('x') + int(await"))
    status, (*lines, last) = await played(tmp_path, "bot.db", "worse.py")
    assert status == 1
    assert [line[0] for line in lines] == [*"=-!-!-!"]
    assert lines[2].endswith(
        "greeter.greet  ValueError: invalid literal for int() with base 10: 'x'"
    )
    assert last.endswith(" events: 1 as before, 3 only then, 3 failed.")


def test_a_handler_that_is_mended_is_told_though_it_does_nothing(tmp_path: Path) -> None:
    file = store(tmp_path, "dead", handlers=("greeter.greet",))
    (tmp_path / "bot.py").write_text(BOT)
    done = scratchbot("replay", file.name, "bot.py", cwd=tmp_path, env=ALONE)
    *_gone, mended, last = done.stdout.splitlines()
    assert mended.startswith("* comment:project:104:1  greeter.greet  ValueError: hi")
    assert last == "1 event: 3 only then, 1 mended."


def test_a_replay_needs_no_log_in_where_the_site_is_away(tmp_path: Path) -> None:
    file = store(tmp_path, "done")
    (tmp_path / "bot.py").write_text(BOT)
    away = environment(SCRATCHBOT_ENDPOINT="http://127.0.0.1:9")
    assert away["SCRATCHBOT_PASSWORD"]
    done = scratchbot("replay", file.name, "bot.py", cwd=tmp_path, env=away)
    assert done.stderr == ""
    assert done.stdout.startswith("- comment:project:104:1  greet  ")


@pytest.mark.asyncio
async def test_a_conversation_goes_on_with_the_answer_that_came(
    scratch: Scratch, tmp_path: Path
) -> None:
    async def talk() -> None:
        alice = scratch.user("alice")
        asked = alice.comment(104, "!colour")
        await until(lambda: asked.replies == ["Which colour?"])
        alice.reply(asked, "blue")
        await until(lambda: len(asked.replies) == 3)

    await record(scratch, tmp_path, talk)
    status, (*lines, _) = await played(tmp_path, "bot.db", "bot.py")
    assert status == 0, lines
    assert [line.partition(":comment:")[2].partition(" ")[2] for line in lines] == [
        "Which colour?",
        "blue is nice",
    ]


@pytest.mark.asyncio
async def test_what_was_exported_is_played_like_the_store(scratch: Scratch, tmp_path: Path) -> None:
    await record(scratch, tmp_path, lambda: comment(scratch))
    exported = scratchbot("events", "--store", "bot.db", "export", cwd=tmp_path)
    (tmp_path / "events.jsonl").write_text(exported.stdout)
    from_store = await played(tmp_path, "bot.db", "bot.py")
    assert await played(tmp_path, "events.jsonl", "bot.py") == from_store
    assert from_store[0] == 0


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("none.db", None, "none.db cannot be read"),
        ("events.jsonl", '{"number": 1}\n', "line 1 of events.jsonl is no recorded event"),
        ("events.jsonl", "\nhello\n", "line 2 of events.jsonl is no recorded event"),
        ("events.jsonl", "[" * 100_000, "line 1 of events.jsonl is no recorded event"),
        ("events.jsonl", "[]", "line 1 of events.jsonl is no recorded event"),
        ("events.jsonl", b"\xff\xfe", "neither a store nor an export: it is no text"),
        ("bot.db", "SQLite format 3\0 but damaged", "not a database"),
    ],
)
def test_what_is_no_record_is_told_in_one_line(
    tmp_path: Path, name: str, text: str | bytes | None, said: str
) -> None:
    (tmp_path / "bot.py").write_text(BOT)
    if text is not None:
        (tmp_path / name).write_bytes(text.encode() if isinstance(text, str) else text)
    done = scratchbot("replay", name, "bot.py", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert said in one_line(done)


def test_a_record_without_events_says_so(tmp_path: Path) -> None:
    (tmp_path / "bot.py").write_text(BOT)
    (tmp_path / "events.jsonl").write_text("")
    done = scratchbot("replay", "events.jsonl", "bot.py", cwd=tmp_path, env=ALONE)
    assert (done.returncode, done.stdout) == (0, "0 events: nothing was done, then or now.\n")


@pytest.mark.asyncio
async def test_what_is_told_once_an_hour_is_told_again_after_a_restart(
    scratch: Scratch, tmp_path: Path
) -> None:
    words = BOT.replace("async def colour(event", "async def colour(number: int, event")

    async def misuse() -> None:
        comment = scratch.user("alice").comment(104, "!colour me")
        again = scratch.user("alice").comment(104, "!colour me")
        hi = scratch.user("alice").comment(104, "hi")
        await until(lambda: comment.replies and hi.replies)
        assert not again.replies

    for _ in range(2):
        await record(scratch, tmp_path, misuse, words)
    status, (*lines, last) = await played(tmp_path, "bot.db", "bot.py")
    assert status == 0, lines
    assert last.endswith(" events: 4 as before.")


def test_what_a_plugin_told_itself_reaches_no_other_handler(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = store(tmp_path, "done", handlers=("judge.judge",))
    assert main(["events", "--store", str(file), "export"]) == 0
    told = capsys.readouterr().out.replace(SOURCE, "judge")
    (tmp_path / "events.jsonl").write_text(told)
    (tmp_path / "bot.py").write_text(BOT.replace('event.content == "hi"', "True"))
    done = scratchbot("replay", "events.jsonl", "bot.py", cwd=tmp_path, env=ALONE)
    assert done.stdout.splitlines()[-1] == "1 event: 3 only then."


def test_a_plugin_s_own_events_are_not_played_wherever_they_say_they_come_from() -> None:
    told = PluginEvent(id="steps:1", name="plugin.words", at=AT, source=SOURCE)
    assert not _comes_from_outside(told)
    assert _comes_from_outside(BotEvent(id="1", name="bot.start", at=AT, source="bot"))


SESSION = "MadeUp:1abc:feigned"


def test_the_bot_is_taken_for_the_account_whose_session_is_kept(tmp_path: Path) -> None:
    unnamed = {**ALONE, "SCRATCHBOT_USERNAME": "", "XDG_CONFIG_HOME": str(tmp_path)}
    file = store(tmp_path, "done", handlers=("greeter.greet",))
    (tmp_path / "bot.py").write_text(BOT.replace('event.content == "hi"', "True"))
    done = scratchbot("replay", file.name, "bot.py", cwd=tmp_path, env=unnamed)
    assert done.stdout.splitlines()[-1] == "1 event: 1 only now, 3 only then."
    kept = KeptSessions(tmp_path / "scratchbot", ALONE["SCRATCHBOT_ENDPOINT"], lambda: None)
    kept.keep("alice", SESSION, None)
    done = scratchbot("replay", file.name, "bot.py", cwd=tmp_path, env=unnamed)
    assert (done.stderr, done.stdout.splitlines()[-1]) == ("", "1 event: 3 only then.")
