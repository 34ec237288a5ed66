"""The sessions that are kept, one for each account and site."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from scratchbot.errors import SettingsError
from scratchbot.kept.folder import config_folder, write_privately
from scratchbot.kept.keyrings import SERVICE, Keyring, system_keyring
from scratchbot.settings import Credentials, Settings
from scratchbot.wire.request import SITE


@dataclass(frozen=True, kw_only=True)
class KeptSession:
    """A session that is kept; its secret does not show in ``repr``.

    :param expires: when it will probably end, if that is known.
    :param session_id: its secret, or ``None`` if the keyring has it.
    :param file: what says that it is kept.
    """

    username: str
    expires: datetime | None
    session_id: str | None = field(repr=False)
    file: Path

    @property
    def place(self) -> str:
        """Where its secret is, in words."""
        return "the system's keyring" if self.session_id is None else str(self.file)


class KeptSessions:
    """Keeps sessions of one site, and gives them to no other.

    Each has a small file, since keyrings cannot be asked what they hold. The secret is in the
    keyring, or in that file where none can be used.

    :param folder: where the files are.
    :param endpoint: the address that stands in for Scratch, if one does.
    :param find_keyring: gives the keyring when it is first needed: to find it takes a while.
    """

    def __init__(
        self,
        folder: Path,
        endpoint: str | None = None,
        find_keyring: Callable[[], Keyring | None] = system_keyring,
    ) -> None:
        site = SITE if endpoint is None else urlsplit(endpoint).netloc
        self._folder = folder
        self._site = re.sub(r"[^\w.-]", "-", site)
        self._service = SERVICE if endpoint is None else f"{SERVICE} {site}"
        self._find_keyring = find_keyring

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return those of the site that a bot with these settings talks to."""
        return cls(config_folder(settings.environment), settings.network.endpoint)

    def all(self) -> list[KeptSession]:
        """Return all that are kept, by name.

        :raises SettingsError: if a file is damaged.
        """
        return [_read(file) for file in sorted(self._folder.glob(f"*+{self._site}.json"))]

    def find(self, username: str | None) -> KeptSession | None:
        """Return the session of an account, or the only one if none is named.

        :raises SettingsError: if none is named and there are several.
        """
        if username is not None:
            file = self._file(username)
            return _read(file) if file.exists() else None
        kept = self.all()
        if len(kept) > 1:
            names = ", ".join(one.username for one in kept)
            raise SettingsError(
                f"the sessions of several accounts are kept ({names}): set SCRATCHBOT_USERNAME, or "
                "username in scratchbot.toml, to one of them"
            )
        return kept[0] if kept else None

    def session_id(self, kept: KeptSession) -> str:
        """Return the secret of a session.

        :raises SettingsError: if the keyring does not give it.
        """
        if kept.session_id is not None:
            return kept.session_id
        from keyring.errors import KeyringError

        try:
            keyring = self._find_keyring()
            found = keyring and keyring.get_password(self._service, kept.username)
        except KeyringError:
            found = None
        if not found:
            raise SettingsError(
                f"the keyring does not give the session of {kept.username}: unlock it, "
                "or run `scratchbot login` again"
            )
        return found

    def keep(self, username: str, session_id: str, expires: datetime | None) -> KeptSession:
        """Keep a session instead of the account's last one.

        :raises SettingsError: if neither a keyring nor a file takes it.
        """
        in_keyring = self._put_into_keyring(username, session_id)
        kept = KeptSession(
            username=username,
            expires=expires,
            session_id=None if in_keyring else session_id,
            file=self._file(username),
        )
        try:
            write_privately(kept.file, json.dumps(_row(kept)))
        except OSError as error:
            raise SettingsError(
                f"{kept.file} cannot be written ({error.strerror}): let your user write that folder"
            ) from None
        return kept

    def forget(self, kept: KeptSession) -> None:
        """Remove a session from where it is kept.

        :raises SettingsError: if the keyring does not let it go.
        """
        if kept.session_id is None:
            self._take_from_keyring(kept)
        kept.file.unlink(missing_ok=True)

    def _file(self, username: str) -> Path:
        return self._folder / f"{username.lower()}+{self._site}.json"

    def _put_into_keyring(self, username: str, session_id: str) -> bool:
        from keyring.errors import KeyringError

        try:
            keyring = self._find_keyring()
            if keyring is not None:
                keyring.set_password(self._service, username, session_id)
        except KeyringError:  # It is locked, or does not answer.
            return False
        return keyring is not None

    def _take_from_keyring(self, kept: KeptSession) -> None:
        from keyring.errors import KeyringError, PasswordDeleteError

        try:
            keyring = self._find_keyring()
            if keyring is not None:
                keyring.delete_password(self._service, kept.username)
        except PasswordDeleteError:
            return  # It is gone already.
        except KeyringError:
            raise SettingsError(
                f"the keyring does not let the session of {kept.username} go: unlock it, then try "
                "again"
            ) from None


def with_kept_session(settings: Settings, kept: KeptSessions) -> Settings:
    """Return settings that log in with a kept session where the environment has nothing to.

    :raises SettingsError: if it does not say with which of several, or one cannot be read.
    """
    given = settings.credentials
    if given.password or given.session_id or given.token:
        return settings
    found = kept.find(given.username)
    if found is None:
        return settings
    session_id = kept.session_id(found)
    credentials = Credentials(username=found.username, session_id=session_id)
    return replace(settings, credentials=credentials)


def _row(kept: KeptSession) -> dict[str, Any]:
    expires = None if kept.expires is None else kept.expires.isoformat()
    return {"username": kept.username, "expires": expires, "session_id": kept.session_id}


def _read(file: Path) -> KeptSession:
    try:
        row = json.loads(file.read_text("utf-8"))
        expires = row["expires"]
        return KeptSession(
            username=str(row["username"]),
            expires=None if expires is None else datetime.fromisoformat(expires),
            session_id=row["session_id"],
            file=file,
        )
    except (OSError, ValueError, LookupError, TypeError):
        raise SettingsError(
            f"{file} cannot be read as a kept session: delete it, and run `scratchbot login`"
        ) from None
