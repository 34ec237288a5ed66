"""``scratchbot login``: a session is kept, shown, used by a run, and forgotten."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.test_cli import BOT, one_line, started
from tests.scratch import Scratch, until


def environment(scratch: Scratch, folder: Path, **more: str) -> dict[str, str]:
    return {
        **os.environ,
        "SCRATCHBOT_ENDPOINT": scratch.address,
        "SCRATCHBOT_LIMITS": "off",
        "XDG_CONFIG_HOME": str(folder / "config"),
        **more,
    }


def login(
    *arguments: str, env: dict[str, str], cwd: Path, typed: str = ""
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scratchbot", "login", *arguments],
        cwd=cwd,
        env=env,
        input=typed,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def session_id(scratch: Scratch) -> str:
    user = scratch.world.users["demo-bot"]
    now = scratch.clock.timestamp()
    return scratch.do(lambda: scratch.sandbox.sessions.open(user, now)).session_id


def test_a_password_from_a_pipe_is_exchanged_for_a_session_that_is_kept(
    scratch: Scratch, tmp_path: Path
) -> None:
    env = environment(scratch, tmp_path)
    done = login("--username", "demo-bot", env=env, cwd=tmp_path, typed="beepboop\n")
    assert done.returncode == 0, done.stderr
    (file,) = (tmp_path / "config" / "scratchbot").iterdir()
    ends = datetime.now(UTC) + timedelta(days=14)
    assert done.stdout == (
        f"Logged in as demo-bot. The session is kept in {file}.\n"
        f"It probably expires on {ends:%Y-%m-%d}.\n"
    )
    assert "beepboop" not in file.read_text()
    secret = json.loads(file.read_text())["session_id"]
    shown = login("--show", "--json", env=env, cwd=tmp_path)
    assert json.loads(shown.stdout)["username"] == "demo-bot"
    assert secret not in done.stdout + shown.stdout
    assert login("--forget", env=env, cwd=tmp_path).returncode == 0
    assert not file.exists()
    assert "run `scratchbot login`" in one_line(login("--show", env=env, cwd=tmp_path))


def test_a_session_id_is_checked_with_the_site_before_it_is_kept(
    scratch: Scratch, tmp_path: Path
) -> None:
    env = environment(scratch, tmp_path)
    told = f'"{session_id(scratch)}"\n'
    done = login("--session-id", env=env, cwd=tmp_path, typed=told)
    assert done.stdout.startswith("Logged in as demo-bot. ")
    other = login("--session-id", "--username", "alice", env=env, cwd=tmp_path, typed=told)
    assert "a session of demo-bot, and not of alice" in one_line(other)
    login("--forget", env=env, cwd=tmp_path)
    scratch.log_out("demo-bot")
    done = login("--session-id", env=env, cwd=tmp_path, typed=told)
    assert done.returncode == 1
    assert "the site does not know this session id" in one_line(done)
    assert not list((tmp_path / "config" / "scratchbot").iterdir())


def test_a_refused_password_names_the_other_way_and_shows_nothing(
    scratch: Scratch, tmp_path: Path
) -> None:
    env = environment(scratch, tmp_path, SCRATCHBOT_USERNAME="demo-bot")
    done = login(env=env, cwd=tmp_path, typed="not-this\n")
    assert done.returncode == 1
    assert "`scratchbot login --session-id`" in one_line(done)
    assert "not-this" not in done.stdout + done.stderr
    scratch.sandbox.sessions.captcha = True
    done = login(env=env, cwd=tmp_path, typed="beepboop\n")
    assert "finished in a browser" in one_line(done)
    assert "`scratchbot login --session-id`" in one_line(done)


@pytest.mark.parametrize(
    ("arguments", "typed", "said"),
    [
        ([], "", "whose password is it? Give --username"),
        (["--username", "demo-bot"], "", "nothing was given"),
        (["--session-id"], "scratchsessionsid=x; y\n", "this is no session id"),
        (["--username", "../x"], "", "is no user name"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(
    scratch: Scratch, tmp_path: Path, arguments: list[str], typed: str, said: str
) -> None:
    done = login(*arguments, env=environment(scratch, tmp_path), cwd=tmp_path, typed=typed)
    assert done.returncode == 1
    assert said in one_line(done)


@pytest.mark.asyncio
async def test_a_bot_runs_with_the_kept_session_until_it_expires(
    scratch: Scratch, tmp_path: Path
) -> None:
    (tmp_path / "bot.py").write_text(BOT)
    env = environment(scratch, tmp_path, SCRATCHBOT_PASSWORD="beepboop")
    assert login("--username", "demo-bot", env=env, cwd=tmp_path).returncode == 0
    del env["SCRATCHBOT_PASSWORD"]
    async with started("run", "bot.py", env=env, cwd=tmp_path) as (process, lines):
        await until(lambda: any("bot_ready" in line for line in lines), "".join(lines))
        comment = scratch.user("alice").comment(104, "hi")
        await until(lambda: comment.replies)
        process.terminate()
        assert await process.wait() == 0
    scratch.log_out("demo-bot")
    async with started("run", "bot.py", env=env, cwd=tmp_path) as (process, lines):
        assert await process.wait() == 1
    assert "run `scratchbot login`" in "".join(lines)
