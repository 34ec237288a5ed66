"""``scratchbot new``."""

import argparse
import json
import os
import re
import sys
from collections.abc import Callable, Mapping
from importlib import resources
from pathlib import Path
from string import Template

from scratchbot.checks import check_username
from scratchbot.errors import InputError, ScratchbotError
from scratchbot.runtime.manners import wants_silence

BOT = {
    "bot.py": "bot.py",
    "test_bot.py": "test_bot.py",
    "README.md": "README.md",
    "scratchbot.toml": "scratchbot.toml",
    "requirements.txt": "requirements.txt",
    "pytest.ini": "pytest.ini",
    ".gitignore": "gitignore",
    "$name.service": "service",
    "Dockerfile": "Dockerfile",
}
PLUGIN = {
    "pyproject.toml": "pyproject.toml",
    "README.md": "README.md",
    "$package/__init__.py": "init.py",
    "$package/py.typed": "",
    "tests/test_$package.py": "test_plugin.py",
    ".github/workflows/test.yml": "workflow.yml",
    ".gitignore": "gitignore",
}
"""Where each template goes; the one without a name is empty."""

COMMAND = "!hello"


def new(options: argparse.Namespace) -> int:
    """Write a bot, or a plugin package, into a folder of its own."""
    if options.plugin and (options.username or options.command_word):
        sys.stderr.write("scratchbot: --username and --command are for bots: leave --plugin out\n")
        return 2
    try:
        made = _plugin(options) if options.plugin else _bot(options)
    except ScratchbotError as error:
        sys.stderr.write(f"scratchbot: {error}\n")
        return 1
    except (EOFError, KeyboardInterrupt):
        sys.stderr.write("\nscratchbot: nothing was made\n")
        return 1
    if options.json:
        files = sorted(path for path in made.rglob("*") if path.is_file())
        print(json.dumps({"made": str(made), "files": [str(file) for file in files]}))
        return 0
    print(f"{made} is made. Its README.md says how to go on:\n\n  cd {made}")
    return 0


def _bot(options: argparse.Namespace) -> Path:
    name = _check_name(options.name)
    folder = _free(Path(name))
    username = _answer(
        options.username, "Which Scratch account will it use? (Enter: later) ", check_username
    )
    command = _answer(
        options.command_word,
        f"Which word will it answer to? (Enter: {COMMAND}) ",
        _check_command,
    )
    values = {
        "name": name,
        "username": f'username = "{username}"' if username else _NO_USERNAME,
        "command": command or COMMAND,
    }
    return _write(folder, "bot", BOT, values)


def _plugin(options: argparse.Namespace) -> Path:
    name = _check_name(options.name.removeprefix("scratchbot-"))
    package = f"scratchbot_{name.replace('-', '_')}"
    values = {"name": name, "package": package}
    return _write(_free(Path(f"scratchbot-{name}")), "plugin", PLUGIN, values)


_NO_USERNAME = '# username = "the account"'


def _answer(given: str | None, question: str, check: Callable[[str], str]) -> str:
    """Return what a flag says, else what a person answers, if one sits there; "" is for neither.

    :param check: refuses what cannot be right; a person is asked again.
    :raises InputError: if what the flag says cannot be right.
    """
    if given is not None or not sys.stdin.isatty():
        return check(given) if given else ""
    while True:
        answer = input(question).strip()
        try:
            return check(answer) if answer else ""
        except InputError as error:
            print(f"{error}.")


def _free(folder: Path) -> Path:
    if os.path.lexists(folder) and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"there is something called {folder} here already: choose another name")
    return folder


def _write(folder: Path, kind: str, places: Mapping[str, str], values: Mapping[str, str]) -> Path:
    templates = resources.files("scratchbot.cli") / "templates" / kind
    for place, name in places.items():
        text = (templates / f"{name}.txt").read_text("utf-8") if name else ""
        path = folder / Template(place).substitute(values)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(Template(text).substitute(values), "utf-8")
    return folder


def _check_name(name: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*", name):
        raise InputError(
            f"{name!r} cannot be the name: use small letters, digits and -, as my-bot, "
            "with a letter first"
        )
    return name


def _check_command(word: str) -> str:
    if not re.fullmatch(r"[^\s\"'\\$]{1,30}", word):
        raise InputError(f"{word!r} cannot be the word: use one without quotes, such as {COMMAND}")
    if wants_silence(word):
        raise InputError(f"{word!r} tells a bot to leave one alone: use another, such as {COMMAND}")
    return word
