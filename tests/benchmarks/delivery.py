"""How fast events live, beside a bare loop and the queues that others wrote.

``make bench`` runs it; with ``--write``, the table goes into ``docs/benchmarks.md``. Figures are
printed, never asserted: machines differ. Each way is a process of its own, on a store of its own
with ``synchronous = FULL``, and they take turns.
"""

import os
import platform
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from statistics import median

from tests.benchmarks.page import ROOT, write
from tests.benchmarks.session import started_sandbox

ROUNDS = 3
COUNTS = {"bare": 60_000, "scratchbot": 60_000, "scratchbot_full": 60_000, "huey": 2_000}
COUNTS["dbos"] = 200
NAMES = {
    "bare": "SQLite in a bare loop, batches of 100",
    "scratchbot": "scratchbot",
    "scratchbot_full": "scratchbot, 1,000,000 events stored",
    "huey": "huey on SQLite",
    "dbos": "a DBOS workflow on SQLite",
}
LATENCY_EVENTS, IDLE_SECONDS = 1_000, 60


def live(way: str, count: int) -> list[float]:
    """Let events live in a way, in a process of its own, and return the figures that it printed."""
    with tempfile.TemporaryDirectory() as folder:
        return _run(way, "-m", "tests.benchmarks.lives", way, str(count), folder)


def idle() -> list[float]:
    """Return the share of a core and the memory in MB that an idle daemon takes."""
    with started_sandbox("--size", "1000") as port:
        told = {"SCRATCHBOT_ENDPOINT": f"http://127.0.0.1:{port}"}
        return _run("scratchbot", "-m", "tests.benchmarks.idle", str(IDLE_SECONDS), told=told)


def _run(way: str, *arguments: str, told: dict[str, str] | None = None) -> list[float]:
    own = ROOT / ".cache" / "clients" / way / "bin" / "python"
    done = subprocess.run(
        [own if own.exists() else sys.executable, "-W", "ignore", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT), **(told or {})},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return [float(figure) for figure in done.stdout.splitlines()[-1].split()]


def table(rates: dict[str, list[float]], delays: list[float], rest: list[float]) -> str:
    """Return what was measured."""
    ours, lines = median(rates["scratchbot"]), ["| | events a second | scratchbot's share |"]
    lines.append("| --- | --- | --- |")
    for way, found in rates.items():
        middle = median(found)
        span = f"{min(found):,.0f} to {max(found):,.0f}"
        times = f"{ours / middle:.2f}" if ours < 10 * middle else f"{ours / middle:.0f}"
        lines.append(f"| {NAMES[way]} | {middle:,.0f} ({span}) | {times} times |")
    middle, late = delays
    share, memory = rest
    lines += [
        "",
        f"At 100 events a second, from the source's hands to the handler: p50 {middle:.1f} ms, "
        f"p99 {late:.1f} ms.",
        "",
        f"A daemon with 50 watches where nothing happens, its sandbox a process of its own, over "
        f"{IDLE_SECONDS} s: {share:.2%} of a core, {memory:.0f} MB at most.",
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure and print everything."""
    rates: dict[str, list[float]] = {way: [] for way in COUNTS}
    for _ in range(ROUNDS):
        for way, count in COUNTS.items():
            rates[way] += live(way, count)
    delays, rest = live("latency", LATENCY_EVENTS), idle()
    text = (
        f"{os.cpu_count()} cores, CPython {platform.python_version()}, medians of {ROUNDS} rounds "
        f"on {datetime.now(UTC):%Y-%m-%d}.\n\n{table(rates, delays, rest)}\n"
    )
    print(text)
    if "--write" in sys.argv[1:]:
        write("delivery.py", text)


if __name__ == "__main__":
    main()
