"""Looking at a bot and its plugins: what is installed, what they are set to, what they may do."""

from collections.abc import Iterator

from scratchbot.bot import Bot
from scratchbot.doctor.finding import Finding
from scratchbot.errors import ScratchbotError
from scratchbot.runtime.inclusion import include_missing, read_tables
from scratchbot.settings import Settings


def look_at_plugins(bot: Bot, settings: Settings) -> Iterator[Finding]:
    """Look at what a bot includes, and at the tables of the settings."""
    try:
        include_missing(bot, settings)
        _, grants = read_tables(bot, settings)
    except ScratchbotError as error:
        advice = "install the package with pip, or mend the table that is named"
        yield Finding(about="plugins", state="failed", said=str(error), advice=advice)
        return
    names = [plugin.name for plugin in bot.plugins]
    yield Finding(about="plugins", said=", ".join(names) or "none")
    for plugin in bot.plugins:
        missing = sorted(plugin.permissions - grants[plugin.name].permissions)
        if missing:
            every = ", ".join(f'"{each}"' for each in sorted(plugin.permissions))
            yield Finding(
                about="permissions",
                state="failed",
                said=f"{plugin.name} asks for {', '.join(missing)}, which it is not granted",
                advice=f"if it may, write permissions = [{every}] under [plugins.{plugin.name}]; "
                "else leave the plugin out",
            )
    if not settings.network.limits:
        yield Finding(
            about="limits",
            state="warning",
            said="SCRATCHBOT_LIMITS is off: good for a sandbox only",
            advice="unset SCRATCHBOT_LIMITS before the bot goes to Scratch",
        )
