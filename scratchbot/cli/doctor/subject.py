"""What the checks look at."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scratchbot.bot import Bot
from scratchbot.client import Client
from scratchbot.clock import Clock
from scratchbot.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Machine:
    """Where a bot is to run.

    :param folder: where ``scratchbot.toml`` is looked for.
    :param python: the version that runs, such as ``(3, 11, 7)``.
    :param app: the program that makes the bot, if it is to be checked too.
    :param store: what ``--store`` names.
    """

    environment: Mapping[str, str]
    folder: Path
    python: tuple[int, ...]
    clock: Clock
    app: str | None = None
    store: Path | None = None


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A bot that is about to run, as far as there is one.

    :param settings: with the kept session, if that is what the bot would use.
    :param is_kept: whether it is.
    :param bot: the bot, or ``None`` where no program was named.
    """

    settings: Settings
    is_kept: bool
    bot: Bot | None
    client: Client
    clock: Clock
