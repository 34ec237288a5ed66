"""Plugins: handlers that can be shared, and how installed ones are found."""

import dataclasses
import difflib
from collections.abc import Collection, Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from scratchbot.errors import AppError, RegistrationError, SettingsError
from scratchbot.router import Router

GROUP = "scratchbot.plugins"


class Plugin(Router):
    """Handlers, schedules and watches that a bot can include.

    :param name: what ``bot.load`` and the table ``[plugins.NAME]`` call it.
    :param config: a dataclass; the table's values fill it, and handlers can ask for it.
    :param permissions: what its handlers may do, such as ``comment.reply``; nothing else works.
    """

    def __init__(
        self, name: str, config: type | None = None, permissions: Collection[str] = ()
    ) -> None:
        if config is not None and not dataclasses.is_dataclass(config):
            raise RegistrationError(f"config={config!r}: give a dataclass")
        super().__init__(name, config)
        self.permissions = frozenset(permissions)


def read_config(plugin: Router, table: Mapping[str, Any]) -> object:
    """Return a plugin's settings made from its ``[plugins.NAME]`` table.

    :raises SettingsError: if a value is missing, unknown or of the wrong type.
    """
    place = f"[plugins.{plugin.name}]"
    if plugin.config is None:
        if table:
            raise SettingsError(f"{place}: this plugin takes no settings; remove the table")
        return None
    fields = {field.name: field for field in dataclasses.fields(plugin.config)}
    for key in table:
        if key not in fields:
            allowed = ", ".join(fields)
            raise SettingsError(f"{place} has no setting {key!r}; it can have {allowed}")
    for name, field in fields.items():
        required = (
            field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        )
        if required and name not in table:
            raise SettingsError(f"{place} needs a value for {name!r}")
        if name in table and isinstance(field.type, type):
            value, kind = table[name], field.type
            fits = isinstance(value, kind) or (kind is float and isinstance(value, int))
            if not fits or (isinstance(value, bool) and kind is not bool):
                raise SettingsError(f"{place} {name} is {value!r}; it must be a {kind.__name__}")
    return plugin.config(**table)


def load_plugin(name: str) -> Plugin:
    """Return the installed plugin that an entry point of the group ``scratchbot.plugins`` names.

    :raises AppError: if there is none, or it cannot be imported.
    """
    installed = {point.name: point for point in entry_points(group=GROUP)}
    if name not in installed:
        near = difflib.get_close_matches(name, installed, n=1)
        advice = f"did you mean {near[0]!r}?" if near else "install its package with pip"
        raise AppError(f"no plugin {name!r} is installed; {advice}")
    return _import(installed[name])


def _import(point: EntryPoint) -> Plugin:
    try:
        plugin = point.load()
    except Exception as error:
        raise AppError(
            f"plugin {point.name!r} cannot be imported: {type(error).__name__}: {error}"
        ) from error
    if not isinstance(plugin, Plugin):
        raise AppError(f"plugin {point.name!r}: {point.value} is no Plugin")
    return plugin
