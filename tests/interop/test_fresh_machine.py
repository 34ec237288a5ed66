"""Who has only Python installs the package, makes a bot and a plugin, and does as they say."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_cli import environment, started
from tests.interop.conftest import ROOT
from tests.scratch import Scratch, until

pytestmark = pytest.mark.interop

SHELL = re.compile(r"^```sh\n(.*?)^```$", re.DOTALL | re.MULTILINE)
INSTALLING = 180
"""Seconds that a block may take: packages come from PyPI."""


class FreshMachine:
    """A home, an empty folder, and Python; the framework can be installed from a wheel."""

    def __init__(self, folder: Path) -> None:
        self.wheels, self.work = folder / "wheels", folder / "work"
        self.work.mkdir()
        (folder / "home").mkdir()
        build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel"]
        subprocess.run(
            [*build, "--directory", self.wheels], cwd=ROOT, check=True, capture_output=True
        )
        places = os.environ.get("PIP_FIND_LINKS", "")
        ours = ("PIP_", "SSL_", "LANG", "LC_", "TMPDIR")
        self.environment = {
            **{name: value for name, value in os.environ.items() if name.startswith(ours)},
            "PATH": os.pathsep.join([str(Path(sys.base_prefix) / "bin"), "/usr/bin", "/bin"]),
            "HOME": str(folder / "home"),
            "PIP_FIND_LINKS": f"{self.wheels} {places}".strip(),
        }

    def type(self, commands: str, inside: str = ".") -> str:
        """Type commands in a folder, and return what they print."""
        done = subprocess.run(
            ["bash", "-e", "-c", commands],
            cwd=self.work / inside,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=INSTALLING,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def does_as_the_readme_says(self, folder: str, about: str) -> str:
        """Type the first block of commands in which something stands."""
        blocks = SHELL.findall((self.work / folder / "README.md").read_text("utf-8"))
        return self.type(next(block for block in blocks if about in block), folder)


@pytest.mark.asyncio
async def test_what_is_made_on_a_fresh_machine_works_as_its_readmes_say(
    tmp_path: Path, scratch: Scratch
) -> None:
    machine = FreshMachine(tmp_path)
    machine.type("python3 -m venv .venv; .venv/bin/pip install -q 'scratchbot[testing]'")
    machine.type(".venv/bin/scratchbot new my-bot --username demo-bot")
    machine.type(".venv/bin/scratchbot new --plugin warm-welcome")

    assert "1 passed" in machine.does_as_the_readme_says("my-bot", "pytest")
    told = machine.does_as_the_readme_says("scratchbot-warm-welcome", "python -m build")
    assert "1 passed" in told
    (wheel,) = (machine.work / "scratchbot-warm-welcome" / "dist").glob("*.whl")

    bot = machine.work / "my-bot"
    machine.type(f".venv/bin/pip install -q {wheel}", "my-bot")
    assert "warm-welcome\n" in machine.type(".venv/bin/scratchbot plugins", "my-bot")
    with (bot / "scratchbot.toml").open("a") as settings:
        settings.write('\n[plugins.warm-welcome]\ngreeting = "Good day, $author."\n')
    env = environment(scratch) | machine.environment
    python = bot / ".venv" / "bin" / "python"
    async with started("run", "bot.py", env=env, cwd=bot, python=python) as (_, lines):
        await until(lambda: any("bot_ready" in line for line in lines))
        comment = scratch.user("alice").comment("profile:demo-bot", "!hello")
        other = scratch.user("alice").comment("profile:demo-bot", "hello you")
        await until(lambda: comment.replies == ["Hello, @alice!"])
        await until(lambda: other.replies == ["Good day, alice."])
