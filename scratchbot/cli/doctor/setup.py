"""Whether a bot can run here at all: Python, settings, the program."""

import os
import stat
from collections.abc import Iterator

from scratchbot.bot import Bot
from scratchbot.cli.app import load_app
from scratchbot.cli.doctor.finding import Finding
from scratchbot.cli.doctor.subject import Machine
from scratchbot.errors import ScratchbotError
from scratchbot.kept.folder import config_folder
from scratchbot.kept.sessions import KeptSessions, with_kept_session
from scratchbot.runtime.threads import call_in_thread
from scratchbot.settings import FILE_NAME, Settings, read_settings

LOWEST_PYTHON = (3, 11)


def check_python(machine: Machine) -> Finding:
    """Look whether this Python is new enough."""
    version = ".".join(str(number) for number in machine.python)
    if machine.python >= LOWEST_PYTHON:
        return Finding("python", "ok", version)
    lowest = ".".join(str(number) for number in LOWEST_PYTHON)
    advice = f"install Python {lowest} or newer, and scratchbot with that one"
    return Finding("python", "failed", f"{version} is too old", advice)


def check_settings(machine: Machine) -> tuple[Finding, Settings | None]:
    """Read the settings of a run, without the kept session."""
    file = machine.folder / FILE_NAME
    try:
        settings = read_settings(machine.environment, file, store=machine.store)
    except ScratchbotError as error:
        return Finding("settings", "failed", str(error), "change that; see docs/settings.md"), None
    said = f"{file} is right" if file.exists() else f"no {file}: all is as usual"
    if settings.network.limits:
        return Finding("settings", "ok", said), settings
    what = f"{said}; SCRATCHBOT_LIMITS=off lets the bot be faster than Scratch allows"
    advice = "unset SCRATCHBOT_LIMITS to see the bot as it is on the real site"
    return Finding("settings", "warning", what, advice), settings


def check_kept_session(settings: Settings) -> tuple[list[Finding], Settings]:
    """Take the kept session where a run would."""
    try:
        return [], with_kept_session(settings, KeptSessions.of(settings))
    except ScratchbotError as error:
        what, _, advice = str(error).partition(": ")
        return [Finding("kept session", "failed", what, advice)], settings


def check_secrets(machine: Machine) -> Iterator[Finding]:
    """Look whether files that hold secrets are for their owner's eyes only."""
    if os.name != "posix":  # Elsewhere the mode of a file does not say who can read it.
        return
    kept = sorted(config_folder(machine.environment).glob("*.json"))
    for file in (*kept, machine.folder / ".env"):
        if file.is_file() and file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            what = f"{file} is open to other users of this machine"
            yield Finding("secrets", "warning", what, f"chmod 600 '{file}'")


async def check_app(app: str) -> tuple[Finding, Bot | None]:
    """Load the bot's program."""
    try:
        bot = await call_in_thread(lambda: load_app(app), "scratchbot doctor")
    except ScratchbotError as error:
        return Finding(
            "bot", "failed", str(error), f"change that in {app}, or name the right file"
        ), None
    handlers = sum(len(router.handlers) for router in bot.routers)
    watches = sum(len(router.watches) for router in bot.routers)
    what = f"{bot.name}: {_count(handlers, 'handler')}, {_count(watches, 'watch')}"
    return Finding("bot", "ok", what), bot


def _count(number: int, thing: str) -> str:
    plural = f"{thing}es" if thing.endswith("h") else f"{thing}s"
    return f"{number} {thing if number == 1 else plural}"
