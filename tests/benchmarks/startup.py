"""How long a program takes that only imports scratchbot, or asks for help.

``make bench`` runs it; with ``--write``, the table goes into ``docs/benchmarks.md``. Figures are
printed, never asserted: machines differ.
"""

import os
import platform
import subprocess
import sys
import time
from datetime import UTC, datetime
from statistics import median

from tests.benchmarks.page import write

ROUNDS = 21
FLOOR = 'python -c "import asyncio"'
PYTHON = sys.executable
PROGRAMS = {
    'python -c "pass"': [PYTHON, "-c", "pass"],
    FLOOR: [PYTHON, "-c", "import asyncio"],
    'python -c "import scratchbot"': [PYTHON, "-c", "import scratchbot"],
    'python -c "from scratchbot import Bot"': [PYTHON, "-c", "from scratchbot import Bot"],
    "scratchbot --help": [PYTHON, "-m", "scratchbot", "--help"],
    "scratchbot events --help": [PYTHON, "-m", "scratchbot", "events", "--help"],
}


def measure() -> dict[str, list[float]]:
    """Start each program again and again, in turns; return the milliseconds that each took."""
    took: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    for _ in range(ROUNDS):
        for name, command in PROGRAMS.items():
            began = time.perf_counter()
            subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
            took[name].append((time.perf_counter() - began) * 1000)
    return took


def table(took: dict[str, list[float]]) -> str:
    """Return the medians, and how many times the floor each took in the same round."""
    rows = ["| program | milliseconds | times `import asyncio` |", "| --- | --- | --- |"]
    for name, each in took.items():
        ratio = median(mine / floor for mine, floor in zip(each, took[FLOOR], strict=True))
        span = f"{min(each):.0f} to {max(each):.0f}"
        rows.append(f"| `{name}` | {median(each):.0f} ({span}) | {ratio:.2f} |")
    return "\n".join(rows)


def main() -> None:
    """Measure and print everything."""
    text = (
        f"{os.cpu_count()} cores, CPython {platform.python_version()}, medians of {ROUNDS} rounds "
        f"on {datetime.now(UTC):%Y-%m-%d}.\n\n{table(measure())}\n"
    )
    print(text)
    if "--write" in sys.argv[1:]:
        write("startup.py", text)


if __name__ == "__main__":
    main()
