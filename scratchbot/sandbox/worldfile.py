"""World files: TOML that describes what there is and what has happened already."""

import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any

from scratchbot.sandbox.acts import Acts
from scratchbot.sandbox.rules import RefusedError, RejectedError
from scratchbot.sandbox.world import CLOUD_SIGN, Place, Project, Studio, User, World


class WorldError(Exception):
    """A world file is wrong; the message says where, what was found, and what is allowed."""


def load_world(file: Path | None = None) -> World:
    """Return the world that a file describes, by default the one that ships with the package.

    :raises WorldError: if the file cannot be read or describes no world.
    """
    name = "the default world" if file is None else str(file)
    try:
        if file is None:
            home = resources.files("scratchbot.sandbox") / "worlds" / "default.toml"
            text = home.read_text("utf-8")
        else:
            text = file.read_text("utf-8")
        tables = tomllib.loads(text)
    except OSError as error:
        raise WorldError(f"{name}: cannot be read ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WorldError(f"{name}: is no valid TOML ({error})") from None
    return _Builder(name).build(tables)


_TABLES = ("users", "projects", "studios", "happened", "rules")
_USER = {
    "id": int,
    "username": str,
    "password": str,
    "joined": datetime,
    "role": str,
    "bio": str,
    "status": str,
    "country": str,
    "follows": list,
}
_PROJECT = {
    "id": int,
    "title": str,
    "author": str,
    "shared": datetime,
    "instructions": str,
    "description": str,
    "views": int,
    "loves": int,
    "remix_of": int,
    "cloud": dict,
}
_STUDIO = {
    "id": int,
    "title": str,
    "host": str,
    "created": datetime,
    "description": str,
    "managers": list,
    "curators": list,
    "projects": list,
    "open_to_all": bool,
}
_HAPPENED = {"at": datetime, "who": str, "does": str, "on": str, "text": str}
_KINDS = {
    int: "a whole number",
    str: "a text in quotes",
    bool: "true or false",
    list: "a list",
    dict: "a table",
    datetime: "a time such as 2022-04-01T10:00:00Z",
}
_ROLES = ("new_scratcher", "scratcher", "team")
_DEEDS = ("comments", "replies", "loves", "favorites", "follows", "adds")


class _Builder:
    """Builds a world table by table, and knows where in the file it is."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._world = World()
        self._now = 0.0
        self._acts = Acts(self._world, lambda: self._now, limits=False)

    def build(self, tables: Mapping[str, Any]) -> World:
        for key in tables:
            if key not in _TABLES:
                raise self._error(key, "is no table of a world", f"use {', '.join(_TABLES)}")
        self._world.bad_words = set(tables.get("rules", {}).get("bad_words", []))
        for place, row in self._rows(tables, "users", _USER, ("id", "username", "password")):
            self._add_user(place, row)
        for place, row in self._rows(tables, "projects", _PROJECT, ("id", "title", "author")):
            self._add_project(place, row)
        for place, row in self._rows(tables, "studios", _STUDIO, ("id", "title", "host")):
            self._add_studio(place, row)
        for place, row in self._rows(tables, "users", _USER, ()):
            self._follow(place, row)
        for place, row in self._rows(tables, "happened", _HAPPENED, ("at", "who", "does", "on")):
            self._happen(place, row)
        self._world.journal.clear()
        return self._world

    def _rows(
        self,
        tables: Mapping[str, Any],
        key: str,
        fields: Mapping[str, type],
        needed: tuple[str, ...],
    ) -> list[tuple[str, dict[str, Any]]]:
        rows = tables.get(key, [])
        if not isinstance(rows, list):
            raise self._error(key, "is no list of tables", f"write [[{key}]]")
        placed = [(f"{key}[{number}]", row) for number, row in enumerate(rows, 1)]
        for place, row in placed:
            for name in needed:
                if name not in row:
                    raise self._error(place, f"has no {name}", "give it one")
            for name, value in row.items():
                if name not in fields:
                    raise self._error(f"{place}.{name}", "is unknown", f"use {', '.join(fields)}")
                if not isinstance(value, fields[name]):
                    kind = _KINDS[fields[name]]
                    raise self._error(f"{place}.{name}", f"is {value!r}", f"give {kind}")
        return placed

    def _error(self, place: str, found: str, advice: str) -> WorldError:
        return WorldError(f"{self._name}: {place} {found}; {advice}")

    def _add_user(self, place: str, row: dict[str, Any]) -> None:
        if row.get("role", "scratcher") not in _ROLES:
            raise self._error(f"{place}.role", f"is {row['role']!r}", f"use {', '.join(_ROLES)}")
        if self._world.user(row["username"]) is not None:
            raise self._error(f"{place}.username", f"{row['username']!r} is there twice", "rename")
        known = {key: row[key] for key in ("role", "bio", "status", "country") if key in row}
        joined = _seconds(row.get("joined"))
        self._world.add_user(
            User(
                id=row["id"],
                username=row["username"],
                password=row["password"],
                joined=joined,
                **known,
            )
        )

    def _add_project(self, place: str, row: dict[str, Any]) -> None:
        shared = _seconds(row.get("shared"))
        parent = None
        if "remix_of" in row:
            parent = self._world.projects.get(row["remix_of"])
            if parent is None:
                advice = "name a project that stands before it"
                raise self._error(f"{place}.remix_of", f"is {row['remix_of']}", advice)
        project = Project(
            id=row["id"],
            title=row["title"],
            author=self._user(f"{place}.author", row["author"]),
            created=shared,
            modified=shared,
            shared=shared,
            instructions=row.get("instructions", ""),
            description=row.get("description", ""),
            views=row.get("views", 0),
            old_loves=row.get("loves", 0),
            parent=parent,
            cloud={
                f"{CLOUD_SIGN}{name}": str(value) for name, value in row.get("cloud", {}).items()
            },
        )
        self._world.add_project(project)

    def _add_studio(self, place: str, row: dict[str, Any]) -> None:
        created = _seconds(row.get("created"))
        host = self._user(f"{place}.host", row["host"])
        managers = [host, *(self._user(f"{place}.managers", n) for n in row.get("managers", []))]
        curators = [self._user(f"{place}.curators", name) for name in row.get("curators", [])]
        projects = [self._project(f"{place}.projects", key) for key in row.get("projects", [])]
        self._world.studios[row["id"]] = Studio(
            id=row["id"],
            title=row["title"],
            host=host,
            created=created,
            modified=created,
            description=row.get("description", ""),
            open_to_all=row.get("open_to_all", True),
            managers={user.key: user for user in managers},
            curators={user.key: user for user in curators},
            projects={project.id: project for project in projects},
        )

    def _follow(self, place: str, row: dict[str, Any]) -> None:
        self._now = _seconds(row.get("joined"))
        for name in row.get("follows", []):
            other = self._user(f"{place}.follows", name)
            self._acts.follow(row["username"], other.username)

    def _happen(self, place: str, row: dict[str, Any]) -> None:
        self._now = _seconds(row["at"])
        who, target = self._user(f"{place}.who", row["who"]).username, row["on"]
        try:
            self._do(who, row["does"], target, row.get("text", ""), place)
        except RejectedError as rejection:
            raise self._error(place, f"is rejected: {rejection.reason}", "change it") from None
        except (RefusedError, ValueError) as error:
            raise self._error(
                f"{place}.on", f"is {target!r} ({error})", "name what is there"
            ) from None

    def _do(self, who: str, does: str, target: str, text: str, place: str) -> None:
        match does:
            case "comments":
                self._acts.post_comment(who, Place.parse(target), text)
            case "replies":
                where = Place.parse(target)
                newest = next(self._world.top_comments(where), None)
                self._acts.post_comment(who, where, text, newest.id if newest else None)
            case "loves":
                self._acts.love(who, int(Place.parse(target).key))
            case "favorites":
                self._acts.favorite(who, int(Place.parse(target).key))
            case "follows":
                self._acts.follow(who, Place.parse(target).key)
            case "adds":
                project, _, studio = target.partition(" to ")
                self._acts.add_project(
                    who, int(Place.parse(studio).key), int(Place.parse(project).key)
                )
            case _:
                raise self._error(f"{place}.does", f"is {does!r}", f"use {', '.join(_DEEDS)}")

    def _user(self, place: str, name: str) -> User:
        user = self._world.user(name)
        if user is None:
            raise self._error(place, f"is {name!r}, who is no user", "add the user")
        return user

    def _project(self, place: str, project_id: int) -> Project:
        project = self._world.projects.get(project_id)
        if project is None:
            raise self._error(place, f"is {project_id}, which is no project", "add the project")
        return project


def _seconds(time: datetime | None) -> float:
    if time is None:
        time = datetime(2020, 1, 1, tzinfo=UTC)
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()
