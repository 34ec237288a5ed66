"""What people read at a terminal and what programs read, as it was last looked at.

``python -m tests.cli.test_snapshots`` writes ``tests/cli/snapshots`` anew: look what has changed.
"""

import argparse
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scratchbot.cli import make_parser
from tests.cli.terminal import at_terminal
from tests.cli.test_cli import environment, scratchbot
from tests.cli.test_events_command import store

SNAPSHOTS = Path(__file__).parent / "snapshots"
PLAIN = {"NO_COLOR": "1"}
NOWHERE = {"COLUMNS": "80", "SCRATCHBOT_ENDPOINT": "http://127.0.0.1:9", "SCRATCHBOT_PASSWORD": ""}
MISTAKES = (
    "fly",
    "evnts",
    "events shw",
    "run",
    "run nowhere.py",
    "run broken.py",
    "run empty.py",
    "events",
    "events --state ill",
    "events --since soon",
    "events show",
    "replay none.db bot.py",
    "new Bad_Name",
    "new --plugin p --username x",
    "sandbox --port x",
    "sandbox --world none.toml",
    "completion cmd",
    "login --show --forget",
    "login --forget",
    "doctor a b",
    "demo --seconds 0",
)

Scene = Callable[[Path], str]


def parsers(
    parser: argparse.ArgumentParser, *names: str
) -> Iterator[tuple[tuple[str, ...], argparse.ArgumentParser]]:
    yield names, parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, below in action.choices.items():
                yield from parsers(below, *names, name)


def piped(folder: Path, *arguments: str) -> str:
    done = scratchbot(*arguments, cwd=folder, env=environment() | NOWHERE)
    return f"$ scratchbot {' '.join(arguments)}\n{done.stdout}{done.stderr}[{done.returncode}]\n"


def seen(folder: Path, columns: int, *arguments: str, **env: str) -> str:
    status, shown = at_terminal(*arguments, columns=columns, cwd=folder, env=env)
    return f"$ scratchbot {' '.join(arguments)}\n{shown}[{status}]\n".replace("\x1b", "<ESC>")


def help_of(names: tuple[str, ...]) -> Scene:
    return lambda folder: piped(folder, *names, "--help")


def mistakes(folder: Path) -> str:
    (folder / "broken.py").write_text("bot = (")
    (folder / "empty.py").write_text("")
    (folder / "bot.py").write_text('from scratchbot import Bot\nbot = Bot("b")\n')
    return "".join(piped(folder, *each.split()) for each in MISTAKES)


def filled(folder: Path) -> None:
    store(folder, "dead", "done", "failed", "stale", "pending")
    (folder / "scratchbot.toml").write_text('[bot]\nstore = "bot.db"\n')


def events(folder: Path) -> str:
    filled(folder)
    commands = ("", "--json --limit 1", "show comment:project:104:1", "export --state done")
    text = "".join(piped(folder, "events", *each.split()) for each in commands)
    actions = ("retry comment:project:104:1", "drop comment:project:104:3")
    return text + "".join(piped(folder, "events", *each.split()) for each in actions)


def events_at_a_terminal(folder: Path) -> str:
    filled(folder)
    wide = seen(folder, 130, "events", "--state", "all")
    narrow = seen(folder, 60, "events", **PLAIN)
    narrow += seen(folder, 60, "events", "--state", "failed", TERM="dumb")
    return wide + narrow + seen(folder, 60, "events", "--help", **PLAIN)


def lines_of_json(folder: Path) -> str:
    filled(folder)
    (folder / "bot.py").write_text('from scratchbot import Bot\nbot = Bot("b")\n')
    commands = (
        "new my-bot --json",
        "new --plugin mine --json",
        "replay bot.db bot.py --json",
        "login --show --json",
        "doctor bot.py --json",
        "plugins --json",
    )
    return "".join(piped(folder, *each.split()) for each in commands)


SCENES: dict[str, Scene] = {
    "lines-of-json": lines_of_json,
    "mistakes": mistakes,
    "events": events,
    "events-at-a-terminal": events_at_a_terminal,
    **{"-".join(("help", *names)): help_of(names) for names, _ in parsers(make_parser())},
}


def settled(text: str) -> str:
    """Return what was shown without what differs between two versions of Python."""
    text = re.sub(r"(?m)^(options|optional arguments):$", "options:", text)
    text = re.sub(r"(?m)^usage: .*(\n +\S.*)*", lambda usage: " ".join(usage[0].split()), text)
    return re.sub(r'"python", "state": "ok", "what": "[\d.]+"', '"python", "what": "3.x"', text)


@pytest.mark.parametrize("name", SCENES)
def test_what_is_shown_is_what_was_looked_at(name: str, tmp_path: Path) -> None:
    shown = settled(SCENES[name](tmp_path))
    assert shown == (SNAPSHOTS / f"{name}.txt").read_text("utf-8")


def test_no_snapshot_is_left_over() -> None:
    assert {path.stem for path in SNAPSHOTS.iterdir()} == set(SCENES)


def write() -> None:
    SNAPSHOTS.mkdir(exist_ok=True)
    for path in SNAPSHOTS.iterdir():
        path.unlink()
    for name, scene in SCENES.items():
        with tempfile.TemporaryDirectory() as folder:
            text = settled(scene(Path(folder)))
        (SNAPSHOTS / f"{name}.txt").write_text(text, "utf-8")
        sys.stdout.write(text)


if __name__ == "__main__":
    write()
