"""A plugin that was written elsewhere: built, installed beside the framework, used, and removed."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.cli.test_cli import environment, started
from tests.scratch import Scratch, until

SOURCE = Path(__file__).parent / "outside" / "scratchbot-polite"
BOT = """
from scratchbot import Bot

bot = Bot("bot")
bot.load("polite")
"""


class Place:
    """An environment with the framework in it, where more can be installed."""

    def __init__(self, folder: Path) -> None:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True, capture_output=True)
        self.python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
        own = self.run("-c", "import sysconfig; print(sysconfig.get_path('purelib'))").stdout
        here = sysconfig.get_path("purelib")
        line = f"import site; site.addsitedir({here!r})\n"
        Path(own.strip(), "framework.pth").write_text(line)

    def run(self, *arguments: str | Path, **more: str) -> "subprocess.CompletedProcess[str]":
        """Run Python in it."""
        return subprocess.run(
            [self.python, *arguments],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env={**os.environ, **more},
        )


@pytest.mark.asyncio
async def test_a_plugin_from_elsewhere_is_installed_found_configured_limited_tested_and_removed(
    tmp_path: Path, scratch: Scratch
) -> None:
    place, source = Place(tmp_path / "place"), tmp_path / "source"
    shutil.copytree(SOURCE, source)
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel"]
    subprocess.run([*build, "--directory", tmp_path], cwd=source, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")

    done = place.run("-m", "pip", "install", "--no-index", "--no-deps", wheel)
    assert done.returncode == 0, done.stderr
    listed = place.run("-m", "scratchbot", "plugins", "--json").stdout.splitlines()
    (polite,) = [row for row in map(json.loads, listed) if row["name"] == "polite"]
    assert polite["permissions"] == ["comment.reply"]
    assert polite["settings"] == [
        {
            "name": "greeting",
            "kind": "a text",
            "default": None,
            "about": "what is said.",
            "variable": "SCRATCHBOT_PLUGINS_POLITE_GREETING",
        }
    ]

    own = place.run(
        "-m", "pytest", "-q", "-p", "no:cacheprovider", source / "tests/check_polite.py"
    )
    assert "1 passed" in own.stdout, own.stdout

    (tmp_path / "bot.py").write_text(BOT)
    said = place.run("-m", "scratchbot", "run", tmp_path / "bot.py").stderr
    assert said == (
        "scratchbot: scratchbot.toml: [plugins.polite] needs a value for 'greeting': a text\n"
    )
    greeting = environment(scratch, SCRATCHBOT_PLUGINS_POLITE_GREETING="Hello from elsewhere")
    bot = str(tmp_path / "bot.py")
    async with started("run", bot, env=greeting, python=place.python) as (_, lines):
        await until(lambda: any("bot_ready" in line for line in lines))
        comment = scratch.user("alice").comment(104, "hi")
        await until(lambda: len(comment.replies) == 2)
    assert comment.replies == ["Hello from elsewhere", "I may not delete this."]

    done = place.run("-m", "pip", "uninstall", "--yes", "scratchbot-polite")
    assert done.returncode == 0, done.stderr
    said = place.run("-m", "scratchbot", "run", tmp_path / "bot.py").stderr
    assert "no plugin 'polite' is installed" in said
    assert len(said.splitlines()) == 1
