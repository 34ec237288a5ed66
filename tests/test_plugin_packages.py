"""The plugin packages: each builds a wheel, and what it installs is found by its name."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from scratchbot import Bot
from scratchbot.config import describe
from scratchbot.plugins import load_plugin

FOLDERS = sorted((Path(__file__).parent.parent / "plugins").iterdir())


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_package_builds_a_wheel_whose_plugin_is_loaded_by_its_name(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel"]
    subprocess.run([*build, "--directory", tmp_path], cwd=folder, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    installed = tmp_path / "installed"
    zipfile.ZipFile(wheel).extractall(installed)
    assert len(list(installed.glob("*/py.typed"))) == 1
    project = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]
    (name,) = project["entry-points"]["scratchbot.plugins"]
    package = folder.name.replace("-", "_")
    for module in [each for each in sys.modules if each.partition(".")[0] == package]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.syspath_prepend(str(installed))
    bot = Bot("bot")
    bot.load(name)
    assert sys.modules[package].__file__ == str(installed / package / "__init__.py")
    assert [plugin.name for plugin in bot.plugins] == [name]
    assert folder.name == project["name"] == f"scratchbot-{name}"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_readme_tells_every_setting_and_permission(folder: Path) -> None:
    plugin = load_plugin(folder.name.removeprefix("scratchbot-"))
    settings = describe(plugin.config) if plugin.config is not None else ()
    names = {each.name.rpartition(".")[2] for each in settings}
    told = re.findall(r"`([a-z_.]+)`", (folder / "README.md").read_text("utf-8"))
    assert names | plugin.permissions <= {*told}
