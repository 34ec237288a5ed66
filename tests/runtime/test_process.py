"""A bot's process: what handlers raise does not end it, what they leave behind does not keep it."""

import asyncio
import signal
import sys
from pathlib import Path

import pytest

from tests.cli.test_cli import BOT, PROJECT, environment, started
from tests.scratch import PATIENCE, Scratch, until

pytestmark = pytest.mark.asyncio

EXITING = """
@bot.on("comment", retries=0)
async def leave(event):
    import asyncio, sys
    async def gone():
        if event.content == "exit":
            sys.exit(7)
        if event.content == "stop":
            asyncio.get_running_loop().stop()
    await asyncio.gather(gone(), asyncio.sleep(0))
"""

BLOCKING = """
@bot.on("bot.start")
async def block():
    print("blocked", flush=True)
    while True:
        pass
"""

LINGERING = """
from scratchbot.runtime import process
process.LAST_SECONDS = 0.2

@bot.on("bot.start")
async def start():
    import asyncio, time
    async def stubborn():
        while True:
            try:
                await asyncio.sleep(3600)
            except:
                pass
    background.append(asyncio.create_task(stubborn(), name="stubborn"))
    background.append(asyncio.create_task(asyncio.to_thread(time.sleep, 3600)))
    print("started", flush=True)

@bot.on("comment")
async def fill_the_disk():
    import resource
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, most))

background = []
"""


async def test_a_second_ctrl_c_ends_a_bot_whose_loop_is_blocked_for_ever(
    scratch: Scratch, tmp_path: Path
) -> None:
    (tmp_path / "bot.py").write_text(BOT + BLOCKING)
    async with started("run", "bot.py", env=environment(scratch), cwd=tmp_path) as (process, lines):
        await until(lambda: any("blocked" in line for line in lines))

        def has_ended() -> bool:
            if process.returncode is None:
                process.send_signal(signal.SIGINT)
            return process.returncode is not None

        await until(has_ended, "the end")
    assert process.returncode == 130


async def test_a_log_that_cannot_be_written_is_lost_and_nothing_else(
    scratch: Scratch, tmp_path: Path
) -> None:
    (tmp_path / "bot.py").write_text(BOT)
    process = await asyncio.create_subprocess_shell(
        f"exec {sys.executable} -m scratchbot run bot.py 2>/dev/full",
        env=environment(scratch),
        cwd=tmp_path,
    )

    said = []

    def has_answered() -> bool:
        said.append(scratch.acts.post_comment("alice", PROJECT, "are you there?"))
        return any(comment.replies for comment in said)

    await until(has_answered, "an answer")
    process.terminate()
    assert await asyncio.wait_for(process.wait(), PATIENCE) == 0


async def test_a_task_that_exits_or_stops_the_loop_does_not_end_the_bot(
    scratch: Scratch, tmp_path: Path
) -> None:
    (tmp_path / "bot.py").write_text(BOT + EXITING)
    async with started("run", "bot.py", env=environment(scratch), cwd=tmp_path) as (process, lines):
        await until(lambda: any("bot_ready" in line for line in lines))
        texts = ("exit", "stop", "stay")
        comments = [scratch.acts.post_comment("alice", PROJECT, text) for text in texts]
        await until(lambda: all(comment.replies for comment in comments), "".join(lines))
        await until(lambda: any("run_dead" in line for line in lines))
        process.terminate()
        assert await asyncio.wait_for(process.wait(), PATIENCE) == 0
    output = "".join(lines)
    assert "SystemExit: 7" in output
    assert "task_exited" in output
    assert "Traceback" not in output


@pytest.mark.parametrize("fails", [False, True])
async def test_what_does_not_end_with_the_bot_is_cut_off_and_named(
    fails: bool, scratch: Scratch, tmp_path: Path
) -> None:
    (tmp_path / "bot.py").write_text(BOT + LINGERING)
    command = ("run", "bot.py", "--store", "bot.db")
    async with started(*command, env=environment(scratch), cwd=tmp_path) as (process, lines):
        await until(lambda: any("started" in line for line in lines))
        if fails:
            scratch.acts.post_comment("alice", PROJECT, "hi")
        else:
            process.terminate()
        assert await asyncio.wait_for(process.wait(), PATIENCE) == fails
    (cut_off,) = [line for line in lines if "cut_off" in line]
    assert "stubborn" in cut_off
    assert "asyncio_0" in cut_off
    assert "Traceback" not in "".join(lines)
    assert any("scratchbot: the store" in line for line in lines) == fails
