"""``scratchbot completion``."""

import argparse

import shtab

from scratchbot.cli import make_parser

_FILES = frozenset({"FILE", "APP", "RECORDED"})
"""What stands for a file in the help of a parameter."""


def completion(options: argparse.Namespace) -> int:
    """Print the script that lets a shell complete what is typed."""
    parser = make_parser()
    _mark_files(parser)
    print(shtab.complete(parser, shell=options.shell))
    return 0


def _mark_files(parser: argparse.ArgumentParser) -> None:
    """Say which parameters are files."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                _mark_files(below)
        elif action.metavar in _FILES:
            action.complete = shtab.FILE  # type: ignore[attr-defined] # where shtab looks for it
