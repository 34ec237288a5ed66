"""Every command as a person uses it: at a terminal, with keys."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.terminal import CTRL_C, CTRL_D, at_terminal
from tests.cli.test_cli import BOT, environment, one_line, scratchbot
from tests.cli.test_events_command import store
from tests.scratch import Scratch

NARROW = 60


def address(scratch: Scratch) -> dict[str, str]:
    return {"SCRATCHBOT_ENDPOINT": scratch.address, "SCRATCHBOT_LIMITS": "off"}


def test_the_demo_ends_by_itself_with_a_summary() -> None:
    status, shown = at_terminal("demo", "--seconds", "1", "--no-open", columns=NARROW)
    assert status == 0, shown
    assert "Every event was handled." in shown
    assert "\x1b[36m" in shown


def test_the_demo_ends_when_ctrl_c_is_typed() -> None:
    status, shown = at_terminal("demo", "--no-open", keys=[("came", CTRL_C)])
    assert status == 0, shown
    assert "Every event was handled." in shown


def test_the_sandbox_says_where_it_is_until_ctrl_c(tmp_path: Path) -> None:
    keys = [("The sandbox is at", CTRL_C)]
    status, shown = at_terminal("sandbox", "--port", "0", keys=keys, cwd=tmp_path)
    assert status == 0, shown
    assert "(Ctrl-C ends it)" in shown


def test_a_bot_s_log_is_readable_and_ctrl_c_stops_it(scratch: Scratch, tmp_path: Path) -> None:
    (tmp_path / "bot.py").write_text(BOT)
    keys = [("bot_ready", CTRL_C)]
    status, shown = at_terminal("run", "bot.py", keys=keys, cwd=tmp_path, env=address(scratch))
    assert status == 0, shown
    assert "bot_stopping" in shown
    assert "{" not in shown


def test_a_bot_s_log_is_json_where_that_is_asked_for(scratch: Scratch, tmp_path: Path) -> None:
    (tmp_path / "bot.py").write_text(BOT)
    keys = [('"bot_ready"', CTRL_C)]
    status, shown = at_terminal(
        "run", "bot.py", "--json", keys=keys, cwd=tmp_path, env=address(scratch)
    )
    assert status == 0, shown
    assert '"event": "bot_stopping"' in shown


def test_following_ends_with_ctrl_c_and_no_complaint(tmp_path: Path) -> None:
    file = store(tmp_path, "done", "dead")
    status, shown = at_terminal(
        "events", "--store", str(file), "follow", keys=[("dead", CTRL_C)], columns=NARROW
    )
    assert status == 0, shown
    assert shown.index("done") < shown.index("dead")
    assert "Traceback" not in shown


def test_a_replay_shows_its_marks(tmp_path: Path) -> None:
    file = store(tmp_path, "done")
    (tmp_path / "bot.py").write_text(BOT)
    alone = {"SCRATCHBOT_ENDPOINT": "http://127.0.0.1:9", "SCRATCHBOT_PASSWORD": ""}
    arguments = ("replay", str(file), "bot.py")
    status, shown = at_terminal(*arguments, columns=NARROW, cwd=tmp_path, env=alone)
    assert status == 1, shown
    assert "+ comment:project:104:1  greeter.greet" in shown
    assert "\x1b[32m" in shown
    piped = scratchbot(*arguments, cwd=tmp_path, env=environment() | alone)
    assert "\x1b" not in piped.stdout
    assert "+ comment:project:104:1  greeter.greet" in piped.stdout


@pytest.mark.parametrize("arguments", [["list"], ["show", "comment:project:104:1"]])
def test_no_word_is_broken_where_it_is_narrow(tmp_path: Path, arguments: list[str]) -> None:
    handler = "a-plugin-with-a-long-name.a_handler_with_a_long_name"
    file = store(tmp_path, "dead", handlers=(handler,))
    command = ("events", "--store", str(file), *arguments)
    status, shown = at_terminal(*command, columns=NARROW, env={"TERM": "dumb"})
    assert status == 0, shown
    assert handler in shown
    assert max(map(len, shown.splitlines())) <= NARROW


def test_who_logs_in_is_asked_and_no_secret_is_shown(scratch: Scratch, tmp_path: Path) -> None:
    env = address(scratch) | {
        "SCRATCHBOT_USERNAME": "",
        "SCRATCHBOT_PASSWORD": "",
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }
    keys = [("User name: ", "demo-bot\n"), ("Password of demo-bot: ", "beepboop\n")]
    status, shown = at_terminal("login", keys=keys, columns=NARROW, cwd=tmp_path, env=env)
    assert status == 0, shown
    assert "Logged in as demo-bot." in shown
    assert "beepboop" not in shown
    status, shown = at_terminal("login", keys=[("User name: ", CTRL_D)], cwd=tmp_path, env=env)
    assert status == 1
    assert shown.endswith("scratchbot: nothing was kept\n")


def test_the_doctor_has_colours_and_fits_a_narrow_terminal(
    scratch: Scratch, tmp_path: Path
) -> None:
    env = address(scratch) | {"SCRATCHBOT_PASSWORD": "wrong"}
    status, shown = at_terminal("doctor", columns=NARROW, cwd=tmp_path, env=env)
    assert status == 1, shown
    assert "\x1b[32mok       clock" in shown
    assert "\x1b[1;31mfailed   log-in" in shown
    assert "to mend it: " in shown


def test_the_plugins_fit_a_narrow_terminal() -> None:
    status, shown = at_terminal("plugins", columns=NARROW)
    assert status == 0, shown
    assert shown.startswith("autostudio\n")
    assert max(map(len, shown.splitlines())) <= NARROW


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "tcsh", "powershell"])
def test_a_shell_is_given_what_completes_commands(shell: str) -> None:
    done = scratchbot("completion", shell)
    assert (done.returncode, done.stderr) == (0, "")
    for word in ("events", "follow", "replay"):
        assert word in done.stdout


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("events fo", ["follow"]),
        ("events --state de", ["dead"]),
        ("events follow --state done st", ["stale"]),
        ("events export --name comment.", ["comment.profile", "comment.project", "comment.studio"]),
    ],
)
def test_a_shell_completes_what_is_typed_after_the_line_that_the_help_gives(
    typed: str, completed: list[str]
) -> None:
    line = re.search(r'eval ".*"', scratchbot("completion", "--help").stdout)
    assert line is not None
    *before, last = words = ["scratchbot", *typed.split()]
    script = (
        f"{line[0]}; COMP_WORDS=({' '.join(words)}); COMP_CWORD={len(before)}; COMPREPLY=();"
        ' $(complete -p scratchbot | sed "s/.*-F \\([^ ]*\\).*/\\1/")'
        f' scratchbot {last} {before[-1]}; echo "${{COMPREPLY[@]}}"'
    )
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-c", script],
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert sorted(done.stdout.split()) == completed, done.stderr


def test_a_program_reads_what_completes_as_json() -> None:
    row = json.loads(scratchbot("completion", "bash", "--json").stdout)
    assert row == {"shell": "bash", "script": scratchbot("completion", "bash").stdout[:-1]}


def test_a_program_reads_the_demo_s_figures_and_the_sandbox_s_address() -> None:
    done = scratchbot("demo", "--seconds", "1", "--json")
    figures = json.loads(done.stdout)
    assert (done.returncode, figures["failed"], figures["missed"]) == (0, 0, 0)
    assert figures["runs"] >= figures["answers"] > 0
    keys = [("null}\r\n", CTRL_C)]  # The terminal shows the key, and not within the line.
    status, shown = at_terminal("sandbox", "--port", "0", "--json", keys=keys)
    assert status == 0, shown
    told = json.loads(shown.splitlines()[0])
    assert told["address"].startswith("http://127.0.0.1:")
    assert told["proxy"] is None


@pytest.mark.parametrize("wish", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_who_wants_no_colours_gets_none(
    wish: dict[str, str], scratch: Scratch, tmp_path: Path
) -> None:
    (tmp_path / "bot.py").write_text(BOT)
    env, keys = address(scratch) | wish, [("bot_ready", CTRL_C)]
    _, shown = at_terminal("run", "bot.py", keys=keys, cwd=tmp_path, env=env)
    assert "bot_stopping" in shown
    assert "\x1b[" not in shown
    _, shown = at_terminal("demo", "--seconds", "0.5", "--no-open", env=wish)
    assert "cloud.connect" in shown
    assert "\x1b[" not in shown


LONG = ["events export --store bot.db", "plugins", "completion bash", "replay bot.db bot.py"]


def printing(tmp_path: Path) -> str:
    """Make what is printed from, and return how a shell calls the command."""
    store(tmp_path, "dead", "done", "stale")
    (tmp_path / "bot.py").write_text(BOT)
    return f"{sys.executable} -m scratchbot"


@pytest.mark.parametrize("command", LONG)
def test_a_reader_that_leaves_early_is_no_error(command: str, tmp_path: Path) -> None:
    line = f"set -o pipefail; {printing(tmp_path)} {command} | true"
    done = subprocess.run(
        ["bash", "-c", line], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""


@pytest.mark.parametrize("command", LONG)
def test_a_full_disk_is_told_in_one_line(command: str, tmp_path: Path) -> None:
    line = f"{printing(tmp_path)} {command} > /dev/full"
    done = subprocess.run(
        ["bash", "-c", line], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "No space left on device" in one_line(done)


@pytest.mark.parametrize("command", LONG)
def test_without_an_output_nothing_is_said(command: str, tmp_path: Path) -> None:
    line = f"{printing(tmp_path)} {command} >&-"
    done = subprocess.run(
        ["bash", "-c", line], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""


def test_a_folder_that_cannot_hold_what_is_made_is_told_in_one_line(tmp_path: Path) -> None:
    done = scratchbot("new", "a" * 300, cwd=tmp_path)
    assert done.returncode == 1
    assert "File name too long" in one_line(done)
