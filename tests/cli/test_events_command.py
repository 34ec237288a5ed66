"""``scratchbot events``: a person looks at what failed in a bot's store, and decides on it."""

import asyncio
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from scratchbot import Bot, recording
from scratchbot.cli import main
from scratchbot.engines.engine import ActKey, Arrival, Ending, Lane, Outcome, RunState
from scratchbot.engines.local import LocalEngine
from scratchbot.events import CommentEvent
from scratchbot.recording import read_lines
from scratchbot.sandbox import Place
from scratchbot.settings import Network, Settings
from scratchbot.watch import ProjectComments
from tests.cli.test_cli import environment, one_line, scratchbot, started
from tests.running import running
from tests.scratch import Scratch, until
from tests.test_events import AT

SOURCE = "project-comments:104"
EVIL = "hi \x1b[2J\r\n\x9b\u202eyou\x07"
"""A comment that would clear a terminal, begin a new line and turn the text round."""

BROKEN = Outcome(
    duration=0.5,
    writes={},
    error=f"ValueError: {EVIL}",
    traceback=f"Traceback (most recent call last):\n  in greet\nValueError: {EVIL}\n",
)
OUTCOMES: dict[RunState, Outcome] = {
    "done": Outcome(duration=0.1, writes={}),
    "dead": BROKEN,
    "failed": Outcome(
        duration=1, writes={}, error="SiteDownError: 503", next_at=AT + timedelta(hours=1)
    ),
}


def event_id(number: int) -> str:
    return f"comment:project:104:{number}"


def comment(number: int) -> CommentEvent:
    return CommentEvent(
        id=event_id(number),
        name="comment.project",
        at=AT + timedelta(minutes=number),
        source=SOURCE,
        comment_id=number,
        content=EVIL,
        author="alice",
        where="project",
        target="104",
    )


async def _fill(file: Path, states: Sequence[RunState], handlers: tuple[str, ...]) -> None:
    engine = LocalEngine(file)
    await engine.open()
    for number, state in enumerate(states, 1):
        arrival = Arrival(event=comment(number), handlers=handlers, stale=state == "stale")
        await engine.append([arrival], SOURCE, None)
        if state not in OUTCOMES:
            continue
        for run in await engine.take(Lane(handlers[0], SOURCE), AT, 99):
            if run.number == number:
                await _act(engine, number, handlers[0])
                await engine.finish([Ending(run=run, plugin="greeter", outcome=OUTCOMES[state])])
    await engine.close()


async def _act(engine: LocalEngine, number: int, handler: str) -> None:
    """Record three acts: one that was done, one that may have been, one left to a person."""
    for kind in ("reply", "love", "follow"):
        key = ActKey(number=number, handler=handler, kind=kind, target="104", count=0)
        await engine.intend(key, AT, f"answer to {EVIL}" if kind == "reply" else None)
        if kind == "reply":
            await engine.conclude(key, "comment:9", "")
        if kind == "follow":
            await engine.park(key)


def store(
    folder: Path, *states: RunState, handlers: tuple[str, ...] = ("greet",), name: str = "bot.db"
) -> Path:
    """Make a store with one event for each state, in which the first handler's run is."""
    asyncio.run(_fill(folder / name, states, handlers))
    return folder / name


def command(file: Path, *arguments: str) -> int:
    return main(["events", "--store", str(file), *arguments])


def states_in(file: Path) -> dict[str, str]:
    """Return the state of each run, by its event's number and its handler."""
    connection = sqlite3.connect(file)
    rows = connection.execute("SELECT event, handler, state FROM runs").fetchall()
    connection.close()
    return {f"{event} {handler}": state for event, handler, state in rows}


def assert_harmless(text: str) -> None:
    assert all(char.isprintable() for char in text.replace("\n", "")), repr(text)


Capture = pytest.CaptureFixture[str]


def test_what_failed_or_waits_is_listed_newest_first(tmp_path: Path, capsys: Capture) -> None:
    file = store(tmp_path, "dead", "done", "failed", "stale", "pending")
    assert command(file) == 0
    head, *rows, last = capsys.readouterr().out.splitlines()
    assert head.split() == ["STATE", "TIME", "(UTC)", "EVENT", "HANDLER", "ATTEMPTS", "ERROR"]
    assert [row.split()[0] for row in rows] == ["pending", "stale", "failed", "dead"]
    assert re.split(" {2,}", rows[2]) == [
        "failed",
        "2026-01-02 03:07:05",
        event_id(3),
        "greet",
        "1",
        "SiteDownError: 503 (again at 2026-01-02 04:04:05)",
    ]
    assert last == "4 runs: 1 dead, 1 failed, 1 stale, 1 pending."


def test_the_list_can_be_of_other_states(tmp_path: Path, capsys: Capture) -> None:
    file = store(tmp_path, "dead", "done", "pending")
    for arguments, expected in (
        (["--state", "done"], ["done"]),
        (["--state", "dead", "done"], ["done", "dead"]),
        (["--state", "dead", "--state", "pending"], ["pending", "dead"]),
        (["--state", "all"], ["pending", "done", "dead"]),
    ):
        assert command(file, *arguments) == 0
        _, *rows, _ = capsys.readouterr().out.splitlines()
        assert [row.split()[0] for row in rows] == expected


def test_a_list_that_is_cut_says_how_many_there_are(tmp_path: Path, capsys: Capture) -> None:
    file = store(tmp_path, "dead", "dead", "dead", "dead", "dead")
    assert command(file, "--limit", "2") == 0
    _, *rows, last = capsys.readouterr().out.splitlines()
    assert [row.split()[3] for row in rows] == [event_id(5), event_id(4)]
    assert last == "5 runs: 5 dead; the newest 2 are shown, --limit shows more."


def test_a_store_where_all_is_well_says_so(tmp_path: Path, capsys: Capture) -> None:
    assert command(store(tmp_path, "done")) == 0
    assert capsys.readouterr().out == "No run is dead or failed or stale or pending.\n"


def test_a_program_reads_the_list_as_json(tmp_path: Path, capsys: Capture) -> None:
    assert command(store(tmp_path, "failed", "dead"), "--json") == 0
    text = capsys.readouterr().out
    assert_harmless(text)
    dead, failed = (json.loads(line) for line in text.splitlines())
    assert dead["error"] == BROKEN.error
    assert failed == {
        "state": "failed",
        "at": "2026-01-02T03:05:05+00:00",
        "event": event_id(1),
        "name": "comment.project",
        "handler": "greet",
        "attempts": 1,
        "error": "SiteDownError: 503",
        "next_at": "2026-01-02T04:04:05+00:00",
    }


def test_show_tells_all_about_an_event(tmp_path: Path, capsys: Capture) -> None:
    file = store(tmp_path, "dead", handlers=("greet", "log"))
    assert command(file, "show", event_id(1)) == 0
    lines = capsys.readouterr().out.splitlines()
    for line in (
        "name: comment.project",
        "at: 2026-01-02 03:05:05 UTC",
        "author: alice",
        "greet: dead, attempts: 1",
        "log: pending, attempts: 0",
        "  act intended: love 104 at 2026-01-02 03:04:05 UTC",
        "  act parked: follow 104 at 2026-01-02 03:04:05 UTC",
        "  |   in greet",
    ):
        assert line in lines
    assert any(line.startswith("  act done: reply 104 at") for line in lines)
    assert any(line.startswith("  error: ValueError: hi") for line in lines)


def test_a_comment_cannot_do_anything_to_a_terminal(tmp_path: Path, capsys: Capture) -> None:
    file = store(tmp_path, "dead")
    for arguments in ([], ["show", event_id(1)]):
        assert command(file, *arguments) == 0
        text = capsys.readouterr().out
        assert_harmless(text)
        assert "you" in text


def test_a_terminal_with_few_letters_shows_the_rest_as_marks(tmp_path: Path) -> None:
    file = store(tmp_path, "done", handlers=("grüße",))
    env = environment(PYTHONIOENCODING="ascii")
    done = scratchbot("events", "--store", str(file), "--state", "all", env=env)
    assert done.returncode == 0
    assert "gr??e" in done.stdout


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    file = store(tmp_path, "dead")
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "scratchbot", "events", "--store", str(file)],
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_dead_run_is_retried_by_a_person(tmp_path: Path, capsys: Capture) -> None:
    file = store(tmp_path, "dead")
    assert command(file, "retry", event_id(1)) == 0
    assert states_in(file) == {"1 greet": "pending"}
    assert capsys.readouterr().out == (
        f"{event_id(1)}: greet (was dead) will run again, at once or when the bot is started.\n"
    )


@pytest.mark.parametrize("state", ["failed", "stale"])
def test_a_failed_or_stale_run_can_be_retried_too(tmp_path: Path, state: RunState) -> None:
    file = store(tmp_path, state)
    assert command(file, "retry", event_id(1)) == 0
    assert states_in(file) == {"1 greet": "pending"}


@pytest.mark.parametrize("state", ["done", "pending"])
def test_a_run_that_is_done_or_pending_is_not_retried(
    tmp_path: Path, capsys: Capture, state: RunState
) -> None:
    file = store(tmp_path, state)
    assert command(file, "retry", event_id(1)) == 1
    assert states_in(file) == {"1 greet": state}
    assert capsys.readouterr().err == (
        f"scratchbot: {event_id(1)}: greet is {state}; retry is for what is dead, failed or stale\n"
    )


def test_a_retry_takes_the_runs_that_need_it_and_no_others(tmp_path: Path, capsys: Capture) -> None:
    file = store(tmp_path, "dead", "dead", handlers=("greet", "log"))
    assert command(file, "retry", event_id(1), "log") == 1
    assert "log is pending" in capsys.readouterr().err
    assert command(file, "retry", event_id(1)) == 0
    assert "greet (was dead) will run" in capsys.readouterr().out
    assert states_in(file) == {
        "1 greet": "pending",
        "1 log": "pending",
        "2 greet": "dead",
        "2 log": "pending",
    }


def test_a_retry_sends_again_what_was_left_to_a_person(tmp_path: Path, capsys: Capture) -> None:
    file = store(tmp_path, "dead")
    assert command(file, "retry", event_id(1)) == 0
    assert command(file, "show", event_id(1)) == 0
    text = capsys.readouterr().out
    assert "act parked" not in text
    assert "act done: reply" in text


def test_a_run_that_a_bot_ends_meanwhile_is_not_told_to_run_again(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ended(*_: object) -> bool:
        return False

    monkeypatch.setattr(LocalEngine, "retry", ended)
    assert command(store(tmp_path, "dead"), "retry", event_id(1)) == 1
    said = capsys.readouterr()
    assert (said.out, said.err) == (
        "",
        f"scratchbot: {event_id(1)} has changed meanwhile: look at it again\n",
    )


def test_an_event_that_no_handler_took_is_shown(tmp_path: Path, capsys: Capture) -> None:
    file = store(tmp_path, "pending", handlers=())
    assert command(file, "show", event_id(1)) == 0
    assert capsys.readouterr().out.endswith("target: 104\n\nNo handler took it.\n")
    assert command(file, "retry", event_id(1)) == 1
    assert "no handler took it; retry is for what is dead" in capsys.readouterr().err


def test_many_runs_are_retried_at_once(tmp_path: Path, capsys: Capture) -> None:
    file = store(tmp_path, "stale", "stale", "stale", "pending", handlers=("greet", "log"))
    arguments = ("--state", "stale", "--handler", "log", "--since", "2026-01-02T03:06:00")
    assert command(file, "retry", *arguments) == 0
    assert capsys.readouterr().out == (
        "2 runs will run again, at once or when the bot is started.\n"
    )
    changed = {key for key, state in states_in(file).items() if state == "pending"}
    assert changed == {"2 log", "3 log", "4 greet", "4 log"}


def test_many_runs_are_given_up_at_once(tmp_path: Path, capsys: Capture) -> None:
    file = store(tmp_path, "dead", "failed", "done", "stale", "pending")
    assert command(file, "drop", "--state", "dead", "stale", "--json") == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row["event"], row["state"]) for row in rows] == [
        (event_id(1), "dropped"),
        (event_id(4), "dropped"),
    ]
    assert command(file, "drop", "--state", "all") == 0
    assert capsys.readouterr().out == "gave up 2 runs.\n"
    assert states_in(file)["3 greet"] == "done"


def test_a_parked_act_is_not_sent_again_with_many_others(tmp_path: Path, capsys: Capture) -> None:
    file = store(tmp_path, "dead", "stale")
    assert command(file, "retry", "--state", "all") == 0
    assert states_in(file) == {"1 greet": "dead", "2 greet": "pending"}
    said = capsys.readouterr()
    assert said.err.startswith("scratchbot: 1 run with a parked act left out: look on the site")
    assert said.out.startswith("1 run will run again")


def test_what_cannot_be_retried_is_refused_among_many(tmp_path: Path, capsys: Capture) -> None:
    file = store(tmp_path, "dead", "pending")
    assert command(file, "retry", "--state", "stale", "pending") == 1
    assert capsys.readouterr().err == (
        "scratchbot: retry is for what is dead, failed or stale: leave pending out\n"
    )


@pytest.mark.parametrize("state", ["dead", "failed", "stale", "pending"])
def test_a_run_is_given_up_by_a_person(tmp_path: Path, capsys: Capture, state: RunState) -> None:
    file = store(tmp_path, state)
    assert command(file, "drop", event_id(1), "greet") == 0
    assert states_in(file) == {"1 greet": "dropped"}
    assert capsys.readouterr().out == (f"{event_id(1)}: gave up greet (was {state}).\n")


def test_what_is_done_cannot_be_given_up(tmp_path: Path, capsys: Capture) -> None:
    file = store(tmp_path, "done")
    assert command(file, "drop", event_id(1)) == 1
    assert states_in(file) == {"1 greet": "done"}
    assert "greet is done" in capsys.readouterr().err


def test_the_store_of_the_settings_is_used_without_one_on_the_command_line(tmp_path: Path) -> None:
    store(tmp_path, "dead", name="mine.db")
    (tmp_path / "scratchbot.toml").write_text('[bot]\nstore = "mine.db"\n')
    done = scratchbot("events", cwd=tmp_path)
    assert done.returncode == 0
    assert event_id(1) in done.stdout


def test_no_store_at_all_is_told_in_one_line(tmp_path: Path) -> None:
    done = scratchbot("events", cwd=tmp_path)
    assert done.returncode == 1
    assert "which store? Give --store FILE" in one_line(done)


@pytest.mark.parametrize("action", [[], ["show", "x"], ["retry", "x"], ["drop", "x"]])
def test_a_store_that_is_not_there_is_not_made(tmp_path: Path, action: list[str]) -> None:
    done = scratchbot("events", "--store", "none.db", *action, cwd=tmp_path)
    assert done.returncode == 1
    assert "there is no store none.db" in one_line(done)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_store_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "bot.db").write_text("a letter " * 1000)
    done = scratchbot("events", "--store", "bot.db", cwd=tmp_path)
    assert done.returncode == 1
    assert "not a database" in one_line(done)


def test_a_store_of_a_newer_version_is_told_in_one_line(tmp_path: Path) -> None:
    file = store(tmp_path, "dead")
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    done = scratchbot("events", "--store", str(file))
    assert done.returncode == 1
    assert "newer scratchbot" in one_line(done)


@pytest.mark.parametrize("action", ["show", "retry", "drop"])
def test_an_event_or_a_handler_that_is_not_there_is_told_in_one_line(
    tmp_path: Path, capsys: Capture, action: str
) -> None:
    file = store(tmp_path, "dead")
    assert command(file, action, "x\x1b") == 1
    text = capsys.readouterr().err
    assert "no event x " in text
    assert_harmless(text)
    if action != "show":
        assert command(file, action, event_id(1), "nobody") == 1
        assert "no run of a handler nobody: greet is dead" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["--state", "ill"],
        ["--limit", "0"],
        ["--limit", "all"],
        ["show"],
        ["retry"],
        ["retry", "--handler", "greet"],
        ["drop", "--since", "2h"],
        ["drop", "x", "--state", "dead"],
        ["burn", "x"],
        ["show", "x", "greet"],
    ],
)
def test_wrong_use_of_events_is_2(capsys: Capture, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["events", *arguments])
    assert ended.value.code == 2


def test_the_store_can_be_named_before_or_after_the_action(tmp_path: Path) -> None:
    file = str(store(tmp_path, "dead"))
    assert main(["events", "--store", file, "show", event_id(1)]) == 0
    assert main(["events", "show", "--store", file, event_id(1)]) == 0


def test_the_help_names_every_action_and_opens_no_store(tmp_path: Path) -> None:
    done = scratchbot("events", "--help", cwd=tmp_path)
    assert done.returncode == 0
    for action in ("show", "retry", "drop"):
        assert action in done.stdout
        assert scratchbot("events", action, "--help", cwd=tmp_path).returncode == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.asyncio
async def test_a_running_bot_notices_a_retry(scratch: Scratch, tmp_path: Path) -> None:
    bot, file = Bot("bot"), tmp_path / "bot.db"
    tried: list[str] = []
    bot.watch(ProjectComments(104))

    @bot.on("comment", retries=0)
    async def greet(event: CommentEvent) -> None:
        tried.append(event.id)
        if len(tried) == 1:
            raise ValueError("not yet")

    settings = Settings(network=Network(endpoint=scratch.address, limits=False))
    async with running(bot, scratch, store=file, settings=settings) as record:
        scratch.acts.post_comment("alice", Place("project", "104"), "hi")
        await until(lambda: record.runs, "the run to fail")
        assert record.runs[0][1].state == "dead"
        retry = ("events", "--store", str(file), "retry", tried[0])
        done = await asyncio.to_thread(scratchbot, *retry)
        assert done.returncode == 0, done.stderr
        await until(lambda: len(record.runs) == 2, "the run to happen again")
    assert record.runs[1][1].state == "done"
    assert tried[0] == tried[1]


def test_filters_narrow_the_list(tmp_path: Path, capsys: Capture) -> None:
    file = store(tmp_path, "dead", "dead", "pending", handlers=("greet", "log"))
    for arguments, expected in (
        (["--handler", "log"], [("3", "log"), ("2", "log"), ("1", "log")]),
        (["--handler", "greet", "--state", "dead"], [("2", "greet"), ("1", "greet")]),
        (["--since", "2026-01-02T03:06:30", "--handler", "log"], [("3", "log")]),
        (["--since", "2026-01-02T04:06:30+01:00", "--handler", "log"], [("3", "log")]),
        (["--since", "2h"], []),
        (["--name", "comment", "--state", "dead"], [("2", "greet"), ("1", "greet")]),
        (["--name", "comment.project", "--state", "dead"], [("2", "greet"), ("1", "greet")]),
        (["--name", "comment.studio"], []),
        (["--name", "cloud"], []),
    ):
        assert command(file, *arguments, "--json") == 0
        rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        found = [(row["event"].rpartition(":")[2], row["handler"]) for row in rows]
        assert found == expected, arguments


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--since", "yesterday"], "'yesterday' is no time: give one such as 30m, 2h"),
        (["--since", "9999999999d"], "is no time"),
        (["--name", "coment"], "did you mean 'comment'?"),
        (["--state", "dead", "list"], "write the action first, as `scratchbot events list --state"),
    ],
)
def test_a_wrong_filter_says_what_is_right(
    capsys: Capture, arguments: list[str], said: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["events", *arguments])
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_what_is_exported_is_all_of_each_event_oldest_first(
    tmp_path: Path, capsys: Capture
) -> None:
    file = store(tmp_path, "dead", "done", handlers=("greet", "log"))
    assert command(file, "export") == 0
    text = capsys.readouterr().out
    assert_harmless(text)
    first, second = read_lines(text.splitlines(), "the export")
    assert (first.event, second.event) == (comment(1), comment(2))
    greet, log = first.runs
    assert (greet.state, greet.error, log.state) == ("dead", BROKEN.error, "pending")
    assert [(key.kind, act.state, act.made) for key, act in greet.acts] == [
        ("follow", "parked", None),
        ("love", "intended", None),
        ("reply", "done", "comment:9"),
    ]


def test_an_export_can_be_of_some_events(tmp_path: Path, capsys: Capture) -> None:
    file = store(tmp_path, "dead", "done", handlers=("greet", "log"))
    assert command(file, "export", "--state", "done") == 0
    (only,) = read_lines(capsys.readouterr().out.splitlines(), "the export")
    assert only.event == comment(2)
    assert [run.run.handler for run in only.runs] == ["greet", "log"]


def test_a_program_reads_what_was_changed_as_json(tmp_path: Path, capsys: Capture) -> None:
    file = store(tmp_path, "dead", "dead")
    for action, state in (("retry", "pending"), ("drop", "dropped")):
        assert command(file, action, event_id(1), "--json") == 0
        row = json.loads(capsys.readouterr().out)
        assert (row["event"], row["handler"], row["state"]) == (event_id(1), "greet", state)
    assert command(file, "show", event_id(2), "--json") == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["event"]["content"] == EVIL
    assert [run["handler"] for run in shown["runs"]] == ["greet"]


@pytest.mark.asyncio
async def test_runs_are_followed_as_they_end(tmp_path: Path) -> None:
    file = await asyncio.to_thread(store, tmp_path, "dead", "done", "pending")
    arguments = ("events", "--store", str(file), "follow", "--json", "--limit", "1")
    async with started(*arguments, env=environment()) as (process, lines):
        await until(lambda: lines)
        engine = LocalEngine(file, alone=False)
        await engine.open()
        (waiting,) = await engine.take(Lane("greet", SOURCE), AT, 1)
        await engine.finish([Ending(run=waiting, plugin="greeter", outcome=OUTCOMES["failed"])])
        await until(lambda: len(lines) == 2)
        await engine.append([Arrival(event=comment(9), handlers=("greet",))], SOURCE, None)
        (fresh,) = await engine.take(Lane("greet", SOURCE), AT, 1)
        await engine.finish([Ending(run=fresh, plugin="greeter", outcome=OUTCOMES["done"])])
        await until(lambda: len(lines) == 3)
        await engine.close()
        process.send_signal(signal.SIGINT)
        assert await process.wait() == 0
    rows = [json.loads(line) for line in lines]
    assert [(row["event"], row["state"]) for row in rows] == [
        (event_id(2), "done"),
        (event_id(3), "failed"),
        (event_id(9), "done"),
    ]


def test_a_long_export_is_whole_and_each_event_stands_in_it_once(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "PIECE", 2)
    file = store(tmp_path, "dead", "done", "pending", "done", "stale")
    assert command(file, "export") == 0
    found = read_lines(capsys.readouterr().out.splitlines(), "the export")
    assert [record.event for record in found] == [comment(number) for number in range(1, 6)]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--handler", "greeter.hello", "drop", event_id(1)],
        ["--since", "2h", "retry", event_id(1)],
        ["--state", "dead", "failed", "--name", "comment", "show", event_id(1)],
        ["--limit", "1", "export"],
    ],
)
def test_a_filter_that_an_action_does_not_heed_is_refused(
    arguments: list[str], tmp_path: Path
) -> None:
    store(tmp_path, "dead")
    before = scratchbot("events", "--store", "bot.db", cwd=tmp_path).stdout
    done = scratchbot("events", "--store", "bot.db", *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert f"does not heed {arguments[0]}" in one_line(done)
    assert scratchbot("events", "--store", "bot.db", cwd=tmp_path).stdout == before
