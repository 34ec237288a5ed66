"""What a call gave, as JSON: the promised members of whatever objects it returned.

It runs in the clients' own environments too, so it imports nothing of this project.
"""

import re
from pathlib import Path
from typing import Any

_SURFACE = Path(__file__).parent.parent.parent / "session" / "surface.txt"


def _classes() -> dict[str, list[str]]:
    """Return the promised members of each class, as they are written."""
    found: dict[str, list[str]] = {}
    for part in _SURFACE.read_text("utf-8").split("\n\n")[1:]:
        name, *members = part.strip().splitlines()
        found[name] = [member.strip() for member in members]
    return found


CLASSES = _classes()
MISSING = "(missing)"
NOW = "(now)"
_MOMENT = re.compile(r"20(2[3-9]|[3-9]\d)-\d\d-\d\d[T ][\d:.+Z]+(\+\d\d:\d\d)?")
_BACK = {"user": "User", "project": "Project", "studio": "Studio"}


def properties(name: str) -> list[str]:
    """Return the names of a class's promised properties."""
    parted = [line.partition(":")[0] for line in CLASSES[name]]
    return [member for member in parted if "(" not in member]


def told(value: Any) -> Any:
    """Return a value as JSON can hold it, an object as its class and its promised properties."""
    if isinstance(value, str):
        return NOW if _MOMENT.fullmatch(value) else value
    if value is None or type(value) in (bool, int, float):
        return value
    if isinstance(value, int):
        return bool(value)
    if isinstance(value, dict):
        return {str(key): told(each) for key, each in value.items()}
    name = type(value).__name__
    if isinstance(value, list | tuple) and name not in CLASSES:
        return [told(each) for each in value]
    if name not in CLASSES or name == "ScratchSession":  # which holds secrets
        return f"a {name}"
    fields = {each: _field(value, each) for each in properties(name)}
    return {"class": name, "fields": fields}


def _field(value: Any, name: str) -> Any:
    held: Any = getattr(value, name, MISSING)
    if type(held).__name__ == _BACK.get(name):
        return f"{_BACK[name]} {held.id}"
    return told(held)
