"""Makes the reference out of docstrings read well: types by their names, fields as fields."""

import ast
import dataclasses
import importlib
import inspect
import re
import sys
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.domains.python import PyObject

MADE_BY_USERS = (
    "scratchbot.encoding",
    "scratchbot.limits",
    "scratchbot.policy",
    "scratchbot.settings",
    "scratchbot.watch",
)
"""Modules whose dataclasses people make themselves; all others they are given."""

_PARAM = re.compile(r":param (\w+):(.*?)(?=\n\s*:|\n\s*\n|\Z)", re.DOTALL)


_SHOWN = {"param": "ivar", "type": "vartype"}


def import_for_annotations() -> None:
    """Do the imports that modules keep for type checkers, so that annotations name classes."""
    package = Path(importlib.import_module("scratchbot").__path__[0])
    for folder in ("aio", "sync", "testing"):
        for path in sorted((package / folder).glob("[a-z]*.py")):
            importlib.import_module(f"scratchbot.{folder}.{path.stem}")
    for name, module in sorted(sys.modules.items()):
        if name.startswith(("scratchbot.aio.", "scratchbot.sync.", "scratchbot.testing.")):
            for block in ast.parse(inspect.getsource(module)).body:
                if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING":
                    code = compile(ast.Module(block.body, []), name, "exec")
                    exec(code, vars(module))  # noqa: S102 # our own imports


def _is_given(what: object) -> bool:
    """Tell whether a class is one whose objects people are given, and never make."""
    if not inspect.isclass(what):
        return False
    if dataclasses.is_dataclass(what):
        return what.__module__ not in MADE_BY_USERS
    shown = ("scratchbot.aio.", "scratchbot.sync.", "scratchbot.testing.")
    return what.__module__.startswith(shown) and not what.__name__.endswith("ScratchSession")


def _hide_making(
    _app: Sphinx, kind: str, _name: str, what: object, *_rest: object
) -> tuple[str, None] | None:
    """Leave out how objects are made that nobody makes."""
    return ("", None) if kind == "class" and _is_given(what) else None


def _inherit_fields(
    _app: Sphinx, kind: str, _name: str, what: Any, _options: object, lines: list[str]
) -> None:
    """Say of a dataclass's fields what the classes above it say of them."""
    if kind != "class" or not dataclasses.is_dataclass(what):
        return
    told = {name for name, _ in _PARAM.findall("\n".join(lines))}
    for above in what.__mro__[1:]:
        for name, text in _PARAM.findall(inspect.getdoc(above) or ""):
            if name not in told and name in {each.name for each in dataclasses.fields(what)}:
                told.add(name)
                while lines and not lines[-1]:
                    lines.pop()
                if not any(line.startswith(":") for line in lines):
                    lines.append("")
                lines.append(f":param {name}: {' '.join(text.split())}")


def _call_fields_so(app: Sphinx, domain: str, kind: str, content: addnodes.desc_content) -> None:
    """Show what an object holds as its fields, not as parameters; leave private ones out."""
    signature = content.parent[0]
    if domain != "py" or kind != "class":
        return
    what: Any = importlib.import_module(signature["module"])
    for part in signature["fullname"].split("."):
        what = getattr(what, part)
    if not _is_given(what):
        return
    fields = {f.name for f in dataclasses.fields(what)} if dataclasses.is_dataclass(what) else ()
    for field in list(content.findall(nodes.field)):
        said, _, name = field[0].astext().partition(" ")
        if said in ("param", "type") and name.split(" ")[-1] in fields and name[0] != "_":
            field[0] = nodes.field_name("", f"{_SHOWN[said]} {name}")
        elif said in ("param", "type"):
            field.parent.remove(field)


def _hide_no_return(_app: Sphinx, _domain: str, _kind: str, content: addnodes.desc_content) -> None:
    """Say what is returned only where something is."""
    for field in list(content.findall(nodes.field)):
        if [part.astext() for part in field] == ["rtype", "None"]:
            field.parent.remove(field)


def setup(app: Sphinx) -> dict[str, Any]:
    """Let Sphinx call what is here."""
    for kind in PyObject.doc_field_types:
        if kind.name == "variable":
            kind.label = "Fields"
    import_for_annotations()
    app.connect("autodoc-process-signature", _hide_making)
    app.connect("autodoc-process-docstring", _inherit_fields)
    app.connect("object-description-transform", _call_fields_so, priority=600)
    app.connect("object-description-transform", _hide_no_return, priority=600)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
