"""Puts the peer tables into docs/reliability.md and README.md.

``python -m tests.interop.reliability.page`` plays every scenario with every seed, which takes some
ten minutes.
"""

import asyncio
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.interop.conftest import HERE, ROOT
from tests.interop.reliability.loops import LOOPS, Loop
from tests.interop.reliability.scenarios import SCENARIOS
from tests.interop.reliability.stage import Result, play

SEEDS = (1, 2)
RECORDED = HERE / "recorded" / "reliability.json"
PAGES = {
    ROOT / "docs" / "reliability.md": LOOPS,
    ROOT / "README.md": tuple(loop for loop in LOOPS if loop.name.startswith("Message")),
}
"""Which loops a page shows."""
_MARKS = ("<!-- made by tests/interop/reliability/page.py -->", "<!-- end -->")


@dataclass(frozen=True)
class Row:
    """What became of one scenario, with one seed, in one loop."""

    scenario: str
    seed: int
    loop: Loop
    result: Result


async def record() -> list[Row]:
    """Play everything."""
    return [
        Row(scenario, seed, loop, result)
        for seed in SEEDS
        for scenario, acts in SCENARIOS.items()
        for loop, result in (await play(acts, seed)).items()
    ]


def keep(rows: Iterable[Row]) -> None:
    """Write down what was played, a row a line."""
    lines = ",\n".join(json.dumps(asdict(row)) for row in rows)
    RECORDED.write_text(f"[\n{lines}\n]\n", "utf-8")


def recorded() -> list[Row]:
    """Return what was played last."""
    return [
        Row(row["scenario"], row["seed"], Loop(**row["loop"]), Result(**row["result"]))
        for row in json.loads(RECORDED.read_text("utf-8"))
    ]


def table(rows: Iterable[Row], loops: Iterable[Loop]) -> str:
    """Return the table of some loops, its figures summed over the seeds."""
    found: dict[tuple[str, Loop], list[Result]] = {}
    for row in rows:
        found.setdefault((row.scenario, row.loop), []).append(row.result)
    titles = [loop.title for loop in loops]
    lines = [f"| | {' | '.join(titles)} |", "| --- " * (len(titles) + 1) + "|"]
    for scenario in SCENARIOS:
        cells = [_cell(found[scenario, loop]) for loop in loops]
        lines.append(f"| {scenario} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(results: list[Result]) -> str:
    happened = sum(result.happened for result in results)
    delivered = sum(result.delivered for result in results)
    twice = sum(result.twice for result in results)
    alive = sum(result.alive for result in results)
    state = {len(results): "alive", 0: "dead"}.get(alive, "at times dead")
    return f"{delivered} of {happened}, {twice} twice, {state}"


def put(page: Path, text: str) -> None:
    """Put a table where a page has its place."""
    begin, end = _MARKS
    place = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    before = page.read_text("utf-8")
    assert place.search(before), f"{page} has no place for the table: {begin} … {end}"
    page.write_text(place.sub(lambda _: f"{begin}\n{text}\n{end}", before), "utf-8")


def main() -> None:
    """Play everything, keep what came of it, and write it into the pages."""
    rows = asyncio.run(record())
    keep(rows)
    for page, loops in PAGES.items():
        put(page, table(rows, loops))


if __name__ == "__main__":
    main()
