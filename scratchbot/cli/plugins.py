"""``scratchbot plugins``."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from scratchbot.cli.output import print_line
from scratchbot.config import Setting, describe, variable
from scratchbot.errors import AppError
from scratchbot.grants import OWNERS_ALONE
from scratchbot.plugins import Plugin, installed, load_plugin


def plugins(options: argparse.Namespace) -> int:
    """List the installed plugins, with the settings and permissions that each takes.

    :returns: 1 if one cannot be imported.
    """
    found, failed = list[Plugin](), list[str]()
    for name in sorted(installed()):
        try:
            found.append(load_plugin(name).named(name))
        except AppError as error:
            failed.append(str(error))
    if options.json:
        for plugin in found:
            print(json.dumps(_row(plugin)))
    else:
        _show(found)
    for said in failed:
        sys.stderr.write(f"scratchbot: {said}\n")
    return 1 if failed else 0


_NONE = "No plugins are installed. Install one with pip, such as: pip install scratchbot-moderation"


def _settings(plugin: Plugin) -> tuple[Setting, ...]:
    return () if plugin.config is None else describe(plugin.config)


def _row(plugin: Plugin) -> dict[str, Any]:
    return {
        "name": plugin.name,
        "permissions": sorted(plugin.permissions),
        "commands": [each.command.usage for each in plugin.handlers if each.command is not None],
        "settings": [
            {
                "name": each.name,
                "kind": each.kind,
                "default": each.default,
                "about": each.about,
                "variable": None if "." in each.name else variable(plugin.name, each.name),
            }
            for each in _settings(plugin)
        ],
    }


def _show(found: Sequence[Plugin]) -> None:
    if not found:
        print(_NONE)
    for number, plugin in enumerate(found):
        if number:
            print()
        for indent, text in _lines(plugin):
            print_line(indent + text, further=f"{indent}  ")


def _lines(plugin: Plugin) -> Iterator[tuple[str, str]]:
    """Yield what is told of a plugin, each line with what stands before it."""
    yield "", plugin.name
    asked = sorted(plugin.permissions)
    yield "  ", f"permissions: {', '.join(asked) or 'none'}"
    for permission in sorted(OWNERS_ALONE.intersection(asked)):
        yield "    ", f"{permission} must be granted: permissions = {json.dumps(asked)}"
    commands = [each.command.usage for each in plugin.handlers if each.command is not None]
    if commands:
        yield "  ", f"commands: {', '.join(commands)}"
    settings = _settings(plugin)
    yield "  ", f"settings in [plugins.{plugin.name}]:" if settings else "settings: none"
    for each in settings:
        default = "must be given" if each.default is None else f"default {each.default}"
        yield "    ", f"{each.name}: {each.kind} ({default})"
        if each.about:
            yield "      ", each.about
        if each.is_secret:
            yield "      ", f"from the environment: {variable(plugin.name, each.name)}"
