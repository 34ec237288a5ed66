"""The README's bot, run as printed."""

import re
from pathlib import Path

import pytest

from scratchbot.cli.app import load_app
from scratchbot.sandbox import Place
from tests.running import running
from tests.scratch import Scratch, until

README = (Path(__file__).parent.parent / "README.md").read_text("utf-8")


def bot_as_printed() -> str:
    found = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert found
    return found[1]


def test_the_bot_has_at_most_ten_lines() -> None:
    assert len([line for line in bot_as_printed().splitlines() if line]) <= 10


@pytest.mark.asyncio
async def test_the_bot_answers_as_the_readme_says(scratch: Scratch, tmp_path: Path) -> None:
    (tmp_path / "greeter.py").write_text(bot_as_printed())
    async with running(load_app(str(tmp_path / "greeter.py")), scratch):
        comment = scratch.acts.post_comment("alice", Place("project", "104"), "!hello")
        await until(lambda: comment.replies)
    assert [reply.content for reply in comment.replies.values()] == ["Hello, @alice!"]
