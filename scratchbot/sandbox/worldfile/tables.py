"""The tables of a world file: which keys they take, and what a wrong one is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, get_args


class WorldError(Exception):
    """A world file is wrong; the message says where, what was found, and what is allowed."""


@dataclass(frozen=True)
class Table:
    """A kind of table: its keys, the ones it cannot do without, and the choices of some.

    ``others`` is the kind of whatever other keys it may have.
    """

    keys: Mapping[str, Any]
    needed: tuple[str, ...] = ()
    choices: Mapping[str, tuple[str, ...]] | None = None
    others: type | None = None


ROLES = ("new_scratcher", "scratcher", "team", "student", "educator")

LISTS: Mapping[str, Table] = {
    "users": Table(
        {
            "id": int,
            "username": str,
            "password": str,
            "joined": datetime,
            "role": str,
            "email": str,
            "email_confirmed": bool,
            "muted_until": datetime,
            "ip_muted": bool,
            "banned": bool,
            "vpn_required": bool,
            "must_reset_password": bool,
            "must_complete_registration": bool,
            "removed": bool,
            "invited": datetime,
            "bio": str,
            "status": str,
            "country": str,
            "signature": str,
            "comments_allowed": bool,
            "featured": int,
            "follows": list[str],
        },
        ("id", "username", "password"),
        {"role": ROLES},
    ),
    "projects": Table(
        {
            "id": int,
            "title": str,
            "author": str,
            "created": datetime,
            "shared": datetime,
            "state": str,
            "instructions": str,
            "description": str,
            "comments_allowed": bool,
            "views": int,
            "loves": int,
            "remix_of": int,
            "cloud": dict,
            "code": dict,
        },
        ("id", "title", "author"),
        {"state": ("shared", "unshared", "trashed")},
    ),
    "studios": Table(
        {
            "id": int,
            "title": str,
            "host": str,
            "created": datetime,
            "description": str,
            "managers": list[str],
            "curators": list[str],
            "followers": list[str],
            "projects": list[int],
            "open_to_all": bool,
            "comments_allowed": bool,
        },
        ("id", "title", "host"),
    ),
    "classrooms": Table(
        {
            "id": int,
            "title": str,
            "educator": str,
            "token": str,
            "created": datetime,
            "closed": datetime,
            "description": str,
            "status": str,
            "students": list[str],
            "studios": list[int],
        },
        ("id", "title", "educator", "token"),
    ),
    "categories": Table(
        {"id": int, "box": str, "name": str, "description": str}, ("id", "box", "name")
    ),
    "news": Table(
        {
            "id": int,
            "stamp": datetime,
            "headline": str,
            "url": str,
            "image": str,
            "copy": str,
        },
        ("id", "stamp", "headline"),
    ),
    "happened": Table(
        {"at": datetime, "who": str, "does": str, "on": str, "text": str, "title": str},
        ("at", "who", "does", "on"),
    ),
}
SINGLES: Mapping[str, Table] = {
    "rules": Table({"bad_words": list[str], "unkind_words": list[str], "chat_sites": list[str]}),
    "front_page": Table(
        {
            "projects": list[int],
            "studios": list[int],
            "curator": str,
            "curated": list[int],
            "design_studio": int,
        }
    ),
    "countries": Table({}, others=int),
}
_KINDS = {
    int: "a whole number",
    str: "a text in quotes",
    bool: "true or false",
    list[str]: "a list of texts",
    list[int]: "a list of whole numbers",
    dict: "a table",
    datetime: "a time such as 2022-04-01T10:00:00Z",
}
FIRST_YEAR, LAST_YEAR = 1970, 9_000
LARGEST = 10**18


class Tables:
    """The tables of one file, checked as they are read.

    :param name: what messages call the file.
    """

    def __init__(self, name: str, tables: Mapping[str, Any]) -> None:
        self.name = name
        self._tables = tables
        for key in tables:
            if key not in {**LISTS, **SINGLES}:
                known = ", ".join((*LISTS, *SINGLES))
                raise self.error(key, "is no table of a world", f"use {known}")

    def error(self, place: str, found: str, advice: str) -> WorldError:
        """Return the error that says what is wrong where."""
        return WorldError(f"{self.name}: {place} {found}; {advice}")

    def single(self, key: str) -> Mapping[str, Any]:
        """Return a table that stands once."""
        row = self._tables.get(key, {})
        if not isinstance(row, dict):
            raise self.error(key, "is no table", f"write [{key}]")
        self._check(key, row, SINGLES[key])
        return row

    def rows(self, key: str) -> list[tuple[str, dict[str, Any]]]:
        """Return the tables of a list, each with the place where it stands."""
        rows = self._tables.get(key, [])
        if not isinstance(rows, list):
            raise self.error(key, "is no list of tables", f"write [[{key}]]")
        placed = [(f"{key}[{number}]", row) for number, row in enumerate(rows, 1)]
        for place, row in placed:
            self._check(place, row, LISTS[key])
        return placed

    def _check(self, place: str, row: Any, table: Table) -> None:
        if not isinstance(row, dict):
            raise self.error(place, f"is {row!r}", "give a table")
        for name in table.needed:
            if name not in row:
                raise self.error(place, f"has no {name}", "give it one")
        for name, value in row.items():
            self._check_value(f"{place}.{name}", name, value, table)

    def _check_value(self, place: str, name: str, value: Any, table: Table) -> None:
        kind = table.keys.get(name, table.others)
        if kind is None:
            raise self.error(place, "is unknown", f"use {', '.join(table.keys)}")
        if not _is_a(kind, value):
            raise self.error(place, f"is {value!r}", f"give {_KINDS[kind]}")
        choices = (table.choices or {}).get(name)
        if choices is not None and value not in choices:
            raise self.error(place, f"is {value!r}", f"use {', '.join(choices)}")


def _is_a(kind: Any, value: Any) -> bool:
    """Tell whether a value is of a kind, and one that the world can hold."""
    if kind in (list[str], list[int]):
        [inner] = get_args(kind)
        return isinstance(value, list) and all(_is_a(inner, one) for one in value)
    if kind is int:
        return type(value) is int and abs(value) <= LARGEST
    if kind is datetime:
        return isinstance(value, datetime) and FIRST_YEAR < value.year < LAST_YEAR
    return isinstance(value, kind)


def seconds(time: datetime | None, default: float = 0.0) -> float:
    """Return a time of a file as seconds since 1970; one without a zone means UTC."""
    if time is None:
        return default
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()
