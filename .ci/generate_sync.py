"""Make ``scratchbot/sync/`` from ``scratchbot/aio/``: the same code without the waiting.

``make sync`` writes the files; with ``--check`` nothing is written and the exit status tells
whether they are up to date. ``opening.py`` and ``cloud.py`` are written by hand on both sides: they
are where the two differ.
"""

import re
import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "scratchbot"
BY_HAND = {"opening.py", "cloud.py"}

TIDYING = ("--fix-only", "--unsafe-fixes", "--select=I,C416,UP028")
"""Loops that only waited between items can be written shorter without the waiting."""

REPLACEMENTS = [
    (r"\basync (?=def |with |for )", ""),
    (r"\b__aiter__\b", "__iter__"),
    (r"\bawait ", ""),
    (r"\bAsync(?=[A-Z])", ""),
    (r"\bscratchbot\.aio\b", "scratchbot.sync"),
]


def translate(source: str, name: str) -> str:
    """Return the synchronous form of one file, formatted as the project is."""
    for pattern, replacement in REPLACEMENTS:
        source = re.sub(pattern, replacement, source)
    marked = f"# Made from scratchbot/aio/{name} by `make sync`: change that file, not this one.\n"
    return _ruff("format", _ruff("check", marked + source, *TIDYING))


def _ruff(command: str, source: str, *options: str) -> str:
    arguments = [sys.executable, "-m", "ruff", command, "--quiet", *options]
    file = ["--stdin-filename", str(PACKAGE / "sync" / "made.py"), "-"]
    done = subprocess.run(  # noqa: S603
        [*arguments, *file], input=source, capture_output=True, text=True, check=True
    )
    return done.stdout


def stale_files() -> dict[Path, str]:
    """Return what should stand in each file of ``sync`` that is not up to date."""
    wanted = {
        PACKAGE / "sync" / path.name: translate(path.read_text("utf-8"), path.name)
        for path in sorted((PACKAGE / "aio").glob("*.py"))
        if path.name not in BY_HAND
    }
    return {
        path: text
        for path, text in wanted.items()
        if not path.exists() or path.read_text("utf-8") != text
    }


def main() -> int:
    """Write the stale files, or with ``--check`` only name them."""
    check = "--check" in sys.argv[1:]
    stale = stale_files()
    for path, text in stale.items():
        sys.stdout.write(f"{'stale' if check else 'made'}: {path.relative_to(PACKAGE.parent)}\n")
        if not check:
            path.write_text(text, "utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
