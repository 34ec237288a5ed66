"""``scratchbot doctor``: each fault is found, and its advice mends it."""

import argparse
import json
import socket
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from scratchbot.cli.doctor import examine
from scratchbot.clock import Clock, SystemClock
from scratchbot.doctor.finding import Finding
from scratchbot.engines.connection import Lock
from scratchbot.engines.local import LocalEngine
from tests.cli.test_cli import environment, scratchbot
from tests.clock import FastClock
from tests.scratch import Scratch

pytestmark = pytest.mark.asyncio

BOT = """
from scratchbot import Bot, Plugin
bot, plugin = Bot("b"), Plugin("friendly", permissions=["comment.reply", "social"])
bot.include(plugin)
"""


class Setup:
    """A bot's set-up, which tests spoil and mend."""

    def __init__(self, scratch: Scratch, folder: Path) -> None:
        self.env = environment(scratch) | {"SCRATCHBOT_LIMITS": "on"}
        self.folder = folder
        self.app: str | None = None
        self.port = 0
        self.clock: Clock = SystemClock()
        self.version = (3, 12, 1)
        self.write()

    @property
    def store(self) -> Path:
        return self.folder / "bot.db"

    def write(self, more: str = "") -> None:
        """Write the settings."""
        (self.folder / "scratchbot.toml").write_text(f'[bot]\nstore = "bot.db"\n{more}')

    async def look(self) -> list[Finding]:
        options = argparse.Namespace(app=self.app, store=None, port=self.port, json=False)
        found = examine(options, self.env, self.clock, self.version)
        return [finding async for finding in found]

    async def wrong(self) -> Finding:
        """Return the one thing that is wrong."""
        (found,) = [each for each in await self.look() if each.state != "ok"]
        return found

    async def is_well(self) -> bool:
        return all(finding.state == "ok" for finding in await self.look())


@pytest.fixture
def setup(scratch: Scratch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Setup:
    monkeypatch.chdir(tmp_path)
    return Setup(scratch, tmp_path)


async def make_store(file: Path) -> None:
    engine = LocalEngine(file)
    await engine.open()
    await engine.close()


async def test_a_good_set_up_is_well_and_left_as_it_is(setup: Setup) -> None:
    setup.write('username = "demo-bot"\n')
    found = await setup.look()
    assert [finding.about for finding in found] == [
        "Python",
        "port",
        "settings",
        "store",
        "site",
        "clock",
        "log-in",
        "account",
        "plugins",
    ]
    assert all(finding.state == "ok" and not finding.advice for finding in found)
    assert [path.name for path in setup.folder.iterdir()] == ["scratchbot.toml"]


async def test_a_wrong_password(setup: Setup) -> None:
    setup.env["SCRATCHBOT_PASSWORD"] = "wrong"
    found = await setup.wrong()
    assert found.about == "log-in"
    assert "`scratchbot login`, with the right password" in found.advice
    setup.env["SCRATCHBOT_PASSWORD"] = "beepboop"
    assert await setup.is_well()


async def test_an_expired_session(setup: Setup, scratch: Scratch, tmp_path: Path) -> None:
    login = ("login", "--username", "demo-bot", "--json")
    home = {"XDG_CONFIG_HOME": str(tmp_path / "home")}
    assert scratchbot(*login, cwd=tmp_path, env=setup.env | home).returncode == 0
    password = setup.env.pop("SCRATCHBOT_PASSWORD")
    setup.env |= home
    assert await setup.is_well()
    scratch.log_out("demo-bot")
    found = await setup.wrong()
    assert (found.about, found.state) == ("log-in", "failed")
    assert "write `scratchbot login`" in found.advice
    again = setup.env | {"SCRATCHBOT_PASSWORD": password}
    assert scratchbot(*login, cwd=tmp_path, env=again).returncode == 0
    assert await setup.is_well()


async def test_a_muted_account(setup: Setup, scratch: Scratch) -> None:
    user, now = scratch.world.users["demo-bot"], SystemClock().timestamp()
    user.muted_until = now + 3600
    found = await setup.wrong()
    assert found.about == "account"
    assert found.said.startswith("it is muted until ")
    assert found.advice.startswith("wait until then")
    user.muted_until = now - 1
    assert await setup.is_well()


async def test_a_clock_that_is_off_by_an_hour(setup: Setup) -> None:
    class Off(SystemClock):
        def now(self) -> datetime:
            return super().now() + timedelta(hours=1)

    setup.clock = Off()
    found = await setup.wrong()
    assert (found.about, found.said) == ("clock", "it is 60 minutes ahead of the site's")
    assert "set this machine's clock" in found.advice
    setup.clock = SystemClock()
    assert await setup.is_well()


async def test_a_store_that_another_bot_holds(setup: Setup) -> None:
    await make_store(setup.store)
    lock = Lock(setup.store)
    found = await setup.wrong()
    assert found.said == "another bot is running on bot.db"
    assert "stop that bot" in found.advice
    lock.release()
    assert await setup.is_well()


async def test_a_damaged_store(setup: Setup) -> None:
    await make_store(setup.store)
    whole = setup.store.read_bytes()
    setup.store.write_bytes(whole[:4096] + b"\x00rubbish" * 2000)
    found = await setup.wrong()
    assert "bot.db is damaged" in found.said
    assert "put a copy from before in its place" in found.advice
    setup.store.write_bytes(whole)
    assert await setup.is_well()


async def test_a_plugin_that_is_not_installed(setup: Setup) -> None:
    setup.write("[plugins.welcoem]\n")
    found = await setup.wrong()
    assert found.about == "plugins"
    assert "did you mean 'welcome'?" in found.said
    assert "mend the table that is named" in found.advice
    setup.write("[plugins.welcome]\n")
    assert (await setup.look())[-1].said == "welcome"


async def test_a_permission_that_is_missing(setup: Setup) -> None:
    (setup.folder / "bot.py").write_text(BOT)
    setup.app = "bot.py"
    found = await setup.wrong()
    assert found.said == "friendly asks for social, which it is not granted"
    advised = 'permissions = ["comment.reply", "social"] under [plugins.friendly]'
    assert advised in found.advice
    setup.write('[plugins.friendly]\npermissions = ["comment.reply", "social"]\n')
    assert await setup.is_well()


async def test_a_port_that_is_taken(setup: Setup) -> None:
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        setup.port = other.getsockname()[1]
        found = await setup.wrong()
        assert (found.about, found.state) == ("port", "warning")
        assert "stop the program that has it, or give `scratchbot sandbox` --port 0" in found.advice
    assert await setup.is_well()


async def test_a_site_that_cannot_be_reached(setup: Setup) -> None:
    address = setup.env["SCRATCHBOT_ENDPOINT"]
    setup.env["SCRATCHBOT_ENDPOINT"] = "http://127.0.0.1:9"
    found = await setup.wrong()
    assert (found.about, found.state) == ("site", "failed")
    assert "is that the address of a sandbox?" in found.advice
    setup.env["SCRATCHBOT_ENDPOINT"] = address
    assert await setup.is_well()


async def test_a_site_that_is_slow(setup: Setup, scratch: Scratch) -> None:
    class Slow(FastClock):
        RATE = 50.0

        def now(self) -> datetime:
            return SystemClock().now()

    setup.clock = Slow()
    scratch.weather(path="/session/", latency=[0.2])
    found = await setup.wrong()
    assert (found.about, found.state) == ("site", "warning")
    assert "s to answer" in found.said
    assert "wait until it is quicker" in found.advice
    scratch.weather()
    assert await setup.is_well()


async def test_an_old_python(setup: Setup) -> None:
    setup.version = (3, 9, 2)
    found = await setup.wrong()
    assert found.said == "3.9.2 is too old"
    assert "install Python 3.11 or newer" in found.advice
    setup.version = (3, 11, 0)
    assert await setup.is_well()


async def test_wrong_settings_and_a_broken_program_are_found_too(setup: Setup) -> None:
    setup.write("stoer = 3\n")
    assert "has no setting 'stoer'" in (await setup.wrong()).said
    setup.write()
    (setup.folder / "bot.py").write_text("bot = (")
    setup.app = "bot.py"
    assert "bot.py does not run" in (await setup.wrong()).said


async def test_a_store_of_a_newer_version_is_found(setup: Setup) -> None:
    await make_store(setup.store)
    with closing(sqlite3.connect(setup.store)) as connection:
        connection.execute("PRAGMA user_version = 999")
    assert "install a newer scratchbot" in (await setup.wrong()).advice


def shown(setup: Setup, *arguments: str, **more: str) -> tuple[int, str]:
    env: Mapping[str, str] = setup.env | more
    done = scratchbot("doctor", "--port", "0", *arguments, cwd=setup.folder, env=dict(env))
    assert done.stderr == ""
    return done.returncode, done.stdout


async def test_people_read_lines_and_programs_json(setup: Setup) -> None:
    status, text = shown(setup, SCRATCHBOT_PASSWORD="wrong")
    assert status == 1
    assert "ok       clock: it agrees with the site's\n" in text
    assert "failed   log-in: the site refused this user name with this password" in text
    assert "\n         → write `scratchbot login`" in text
    status, text = shown(setup, "--json")
    assert status == 0
    rows = [json.loads(line) for line in text.splitlines()]
    assert {row["state"] for row in rows} == {"ok"}
    assert "beepboop" not in text
