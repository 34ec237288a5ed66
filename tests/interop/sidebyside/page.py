"""Writes docs/side-by-side.md: ``python -m tests.interop.sidebyside.page``.

With ``--recorded``, the clients are not run again.
"""

import asyncio
import sys
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tests.interop.conftest import HERE, ROOT, version
from tests.interop.sidebyside.comparing import Comparison, Difference, Row, compare
from tests.interop.sidebyside.recording import CLIENTS, keep, ours, record, recorded
from tests.interop.sidebyside.telling import MISSING

PAGE = ROOT / "docs" / "side-by-side.md"
VERDICTS: dict[str, dict[str, dict[str, str]]] = tomllib.loads(
    (HERE / "sidebyside" / "verdicts.toml").read_text("utf-8")
)
LONGEST = 60

_HEAD = """\
# Side by side with the clients that others wrote

The same calls, made with a client that others wrote and with ours against the same state of the
sandbox, and what they gave, compared field by field; after an act, what it did, seen by neither.
`make side-by-side` runs the clients again, keeps what they gave in `tests/interop/recorded`, and
writes this page. The quick tests compare ours with what was kept, the interop tests what was kept
with the clients.
"""


@dataclass(frozen=True)
class Judged:
    """A difference and who is right; ``right`` is empty where nobody has said it."""

    difference: Difference
    key: str
    right: str
    why: str


def judge(client: str, difference: Difference) -> Judged:
    """Find who is right about a difference."""
    known = VERDICTS[client]
    is_left_out = difference.theirs == MISSING and difference.ours is None
    for key in (difference.subject, difference.subject.partition(":")[0]):
        if key in known and not (is_left_out and "*" in known):
            return Judged(difference, key, known[key]["right"], known[key]["why"])
    if is_left_out and "*" in known:
        return Judged(difference, "*", known["*"]["right"], known["*"]["why"])
    return Judged(difference, difference.subject, "", "nobody has said who is right")


def judged(client: str, mine: dict[str, Row]) -> tuple[list[Comparison], list[Judged]]:
    """Return what came of each call of a client, and every difference with who is right."""
    comparisons = compare(recorded(client), mine)
    return comparisons, [
        judge(client, difference)
        for comparison in comparisons
        for difference in comparison.differences
    ]


def page(mine: dict[str, Row]) -> str:
    """Return the whole page."""
    return "\n".join([_HEAD, *(_section(client, mine) for client in CLIENTS)])


def _section(client: str, mine: dict[str, Row]) -> str:
    comparisons, found = judged(client, mine)
    equal = [each for each in comparisons if not each.differences]
    failed = {each.call for each in comparisons if each.raised}
    fields = {where for each in comparisons for where in each.equal}
    fields -= {each.difference.subject for each in found}
    lines = [
        f"## {client} {version(client)}",
        "",
        f"Calls: {len({each.call for each in comparisons})}. Answers that were equal in all: "
        f"{len(equal)}. Fields and effects that were equal wherever they stood: {len(fields)}. "
        f"Calls that failed in {client}: {len(failed)}.",
        "",
        "| what | seen with | there | here | right | why |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    lines += _differences(found)
    names = ", ".join(f"`{name}`" for name in sorted({each.call for each in equal}))
    return "\n".join([*lines, "", f"Equal in all: {names}.", ""])


def _differences(found: Iterable[Judged]) -> Iterable[str]:
    rows: dict[str, list[Judged]] = {}
    for each in found:
        rows.setdefault(each.key, []).append(each)
    for key, group in sorted(rows.items()):
        first = group[0].difference
        calls = sorted({each.difference.call for each in group})
        more = f" and {len(calls) - 1} more" if len(calls) > 1 else ""
        subjects = sorted({each.difference.subject for each in group})
        what = f"{len(subjects)} members left out" if key == "*" else f"`{key}`"
        yield (
            f"| {what} | `{calls[0]}`{more} | {_shown(first.theirs)} | {_shown(first.ours)} "
            f"| {group[0].right} | {group[0].why} |"
        )


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) and value.startswith("(") else repr(value)
    text = " ".join(text.split()).replace("|", "\\|").replace("`", "'")
    return f"`{text[:LONGEST]}{'…' if len(text) > LONGEST else ''}`"


def main() -> None:
    """Run the clients again, unless they shall rest, and write the page."""
    if "--recorded" not in sys.argv:
        for client in CLIENTS:
            keep(client, asyncio.run(record(client)))
    PAGE.write_text(page(ours()), "utf-8")


if __name__ == "__main__":
    main()
