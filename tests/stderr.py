"""What a program that ran in development mode says on its standard error."""

import re

_SLOW = re.compile(r"^Executing <.*> took \d+\.\d+ seconds\n", re.MULTILINE)


def complaints(stderr: str) -> str:
    """Return what it complains about, but for steps of the loop that a busy machine made slow."""
    return _SLOW.sub("", stderr)
