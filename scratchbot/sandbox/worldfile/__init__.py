"""World files: TOML or JSON that describes what there is and what has happened already."""

import hashlib
import json
import tomllib
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any

from scratchbot.sandbox.world import World
from scratchbot.sandbox.worldfile.build import Builder
from scratchbot.sandbox.worldfile.tables import Tables, WorldError

__all__ = ["WorldError", "add_starting_assets", "load_world"]

_HOME = resources.files("scratchbot.sandbox") / "worldfile"


def load_world(file: Path | None = None) -> World:
    """Return the world that a file describes, by default the one that ships with the package.

    :raises WorldError: if the file cannot be read or describes no world.
    """
    name = "the default world" if file is None else str(file)
    try:
        text = (_HOME / "default.toml" if file is None else file).read_text("utf-8")
        is_json = file is not None and file.suffix == ".json"
        tables = _from_json(text) if is_json else tomllib.loads(text)
    except OSError as error:
        raise WorldError(f"{name}: cannot be read ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WorldError(f"{name}: is no valid TOML ({error})") from None
    except json.JSONDecodeError as error:
        raise WorldError(f"{name}: is no valid JSON ({error})") from None
    world = Builder(Tables(name, tables)).build()
    add_starting_assets(world)
    return world


def add_starting_assets(world: World) -> None:
    """Put the pictures into a world that a project without code of its own shows."""
    for name in ("backdrop.svg", "costume.svg"):
        contents = (_HOME / name).read_bytes()
        world.assets[f"{hashlib.md5(contents, usedforsecurity=False).hexdigest()}.svg"] = contents


def _from_json(text: str) -> dict[str, Any]:
    tables = json.loads(text, object_hook=_times)
    return tables if isinstance(tables, dict) else {"the file": tables}


_TIMES = ("at", "joined", "created", "shared", "closed", "stamp", "muted_until", "invited")


def _times(row: dict[str, Any]) -> dict[str, Any]:
    """Return a JSON object with its times, which JSON can only write as text, made times."""
    for key in _TIMES:
        if isinstance(row.get(key), str):
            try:
                row[key] = datetime.fromisoformat(row[key])
            except ValueError:
                continue
    return row
