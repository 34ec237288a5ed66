"""A command at a terminal: it sees its width and colours, and keys are typed."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.cli.test_cli import environment
from tests.scratch import PATIENCE

CTRL_C, CTRL_D = "\x03", "\x04"
_START = """
import fcntl, runpy, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # Else no Ctrl-C comes.
runpy.run_module("scratchbot", run_name="__main__", alter_sys=True)
"""


def at_terminal(
    *arguments: str,
    columns: int = 80,
    keys: Sequence[tuple[str, str]] = (),
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> tuple[int, str]:
    """Run a command at a terminal; return its exit status and all that was shown.

    :param keys: what is typed, each when a text is shown: ``("Name?", "alice\\n")``.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    own = {name: value for name, value in environment().items() if name != "COLUMNS"}
    process = subprocess.Popen(
        [sys.executable, "-c", _START, *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=cwd,
        env={**own, "TERM": "xterm-256color", **(env or {})},
        start_new_session=True,
    )
    os.close(theirs)
    try:
        shown = _converse(ours, keys)
        return process.wait(PATIENCE), shown.replace("\r\n", "\n")
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def _converse(terminal: int, keys: Sequence[tuple[str, str]]) -> str:
    shown, left, seen = "", [*keys], 0
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if not select.select([terminal], [], [], 0.1)[0]:
            continue
        try:
            read = os.read(terminal, 4096)
        except OSError:  # the command has ended
            return shown
        if not read:
            return shown
        shown += read.decode()
        while left and left[0][0] in shown[seen:]:
            awaited, typed = left.pop(0)
            seen = shown.index(awaited, seen) + len(awaited)
            os.write(terminal, typed.encode())
    raise AssertionError(f"the command does not end; it has shown {shown!r}")
