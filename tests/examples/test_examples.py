"""Each example, run as it stands, with the testing plugin that their authors would use."""

import importlib.util
from pathlib import Path
from typing import Any

import pytest

from scratchbot import Bot
from scratchbot.cli.app import load_app
from scratchbot.testing import Scratch
from scratchbot.testing.plugin import scratch
from scratchbot_cloud_requests.testing import Sprite

pytestmark = pytest.mark.asyncio

__all__ = ["scratch"]  # the plugin's fixture, not the one of the framework's own tests

EXAMPLES = Path(__file__).parent.parent.parent / "examples"


def example(name: str) -> Bot:
    return load_app(str(EXAMPLES / f"{name}.py"))


def module(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


async def test_every_example_has_a_test() -> None:
    text = Path(__file__).read_text("utf-8")
    for file in EXAMPLES.glob("*.py"):
        assert f'"{file.stem}"' in text


async def test_the_greeter_answers_hello_and_nothing_else(scratch: Scratch) -> None:
    bot = example("greeter")
    async with scratch.running(bot):
        silent = scratch.user("alice").comment(104, "just saying")
        greeted = scratch.user("alice").comment(104, "!hello bot")
        await scratch.settled(bot)
    assert greeted.replies == ["Hello, @alice!"]
    assert silent.replies == []


async def test_the_studio_moderator_deletes_what_is_unwanted(scratch: Scratch) -> None:
    bot, bob = example("studio_moderator"), scratch.user("bob")
    async with scratch.running(bot, username="scratchcat"):
        bad = bob.comment("studio:26135902", "F4F anyone?")
        good = bob.comment("studio:26135902", "nice studio")
        bob.add_project(105, 26135902)
        await scratch.settled(bot)
    assert not bad.is_there
    assert good.is_there


async def test_the_cloud_leaderboard_keeps_the_best(scratch: Scratch) -> None:
    bot, alice = example("cloud_leaderboard"), scratch.user("alice")
    async with scratch.running(bot):
        for score, best in ((5, "5"), (9, "9"), (7, "9")):
            alice.set_cloud(104, "ping", score)
            await scratch.settled(bot)
            assert scratch.cloud(104, "pong") == best
        asked = alice.comment(104, "!best")
        await scratch.settled(bot)
    assert asked.replies == ["The best score is 9."]


async def test_the_cloud_requests_are_answered(scratch: Scratch) -> None:
    bot, sprite = example("cloud_requests"), Sprite(scratch, 104, "alice")
    async with scratch.running(bot):
        unread = scratch.world.users["griffpatch"].unread
        assert await sprite.ask(bot, "messages", "griffpatch") == [str(unread)]


async def test_the_daily_report_writes_its_line(
    scratch: Scratch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = module("daily_report")
    monkeypatch.setattr(made, "REPORT", tmp_path / "report.csv")
    async with scratch.running(made.bot):
        scratch.jump(days=1)
        await scratch.settled(made.bot)
    unread = scratch.world.users["scratchcat"].unread
    line = (tmp_path / "report.csv").read_text().splitlines()[0]
    assert line.endswith(f",1040,66,{unread}")


async def test_the_message_digest_counts_by_type(scratch: Scratch) -> None:
    bot = example("message_digest")
    async with scratch.running(bot):
        for name in ("bob", "griffpatch"):
            scratch.user(name).follow("demo-bot")
        await scratch.settled(bot)
        scratch.jump(hours=24)
        await scratch.settled(bot)
