"""What the drivers of clients with other names share: they tell what they got in our words."""

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "sidebyside"))

from calls import CALLS, There
from telling import MISSING, told

EFFECTS = {name: effect for name, _, effect in CALLS}


class Watching(There):
    """The sandbox, looked at without a session."""

    def __init__(self):
        self.sandbox, self.made = os.environ["SANDBOX"], {}


there = Watching()


def thing(name, found, **names):
    """Return the members of something, by our names: ``title="title"``, or a function of it."""
    fields = {}
    for ours, theirs in names.items():
        value = theirs(found) if callable(theirs) else getattr(found, theirs, MISSING)
        fields[ours] = told(value)
    return {"class": name, "fields": fields}


def write(call, at=None, **row):
    """Print one row; ``at`` is where in what our call gives the same thing stands."""
    print(json.dumps({"call": call, **({"at": at} if at else {}), **row}), flush=True)


def read(call, value, at=None):
    """Tell what a reading call gave."""
    write(call, at, gives=told(value) if not isinstance(value, dict | list) else value)


def did(call, error=None):
    """Tell what an act did."""
    row = {"raises": type(error).__name__} if error else {}
    write(call, **row, effect=told(EFFECTS[call](there)))
