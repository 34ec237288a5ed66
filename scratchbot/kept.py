"""Sessions that ``scratchbot login`` keeps, in the system's keyring or else in a file."""

import contextlib
import json
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from scratchbot.errors import NotLoggedInError, SettingsError
from scratchbot.settings import Credentials, Settings

SERVICE = "scratchbot"
SCRATCH = "scratch.mit.edu"
FILE = "sessions.json"


class Keyring(Protocol):
    """What keeps secrets for a user, as the package ``keyring`` gives it."""

    @property
    def name(self) -> str:
        """What it is called."""

    def get_password(self, service: str, username: str) -> str | None:
        """Return a secret."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep a secret."""

    def delete_password(self, service: str, username: str) -> None:
        """Forget a secret."""


@dataclass(frozen=True, kw_only=True)
class KeptSession:
    """A session, where it is kept and what is known of its end.

    :param site: where it is good for: Scratch, or the address of a sandbox.
    :param session_id: ``None`` where the keyring has it.
    :param place: the file, or the keyring's name.
    :param expires: when the site ends it, as far as that is known.
    """

    site: str
    username: str
    session_id: str | None = field(default=None, repr=False)
    place: str
    expires: datetime | None = None


class KeptSessions:
    """The sessions of one user of this machine.

    :param folder: where the list of them is.
    :param keyring: where their secrets are; ``None`` keeps those in the list, too.
    """

    def __init__(self, folder: Path, keyring: Keyring | None) -> None:
        self._file = folder / FILE
        self._keyring = keyring

    @classmethod
    def of_user(cls, environment: Mapping[str, str]) -> "KeptSessions":
        """Return those of whoever runs this program."""
        return cls(_folder(environment), _find_keyring())

    def all(self, site: str) -> list[KeptSession]:
        """Return the sessions for a site, without what the keyring has of them.

        :raises SettingsError: if the list cannot be read, or others can read it.
        """
        return [each for each in self._read() if each.site == site]

    def find(self, site: str, username: str) -> KeptSession | None:
        """Return an account's session with its secret, if one is kept.

        :raises SettingsError: if it cannot be read.
        """
        for each in self.all(site):
            if each.username.lower() != username.lower():
                continue
            if each.session_id is not None:
                return each
            with _told_of_keyring():
                secret = self._keyring and self._keyring.get_password(SERVICE, _entry(each))
            return replace(each, session_id=secret) if secret else None
        return None

    def keep(
        self, site: str, username: str, session_id: str, expires: datetime | None
    ) -> KeptSession:
        """Keep a session in place of the account's one before; return where it is.

        :raises SettingsError: if it cannot be written.
        """
        kept = KeptSession(site=site, username=username, place=str(self._file), expires=expires)
        others = [each for each in self._read() if _entry(each) != _entry(kept)]
        if self._keyring is not None and self._give(self._keyring, kept, session_id):
            kept = replace(kept, place=self._keyring.name)
        else:
            kept = replace(kept, session_id=session_id)
        self._write([*others, kept])
        return kept

    def forget(self, site: str, username: str) -> bool:
        """Forget an account's session; tell whether one was kept.

        :raises SettingsError: if the list cannot be written.
        """
        sessions, name = self._read(), username.lower()
        gone = [each for each in sessions if (each.site, each.username.lower()) == (site, name)]
        for each in gone:
            if self._keyring is not None and each.session_id is None:
                with contextlib.suppress(Exception):  # what is not there need not be forgotten
                    self._keyring.delete_password(SERVICE, _entry(each))
        if gone:
            self._write([each for each in sessions if each not in gone])
        return bool(gone)

    def _give(self, keyring: Keyring, kept: KeptSession, session_id: str) -> bool:
        from keyring.errors import KeyringError

        try:
            keyring.set_password(SERVICE, _entry(kept), session_id)
        except KeyringError:
            return False
        return True

    def _read(self) -> list[KeptSession]:
        try:
            if os.name == "posix" and stat.S_IMODE(self._file.stat().st_mode) & 0o077:
                raise SettingsError(
                    f"others can read {self._file}: write `chmod 600 {self._file}`, and change the "
                    "password if somebody may have done so"
                )
            return [_kept(row) for row in json.loads(self._file.read_text("utf-8"))]
        except (FileNotFoundError, NotADirectoryError):
            return []
        except (OSError, ValueError, KeyError, TypeError):
            raise SettingsError(
                f"{self._file} cannot be read: delete it, and write `scratchbot login` again"
            ) from None

    def _write(self, sessions: list[KeptSession]) -> None:
        """Write the list, all or nothing, and so that nobody else can read it at any moment."""
        rows = json.dumps([_row(each) for each in sessions], indent=1)
        fresh = self._file.with_suffix(".new")
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            fresh.unlink(missing_ok=True)
            opened = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(opened, "w", encoding="utf-8") as file:
                file.write(rows)
            fresh.replace(self._file)
        except OSError as error:
            raise SettingsError(f"{self._file} cannot be written ({error.strerror})") from None


def site_of(settings: Settings) -> str:
    """Return what site a run's sessions are for: one of Scratch's is sent nowhere else."""
    return settings.network.endpoint or SCRATCH


def with_kept_session(settings: Settings, kept: KeptSessions, now: datetime) -> Settings:
    """Return settings that log in with a kept session, if they say nothing else.

    :raises SettingsError: if several accounts' are kept and none is named, or none can be read.
    :raises NotLoggedInError: if the session has expired.
    """
    if settings.credentials.given:
        return settings
    site, username = site_of(settings), settings.credentials.username
    if username is None:
        names = [each.username for each in kept.all(site)]
        if len(names) > 1:
            raise SettingsError(
                f"sessions of {' and '.join(sorted(names))} are kept: say which account it is, "
                f'with username = "{names[0]}" under [bot] in {settings.file}'
            )
        username = names[0] if names else ""
    found = kept.find(site, username)
    if found is None:
        return settings
    if found.expires is not None and found.expires <= now:
        raise NotLoggedInError(
            f"the session of {found.username} that is kept has expired on "
            f"{found.expires:%Y-%m-%d}: write `scratchbot login`"
        )
    credentials = Credentials(username=found.username, session_id=found.session_id)
    return replace(settings, credentials=credentials)


def _folder(environment: Mapping[str, str]) -> Path:
    for variable in ("XDG_CONFIG_HOME", "APPDATA"):
        if environment.get(variable):
            return Path(environment[variable], SERVICE)
    return Path.home() / ".config" / SERVICE


def _find_keyring() -> Keyring | None:
    """Return the system's keyring, if it has one that can be used without asking."""
    import keyring
    from keyring.backends import fail, null

    found = keyring.get_keyring()
    return None if isinstance(found, fail.Keyring | null.Keyring) else found


@contextlib.contextmanager
def _told_of_keyring() -> Any:
    from keyring.errors import KeyringError

    try:
        yield
    except KeyringError as error:
        raise SettingsError(
            f"the keyring gives no session ({error}): unlock it, or write `scratchbot login` again"
        ) from None


def _entry(kept: KeptSession) -> str:
    """Return what a session is called in the keyring."""
    return f"{kept.username.lower()}@{kept.site}"


def _row(kept: KeptSession) -> dict[str, str | None]:
    expires = None if kept.expires is None else kept.expires.isoformat()
    return {
        "site": kept.site,
        "username": kept.username,
        "session_id": kept.session_id,
        "place": kept.place,
        "expires": expires,
    }


def _kept(row: dict[str, Any]) -> KeptSession:
    expires = row["expires"] and datetime.fromisoformat(row["expires"])
    return KeptSession(**{**row, "expires": expires})
