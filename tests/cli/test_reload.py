"""``scratchbot run --reload``: the code changes while people talk to the bot."""

from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_cli import BOT, PROJECT, environment, one_line, scratchbot, started
from tests.scratch import Scratch, until

pytestmark = pytest.mark.asyncio


async def test_a_change_is_taken_up_a_mistake_in_code_or_settings_is_not_and_no_comment_is_lost(
    scratch: Scratch, tmp_path: Path
) -> None:
    file = tmp_path / "bot.py"
    file.write_text(BOT)
    comments: list[Any] = []

    async def says(text: str) -> None:
        comment = scratch.acts.post_comment("alice", PROJECT, f"hi {len(comments)}")
        comments.append(comment)
        await until(lambda: [reply.content for reply in comment.replies.values()] == [text])

    command, env = ("run", str(file), "--reload"), environment(scratch)
    async with started(*command, env=env, cwd=tmp_path) as (process, lines):
        await until(lambda: any("bot_ready" in line for line in lines))
        await says("Hello, @alice!")
        (tmp_path / "scratchbot.toml").write_text("[bot]\nstoer = 'x'\n")
        await until(lambda: any("the old code goes on" in line for line in lines))
        assert sum("scratchbot.toml: [bot] has no setting 'stoer'" in line for line in lines) == 1
        await says("Hello, @alice!")
        file.write_text(BOT + "\ndef broken(:\n")
        await until(lambda: sum("the old code goes on" in line for line in lines) == 2)
        assert any("does not run: invalid syntax (line 12)" in line for line in lines)
        await says("Hello, @alice!")
        (tmp_path / "scratchbot.toml").unlink()
        file.write_text(BOT.replace("Hello", "Good day"))
        # Some of these are said while no bot runs.
        late = [scratch.acts.post_comment("bob", PROJECT, f"late {each}") for each in range(5)]
        await until(lambda: sum("bot_ready" in line for line in lines) == 2)
        await says("Good day, @alice!")
        await until(lambda: all(comment.replies for comment in late))
        assert all(len(comment.replies) == 1 for comment in late)
        process.terminate()
        assert await process.wait() == 0


async def test_code_that_does_not_load_at_first_is_waited_for(
    scratch: Scratch, tmp_path: Path
) -> None:
    file = tmp_path / "bot.py"
    file.write_text("bot = (")
    async with started("run", str(file), "--reload", env=environment(scratch)) as (process, lines):
        await until(lambda: any("waiting for a change" in line for line in lines))
        file.write_text(BOT)
        await until(lambda: any("bot_ready" in line for line in lines))
        process.terminate()
        assert await process.wait() == 0


async def test_settings_that_are_wrong_are_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "bot.py").write_text(BOT)
    (tmp_path / "scratchbot.toml").write_text("[bot]\nstoer = 'x'\n")
    done = scratchbot("run", "bot.py", "--reload", cwd=tmp_path)
    assert done.returncode == 1
    assert "there is no setting 'stoer'" in one_line(done) or "no setting" in one_line(done)
