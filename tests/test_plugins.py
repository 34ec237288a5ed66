"""Installed plugins: found by their entry point, or said not to be there."""

import asyncio
import sys
from pathlib import Path

import pytest

from scratchbot import Bot, Plugin
from scratchbot.errors import AppError, RegistrationError

WORKING = """
from scratchbot import Plugin

plugin = Plugin("polite", permissions=["comment.reply"])

@plugin.on("comment")
async def greet(event, session):
    await session.reply(event, "Good day")
"""


def install(folder: Path, module: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a package with one plugin where Python finds installed packages."""
    (folder / f"{module}.py").write_text(text)
    facts = folder / f"{module}-1.0.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
    (facts / "entry_points.txt").write_text(f"[scratchbot.plugins]\npolite = {module}:plugin\n")
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.delitem(sys.modules, module, raising=False)


def test_an_installed_plugin_is_loaded_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, "polite_plugin", WORKING, monkeypatch)
    bot = Bot("bot")
    bot.load("polite")
    (plugin,) = bot.plugins
    assert [handler.name for handler in plugin.handlers] == ["polite.greet"]
    assert plugin.permissions == {"comment.reply"}
    with pytest.raises(RegistrationError, match="already"):
        bot.load("polite")


def test_a_plugin_is_loaded_as_its_entry_point_calls_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, "kind_plugin", WORKING.replace("polite", "kind"), monkeypatch)
    bot = Bot("bot")
    bot.load("polite")
    assert [plugin.name for plugin in bot.plugins] == ["polite"]


def test_a_single_permission_is_asked_for_as_a_list() -> None:
    with pytest.raises(RegistrationError, match=r"give a list, such as \['comment.reply'\]"):
        Plugin("polite", permissions="comment.reply")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1 / 0", "cannot be imported: ZeroDivisionError"),
        ("raise SystemExit(3)", "cannot be imported: SystemExit"),
        ("plugin = 3", "is no Plugin"),
    ],
)
def test_a_plugin_that_is_broken_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str
) -> None:
    install(tmp_path, f"broken_{len(text)}", text, monkeypatch)
    with pytest.raises(AppError, match=said):
        Bot("bot").load("polite")


def test_a_plugin_that_is_not_installed_is_said_with_the_nearest_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(AppError, match="install its package"):
        Bot("bot").load("polite")
    install(tmp_path, "polite_plugin", WORKING, monkeypatch)
    with pytest.raises(AppError, match="did you mean 'polite'"):
        Bot("bot").load("polit")


def test_a_plugin_under_another_name_runs_methods_of_its_own() -> None:
    class Named(Plugin):
        def __init__(self) -> None:
            super().__init__("first")
            self.on("bot.start")(self.tell)

        async def tell(self) -> str:
            return self.name

    bot, plugin = Bot("bot"), Named()
    bot.include(plugin)
    bot.include(plugin, name="second")
    names = [asyncio.run(each.function()) for one in bot.plugins for each in one.handlers]
    assert names == ["first", "second"]
