"""``scratchbot doctor``: each fault is planted, found, mended as advised, and gone."""

import asyncio
import http.server
import json
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scratchbot.cli.doctor.examination import examine, limited
from scratchbot.cli.doctor.finding import Finding
from scratchbot.cli.doctor.subject import Machine, Subject
from scratchbot.client import Client
from scratchbot.clock import SystemClock
from scratchbot.engines.connection import Lock
from scratchbot.engines.local import LocalEngine
from scratchbot.engines.schema import APPLICATION_ID
from scratchbot.sandbox.weather import read_weather
from scratchbot.settings import Credentials, Network, Settings
from tests.cli.test_cli import BOT, environment, scratchbot
from tests.scratch import Scratch
from tests.test_plugins import WORKING, install


def machine(scratch: Scratch, folder: Path, **more: str) -> Machine:
    login = {"SCRATCHBOT_USERNAME": "demo-bot", "SCRATCHBOT_PASSWORD": "beepboop"}
    site = {"SCRATCHBOT_ENDPOINT": scratch.address, "SCRATCHBOT_LIMITS": "off"}
    return Machine(
        environment={"XDG_CONFIG_HOME": str(folder), **site, **login, **more},
        folder=folder,
        python=(3, 11, 7),
        clock=scratch.clock,
    )


async def found(there: Machine) -> dict[str, Finding]:
    return {finding.name: finding async for finding in examine(there)}


async def see(there: Machine, name: str, state: str, what: str, advice: str) -> Finding:
    """Run the doctor and return a finding, which must say this."""
    finding = (await found(there))[name]
    assert finding.state == state
    assert what in finding.what
    assert advice in finding.advice
    return finding


async def see_mended(there: Machine, name: str) -> None:
    assert (await found(there))[name].state == "ok"


@pytest.mark.asyncio
async def test_a_wrong_password_is_mended_by_the_right_one(
    scratch: Scratch, tmp_path: Path
) -> None:
    there = machine(scratch, tmp_path, SCRATCHBOT_PASSWORD="not-this")
    await see(there, "log-in", "failed", "refused this user name", "set SCRATCHBOT_PASSWORD to")
    assert "account" not in await found(there)
    await see_mended(machine(scratch, tmp_path, SCRATCHBOT_PASSWORD="beepboop"), "log-in")


@pytest.mark.asyncio
async def test_an_expired_session_is_mended_by_another_log_in(
    scratch: Scratch, tmp_path: Path
) -> None:
    there = machine(scratch, tmp_path, SCRATCHBOT_PASSWORD="")
    env = environment(scratch, XDG_CONFIG_HOME=str(tmp_path))
    assert scratchbot("login", cwd=tmp_path, env=env).returncode == 0
    assert (await found(there))["log-in"].what == "as demo-bot, with the kept session"
    scratch.jump(days=15)
    told = await see(there, "log-in", "failed", "does not know this session", "")
    assert told.advice == "run `scratchbot login`"
    assert scratchbot("login", cwd=tmp_path, env=env).returncode == 0
    await see_mended(there, "log-in")


@pytest.mark.asyncio
async def test_when_a_kept_session_ends_is_said_and_warned_of_before(
    scratch: Scratch, tmp_path: Path
) -> None:
    there = machine(scratch, tmp_path, SCRATCHBOT_PASSWORD="")
    env = environment(scratch, XDG_CONFIG_HOME=str(tmp_path))
    assert scratchbot("login", cwd=tmp_path, env=env).returncode == 0
    ends = f"it probably ends on {scratch.clock.now() + timedelta(days=14):%Y-%m-%d}"
    assert (await found(there))["session"] == Finding("session", "ok", ends)
    scratch.jump(days=12)
    await see(there, "session", "warning", ends, "run `scratchbot login`, then start the bot anew")
    assert "session" not in await found(machine(scratch, tmp_path))


@pytest.mark.asyncio
async def test_files_with_secrets_that_others_can_read_are_mended_by_chmod(
    scratch: Scratch, tmp_path: Path
) -> None:
    there = machine(scratch, tmp_path, SCRATCHBOT_PASSWORD="")
    env = environment(scratch, XDG_CONFIG_HOME=str(tmp_path))
    assert scratchbot("login", cwd=tmp_path, env=env).returncode == 0
    (kept,) = (tmp_path / "scratchbot").glob("*.json")
    assert "secrets" not in await found(there)
    for file in (kept, tmp_path / ".env"):
        file.touch()
        file.chmod(0o640)
        told = await see(there, "secrets", "warning", f"{file} is open to other users", "chmod 600")
        subprocess.run(["sh", "-c", told.advice], check=True)
        assert "secrets" not in await found(there)


@pytest.mark.asyncio
async def test_which_of_several_kept_sessions_is_meant_is_said_by_naming_one(
    scratch: Scratch, tmp_path: Path
) -> None:
    there = machine(scratch, tmp_path, SCRATCHBOT_USERNAME="", SCRATCHBOT_PASSWORD="")
    for name, password in (("demo-bot", "beepboop"), ("scratchcat", "hunter2")):
        login = {"SCRATCHBOT_USERNAME": name, "SCRATCHBOT_PASSWORD": password}
        env = environment(scratch, XDG_CONFIG_HOME=str(tmp_path), **login)
        assert scratchbot("login", cwd=tmp_path, env=env).returncode == 0
    told = await see(there, "kept session", "failed", "(demo-bot, scratchcat)", "username in")
    assert told.what.endswith("are kept (demo-bot, scratchcat)")
    named = machine(scratch, tmp_path, SCRATCHBOT_PASSWORD="")
    assert (await found(named))["log-in"].what == "as demo-bot, with the kept session"


@pytest.mark.asyncio
async def test_a_muted_account_is_mended_by_waiting(scratch: Scratch, tmp_path: Path) -> None:
    there = machine(scratch, tmp_path)
    scratch.world.users["demo-bot"].muted_until = scratch.clock.timestamp() + 3600
    ends = scratch.clock.now() + timedelta(hours=1)
    await see(there, "account", "failed", "it is muted until", f"wait until {ends:%Y-%m-%d %H:%M}")
    scratch.jump(hours=1, minutes=1)
    await see_mended(there, "account")


@pytest.mark.parametrize(
    ("trouble", "what", "advice"),
    [
        ("banned", "it is banned", "appeal in a browser"),
        ("must_reset_password", "a new password", "in a browser"),
        ("unconfirmed", "not confirmed", "follow the link in the e-mail"),
    ],
)
@pytest.mark.asyncio
async def test_what_else_keeps_an_account_from_acting_is_found(
    scratch: Scratch, tmp_path: Path, trouble: str, what: str, advice: str
) -> None:
    user = scratch.world.users["demo-bot"]
    if trouble == "unconfirmed":
        user.email_confirmed = False
    else:
        setattr(user, trouble, True)
    await see(machine(scratch, tmp_path), "account", "failed", what, advice)


class FastClock(SystemClock):
    """A clock that is an hour ahead."""

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(hours=1)


@pytest.mark.asyncio
async def test_a_clock_that_is_off_by_an_hour_is_mended_by_setting_it(
    scratch: Scratch, tmp_path: Path
) -> None:
    there = machine(scratch, tmp_path)
    wrong = replace(there, clock=FastClock())
    await see(wrong, "clock", "failed", "60 minutes ahead of the site", "set this machine's clock")
    await see_mended(there, "clock")


@pytest.mark.asyncio
async def test_a_store_that_another_bot_holds_is_mended_by_stopping_it(
    scratch: Scratch, tmp_path: Path
) -> None:
    there = replace(machine(scratch, tmp_path), store=tmp_path / "bot.db")
    other = LocalEngine(tmp_path / "bot.db")
    await other.open()
    try:
        await see(there, "store", "failed", "a bot is running on", "if it is not this one, stop it")
    finally:
        await other.close()
    await see_mended(there, "store")
    Lock(tmp_path / "bot.db").release()  # the doctor holds nothing


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "lock", ["BEGIN IMMEDIATE", "PRAGMA locking_mode = EXCLUSIVE; INSERT INTO held VALUES (1)"]
)
async def test_a_store_that_another_program_has_locked_is_mended_by_closing_it(
    lock: str, scratch: Scratch, tmp_path: Path
) -> None:
    there = replace(machine(scratch, tmp_path), store=tmp_path / "bot.db")
    other = sqlite3.connect(tmp_path / "bot.db", isolation_level=None)
    other.execute("PRAGMA journal_mode = WAL")
    other.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    other.execute("CREATE TABLE held (number)")
    for statement in lock.split("; "):
        other.execute(statement)
    await see(there, "store", "failed", "another program has locked", "close the program")
    other.close()
    await see_mended(there, "store")


@pytest.mark.asyncio
async def test_a_store_that_cannot_be_written_is_mended_by_letting_it_be(
    scratch: Scratch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = replace(machine(scratch, tmp_path), store=tmp_path / "bot.db")
    # Who tests may be allowed everything.
    with monkeypatch.context() as forbidden:
        forbidden.setattr("os.access", lambda place, mode: False)
        await see(there, "store", "failed", "cannot be written", "let the bot's user write both")
    await see_mended(there, "store")


@pytest.mark.asyncio
async def test_a_password_without_a_name_is_mended_by_naming_the_account(
    scratch: Scratch, tmp_path: Path
) -> None:
    there = machine(scratch, tmp_path, SCRATCHBOT_USERNAME="")
    await see(there, "log-in", "failed", "it is not said whose", "set SCRATCHBOT_USERNAME")
    await see_mended(machine(scratch, tmp_path), "log-in")


@pytest.mark.asyncio
async def test_a_damaged_store_is_mended_by_a_copy_from_before(
    scratch: Scratch, tmp_path: Path
) -> None:
    file = tmp_path / "bot.db"
    engine = LocalEngine(file)
    await engine.open()
    await engine.close()
    there, whole = replace(machine(scratch, tmp_path), store=file), file.read_bytes()
    for broken in (b"no database at all" * 100, whole[:4096] + b"x" * (len(whole) - 4096)):
        file.write_bytes(broken)
        await see(there, "store", "failed", "is damaged", "put a copy from before in its place")
    file.write_bytes(whole)
    await see_mended(there, "store")


@pytest.mark.asyncio
async def test_looking_changes_nothing(scratch: Scratch, tmp_path: Path) -> None:
    there = replace(machine(scratch, tmp_path), store=tmp_path / "bot.db")
    await found(there)
    assert not list(tmp_path.iterdir())
    engine = LocalEngine(tmp_path / "bot.db")
    await engine.open()
    await engine.close()
    before = {file: file.read_bytes() for file in tmp_path.iterdir()}
    await found(there)
    assert {file: file.read_bytes() for file in tmp_path.iterdir()} == before


@pytest.mark.asyncio
async def test_a_plugin_that_is_missing_is_mended_by_installing_it(
    scratch: Scratch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "scratchbot.toml").write_text("[plugins.polite]\n")
    there = machine(scratch, tmp_path)
    advice = "pip install scratchbot-polite"
    await see(there, "plugin polite", "failed", "no plugin 'polite' is installed", advice)
    install(tmp_path, "polite_plugin", WORKING, monkeypatch)
    await see_mended(there, "plugin polite")


@pytest.mark.asyncio
async def test_a_permission_that_is_missing_is_mended_by_the_line_that_is_told(
    scratch: Scratch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, "polite_plugin", WORKING.replace('reply"]', 'reply", "social"]'), monkeypatch)
    file = tmp_path / "scratchbot.toml"
    file.write_text("[plugins.polite]\n")
    there = machine(scratch, tmp_path)
    line = 'permissions = ["comment.reply", "social"]'
    told = await see(there, "plugin polite", "failed", "not allowed: social", f"write {line} under")
    assert "[plugins.polite] in scratchbot.toml" in told.advice
    file.write_text(f"[plugins.polite]\n{line}\n")
    await see_mended(there, "plugin polite")
    file.write_text("[plugins.polite]\npermissions = []\n")
    await see(there, "plugin polite", "warning", "comment.reply, social", "to allow it")


@pytest.mark.asyncio
async def test_a_plugin_s_wrong_setting_is_found(
    scratch: Scratch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, "polite_plugin", WORKING, monkeypatch)
    (tmp_path / "scratchbot.toml").write_text("[plugins.polite]\ngreting = 1\n")
    there = machine(scratch, tmp_path)
    await see(there, "plugin polite", "failed", "takes no settings", "`scratchbot plugins` lists")


@contextmanager
def another_program() -> Iterator[int]:
    """Serve something that is no Scratch."""
    with http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.asyncio
async def test_a_port_that_another_program_has_is_mended_by_another_port(
    scratch: Scratch, tmp_path: Path
) -> None:
    with another_program() as port:
        address = f"http://127.0.0.1:{port}"
        there = machine(scratch, tmp_path, SCRATCHBOT_ENDPOINT=address)
        told = await see(there, "port", "failed", f"another program has port {port}", "--port 0")
    assert "set SCRATCHBOT_ENDPOINT to the address that it prints" in told.advice
    there = machine(scratch, tmp_path, SCRATCHBOT_ENDPOINT=scratch.address)
    assert "port" not in await found(there)
    await see_mended(there, "site")


@pytest.mark.asyncio
async def test_a_program_that_takes_the_port_and_says_nothing_is_found(
    scratch: Scratch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scratchbot.cli.doctor.site.LIMIT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        there = machine(scratch, tmp_path, SCRATCHBOT_ENDPOINT=f"http://127.0.0.1:{port}")
        await see(there, "port", "failed", f"another program has port {port}", "--port 0")


@pytest.mark.asyncio
async def test_a_site_that_cannot_be_reached_is_mended_by_starting_it(
    scratch: Scratch, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closing:
        port = closing.getsockname()[1]
    there = machine(scratch, tmp_path, SCRATCHBOT_ENDPOINT=f"http://127.0.0.1:{port}")
    advice = f"`scratchbot sandbox --port {port}`"
    await see(there, "site", "failed", "nothing answers at", advice)
    assert "log-in" not in await found(there)
    async with scratch.sandbox.serve(port=port):
        await see_mended(there, "site")


@pytest.mark.asyncio
async def test_a_slow_site_is_told_and_mended_by_trying_later(
    scratch: Scratch, tmp_path: Path
) -> None:
    there = machine(scratch, tmp_path)
    slow = read_weather({"rules": [{"path": "/session*", "latency": [2.1]}]})
    scratch.do(lambda: scratch.sandbox.weather.set(*slow))
    await see(there, "site", "warning", "answers only after 2.", "try again later")
    scratch.do(lambda: scratch.sandbox.weather.set(0, [], []))
    await see_mended(there, "site")


@pytest.mark.asyncio
async def test_an_old_python_is_mended_by_a_newer_one(scratch: Scratch, tmp_path: Path) -> None:
    there = replace(machine(scratch, tmp_path), python=(3, 10, 14))
    await see(there, "python", "failed", "3.10.14 is too old", "install Python 3.11 or newer")
    await see_mended(replace(there, python=(3, 11, 0)), "python")


@pytest.mark.asyncio
async def test_wrong_settings_are_found_and_nothing_is_checked_with_them(
    scratch: Scratch, tmp_path: Path
) -> None:
    (tmp_path / "scratchbot.toml").write_text("[bott]\n")
    assert set(await found(machine(scratch, tmp_path))) == {"python", "settings"}
    await see(
        machine(scratch, tmp_path), "settings", "failed", "there is no table [bott]", "change that"
    )


@pytest.mark.asyncio
async def test_a_database_of_another_program_is_no_store(scratch: Scratch, tmp_path: Path) -> None:
    there = replace(machine(scratch, tmp_path), store=tmp_path / "other.db")
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE notes (text TEXT)")
    await see(there, "store", "failed", "other.db is no store", "name another file")


@pytest.mark.asyncio
async def test_a_bot_that_is_named_is_loaded_and_checked(
    scratch: Scratch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = tmp_path / "greeter_to_check.py"
    monkeypatch.setattr("sys.path", [*sys.path])
    app.write_text(BOT)
    there = replace(machine(scratch, tmp_path), app=str(app))
    await see(there, "bot", "ok", "greeter: 1 handler, 1 watch", "")
    app.write_text("bot = 3")
    await see(there, "bot", "failed", "makes no Bot", "change that in")
    nowhere = replace(there, app="nowhere.py")
    await see(nowhere, "bot", "failed", "there is no file nowhere.py", "or name the right file")
    app.write_text(
        BOT.replace("ProjectComments(104)", "Messages()").replace(
            "import ProjectComments", "import Messages"
        )
    )
    there = replace(there, environment={**there.environment, "SCRATCHBOT_PASSWORD": ""})
    await see(there, "log-in", "failed", "watches Messages", "run `scratchbot login`")


@pytest.mark.asyncio
async def test_a_check_that_fails_itself_or_does_not_end_is_a_finding() -> None:
    network = Network(endpoint="http://127.0.0.1:9")
    client = Client(Credentials(), network)
    subject = Subject(
        settings=Settings(network=network),
        is_kept=False,
        bot=None,
        client=client,
        clock=SystemClock(),
    )

    async def check_nothing(_: Subject) -> list[Finding]:
        raise ZeroDivisionError("oh")

    async def check_forever(_: Subject) -> list[Finding]:
        await asyncio.Event().wait()
        return []

    (finding,) = await limited(check_nothing, subject)
    assert finding.state == "failed"
    assert "ZeroDivisionError: oh" in finding.what
    (finding,) = await limited(check_forever, subject, limit=0.01)
    assert finding == replace(finding, name="forever", state="failed")
    await client.close()


def test_a_reader_that_has_seen_enough_is_no_trouble(scratch: Scratch, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "scratchbot", "doctor"],
        cwd=tmp_path,
        env=environment(scratch),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    assert process.communicate(timeout=60)[1] == ""


def test_the_command_prints_a_line_for_each_check_and_its_status_tells(
    scratch: Scratch, tmp_path: Path
) -> None:
    done = scratchbot("doctor", cwd=tmp_path, env=environment(scratch))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ok       log-in: as demo-bot, with what the environment gives\n" in done.stdout
    env = environment(scratch, SCRATCHBOT_PASSWORD="not-this")
    done = scratchbot("doctor", cwd=tmp_path, env=env)
    assert done.returncode == 1
    assert "failed   log-in: " in done.stdout
    assert "         to mend it: set SCRATCHBOT_PASSWORD" in done.stdout
    done = scratchbot("doctor", "--json", cwd=tmp_path, env=env)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert {"log-in": "failed", "clock": "ok", "settings": "warning"}.items() <= {
        row["name"]: row["state"] for row in rows
    }.items()
    assert "not-this" not in done.stdout
    assert done.stderr == ""
