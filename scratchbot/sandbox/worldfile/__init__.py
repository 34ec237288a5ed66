"""World files: TOML or JSON that describes what there is and what has happened already."""

import contextlib
import hashlib
import json
import tomllib
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any

from scratchbot.sandbox.world import World
from scratchbot.sandbox.worldfile.build import Builder
from scratchbot.sandbox.worldfile.tables import LISTS, Table, Tables, WorldError

__all__ = ["WorldError", "add_starting_assets", "fingerprint", "load_world"]

_HOME = resources.files("scratchbot.sandbox") / "worldfile"


def load_world(file: Path | None = None) -> World:
    """Return the world that a file describes, by default the one that ships with the package.

    :raises WorldError: if the file cannot be read or describes no world.
    """
    name = "the default world" if file is None else str(file)
    is_json = file is not None and file.suffix == ".json"
    try:
        text = _source(file).decode()
        tables = _from_json(text) if is_json else tomllib.loads(text)
    except OSError as error:
        raise WorldError(f"{name}: cannot be read ({error.strerror})") from None
    except (ValueError, RecursionError) as error:
        kind = "JSON" if is_json else "TOML"
        raise WorldError(f"{name}: is no valid {kind} ({error})") from None
    world = Builder(Tables(name, tables)).build()
    add_starting_assets(world)
    return world


def fingerprint(file: Path | None = None) -> str:
    """Return what tells a world file from one with other contents.

    :raises OSError: if it cannot be read.
    """
    return hashlib.sha256(_source(file)).hexdigest()[:12]


def _source(file: Path | None) -> bytes:
    return (_HOME / "default.toml" if file is None else file).read_bytes()


def add_starting_assets(world: World) -> None:
    """Put the pictures into a world that a project without code of its own shows."""
    for name in ("backdrop.svg", "costume.svg"):
        contents = (_HOME / name).read_bytes()
        world.assets[f"{hashlib.md5(contents, usedforsecurity=False).hexdigest()}.svg"] = contents


def _from_json(text: str) -> dict[str, Any]:
    tables = json.loads(text)
    if not isinstance(tables, dict):
        return {"the file": tables}
    for key, table in LISTS.items():
        for row in tables[key] if isinstance(tables.get(key), list) else ():
            if isinstance(row, dict):
                _make_times(row, table)
    return tables


def _make_times(row: dict[str, Any], table: Table) -> None:
    """Make times of a row's times, which JSON can only write as text."""
    for key, kind in table.keys.items():
        if kind is datetime and isinstance(row.get(key), str):
            with contextlib.suppress(ValueError):
                row[key] = datetime.fromisoformat(row[key])
