"""What the owner set: ``scratchbot.toml``, then the environment, then flags."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from scratchbot.config import KINDS, as_written
from scratchbot.errors import RegistrationError, SettingsError
from scratchbot.grants import check_permissions

FILE_NAME = "scratchbot.toml"


@dataclass(frozen=True, kw_only=True)
class Network:
    """How the site is reached.

    :param endpoint: an address that stands in for every host of the site, or ``None``.
    :param limits: whether the client keeps its own rate limits and pacing floors.
    :param contact: how the bot's owner can be reached, such as a page or an address: told to cloud
        servers, of which TurboWarp's asks for it. Without it they are told the account's page.
    """

    endpoint: str | None = None
    limits: bool = True
    contact: str | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Network":
        """Read ``SCRATCHBOT_ENDPOINT``, ``SCRATCHBOT_LIMITS`` and ``SCRATCHBOT_CONTACT``.

        :raises SettingsError: if one of them is wrong.
        """
        endpoint = environment.get("SCRATCHBOT_ENDPOINT") or None
        if endpoint is not None:
            endpoint = _check_endpoint(endpoint)
        limits = environment.get("SCRATCHBOT_LIMITS") or "on"
        if limits not in ("on", "off"):
            raise SettingsError(f"SCRATCHBOT_LIMITS is {limits!r}: it can be 'on' or 'off'")
        if limits == "off" and not (endpoint and _is_loopback(endpoint)):
            raise SettingsError(
                "SCRATCHBOT_LIMITS=off works with a sandbox only: "
                "set SCRATCHBOT_ENDPOINT to its address, such as http://127.0.0.1:8080"
            )
        contact = environment.get("SCRATCHBOT_CONTACT") or None
        if contact is not None and not (contact.isascii() and contact.isprintable()):
            raise SettingsError(
                f"SCRATCHBOT_CONTACT is {contact!r}: give a page or an address in plain letters"
            )
        return cls(endpoint=endpoint, limits=limits == "on", contact=contact)


def _check_endpoint(endpoint: str) -> str:
    try:
        parts = urlsplit(endpoint)
        right = parts.scheme == "http" and parts.port is not None and parts.path in ("", "/")
    except ValueError:
        right = False
    if not right:
        raise SettingsError(
            f"SCRATCHBOT_ENDPOINT is {endpoint!r}: give an address like http://127.0.0.1:8080"
        )
    return endpoint.rstrip("/")


def _is_loopback(endpoint: str) -> bool:
    host = urlsplit(endpoint).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """What a bot logs in with; it does not show in ``repr``."""

    username: str | None = field(default=None)
    password: str | None = field(default=None, repr=False)
    session_id: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)

    @property
    def given(self) -> bool:
        """Whether there is anything to log in with."""
        return bool((self.username and self.password) or self.session_id or self.token)


@dataclass(frozen=True, kw_only=True)
class Keep:
    """How much of what is over the store keeps.

    :param days: how many days old an event may grow.
    :param events: how many events may stay, whatever their age.
    """

    days: int = 30
    events: int = 500_000


@dataclass(frozen=True, kw_only=True)
class Answers:
    """How many comments a bot writes in an hour, at most.

    :param person: because of one person.
    :param thread: under one comment.
    :param hour: in all.
    """

    person: int = 20
    thread: int = 30
    hour: int = 200


FailedPlugins = Literal["skip", "stop"]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All that a bot is run with.

    :param store: the file that keeps events, runs and cursors, or ``None`` for memory only.
    :param dry_run: show acts instead of sending them.
    :param permissions: what the bot's own handlers may do beside the usual, such as ``social``.
    :param answers: how many comments it writes in an hour, at most.
    :param failed_plugins: whether a plugin that does not start is left out, or stops the bot.
    :param plugins: the ``[plugins.NAME]`` tables of the file.
    :param file: what errors call the file.
    :param environment: what settings of plugins can be taken from.
    """

    network: Network = Network()
    credentials: Credentials = Credentials()
    store: Path | None = None
    keep: Keep = Keep()
    dry_run: bool = False
    permissions: frozenset[str] = frozenset()
    answers: Answers = Answers()
    failed_plugins: FailedPlugins = "skip"
    plugins: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    file: str = FILE_NAME
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)


def read_settings(
    environment: Mapping[str, str], file: Path | None = None, **flags: Any
) -> Settings:
    """Return the settings of a run.

    :param environment: the variables; an empty one counts as not set.
    :param file: a ``scratchbot.toml``; it is no error if it does not exist.
    :param flags: ``store`` or ``dry_run`` from the command line; ``None`` means not given.
    :raises SettingsError: if something in the file or the environment is wrong.
    """
    environment = {name: value for name, value in environment.items() if value}
    written = _read_file(file) if file is not None and file.exists() else {}
    bot = _table(written, "bot", file)
    credentials = {
        f.name: environment.get(f"SCRATCHBOT_{f.name.upper()}") for f in fields(Credentials)
    }
    credentials["username"] = credentials["username"] or bot.get("username")
    store = bot.get("store")
    settings = Settings(
        network=Network.from_environment(
            {
                **_from_file(bot, "endpoint", "SCRATCHBOT_ENDPOINT"),
                **_from_file(bot, "contact", "SCRATCHBOT_CONTACT"),
                **environment,
            }
        ),
        credentials=Credentials(**credentials),
        store=Path(store) if store else None,
        keep=Keep(
            days=_positive(bot, "keep_days", Keep.days, file),
            events=_positive(bot, "keep_events", Keep.events, file),
        ),
        dry_run=bool(bot.get("dry_run", False)),
        permissions=_permissions(bot, file),
        answers=Answers(
            person=_positive(bot, "answers_a_person", Answers.person, file),
            thread=_positive(bot, "answers_a_thread", Answers.thread, file),
            hour=_positive(bot, "answers_an_hour", Answers.hour, file),
        ),
        failed_plugins=_failed_plugins(bot, file),
        plugins=_plugin_tables(written, file),
        file=str(file or FILE_NAME),
        environment=environment,
    )
    return replace(settings, **{name: flag for name, flag in flags.items() if flag is not None})


_BOT_KEYS = {
    "username": str,
    "endpoint": str,
    "contact": str,
    "store": str,
    "keep_days": int,
    "keep_events": int,
    "dry_run": bool,
    "permissions": list,
    "answers_a_person": int,
    "answers_a_thread": int,
    "answers_an_hour": int,
    "failed_plugins": str,
}


def _read_file(file: Path) -> dict[str, Any]:
    import tomllib

    try:
        written = tomllib.loads(file.read_text("utf-8-sig"))
    except OSError as error:
        raise SettingsError(f"{file} cannot be read ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file} is no valid TOML: {error}") from None
    for name in written:
        if name not in ("bot", "plugins"):
            raise SettingsError(
                f"{file}: there is no table [{as_written(name)}]; there are [bot] and [plugins]"
            )
    for key, value in _table(written, "bot", file).items():
        if key in ("password", "session_id", "token"):
            raise SettingsError(
                f"{file}: keep {key} out of files; set SCRATCHBOT_{key.upper()} instead"
            )
        if key not in _BOT_KEYS:
            allowed = ", ".join(_BOT_KEYS)
            raise SettingsError(f"{file}: [bot] has no setting {key!r}; it can have {allowed}")
        if type(value) is not _BOT_KEYS[key]:
            kind = KINDS[_BOT_KEYS[key]]
            raise SettingsError(f"{file}: [bot] {key} is {value!r}; it must be {kind}")
    return written


def _permissions(bot: Mapping[str, Any], file: Path | None) -> frozenset[str]:
    try:
        return check_permissions(bot.get("permissions", []))
    except RegistrationError as error:
        raise SettingsError(f"{file}: [bot] permissions: {error}") from None


def _failed_plugins(bot: Mapping[str, Any], file: Path | None) -> FailedPlugins:
    value: FailedPlugins = bot.get("failed_plugins", "skip")
    if value not in get_args(FailedPlugins):
        raise SettingsError(
            f"{file}: [bot] failed_plugins is {value!r}; it can be 'skip' or 'stop'"
        )
    return value


def _plugin_tables(written: Mapping[str, Any], file: Path | None) -> dict[str, dict[str, Any]]:
    tables = _table(written, "plugins", file)
    for name, table in tables.items():
        if not isinstance(table, dict):
            key = as_written(name)
            raise SettingsError(f"{file}: plugins.{key} must be a table: [plugins.{key}]")
    return tables


def _table(written: Mapping[str, Any], name: str, file: Path | None) -> dict[str, Any]:
    table = written.get(name, {})
    if not isinstance(table, dict):
        raise SettingsError(f"{file}: {name} must be a table, written as [{name}]")
    return table


def _positive(bot: Mapping[str, Any], key: str, default: int, file: Path | None) -> int:
    value: int = bot.get(key, default)
    if value < 1:
        raise SettingsError(f"{file}: [bot] {key} is {value!r}; give a whole number above 0")
    return value


def _from_file(bot: Mapping[str, Any], key: str, variable: str) -> dict[str, str]:
    return {variable: bot[key]} if key in bot else {}
