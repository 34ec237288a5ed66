"""How fast the session is, beside the clients that others wrote.

``make bench`` runs it; with ``--write``, the table goes into ``docs/benchmarks.md``. Figures are
printed, never asserted: machines differ.

All clients ask the same sandbox over plain HTTP: ``SCRATCHBOT_ENDPOINT`` sends the session there,
and ``tests/interop/clients/redirect.py`` the others, whose code stays as it is. TLS would cost most
those who open a connection for each request, and hide what the clients themselves do.

Only the standard library is imported here: on Linux, a process takes over the peak memory of the
one that starts it.
"""

import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles

from tests.benchmarks.page import ROOT, write
from tests.benchmarks.readers import COMMENTS, LOGIN, NAMES, PROJECT

ROUNDS = 7
LATE = 0.05

OURS = {
    "scratchbot_async": "from scratchbot import AsyncScratchSession",
    "scratchbot_sync": "from scratchbot import ScratchSession",
}
PEERS = {
    "scratchclient": "import scratchclient",
    "scratchattach": "import scratchattach",
    "scapi": "import scapi",
}
CLIENTS = {**OURS, **PEERS}
COLUMNS = {
    "late_comments": (f"{COMMENTS:,} comments, answers {LATE * 1000:.0f} ms late", "s"),
    "comments": (f"{COMMENTS:,} comments", "s"),
    "comments_peak": ("peak memory", "MB"),
    "users": (f"{len(NAMES)} users", "s"),
    "users_peak": ("peak memory", "MB"),
    "import": ("import", "s"),
}

Figures = dict[tuple[str, str], list[float]]
"""What was measured in each round, by client and column."""


def world() -> dict[str, object]:
    """Return a world with a project of many comments, and many people who wrote them."""
    people = [*NAMES, LOGIN[0]]
    return {
        "users": [
            {
                "id": number,
                "username": name,
                "password": LOGIN[1],
                "joined": "2020-01-01T00:00:00Z",
                "bio": "I like to read what others write.",
                "country": "Ireland",
            }
            for number, name in enumerate(people, 1)
        ],
        "projects": [{"id": PROJECT, "title": "Much discussed", "author": LOGIN[0]}],
        "happened": [
            {
                "at": f"2024-01-01T{number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}Z",
                "who": NAMES[number % len(NAMES)],
                "does": "comments",
                "on": f"project:{PROJECT}",
                "text": f"Comment number {number}, about as long as most are",
            }
            for number in range(COMMENTS)
        ],
    }


@contextmanager
def sandbox() -> Iterator[str]:
    """Run ``scratchbot sandbox`` without limits and give its port."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "world.json"
        file.write_text(json.dumps(world()), "utf-8")
        with started_sandbox("--no-limits", "--world", str(file)) as port:
            yield port


@contextmanager
def started_sandbox(*options: str) -> Iterator[str]:
    """Run ``scratchbot sandbox`` and give its port."""
    command = [sys.executable, "-m", "scratchbot", "sandbox", "--port", "0", *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            line = next(line for line in process.stdout if "SCRATCHBOT_ENDPOINT=" in line)
            yield line.strip().rpartition(":")[2]
        finally:
            process.terminate()


@contextmanager
def late(port: str) -> Iterator[None]:
    """Make the answers about comments as late as those of a site that is not on this machine."""
    set_weather(port, {"path": "/users/*/projects/*/comments*", "latency": [LATE, LATE]})
    try:
        yield
    finally:
        set_weather(port)


def set_weather(port: str, *rules: dict[str, object]) -> None:
    """Give the sandbox its rules, in place of those that it has."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/sandbox/weather",
        data=json.dumps({"seed": 1, "rules": rules}).encode(),
        headers={"Content-Type": "application/json"},
        method="PUT",
    )
    urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request).close()


def python(client: str) -> Path:
    """Return the Python that a client runs with; ours is that of the others where it is there."""
    if client in PEERS:
        return ROOT / ".cache" / "clients" / client / "bin" / "python"
    highest = ROOT / ".cache" / "highest" / "bin" / "python"
    return highest if highest.exists() else Path(sys.executable)


def run(client: str, *arguments: str | Path, port: str = "") -> str:
    """Run a program to its end, in a process of its own, and return what it printed."""
    if client in PEERS:
        told = {"PYTHONPATH": str(ROOT / "tests" / "interop" / "clients"), "SANDBOX_PORT": port}
    else:
        endpoint = f"http://127.0.0.1:{port}" if port else ""
        told = {"PYTHONPATH": str(ROOT), "SCRATCHBOT_ENDPOINT": endpoint}
        told["SCRATCHBOT_LIMITS"] = "off" if port else "on"
        told["PYTHONDONTWRITEBYTECODE"] = ""  # the others' bytecode came with their installation
    done = subprocess.run(
        [python(client), "-W", "ignore", *arguments],
        env={**os.environ, **told},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


def measure(rounds: int) -> Figures:
    """Measure all clients; they take turns, so that what else the machine does strikes all."""
    figures: Figures = {(client, column): [] for client in CLIENTS for column in COLUMNS}
    with sandbox() as port:
        for _ in range(rounds):
            for client, statement in CLIENTS.items():
                code = "import time; began = time.perf_counter()\n"
                code += f"{statement}\nprint(time.perf_counter() - began)"
                figures[client, "import"].append(float(run(client, "-c", code)))
            for task in ("comments", "users"):
                for client in CLIENTS:
                    seconds, peak = read(client, task, port)
                    figures[client, task].append(seconds)
                    figures[client, f"{task}_peak"].append(peak)
            with late(port):
                for client in CLIENTS:
                    figures[client, "late_comments"].append(read(client, "comments", port)[0])
    return figures


def read(client: str, task: str, port: str) -> tuple[float, float]:
    """Return the seconds that a client took for a task, and its peak memory in MB."""
    reader = ROOT / "tests" / "benchmarks" / "readers.py"
    found = json.loads(run(client, reader, client, task, port=port))
    return found["seconds"], found["peak"] / 1e6


def table(figures: Figures) -> str:
    """Return the medians; in brackets, each as a multiple of the best peer's."""
    lines = ["| | " + " | ".join(title for title, _ in COLUMNS.values()) + " |"]
    lines += ["| --- " * (len(COLUMNS) + 1) + "|"]
    medians = {key: median(found) for key, found in figures.items()}
    for client in CLIENTS:
        cells = []
        for column, (_, unit) in COLUMNS.items():
            value = medians[client, column]
            times = value / min(medians[peer, column] for peer in PEERS)
            cells.append(f"{value:.{1 if unit == 'MB' else 3}f} {unit} ({times:.2f})")
        lines.append(f"| {version(client)} | {' | '.join(cells)} |")
    return "\n".join(lines)


def version(client: str) -> str:
    """Return a client's name and version, in words."""
    name, _, form = client.partition("_")
    code = f"from importlib.metadata import version; print(version('{name}'))"
    said = {"": "", "async": ", asynchronous", "sync": ", synchronous"}[form]
    return f"{name} {run(client, '-c', code).strip()}{said}"


def noise(figures: Figures) -> float:
    """Return how far apart the middle half of the times lies, in the noisiest cell."""
    quarters = [quantiles(found, n=4) for found in figures.values()]
    return max((high - low) / middle for low, middle, high in quarters)


def pythons() -> str:
    """Return the versions of Python that the clients ran with."""
    code = "import platform; print(platform.python_version())"
    ours = run("scratchbot_async", "-c", code).strip()
    theirs = {run(peer, "-c", code).strip() for peer in PEERS}
    if theirs == {ours}:
        return f"CPython {ours} for all"
    return f"CPython {ours} for scratchbot, {', '.join(sorted(theirs))} for the others"


def report(figures: Figures, rounds: int) -> str:
    """Return the table, and what it was measured on."""
    return f"""\
{os.cpu_count()} cores, {pythons()}, {rounds} rounds on {datetime.now(UTC):%Y-%m-%d}.
Medians, and in brackets multiples of the best of the others in the same run; half of a cell's runs
lie within a span of {noise(figures):.0%} of its median at most.

{table(figures)}
"""


def main() -> None:
    """Measure and print everything."""
    text = report(measure(ROUNDS), ROUNDS)
    print(text)
    if "--write" in sys.argv[1:]:
        write("session.py", text)


if __name__ == "__main__":
    main()
