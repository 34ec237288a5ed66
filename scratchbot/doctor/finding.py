"""What one look has found."""

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warning", "failed"]
"""``warning`` keeps no bot from working, ``failed`` does."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was looked at.

    :param about: what it is, in a word or two.
    :param said: what was seen, in one line.
    :param advice: how to mend it, in one line; empty if all is well.
    """

    about: str
    state: State = "ok"
    said: str
    advice: str = ""
