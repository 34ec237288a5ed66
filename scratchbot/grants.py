"""What a plugin may do, and where: what it asks for, and what the bot's owner allows."""

import difflib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from scratchbot.errors import RegistrationError, SettingsError
from scratchbot.wire.request import PERMISSIONS, Act

RESERVED = ("plugin", "permissions", "grounds")
"""What means the same in the table of every plugin; the rest are its own settings."""

OWNERS_ALONE = frozenset({"social"})
"""What no plugin may do because it asks for it: the site wants it from people only."""

_OWN_PROFILE = "profile"
_GROUND = re.compile(
    r"profile(:[A-Za-z0-9_-]{1,30})?|(project|studio):[1-9][0-9]{0,18}|cloud:.+", re.DOTALL
)
"""A project on another cloud server can be called by any text."""


@dataclass(frozen=True, kw_only=True)
class Grants:
    """What a plugin, or the bot itself, may do.

    :param permissions: the groups of acts that are allowed.
    :param grounds: the places where alone it may act, such as ``studio:26135902`` and ``profile``,
        the account's own; ``None`` sets no bounds.
    """

    permissions: frozenset[str]
    grounds: frozenset[str] | None = None

    def refusal(self, act: Act, username: str | None) -> str | None:
        """Return why an act is not allowed, or ``None`` if it is.

        :param username: whose account acts.
        """
        if act.permission not in self.permissions:
            return (
                f"may not do {act.kind}: its permissions lack {act.permission!r}; the bot's owner "
                "can add it in scratchbot.toml"
            )
        if self.grounds is not None and not self._is_on_ground(act, username):
            return (
                f"may not do {act.kind} on {act.ground}: its grounds are "
                f"{', '.join(sorted(self.grounds)) or 'none'}; the bot's owner can add to them in "
                "scratchbot.toml"
            )
        return None

    def _is_on_ground(self, act: Act, username: str | None) -> bool:
        ground = act.ground.lower()
        own = f"profile:{(username or '').lower()}"
        return ground in (self.grounds or ()) or (
            ground == own and _OWN_PROFILE in (self.grounds or ())
        )


def check_permissions(names: Collection[str]) -> frozenset[str]:
    """Return the names of permissions.

    :raises RegistrationError: if there is no such permission; the message names the nearest one.
    """
    if isinstance(names, str):
        raise RegistrationError(f"permissions={names!r}: give a list, such as [{names!r}]")
    for name in names:
        if name not in PERMISSIONS:
            raise RegistrationError(_unknown(name))
    return frozenset(names)


def read_grants(asked: frozenset[str], table: Mapping[str, Any], place: str) -> Grants:
    """Return what the owner allows a plugin.

    :param asked: what the plugin asks for, which it may do unless the table says otherwise.
    :param table: the plugin's table: ``permissions`` and ``grounds``, if the owner has set them.
    :param place: the table, as an error calls it.
    :raises SettingsError: if there is no such permission or ground.
    """
    permissions = _texts(table, "permissions", place)
    grounds = _texts(table, "grounds", place)
    for name in permissions or ():
        if name not in PERMISSIONS:
            raise SettingsError(f"{place} permissions: {_unknown(name)}")
    for ground in grounds or ():
        if not _GROUND.fullmatch(ground):
            raise SettingsError(
                f"{place} grounds: {ground!r} is none; write 'profile' (the account's own), "
                "'profile:NAME', 'project:104', 'studio:26135902' or 'cloud:104'"
            )
    return Grants(
        permissions=asked - OWNERS_ALONE if permissions is None else frozenset(permissions),
        grounds=None if grounds is None else frozenset(ground.lower() for ground in grounds),
    )


def _texts(table: Mapping[str, Any], key: str, place: str) -> list[str] | None:
    given = table.get(key)
    if given is None or (isinstance(given, list) and all(isinstance(each, str) for each in given)):
        return given
    raise SettingsError(f"{place} {key} is {given!r}: it must be a list of texts")


def _unknown(name: object) -> str:
    near = difflib.get_close_matches(str(name), PERMISSIONS, n=1, cutoff=0)
    return f"there is no permission {name!r}; did you mean {near[0]!r}?"
