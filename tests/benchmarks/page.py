"""The page of benchmarks, and the tables in it that programs make."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "benchmarks.md"


def write(program: str, text: str) -> None:
    """Put what a program made where the page has its place.

    :param program: the program's file, such as ``session.py``.
    """
    begin, end = f"<!-- made by tests/benchmarks/{program} -->", "<!-- end -->"
    page = PAGE.read_text("utf-8")
    place = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    assert place.search(page), f"{PAGE} has no place for the table: {begin} … {end}"
    PAGE.write_text(place.sub(lambda _: f"{begin}\n{text}{end}", page), "utf-8")
