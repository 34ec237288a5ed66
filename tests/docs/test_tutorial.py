"""The tutorial, done as it says: one page after the other, in one folder.

A block of code that begins with the name of its file is written there. ``sh`` is run, ``sh stays``
is started and ended with its page, ``sh account`` leaves the sandbox for a real account: another
sandbox stands in for it. ``sh elsewhere`` needs a network: the shell only reads it. Each line of a
``text`` is in what the commands before it have printed.
"""

import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

TUTORIAL = Path(__file__).parent.parent.parent / "docs" / "tutorial"
BLOCK = re.compile(r"^```(\w+)(?: (\w+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
FILE = re.compile(r"# ([\w./-]+\.(?:py|toml))\n")
STATE = 'pwd > "$STATE/pwd"; export -p > "$STATE/env"'
PATIENCE = 60
INVENTED, ACCOUNT, PASSWORD = "your-bots-account", "demo-bot", "beepboop"
SANDBOX = "scratchbot sandbox --port 8080"


class Reader:
    """Somebody who does what the pages say."""

    def __init__(self, folder: Path) -> None:
        self.state, self.port = folder / "state", _free_port()
        (folder / "here").mkdir()
        self.state.mkdir()
        (self.state / "pwd").write_text(f"{folder / 'here'}\n")
        (self.state / "env").write_text("")
        self.printed = ""
        self.staying: list[subprocess.Popen[bytes]] = []

    @property
    def here(self) -> Path:
        return Path((self.state / "pwd").read_text().strip())

    def read(self, page: Path) -> None:
        try:
            for language, how, text in BLOCK.findall(page.read_text("utf-8")):
                self.do(language, how, text)
        finally:
            for process in reversed(self.staying):
                process.terminate()
                assert process.wait(PATIENCE) in (0, -15)
            self.staying.clear()

    def do(self, language: str, how: str, text: str) -> None:
        text = text.replace(INVENTED, ACCOUNT)
        if file := FILE.match(text):
            (self.here / file[1]).write_text(text[file.end() :], "utf-8")
        elif language == "text":
            for line in text.splitlines():
                assert line in self.printed
        elif how == "stays":
            self.stay(text)
        elif how == "account":
            self.stay(SANDBOX)
            address = f"export SCRATCHBOT_ENDPOINT=http://127.0.0.1:{self.port}\n"
            self.printed = self.run(text.replace("\n", f"\n{address}", 1))
        elif how == "elsewhere":
            subprocess.run(["bash", "-n", "-c", text], check=True)
        else:
            assert (language, how) == ("sh", ""), text
            self.printed = self.run(text)

    def run(self, text: str) -> str:
        done = subprocess.run(
            self._bash(f"set -e; {text}\n{STATE}"),
            env=self._environment,
            input=PASSWORD,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, text + done.stdout + done.stderr
        return done.stdout

    def stay(self, text: str) -> None:
        log = self.state / f"log-{len(self.staying)}"
        with log.open("wb") as file:
            command = self._bash(f"exec {text}")
            self.staying.append(
                subprocess.Popen(command, env=self._environment, stdout=file, stderr=file)
            )
        end = time.monotonic() + PATIENCE
        while not re.search("The sandbox is at|bot_ready", log.read_text()):
            assert self.staying[-1].poll() is None, log.read_text()
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.05)

    @property
    def _environment(self) -> dict[str, str]:
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        own = {"PATH": path, "STATE": str(self.state), "PYTHONUNBUFFERED": "1"}
        own["XDG_CONFIG_HOME"] = str(self.state / "config")
        return {**os.environ, **own}

    def _bash(self, text: str) -> list[str]:
        """Return a command that goes on where the one before has stopped."""
        text = text.replace("8080", str(self.port))
        # The package build would fetch hatchling, which is here already.
        text = text.replace("python -m build", "python -m hatchling build")
        text = text.replace("python -m pytest", "PYTHONPATH=. python -m pytest -p no:cacheprovider")
        return ["bash", "-c", f'. "$STATE/env"; cd "$(cat "$STATE/pwd")"; {text}']


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


def test_the_tutorial_works_from_the_first_page_to_the_last(tmp_path: Path) -> None:
    pages = sorted(TUTORIAL.glob("[0-9]*.md"))
    assert len(pages) == 6
    reader = Reader(tmp_path)
    for page in pages:
        reader.read(page)
    (wheel,) = (reader.here / "dist").glob("*.whl")
    place = tmp_path / "place"
    subprocess.run([sys.executable, "-m", "venv", place], check=True)
    pip = [
        str(place / "bin" / "python"),
        "-m",
        "pip",
        "install",
        "-q",
        "--no-index",
        "--no-deps",
        str(wheel),
    ]
    subprocess.run(pip, check=True, timeout=PATIENCE)
    assert list(place.glob("lib/*/site-packages/scratchbot_warm_hello/__init__.py"))


@pytest.mark.parametrize("page", sorted(TUTORIAL.glob("*.md")), ids=lambda page: page.stem)
def test_each_page_ends_with_what_there_is_now(page: Path) -> None:
    assert "**What you have now:**" in page.read_text("utf-8")
