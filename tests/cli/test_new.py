"""``scratchbot new``: what it makes runs, and its tests pass, as created."""

import os
import pty
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.test_cli import environment, one_line, scratchbot, started
from tests.scratch import Scratch, until


def written(folder: Path) -> dict[str, str]:
    """Return what is in a folder, by place."""
    return {
        str(path.relative_to(folder)): path.read_text("utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not {"__pycache__", ".pytest_cache"} & set(path.parts)
    }


def passes(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 passed" in done.stdout, done.stdout + done.stderr


def test_a_new_bot_passes_its_test_and_keeps_secrets_out_of_git(tmp_path: Path) -> None:
    done = scratchbot("new", "my-bot", "--username", "griffpatch", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "my-bot is made. Its README.md says how to go on:\n\n  cd my-bot\n"
    made = written(tmp_path / "my-bot")
    assert set(made) == {
        ".gitignore",
        "Dockerfile",
        "README.md",
        "bot.py",
        "my-bot.service",
        "pytest.ini",
        "requirements.txt",
        "scratchbot.toml",
        "test_bot.py",
    }
    assert 'username = "griffpatch"' in made["scratchbot.toml"]
    assert ".env" in made[".gitignore"]
    assert not any("$name" in text or "$command" in text for text in made.values())
    passes(tmp_path / "my-bot")


@pytest.mark.asyncio
async def test_a_new_bot_answers_a_comment_in_the_sandbox(scratch: Scratch, tmp_path: Path) -> None:
    scratchbot("new", "my-bot", "--command", "!hey", cwd=tmp_path)
    folder = tmp_path / "my-bot"
    async with started("run", "bot.py", env=environment(scratch), cwd=folder) as (process, lines):
        await until(lambda: any("bot_ready" in line for line in lines))
        comment = scratch.user("alice").comment("profile:demo-bot", "!HEY you")
        other = scratch.user("alice").comment("profile:demo-bot", "!hey")
        await until(lambda: other.replies == ["Hello, @alice!"])
        assert comment.replies == ["Write it like this: !hey"]
        process.terminate()
        assert await process.wait() == 0
    assert (folder / "bot.db").exists()


def test_a_new_plugin_passes_its_test_and_builds_a_wheel(tmp_path: Path) -> None:
    done = scratchbot("new", "--plugin", "warm-welcome", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    folder = tmp_path / "scratchbot-warm-welcome"
    assert set(written(folder)) == {
        ".github/workflows/test.yml",
        ".gitignore",
        "README.md",
        "pyproject.toml",
        "scratchbot_warm_welcome/__init__.py",
        "scratchbot_warm_welcome/py.typed",
        "tests/test_scratchbot_warm_welcome.py",
    }
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 passed" in done.stdout, done.stdout + done.stderr
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel"]
    subprocess.run([*build, "--directory", tmp_path], cwd=folder, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "scratchbot_warm_welcome/py.typed" in names
    points = zipfile.ZipFile(wheel).read(next(n for n in names if n.endswith("entry_points.txt")))
    assert points.decode() == (
        "[scratchbot.plugins]\nwarm-welcome = scratchbot_warm_welcome:plugin\n"
    )
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*install, "--target", tmp_path / "site", wheel], check=True)
    listed = scratchbot("plugins", env=environment | {"PYTHONPATH": str(tmp_path / "site")})
    assert "\nwarm-welcome\n" in listed.stdout


def ask(folder: Path, *typed: str) -> str:
    """Run the command in a terminal, answer what it asks, and return what the terminal shows."""
    shown, answers = "", [*typed]
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "scratchbot", "new", "my-bot"]
    with subprocess.Popen(command, cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs):
        os.close(theirs)
        for piece in _read(ours):
            shown += piece
            if answers and shown.rstrip().endswith(")"):
                os.write(ours, f"{answers.pop(0)}\n".encode())
    os.close(ours)
    return shown


def _read(terminal: int) -> Iterator[str]:
    while True:
        try:
            piece = os.read(terminal, 1000)
        except OSError:  # the other side is gone
            return
        if not piece:
            return
        yield piece.decode()


@pytest.mark.parametrize(
    ("typed", "flags"),
    [
        (["griffpatch", "!hey"], ["--username", "griffpatch", "--command", "!hey"]),
        (["not right", "griffpatch", 'a"b', "!hey"], ["--username=griffpatch", "--command=!hey"]),
        (["", ""], []),
    ],
)
def test_questions_and_flags_lead_to_the_same(
    typed: list[str], flags: list[str], tmp_path: Path
) -> None:
    for name in ("asked", "told"):
        (tmp_path / name).mkdir()
    shown = ask(tmp_path / "asked", *typed)
    assert "Which Scratch account will it use?" in shown
    assert "Which word will it answer to?" in shown
    scratchbot("new", "my-bot", *flags, cwd=tmp_path / "told")
    assert written(tmp_path / "asked") == written(tmp_path / "told")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["My Bot"], "cannot be the name: use small letters"),
        (["../bot"], "cannot be the name"),
        (["--plugin", "x y"], "cannot be the name"),
        (["bot", "--username", "a b"], "is no user name"),
        (["bot", "--command", 'a"b'], "cannot be the word"),
        (["bot", "--command", "!stop"], "'!stop' tells a bot to leave one alone"),
        (["dangling"], "there is something called dangling here already"),
        (["taken"], "there is something called taken here already"),
    ],
)
def test_what_cannot_be_made_is_said_in_one_line_and_leaves_nothing(
    arguments: list[str], said: str, tmp_path: Path
) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "file").touch()
    (tmp_path / "dangling").symlink_to("nowhere")
    done = scratchbot("new", *arguments, cwd=tmp_path)
    assert done.returncode == 1
    assert said in one_line(done)
    assert {path.name for path in tmp_path.iterdir()} == {"taken", "dangling"}


def test_leaving_at_a_question_makes_nothing(tmp_path: Path) -> None:
    shown = ask(tmp_path, "\x04")
    assert "nothing was made" in shown
    assert not (tmp_path / "my-bot").exists()
