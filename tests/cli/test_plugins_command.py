"""``scratchbot plugins``."""

import json
from pathlib import Path

import pytest

from tests.cli.test_cli import environment, one_line, scratchbot
from tests.test_plugins import WORKING, install

FULL = '''
from dataclasses import dataclass

from scratchbot import Plugin
from scratchbot.config import Secret


@dataclass
class Settings:
    """What can be set.

    :param greeting: what is said.
    """

    greeting: str
    url: Secret
    times: int = 3


plugin = Plugin("polite", config=Settings, permissions=["comment.reply", "social"])


@plugin.command("!hi")
async def hi(name: str) -> str:
    return name
'''


@pytest.mark.parametrize("text", [FULL, WORKING])
def test_installed_plugins_are_listed_with_what_each_takes(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, "polite_plugin", text, monkeypatch)
    done = scratchbot("plugins", env=environment(PYTHONPATH=str(tmp_path)))
    assert done.returncode == 0, done.stderr
    told = done.stdout.split("\n\n")
    polite = next(each for each in told if each.startswith("polite\n"))
    if text is WORKING:
        assert polite.rstrip() == "polite\n  permissions: comment.reply\n  settings: none"
        return
    assert polite.rstrip() == (
        "polite\n"
        "  permissions: comment.reply, social\n"
        '    social must be granted: permissions = ["comment.reply", "social"]\n'
        "  commands: !hi <name>\n"
        "  settings in [plugins.polite]:\n"
        "    greeting: a text (must be given)\n"
        "      what is said.\n"
        "    url: a secret text (must be given)\n"
        "      from the environment: SCRATCHBOT_PLUGINS_POLITE_URL\n"
        "    times: a whole number (default 3)"
    )
    rows = scratchbot("plugins", "--json", env=environment(PYTHONPATH=str(tmp_path))).stdout
    row = next(each for each in map(json.loads, rows.splitlines()) if each["name"] == "polite")
    assert row["commands"] == ["!hi <name>"]
    assert row["settings"][2]["default"] == "3"


def test_a_plugin_that_cannot_be_imported_is_named_and_the_others_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, "polite_plugin", "1 / 0", monkeypatch)
    done = scratchbot("plugins", env=environment(PYTHONPATH=str(tmp_path)))
    assert done.returncode == 1
    assert "cloud-storage" in done.stdout
    assert "'polite' cannot be imported: ZeroDivisionError" in one_line(done)
