"""How fast messages come from JSON to a handler, beside a bare loop and others' bot frameworks.

``make bench`` runs it; with ``--write``, the table goes into ``docs/benchmarks.md``. Figures are
printed, never asserted: machines differ. Each way is a process of its own, all are held to one core
where the system can do that, and they take turns, so that what else the machine does strikes all.

Only the standard library is imported here: each way has packages of its own.
"""

import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from statistics import median

from tests.benchmarks.page import ROOT, write

ROUNDS = 5
COUNT = 30_000
FEWER = {("aiogram", "hundred"): 500, ("nonebot", "hundred"): 500}
"""Where a round of all would take minutes."""

WAYS = {
    "bare": "msgspec in a bare loop, to the same events",
    "struct": "msgspec in a bare loop, to a struct of its own",
    "scratchbot": "scratchbot",
    "aiogram": "aiogram",
    "telegram": "python-telegram-bot",
    "discord": "discord.py",
    "nonebot": "nonebot2",
}
BARE = ("bare", "struct")
"""They find no handlers."""
TASKS = {"one": "one handler", "hundred": "100 handlers"}
OWN_TASKS = ("guarded", "whole")

Rates = dict[tuple[str, str], list[float]]
"""Messages a second in each round, by way and task."""


def receive(way: str, task: str) -> float:
    """Let a way receive messages, in a process of its own, and return how many a second."""
    own = ROOT / ".cache" / "clients" / way / "bin" / "python"
    command = [own if own.exists() else sys.executable, "-W", "ignore"]
    command += ["-m", "tests.benchmarks.receivers", way, task]
    done = subprocess.run(
        [*command, str(FEWER.get((way, task), COUNT))],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return float(done.stdout.splitlines()[-1])


def measure_rates() -> Rates:
    """Measure how fast all ways receive."""
    cells = [(way, task) for way in WAYS for task in TASKS if way not in BARE or task == "one"]
    cells += [("scratchbot", task) for task in OWN_TASKS]
    rates: Rates = {cell: [] for cell in cells}
    for _ in range(ROUNDS):
        for way, task in cells:
            rates[way, task].append(receive(way, task))
    return rates


def table(rates: Rates) -> str:
    """Return the rates, and the medians of what ours was of theirs in each round."""
    titles = [f"{title} | scratchbot's share" for title in TASKS.values()]
    rows = ["| messages a second | " + " | ".join(titles) + " |"]
    rows.append("| --- " * (1 + 2 * len(TASKS)) + "|")
    for way, name in WAYS.items():
        cells = []
        for task in TASKS:
            theirs = rates.get((way, task))
            if theirs is None:
                cells.append("| ")
                continue
            span = f"{min(theirs):,.0f} to {max(theirs):,.0f}"
            share = _share(rates["scratchbot", task], theirs)
            times = f"{share:.2f}" if share < 10 else f"{share:,.0f}"
            cells.append(f"{median(theirs):,.0f} ({span}) | {times} times")
        rows.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(rows)


def costs(rates: Rates) -> str:
    """Return what manners and many handlers take of our rate."""
    one, hundred, guarded, whole = (
        rates["scratchbot", task] for task in ("one", "hundred", *OWN_TASKS)
    )
    return (
        f"A middleware, manners and permissions cost {1 - _share(guarded, one):.0%} of "
        f"scratchbot's rate with one handler: {median(guarded):,.0f} a second are left, and "
        f"{median(whole):,.0f} where each run has a task and a time limit as well.\n\n"
        f"With 100 handlers, scratchbot has {_share(hundred, one):.0%} of its rate with one."
    )


def _share(ours: list[float], theirs: list[float]) -> float:
    return median(mine / other for mine, other in zip(ours, theirs, strict=True))


def main() -> None:
    """Measure and print everything."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    rates = measure_rates()
    text = (
        f"{os.cpu_count()} cores, CPython {platform.python_version()}, medians of {ROUNDS} rounds "
        f"on {datetime.now(UTC):%Y-%m-%d}.\n\n{table(rates)}\n\n{costs(rates)}\n"
    )
    print(text)
    if "--write" in sys.argv[1:]:
        write("dispatch.py", text)


if __name__ == "__main__":
    main()
