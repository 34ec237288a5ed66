"""Each example, run as it stands, against the sandbox."""

import importlib.util
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from scratchbot import Bot
from scratchbot.cli.app import load_app
from scratchbot.sandbox import Place
from scratchbot.schedule import Every
from scratchbot.settings import Credentials
from tests.running import running
from tests.scratch import Scratch, until

pytestmark = pytest.mark.asyncio

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
PROJECT, STUDIO = Place("project", "104"), Place("studio", "26135902")


def example(name: str) -> Bot:
    return load_app(str(EXAMPLES / f"{name}.py"))


def module(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def soon(bot: Bot) -> Bot:
    """Let every schedule of a bot fire in a second."""
    for name in bot.schedules:
        bot._schedules[name] = Every(timedelta(seconds=1))
    return bot


async def test_every_example_has_a_test() -> None:
    text = Path(__file__).read_text("utf-8")
    for file in EXAMPLES.glob("*.py"):
        assert f'"{file.stem}"' in text


async def test_the_greeter_answers_hello_and_nothing_else(scratch: Scratch) -> None:
    async with running(example("greeter"), scratch):
        silent = scratch.acts.post_comment("alice", PROJECT, "just saying")
        greeted = scratch.acts.post_comment("alice", PROJECT, "!hello bot")
        await until(lambda: greeted.replies)
    assert [reply.content for reply in greeted.replies.values()] == ["Hello, @alice!"]
    assert not silent.replies


async def test_the_studio_moderator_deletes_what_is_unwanted(scratch: Scratch) -> None:
    login = Credentials(username="scratchcat", password="hunter2")
    async with running(example("studio_moderator"), scratch, login=login) as record:
        bad = scratch.acts.post_comment("bob", STUDIO, "F4F anyone?")
        good = scratch.acts.post_comment("bob", STUDIO, "nice studio")
        scratch.acts.add_project("bob", 26135902, 105)
        await until(lambda: len(record.runs) == 3 and bad.id not in scratch.world.comments)
    assert good.id in scratch.world.comments
    assert not any(outcome.error for _, outcome in record.runs)


async def test_the_cloud_leaderboard_keeps_the_best(scratch: Scratch) -> None:
    cloud = scratch.world.projects[104].cloud
    async with running(example("cloud_leaderboard"), scratch):
        for score, best in (("5", "5"), ("9", "9"), ("7", "9")):
            scratch.acts.set_cloud("alice", 104, "☁ ping", score)
            await until(lambda: cloud["☁ pong"] == best)  # noqa: B023
        asked = scratch.acts.post_comment("alice", PROJECT, "!best")
        await until(lambda: asked.replies)
    assert [reply.content for reply in asked.replies.values()] == ["The best score is 9."]


async def test_the_daily_report_writes_its_line(
    scratch: Scratch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = module("daily_report")
    monkeypatch.setattr(made, "REPORT", tmp_path / "report.csv")
    async with running(soon(made.bot), scratch) as record:
        await until(lambda: record.runs)
    unread = scratch.world.users["scratchcat"].unread
    line = (tmp_path / "report.csv").read_text().splitlines()[0]
    assert line.endswith(f",1040,66,{unread}")


async def test_the_message_digest_counts_by_type(scratch: Scratch) -> None:
    bot = soon(example("message_digest"))
    async with running(bot, scratch) as record:
        scratch.acts.follow("alice", "demo-bot")
        scratch.acts.follow("bob", "demo-bot")
        await until(lambda: len(record.named("message.followuser")) == 2)
        done = len(record.runs)
        await until(lambda: len(record.runs) > done + 1)
    assert not any(outcome.error for _, outcome in record.runs)
