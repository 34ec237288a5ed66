"""``scratchbot login``: a session is kept, shown, used by a run, and forgotten."""

import json
import os
import pty
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scratchbot.sandbox.weather import read_weather
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
    blocked = read_weather({"rules": [{"path": "/accounts/login*", "status": 403}]})
    scratch.do(lambda: scratch.sandbox.weather.set(*blocked))
    done = login(env=env, cwd=tmp_path, typed="beepboop\n")
    assert "(403)" in one_line(done)
    assert "`scratchbot login --session-id`" in one_line(done)
    scratch.do(lambda: scratch.sandbox.weather.set(0, [], []))
    scratch.sandbox.sessions.captcha = True
    done = login(env=env, cwd=tmp_path, typed="beepboop\n")
    assert "finished in a browser" in one_line(done)
    assert "`scratchbot login --session-id`" in one_line(done)


def read_until(terminal: int, words: str) -> str:
    read = ""
    while words not in read:
        read += os.read(terminal, 1000).decode()
    return read


def test_a_person_at_a_terminal_is_asked_and_the_password_is_not_shown(
    scratch: Scratch, tmp_path: Path
) -> None:
    terminal, end = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "scratchbot", "login"],
        env=environment(scratch, tmp_path),
        cwd=tmp_path,
        stdin=end,
        stdout=end,
        stderr=end,
        start_new_session=True,
    )
    shown = read_until(terminal, "User name: ")
    os.write(terminal, b"demo-bot\n")
    shown += read_until(terminal, "Password of demo-bot: ")
    os.write(terminal, b"beepboop\n")
    shown += read_until(terminal, "expires on")
    assert process.wait(60) == 0
    assert "Logged in as demo-bot" in shown
    assert "beepboop" not in shown
    os.close(terminal)
    os.close(end)


KEYRING = """
import json, os, pathlib
from keyring.backend import KeyringBackend

class Keyring(KeyringBackend):
    priority = 1
    file = pathlib.Path(os.environ["TEST_RING"])

    def _held(self):
        return json.loads(self.file.read_text()) if self.file.exists() else {}

    def get_password(self, service, username):
        return self._held().get(f"{service}/{username}")

    def set_password(self, service, username, password):
        self.file.write_text(json.dumps({**self._held(), f"{service}/{username}": password}))

    def delete_password(self, service, username):
        held = self._held()
        del held[f"{service}/{username}"]
        self.file.write_text(json.dumps(held))
"""


def test_the_system_s_keyring_is_used_where_there_is_one(scratch: Scratch, tmp_path: Path) -> None:
    (tmp_path / "ring.py").write_text(KEYRING)
    env = environment(
        scratch,
        tmp_path,
        PYTHONPATH=str(tmp_path),
        PYTHON_KEYRING_BACKEND="ring.Keyring",
        TEST_RING=str(tmp_path / "ring.json"),
    )
    done = login("--username", "demo-bot", "--json", env=env, cwd=tmp_path, typed="beepboop\n")
    assert json.loads(done.stdout)["kept_in"] == "the system's keyring"
    (held,) = json.loads((tmp_path / "ring.json").read_text()).values()
    (file,) = (tmp_path / "config" / "scratchbot").iterdir()
    assert held.startswith(".")
    assert held not in file.read_text()
    assert login("--forget", env=env, cwd=tmp_path).returncode == 0
    assert (tmp_path / "ring.json").read_text() == "{}"


def test_of_several_sessions_the_one_to_forget_must_be_named(
    scratch: Scratch, tmp_path: Path
) -> None:
    env = environment(scratch, tmp_path)
    for name in ("demo-bot", "alice"):
        password = scratch.world.users[name].password
        done = login("--username", name, env=env, cwd=tmp_path, typed=f"{password}\n")
        assert done.returncode == 0, done.stderr
    assert len(login("--show", env=env, cwd=tmp_path).stdout.splitlines()) == 2
    done = login("--forget", env=env, cwd=tmp_path)
    assert "which of alice, demo-bot? Give --username" in one_line(done)
    login("--forget", "--username", "Alice", env=env, cwd=tmp_path)
    assert login("--show", env=env, cwd=tmp_path).stdout.startswith("demo-bot: ")


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


def test_a_secret_that_is_typed_where_none_belongs_is_not_shown(tmp_path: Path) -> None:
    secret = ".eJxdjsEOgjAQRP_FsyFtKS31Z8iWXUIV2gSqB43_bjEe1OvMezPzZAPcy8y2k"
    done = login("--session-id", secret, cwd=tmp_path, env={**os.environ})
    assert done.returncode == 2
    assert "unrecognized arguments: …" in one_line(done)
    assert secret[:20] not in done.stderr
