"""``scratchbot completion``."""

import argparse
import json
from typing import get_args

import shtab

from scratchbot.cli import make_parser
from scratchbot.engines.engine import RunState
from scratchbot.events import EVENT_NAMES

_FILES = frozenset({"FILE", "APP", "RECORDED"})
"""What stands for a file in the help of a parameter."""
_VALUES = {
    "STATE": (*get_args(RunState), "all"),
    # To a shell, a star would be all files.
    "EVENT": tuple(name for name in EVENT_NAMES if name != "*"),
}
"""What stands for one of some values."""


def completion(options: argparse.Namespace) -> int:
    """Print the script that lets a shell complete what is typed."""
    parser = make_parser()
    _mark_values(parser)
    script = shtab.complete(parser, shell=options.shell)
    print(json.dumps({"shell": options.shell, "script": script}) if options.json else script)
    return 0


def _mark_values(parser: argparse.ArgumentParser) -> None:
    """Say which parameters are files, and which have one of some values."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                _mark_values(below)
        elif action.metavar in _FILES:
            action.complete = shtab.FILE  # type: ignore[attr-defined] # where shtab looks for it
        elif action.metavar in _VALUES:
            action.choices = _VALUES[action.metavar]
