"""Plugins: handlers that can be shared, and how installed ones are found."""

import copy
import difflib
from collections.abc import Collection
from importlib.metadata import EntryPoint, entry_points
from typing import Self

from scratchbot.config import check_config
from scratchbot.errors import AppError, one_line
from scratchbot.grants import RESERVED, check_permissions
from scratchbot.places import placed
from scratchbot.router import Router

GROUP = "scratchbot.plugins"


class Plugin(Router):
    """Handlers, schedules and watches that a bot can include.

    :param name: what ``bot.load`` and the table ``[plugins.NAME]`` call it.
    :param config: a dataclass; the table's values fill it, and handlers can ask for it.
    :param permissions: what its handlers may do, such as ``comment.reply``; nothing else works. The
        bot's owner can change that in the table.
    :raises RegistrationError: if the name, the config or a permission cannot be.
    """

    def __init__(
        self, name: str, config: type | None = None, permissions: Collection[str] = ()
    ) -> None:
        with placed():
            if config is not None:
                check_config(config, RESERVED)
            super().__init__(name, config)
            self.permissions = check_permissions(permissions)

    def named(self, name: str) -> Self:
        """Return the same plugin under another name, with settings and a store of its own."""
        with placed():
            other = copy.copy(self)
            other._rename(name)
            other._rebind(self)
        return other


def installed() -> dict[str, EntryPoint]:
    """Return the entry points of the installed plugins, by their names."""
    return {point.name: point for point in entry_points(group=GROUP)}


def load_plugin(name: str) -> Plugin:
    """Return the installed plugin that an entry point of the group ``scratchbot.plugins`` names.

    :raises AppError: if there is none, or it cannot be imported.
    """
    points = installed()
    if name not in points:
        near = difflib.get_close_matches(name, points, n=1)
        advice = f"did you mean {near[0]!r}?" if near else "install its package with pip"
        raise AppError(f"no plugin {name!r} is installed; {advice}")
    return _import(points[name])


def _import(point: EntryPoint) -> Plugin:
    try:
        plugin = point.load()
    except (Exception, SystemExit) as error:
        raise AppError(f"plugin {point.name!r} cannot be imported: {one_line(error)}") from error
    if not isinstance(plugin, Plugin):
        raise AppError(f"plugin {point.name!r}: {point.value} is no Plugin")
    return plugin
