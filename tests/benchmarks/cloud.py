"""How fast cloud variables are heard, beside a bare loop and the clients that others wrote.

``make bench`` runs it; with ``--write``, the table goes into ``docs/benchmarks.md``. Figures are
printed, never asserted: machines differ.

Server and client are processes of their own, each held to a core where the system can do that. All
clients hear the same packets from the same server, and they take turns, so that what else the
machine does strikes all.

Only the standard library is imported here: on Linux, a process takes over the peak memory of the
one that starts it.
"""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from statistics import median

from tests.benchmarks.page import ROOT, write

ROUNDS = 7
COUNT, LINES = 100_000, (1, 3)
STORED = 20_000
DELAY_ROUNDS, DELAY_COUNT, A_SECOND = 5, 1_000, 200
PROJECTS, EACH_SENDS, SETS_A_SECOND, DIGITS = 500, 80, 10, 256
WAYS = {
    "bare": "a bare `websockets` loop",
    "connection": "scratchbot, a session's connection",
    "scratchattach": "scratchattach, cloud events",
    "scratchcloud": "scratchcloud",
}
PLAYERS = {
    "bare": "a bare `websockets` loop",
    "connection": "a session's connection",
    "bot": "a bot, its events stored",
    "limited": "a session's connection with its limits on",
}

Rates = dict[tuple[str, int], list[float]]
"""Packets a second in each round, by way and lines to a frame."""


@contextmanager
def serving(*told: float) -> Iterator[str]:
    """Run the cloud server on the first core and give its address."""
    command = [sys.executable, "-m", "tests.benchmarks.cloudserver", *map(str, told)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        _hold(process, 0)
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def hear(
    way: str,
    task: str,
    count: int,
    *,
    projects: int = 1,
    lines: int = 1,
    rate: float = 0,
    digits: int = 1,
) -> list[float]:
    """Let a way hear the server, on the last core, and return the figures that it printed."""
    own = ROOT / ".cache" / "clients" / way / "bin" / "python"
    with serving(count, lines, rate, digits) as address:
        endpoint = {"SCRATCHBOT_ENDPOINT": f"http://{address}", "SCRATCHBOT_LIMITS": "off"}
        command = [own if own.exists() else sys.executable, "-W", "ignore"]
        command += ["-m", "tests.benchmarks.hearers", way, task, address]
        command += [str(count), str(projects)]
        with subprocess.Popen(
            command,
            env={**os.environ, **endpoint, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as process:
            _hold(process, -1)
            printed, _ = process.communicate()
    assert process.returncode == 0, f"{way} could not do {task}"
    return [float(figure) for figure in printed.splitlines()[-1].split()]


def _hold(process: "subprocess.Popen[str]", place: int) -> None:
    """Hold a process to a core: the server and the client must not take turns on one."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(process.pid, {sorted(os.sched_getaffinity(0))[place]})


def measure_rates() -> Rates:
    """Measure how fast all ways hear."""
    rates: Rates = {(way, lines): [] for way in WAYS for lines in LINES}
    for _ in range(ROUNDS):
        for lines in LINES:
            for way in WAYS:
                rates[way, lines] += hear(way, "rate", COUNT, lines=lines)
    return rates


def rate_table(rates: Rates) -> str:
    """Return the rates, and the medians of what ours was of theirs in each round."""
    titles = [f"{lines} a frame | scratchbot's share" for lines in LINES]
    rows = ["| packets a second | " + " | ".join(titles) + " |"]
    rows.append("| --- " * (1 + 2 * len(LINES)) + "|")
    for way, name in WAYS.items():
        cells = []
        for lines in LINES:
            theirs, ours = rates[way, lines], rates["connection", lines]
            span = f"{min(theirs):,.0f} to {max(theirs):,.0f}"
            share = median(mine / other for mine, other in zip(ours, theirs, strict=True))
            cells.append(f"{median(theirs):,.0f} ({span}) | {share:.2f} times")
        rows.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(rows)


def delays() -> str:
    """Measure how long a packet takes from the server to whoever hears it, and return that."""
    found: dict[str, list[list[float]]] = {"bare": [], "connection": []}
    for _ in range(DELAY_ROUNDS):
        for way, rounds in found.items():
            rounds.append(hear(way, "delay", DELAY_COUNT, rate=A_SECOND))
    half, late = ([median(each) for each in zip(*rounds, strict=True)] for rounds in found.values())
    ours = found["connection"]
    times = median(mine[1] / other[1] for mine, other in zip(ours, found["bare"], strict=True))
    return (
        f"At {A_SECOND} packets a second, from the server's sending to the listener: p50 "
        f"{late[0]:.2f} ms, p99 {late[1]:.2f} ms; to the bare loop: p50 {half[0]:.2f} ms, p99 "
        f"{half[1]:.2f} ms ({times:.2f} times, medians of {DELAY_ROUNDS} rounds)."
    )


def stored() -> str:
    """Measure how fast a bot hears whose events are stored, and return that."""
    found = [hear("bot", "rate", STORED)[0] for _ in range(ROUNDS)]
    return (
        f"A bot that watches the project, from the first packet until every event is stored and "
        f"handled: {median(found):,.0f} a second ({min(found):,.0f} to {max(found):,.0f})."
    )


def memory() -> str:
    """Measure what many projects take in one process, and return that."""
    told = []
    for way, name in {**WAYS, "bot": "a bot that watches them"}.items():
        if way in ("bare", "connection", "bot"):
            one, peak = (
                hear(way, "memory", EACH_SENDS, projects=each, rate=SETS_A_SECOND, digits=DIGITS)[0]
                for each in (1, PROJECTS)
            )
            more = (peak - one) * 1000 / (PROJECTS - 1)
            told.append(f"{name} {peak:.0f} MB ({more:.0f} kB each)")
    return (
        f"{PROJECTS} projects in one process, from each {SETS_A_SECOND} values of {DIGITS} digits "
        f"a second, peak memory: {'; '.join(told)}."
    )


def game() -> str:
    """Play with the official VM and return the rounds."""
    printed = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.cloudgame", *PLAYERS],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    rounds = json.loads(printed.splitlines()[-1])
    told = [f"{name} {median(rounds[way]):.1f}" for way, name in PLAYERS.items()]
    return (
        "The official VM sets a variable and waits until the other side has set another to the "
        f"same value, rounds a second: {'; '.join(told)}."
    )


def main() -> None:
    """Measure and print everything."""
    parts = [rate_table(measure_rates()), stored(), delays(), memory(), game()]
    head = (
        f"{os.cpu_count()} cores, CPython {platform.python_version()}, medians of {ROUNDS} rounds "
        f"on {datetime.now(UTC):%Y-%m-%d}."
    )
    text = "\n\n".join([head, *parts]) + "\n"
    print(text)
    if "--write" in sys.argv[1:]:
        write("cloud.py", text)


if __name__ == "__main__":
    main()
