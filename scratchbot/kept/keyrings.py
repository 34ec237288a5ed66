"""The system's keyring, where there is one."""

from typing import Protocol

SERVICE = "scratchbot"


class Keyring(Protocol):
    """What is needed of a backend of ``keyring``."""

    def get_password(self, service: str, username: str) -> str | None:
        """Return what is kept under a name, if anything."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep something under a name."""

    def delete_password(self, service: str, username: str) -> None:
        """Forget what is kept under a name."""


def system_keyring() -> Keyring | None:
    """Return the system's keyring, or ``None`` where none can be used."""
    import keyring
    from keyring.backends import fail, null

    found = keyring.get_keyring()
    return None if isinstance(found, fail.Keyring | null.Keyring) else found
