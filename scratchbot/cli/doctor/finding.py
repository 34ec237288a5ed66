"""What a check found, and how it is told."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Literal

from scratchbot.terminal import printable

State = Literal["ok", "warning", "failed"]


@dataclass(frozen=True)
class Finding:
    """One thing that was checked.

    :param name: what it is, in a word or two.
    :param what: what was found, in one line.
    :param advice: how to mend it, where there is something to mend.
    """

    name: str
    state: State
    what: str
    advice: str = ""


def lines(finding: Finding) -> Iterator[str]:
    """Yield a finding as a person reads it."""
    yield printable(f"{finding.state:<7}  {finding.name}: {finding.what}")
    if finding.advice:
        yield printable(f"         to mend it: {finding.advice}")


def as_json(finding: Finding) -> str:
    """Return a finding as a line of JSON."""
    return json.dumps(asdict(finding))
