"""What ``scratchbot.toml`` and the environment say of plugins: which, with what, and what for."""

from collections.abc import Mapping

import structlog

from scratchbot.bot import Bot
from scratchbot.config import Given, as_written, read_config, share_out
from scratchbot.errors import AppError, RegistrationError, SettingsError
from scratchbot.grants import OWNERS_ALONE, RESERVED, Grants, read_grants
from scratchbot.plugins import Plugin, load_plugin
from scratchbot.settings import Settings
from scratchbot.wire.request import PERMISSIONS

_log = structlog.get_logger("scratchbot")


def include_missing(bot: Bot, settings: Settings) -> None:
    """Include the installed plugins that have a table and that the bot does not include itself.

    A table can be called otherwise than its plugin: ``plugin = "relay"`` says which it is.

    :raises SettingsError: if there is no such plugin.
    :raises RegistrationError: if what is included does not fit together.
    """
    included = {plugin.name for plugin in bot.plugins}
    for name, table in settings.plugins.items():
        if name in included:
            continue
        place = _place(settings, name)
        try:
            bot.include(load_plugin(str(table.get("plugin", name))), name)
        except AppError as error:
            raise SettingsError(f"{place}: the bot includes no such plugin, and {error}") from None
        except RegistrationError as error:
            raise SettingsError(f"{place}: {error.said}") from None
    bot.check()


def read_tables(bot: Bot, settings: Settings) -> tuple[dict[str, object], dict[str, Grants]]:
    """Return the settings of each plugin, and what the bot and each plugin may do.

    :raises SettingsError: if something in a table, or in a variable, is wrong.
    """
    variables = share_out(settings.environment, [plugin.name for plugin in bot.plugins])
    own = {*PERMISSIONS} - OWNERS_ALONE | settings.permissions
    configs: dict[str, object] = {}
    grants = {bot.name: Grants(permissions=frozenset(own))}
    for plugin in bot.plugins:
        place, table = _place(settings, plugin.name), settings.plugins.get(plugin.name, {})
        given = Given(
            plugin=plugin.name,
            place=place,
            table={key: value for key, value in table.items() if key not in RESERVED},
            variables=variables[plugin.name],
            environment=settings.environment,
        )
        configs[plugin.name] = read_config(plugin.config, given)
        grants[plugin.name] = _grants(plugin, table, place)
    return configs, grants


def _grants(plugin: Plugin, table: Mapping[str, object], place: str) -> Grants:
    grants = read_grants(plugin.permissions, table, place)
    for permission in sorted(plugin.permissions - grants.permissions):
        _log.warning("permission_not_granted", plugin=plugin.name, permission=permission)
    return grants


def _place(settings: Settings, name: str) -> str:
    return f"{settings.file}: [plugins.{as_written(name)}]"
