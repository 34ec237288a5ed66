"""``scratchbot login``: a session is kept safely, and bots log in with it."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from keyring.errors import KeyringLocked

from scratchbot.errors import NotLoggedInError, SettingsError
from scratchbot.kept import SCRATCH, KeptSessions, with_kept_session
from scratchbot.settings import Credentials, Network, Settings
from tests.cli.terminal import at_terminal
from tests.cli.test_cli import BOT, started
from tests.scratch import Scratch, until

NOW = datetime(2026, 11, 26, tzinfo=UTC)
SOON = NOW + timedelta(days=14)
SECRET = "not-to-be-shown"


class Memory:
    """A keyring in memory; locked, it gives nothing away."""

    name = "memory"

    def __init__(self) -> None:
        self.secrets: dict[tuple[str, str], str] = {}
        self.is_locked = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.is_locked:
            raise KeyringLocked("it is locked")
        return self.secrets.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.is_locked:
            raise KeyringLocked("it is locked")
        self.secrets[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.secrets[service, username]


def environment(folder: Path, scratch: Scratch | None = None) -> dict[str, str]:
    own = {} if scratch is None else scratch.environment | {"SCRATCHBOT_LIMITS": "off"}
    for name in ("SCRATCHBOT_USERNAME", "SCRATCHBOT_PASSWORD"):
        own.pop(name, None)
    return {**os.environ, **own, "XDG_CONFIG_HOME": str(folder)}


def login(
    folder: Path, scratch: Scratch, *arguments: str, typed: str = ""
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scratchbot", "login", *arguments],
        cwd=folder,
        env=environment(folder, scratch),
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_password_is_given_once_and_never_kept(scratch: Scratch, tmp_path: Path) -> None:
    done = login(tmp_path, scratch, "--username", "demo-bot", typed="beepboop\n")
    file = tmp_path / "scratchbot" / "sessions.json"
    ends = datetime.now(UTC) + timedelta(days=14)
    assert done.stderr == ""
    assert done.stdout == (
        f"Logged in as demo-bot, until {ends:%Y-%m-%d}. The session is kept in {file}.\n"
    )
    assert "beepboop" not in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in file.parent.iterdir()] == ["sessions.json"]


@pytest.mark.asyncio
async def test_a_bot_logs_in_with_the_session_that_is_kept(
    scratch: Scratch, tmp_path: Path
) -> None:
    assert login(tmp_path, scratch, "--username", "demo-bot", typed="beepboop\n").returncode == 0
    (tmp_path / "bot.py").write_text(BOT)
    env = environment(tmp_path, scratch)
    async with started("run", "bot.py", env=env, cwd=tmp_path) as (process, lines):
        await until(lambda: any("bot_ready" in line for line in lines))
        comment = scratch.user("alice").comment(104, "hi")
        await until(lambda: comment.replies == ["Hello, @alice!"])
        process.terminate()
        assert await process.wait() == 0


def test_a_browser_s_session_id_is_taken_as_well(scratch: Scratch, tmp_path: Path) -> None:
    assert login(tmp_path, scratch, "--username", "demo-bot", typed="beepboop\n").returncode == 0
    (row,) = json.loads((tmp_path / "scratchbot" / "sessions.json").read_text())
    other = tmp_path / "other"
    other.mkdir()
    done = login(other, scratch, "--session-id", "--json", typed=f'"{row["session_id"]}"\n')
    assert done.stderr == ""
    told = json.loads(done.stdout)
    assert told["username"] == "demo-bot"
    assert datetime.fromisoformat(told["expires"]) > datetime.now(UTC) + timedelta(days=13)
    assert row["session_id"] not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "typed", "said"),
    [
        (["--username", "demo-bot"], "wrong\n", "or log in with a session id from a browser"),
        (["--username", "demo-bot"], "\n", "nothing was given to log in with"),
        (["--session-id"], "no-such-session\n", "the site does not know this session id"),
        ([], "beepboop\n", "give --username"),
        (["--forget"], "", "no session is kept"),
        (["--forget", "--username", "alice"], "", "no session of alice is kept"),
    ],
)
def test_what_is_refused_is_told_in_one_line_and_nothing_is_kept(
    scratch: Scratch, tmp_path: Path, arguments: list[str], typed: str, said: str
) -> None:
    done = login(tmp_path, scratch, *arguments, typed=typed)
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "scratchbot").exists()


def test_what_is_kept_is_shown_without_its_secret_and_forgotten(
    scratch: Scratch, tmp_path: Path
) -> None:
    kept = login(tmp_path, scratch, "--username", "demo-bot", typed="beepboop\n").stdout
    assert login(tmp_path, scratch, "--show").stdout == kept
    assert login(tmp_path, scratch, "--forget").stdout == "demo-bot is forgotten.\n"
    shown = login(tmp_path, scratch, "--show").stdout
    assert shown == "No session is kept. `scratchbot login` keeps one.\n"


def test_at_a_terminal_all_is_asked_and_no_secret_is_shown(
    scratch: Scratch, tmp_path: Path
) -> None:
    keys = [("Scratch account: ", "demo-bot\n"), ("Password: ", "beepboop\n")]
    env = environment(tmp_path, scratch) | {"SCRATCHBOT_USERNAME": "", "SCRATCHBOT_PASSWORD": ""}
    status, shown = at_terminal("login", keys=keys, cwd=tmp_path, env=env)
    assert status == 0, shown
    assert "Logged in as demo-bot" in shown
    assert "beepboop" not in shown


def test_a_keyring_keeps_the_secret_where_there_is_one(tmp_path: Path) -> None:
    keyring = Memory()
    kept = KeptSessions(tmp_path, keyring)
    assert kept.keep(SCRATCH, "Alice", SECRET, SOON).place == "memory"
    assert SECRET not in (tmp_path / "sessions.json").read_text()
    assert [each.session_id for each in kept.all(SCRATCH)] == [None]
    found = kept.find(SCRATCH, "alice")
    assert found is not None
    assert (found.session_id, found.expires) == (SECRET, SOON)
    assert SECRET not in repr(found)
    assert kept.forget(SCRATCH, "alice")
    assert keyring.secrets == {}


def test_a_keyring_that_takes_nothing_leaves_it_to_the_file(tmp_path: Path) -> None:
    keyring = Memory()
    keyring.is_locked = True
    kept = KeptSessions(tmp_path, keyring)
    assert kept.keep(SCRATCH, "alice", SECRET, None).place == str(tmp_path / "sessions.json")
    found = kept.find(SCRATCH, "alice")
    assert found is not None
    assert found.session_id == SECRET


def test_a_locked_keyring_is_told_of(tmp_path: Path) -> None:
    keyring = Memory()
    kept = KeptSessions(tmp_path, keyring)
    kept.keep(SCRATCH, "alice", SECRET, SOON)
    keyring.is_locked = True
    with pytest.raises(SettingsError, match="unlock it"):
        kept.find(SCRATCH, "alice")


def test_a_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    kept = KeptSessions(tmp_path, None)
    kept.keep(SCRATCH, "alice", SECRET, SOON)
    (tmp_path / "sessions.json").chmod(0o644)
    with pytest.raises(SettingsError, match=r"others can read .* `chmod 600"):
        kept.find(SCRATCH, "alice")


def test_a_damaged_file_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "sessions.json").touch(0o600)
    with pytest.raises(SettingsError, match="cannot be read: delete it"):
        KeptSessions(tmp_path, None).all(SCRATCH)


def test_the_environment_wins_and_one_site_s_session_goes_to_no_other(tmp_path: Path) -> None:
    kept = KeptSessions(tmp_path, None)
    kept.keep(SCRATCH, "alice", SECRET, SOON)
    given = Settings(credentials=Credentials(username="bob", password="x"))
    assert with_kept_session(given, kept, NOW) == given
    elsewhere = Settings(network=Network(endpoint="http://127.0.0.1:8080"))
    assert with_kept_session(elsewhere, kept, NOW) == elsewhere
    used = with_kept_session(Settings(), kept, NOW).credentials
    assert (used.username, used.session_id) == ("alice", SECRET)
    other = Settings(credentials=Credentials(username="bob"))
    assert with_kept_session(other, kept, NOW) == other


def test_an_expired_session_says_so(tmp_path: Path) -> None:
    kept = KeptSessions(tmp_path, None)
    kept.keep(SCRATCH, "alice", SECRET, NOW)
    with pytest.raises(NotLoggedInError, match="expired on 2026-11-26: write `scratchbot login`"):
        with_kept_session(Settings(), kept, NOW)


def test_of_two_accounts_one_must_be_named(tmp_path: Path) -> None:
    kept = KeptSessions(tmp_path, None)
    for name in ("alice", "bob"):
        kept.keep(SCRATCH, name, f"{SECRET} of {name}", SOON)
    with pytest.raises(SettingsError, match="sessions of alice and bob are kept: say which"):
        with_kept_session(Settings(), kept, NOW)
    named = Settings(credentials=Credentials(username="Bob"))
    assert with_kept_session(named, kept, NOW).credentials.session_id == f"{SECRET} of bob"
