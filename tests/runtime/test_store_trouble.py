"""A bot whose store cannot be used says what to do, in one line, and goes on when that is done."""

import ctypes
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.test_cli import BOT, PROJECT, environment, one_line, started
from tests.scratch import PATIENCE, Scratch, until

DROP_FROM_BOUNDS, OVERRIDES = 24, (1, 2)
"""Of Linux: the call that takes a capability away, and those by which root writes and reads all."""


def bound_by_permissions() -> None:
    """Let the program that comes next be bound by a file's permissions, root's too."""
    if os.geteuid() == 0:
        for capability in OVERRIDES:
            ctypes.CDLL(None).prctl(DROP_FROM_BOUNDS, capability, 0, 0, 0)


def run_once(scratch: Scratch, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the bot until it ends by itself."""
    return subprocess.run(
        [sys.executable, "-m", "scratchbot", "run", "bot.py", "--store", "store/bot.db"],
        cwd=folder,
        env=environment(scratch),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
        preexec_fn=bound_by_permissions,
    )


async def answer_one(scratch: Scratch, folder: Path) -> None:
    """Run the bot until it has answered a comment."""
    command = ("run", "bot.py", "--store", "store/bot.db")
    async with started(*command, env=environment(scratch), cwd=folder) as (process, lines):
        await until(lambda: any("bot_ready" in line for line in lines), "the bot to be ready")
        comment = scratch.acts.post_comment("alice", PROJECT, "hi")
        await until(lambda: comment.replies, "an answer")
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
    assert len(comment.replies) == 1


def forbid_writing_the_file(store: Path) -> None:
    store.chmod(0o444)


def forbid_writing_the_folder(store: Path) -> None:
    store.parent.chmod(0o555)


def cut(store: Path) -> None:
    store.write_bytes(store.read_bytes()[:-8192])


def scribble(store: Path) -> None:
    store.write_bytes(b"\xff" * store.stat().st_size)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (forbid_writing_the_file, "readonly database; let the bot's user write the file"),
        (
            forbid_writing_the_folder,
            "readonly database; let the bot's user write the file and its folder",
        ),
        (cut, "malformed; put a copy from before in its place"),
        (scribble, "not a database; put a copy from before in its place"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
async def test_a_store_that_cannot_be_used_is_left_as_it_is_until_that_is_mended(
    trouble: Callable[[Path], None], said: str, scratch: Scratch, tmp_path: Path
) -> None:
    (tmp_path / "bot.py").write_text(BOT)
    store = tmp_path / "store" / "bot.db"
    store.parent.mkdir()
    await answer_one(scratch, tmp_path)
    whole = store.read_bytes()
    trouble(store)
    wrong = store.read_bytes()
    done = run_once(scratch, tmp_path)
    assert done.returncode == 1
    assert re.search(said, one_line(done))
    assert store.read_bytes() == wrong
    store.parent.chmod(0o755)
    store.chmod(0o644)
    store.write_bytes(whole)
    await answer_one(scratch, tmp_path)
