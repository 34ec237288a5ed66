"""What a client does that plays with everybody else: USER PASSWORD VARIABLE.

It counts a variable up until foo is 1, and tells what all the others hold when foo is 2.
"""

import json
import sys
import threading
import time

PROJECT = 104
PATIENCE = 120.0


class Play:
    """Remembers what is heard, and plays."""

    def __init__(self):
        self.username, self.password, self.own = sys.argv[1:4]
        self._view = {}
        self._signals = {"1": threading.Event(), "2": threading.Event()}

    def hear(self, name, value):
        """Hear of a change."""
        name, value = name.removeprefix("☁ "), str(value)
        self._view[name] = value
        if name == "foo" and value in self._signals:
            self._signals[value].set()

    def play(self, set_own):
        """Set the variable again and again; tell where it ended, and what is seen."""
        number = 1
        set_own(number)
        tell(ready=True)
        deadline = time.monotonic() + PATIENCE
        while not self._signals["1"].wait(0.3) and time.monotonic() < deadline:
            number += 1
            set_own(number)
        time.sleep(1)
        tell(last=number)
        self._signals["2"].wait(PATIENCE)
        view = {**self._view, self.own: number}
        tell(view={name: int(value) for name, value in view.items()}, errors=[])


def tell(**facts):
    """Print something for the test to judge."""
    print(json.dumps(facts), flush=True)
