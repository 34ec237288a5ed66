"""Whether the plugins are there, set up, and allowed what they ask for."""

import json
from dataclasses import replace

from scratchbot.bot import Bot
from scratchbot.cli.doctor.finding import Finding
from scratchbot.cli.doctor.subject import Subject
from scratchbot.errors import ScratchbotError
from scratchbot.runtime.inclusion import include_missing, read_tables


async def check_plugins(subject: Subject) -> list[Finding]:
    """Include each plugin as a run does."""
    included = () if subject.bot is None else subject.bot.plugins
    names = {plugin.name: None for plugin in included} | dict.fromkeys(subject.settings.plugins)
    return [_check(subject, name) for name in names]


def _check(subject: Subject, name: str) -> Finding:
    about = f"plugin {name}"
    mine = {key: table for key, table in subject.settings.plugins.items() if key == name}
    settings = replace(subject.settings, plugins=mine)
    bot = Bot("doctor")
    for plugin in () if subject.bot is None else subject.bot.plugins:
        if plugin.name == name:
            bot.include(plugin)
    try:
        include_missing(bot, settings)
    except ScratchbotError as error:
        return Finding(about, "failed", str(error), _install(subject, name))
    try:
        _, grants = read_tables(bot, settings)
    except ScratchbotError as error:
        return Finding(about, "failed", str(error), "`scratchbot plugins` lists what it takes")
    (plugin,) = bot.plugins
    missing = plugin.permissions - grants[name].permissions
    if not missing:
        return Finding(about, "ok", "is installed and set up")
    is_chosen = "permissions" in mine.get(name, {})
    everything = json.dumps(sorted(plugin.permissions | grants[name].permissions))
    return Finding(
        about,
        "warning" if is_chosen else "failed",
        f"it asks for what it is not allowed: {', '.join(sorted(missing))}",
        f"to allow it, write permissions = {everything} under [plugins.{name}] in scratchbot.toml",
    )


def _install(subject: Subject, name: str) -> str:
    wanted = subject.settings.plugins[name].get("plugin", name)
    advice = f"pip install scratchbot-{wanted}, or take [plugins.{name}] out of scratchbot.toml"
    if subject.bot is None:
        advice += "; if the bot's program includes it, name that: `scratchbot doctor bot.py`"
    return advice
