"""What the reference takes from the code itself, so that it is never out of date."""

import argparse
import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

import scratchbot
from scratchbot.cli import make_parser
from scratchbot.events import classes_below

DOCS = Path(__file__).parent
PYTHON = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
IMPORT = re.compile(r"from (scratchbot(?:\.\w+)*) import (.+)")
logger = logging.getLogger(__name__)


class CommandLine(SphinxDirective):
    """``{command-line}``: each command of ``scratchbot`` with its flags, from the parser."""

    def run(self) -> list[nodes.Node]:
        """Return a section for each command."""
        return [_section(command) for command in _below(make_parser())]


def _below(parser: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    """Return the commands of a parser, in their order."""
    return [
        command
        for action in parser._actions
        if isinstance(action, argparse._SubParsersAction)
        for command in action.choices.values()
    ]


def _section(parser: argparse.ArgumentParser) -> nodes.section:
    section = nodes.section(ids=[nodes.make_id(parser.prog)], names=[parser.prog])
    section += nodes.title(text=parser.prog)
    if parser.description:
        section += nodes.paragraph(text=parser.description)
    usage = " ".join(parser.format_usage().removeprefix("usage: ").split())
    section += nodes.literal_block(usage, usage, language="text", classes=["wraps"])
    taken = [action for action in parser._actions if _is_told(action)]
    if taken:
        section += _table(taken)
    if parser.epilog:
        section += nodes.paragraph(text=parser.epilog)
    section += [_section(action) for action in _below(parser)]
    return section


def _is_told(action: argparse.Action) -> bool:
    help_or_commands = (argparse._HelpAction, argparse._SubParsersAction)
    return not isinstance(action, help_or_commands) and action.help != argparse.SUPPRESS


def _table(actions: list[argparse.Action]) -> nodes.table:
    rows = nodes.tbody()
    for action in actions:
        help_text = (action.help or "") % {**vars(action), "prog": "scratchbot"}
        written = nodes.paragraph("", "", nodes.literal(text=_written(action)))
        rows += nodes.row("", *(nodes.entry("", each) for each in (written, _told(help_text))))
    group = nodes.tgroup("", nodes.colspec(colwidth=35), nodes.colspec(colwidth=65), rows, cols=2)
    return nodes.table("", group, classes=["flags"])


def _told(text: str) -> nodes.paragraph:
    return nodes.paragraph(text=text)


def _written(action: argparse.Action) -> str:
    """Return how a flag or an argument is written, such as ``--store FILE``."""
    value = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
    if not action.option_strings:
        return f"[{value}]" if action.nargs == "?" else value
    flags = ", ".join(action.option_strings)
    return flags if action.nargs == 0 else f"{flags} {value}"


def _list_decisions(_app: Sphinx, page: str, text: list[str]) -> None:
    """Put every decision under the page that lists them."""
    if page == "decisions/README":
        text[0] += "\n```{toctree}\n:hidden:\n:glob:\n\n0*\n```\n"


def _find_untold(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn of what people are meant to use and the reference does not have."""
    told = {name for name, *_ in env.get_domain("py").get_objects()}
    for name in sorted(_meant_to_be_used() - told):
        logger.warning("%s is not in the reference", name)


def _meant_to_be_used() -> set[str]:
    """Return all that the package exports, and what an example, or code in the docs, imports."""
    pages = [*DOCS.rglob("*.md"), DOCS.parent / "README.md"]
    blocks = [block for page in pages for block in PYTHON.findall(page.read_text("utf-8"))]
    examples = [file.read_text("utf-8") for file in (DOCS.parent / "examples").glob("*.py")]
    told = {f"scratchbot.{name}" for name in scratchbot.__all__}
    told |= {f"{each.__module__}.{each.__name__}" for each in classes_below("*")}
    for line in "\n".join([*blocks, *examples]).splitlines():
        if imported := IMPORT.fullmatch(line):
            told |= {f"{imported[1]}.{name}" for name in imported[2].split(", ")}
    return told


def setup(app: Sphinx) -> dict[str, Any]:
    """Add what this module has to Sphinx."""
    app.add_directive("command-line", CommandLine)
    app.connect("source-read", _list_decisions)
    app.connect("env-check-consistency", _find_untold)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
