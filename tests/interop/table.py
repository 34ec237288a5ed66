"""Calls every public method of the real clients and writes what came of it into docs/interop.md."""

import asyncio
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.interop.conftest import HERE, ROOT, client, program, proxied_sandbox

CLIENTS = ("scratchclient", "scratchattach", "scapi")
PAGE = ROOT / "docs" / "interop.md"
PATIENCE = 120.0

Row = dict[str, Any]

_HEAD = """\
# The sandbox and the clients that others wrote

Every public method of three Python clients that talks to Scratch, called against the sandbox and
checked for its effect. The clients are as PyPI ships them; the sandbox's HTTPS proxy stands
between, so that not a line of them is patched. `make interop` makes this page, and a test holds it.

- **passes**: the method does what it says.
- **differs**: it works, and the sandbox is not like the site here; the note says how.
- **own mistake**: the method fails for a reason of its own, which the note names; it would fail
  against the site too.
- **left out**: the method asks nothing of Scratch, or cannot be driven; the note says which.

The cloud variables of the official VM and its cloud provider, and of scratchattach, are driven by
`tests/interop/test_cloud.py`.
"""


async def rows(name: str) -> list[Row]:
    """Return what each method of a client came to."""
    driver = HERE / "clients" / "methods" / f"{name}_methods.py"
    async with proxied_sandbox() as environment:
        command = (client(name), "-W", "ignore", driver)
        async with program(*command, **environment) as running:
            await asyncio.wait_for(running.process.wait(), PATIENCE)
            await asyncio.sleep(0.1)
    return [json.loads(line) for line in running.lines if line.startswith('{"')]


def section(found: Iterable[Row]) -> str:
    """Return the part of the page about one client."""
    head, *methods = found
    counts = {key: sum(row["result"] == key for row in methods) for key in _RESULTS}
    told = ", ".join(f"{number} {key}" for key, number in counts.items() if number)
    lines = [f"## {head['client']} {head['version']}", "", f"{len(methods)} methods: {told}.", ""]
    lines += ["| method | result | note |", "| --- | --- | --- |"]
    for row in sorted(methods, key=lambda row: (str(row["method"]).lower(), row["result"])):
        lines.append(f"| `{row['method']}` | {row['result']} | {row['note']} |")
    return "\n".join(lines) + "\n"


_RESULTS = ("passes", "differs", "own mistake", "left out", "fails", "unchecked")


def page(sections: Iterable[str]) -> str:
    """Return the whole page."""
    return "\n".join([_HEAD, *sections])


async def _write(file: Path) -> int:
    found = [await rows(name) for name in CLIENTS]
    file.write_text(page(section(one) for one in found), "utf-8")
    bad = [row for one in found for row in one if row.get("result") in ("fails", "unchecked")]
    for row in bad:
        sys.stderr.write(f"{row}\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(_write(PAGE)))
