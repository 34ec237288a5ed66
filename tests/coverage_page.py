"""Writes docs/coverage.md: ``python -m tests.coverage_page``.

A row for each promised member of ``tests/session/surface.txt``: what it asks of the site, which
tests hold it, and which clients gave the same beside it.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from scratchbot.cloud_events import Event
from scratchbot.wire.cloudhosts import SCRATCH_CLOUD
from tests.interop.sidebyside.comparing import Row
from tests.interop.sidebyside.page import judged
from tests.interop.sidebyside.recording import CLIENTS, ours
from tests.interop.sidebyside.telling import CLASSES
from tests.scratch import Scratch

TESTS = Path(__file__).parent
PAGE = TESTS.parent / "docs" / "coverage.md"
MISSING = "**missing**"
LOG_IN = "ScratchSession.__init__"
SIDE_BY_SIDE = "test_side_by_side.py"

_HEAD = """\
# What the session covers

Every member that the session's page and the library that it documents promise; `make coverage-page`
writes this page, and a test holds it.

- **asks**: what the member asked of the sandbox when `tests/interop/sidebyside/calls.py` used it,
  out of the sandbox's log, what it was looked up with included; for a property, what gave an object
  that has it. A log-in is left out.
- **held by**: tests that use the member on something that is called as its class is
  (`project.love()`); `test_side_by_side.py` where its value is compared with a client's.
- **beside**: the clients that gave the same value or had the same effect; “differs” where
  [side by side](side-by-side.md) says who is right, “failed” where the client could not.
"""

# How tests call a thing of each class, in the expression before the member's dot.
_CALLED = {
    "ScratchSession": r"session|first|second|third|cat\b|alice\b|bob\b",
    "User": r"user|author|follower|griffpatch|alice\b|bob\b",
    "UserProfile": r"profile",
    "IncompleteUser": r"author",
    "Project": r"project|\bown\b|made|remix|again",
    "IncompleteProject": r"featured|top_|newest|curated|projects",
    "RemixtreeProject": r"tree",
    "ProjectComment": r"project\b.*comment|comment|posted|reply|thread|top\b",
    "Studio": r"studio|games",
    "IncompleteStudio": r"sds|featured_studios",
    "StudioComment": r"studio\b.*comment|comment|posted|reply|thread|top\b",
    "ProfileComment": r"profile_comments|thread|posted|reply|comment",
    "Message": r"message",
    "Activity": r"activit|deed|row|newest",
    "News": r"news",
    "BackpackItem": r"item|backpack",
    "CloudConnection": r"connection|cloud",
    "AsyncCloudConnection": r"connection|cloud",
    "CloudVariable": r"variable",
    "ForumSession": r"forums",
    "ForumPost": r"post",
    "ScrapingSession": r"scraping",
}
_GROUND = {"ProjectComment": "project", "StudioComment": "studio", "ProfileComment": "profile|user"}


@dataclass
class Facts:
    """What is known of one member."""

    asks: set[str] = field(default_factory=set)
    held: set[str] = field(default_factory=set)
    beside: dict[str, str] = field(default_factory=dict)


def members() -> Iterator[tuple[str, str, str]]:
    """Yield each class, each of its members and how it is written."""
    for name, lines in CLASSES.items():
        for line in lines:
            member = re.split(r"[:(]", line)[0]
            yield name, f"{member}()" if "(" in line.partition(":")[0] else member, line
        if name.endswith("CloudConnection"):
            for event in get_args(Event):
                yield name, f"on({event})", f'on("{event}")'


def facts() -> dict[tuple[str, str], Facts]:
    """Return what is known of each member."""
    asked: dict[str, set[str]] = {}
    mine = ours(lambda call, local, before: asked.update({call: _asked(call, local, before)}))
    found = {(name, member): Facts() for name, member, _ in members()}
    gave = _gave(mine)
    for (name, member), known in found.items():
        own = _call(name, member)
        known.asks |= asked.get(own, set())
        is_cloud = name.endswith(("CloudConnection", "CloudVariable"))
        if is_cloud or member == "create_cloud_connection()":
            known.asks.add(f"WS {SCRATCH_CLOUD}")  # the log is of requests, and not of sockets
        known.held |= _held(name, member)
        if not known.asks and member[-1] != ")":
            for call in gave.get(own, ()):
                known.asks |= asked[call]
    for client in CLIENTS:
        _beside(client, mine, found)
    for known in found.values():
        if known.beside:
            known.held.add(SIDE_BY_SIDE)
    return found


def _call(name: str, member: str) -> str:
    """Return the call that uses a member."""
    return f"{name}.on" if member.startswith("on(") else f"{name}.{member.removesuffix('()')}"


def _beside(client: str, mine: dict[str, Row], found: dict[tuple[str, str], Facts]) -> None:
    comparisons, differing = judged(client, mine)
    differs = {each.difference.subject.partition(":")[0] for each in differing}
    failed = {each.call for each in comparisons if each.raised}
    compared = {each.call for each in comparisons}
    compared |= {where.partition(":")[0] for each in comparisons for where in each.equal}
    compared |= differs
    for (name, member), known in found.items():
        own = _call(name, member)
        if own in compared:
            word = "failed" if own in failed else "differs" if own in differs else ""
            known.beside[client] = word


_LISTENS = re.compile(r"CloudConnection\.|\.create_cloud_connection")
"""What has a connection, which reads the log beside whatever goes on."""


def _asked(call: str, local: Scratch, before: int) -> set[str]:
    rows = local.sandbox.requests.since(before)
    return {
        f"{row.method} {row.host}{_plain(row.path, local)}"
        for row in rows
        if row.host.endswith("scratch.mit.edu")
        and not (_LISTENS.search(call) and row.path.startswith("/logs"))
        and (call == LOG_IN or not re.search(r"/(login|csrf_token|session)/?$", row.path))
    }


def _plain(path: str, local: Scratch) -> str:
    """Return a path with words in place of numbers and names."""
    users = {user.username.lower() for user in local.world.users.values()} | {"somebody-new"}
    parts = []
    for part in path.partition("?")[0].split("/"):
        if part.lower() in users:
            parts.append("{username}")
        elif re.fullmatch(r"[0-9a-f]{32}\.\w+", part):
            parts.append("{asset}")
        elif re.fullmatch(r"\d+|[0-9a-f-]{32,36}", part):
            parts.append("{id}")
        else:
            parts.append(part)
    return "/".join(parts)


def _gave(mine: dict[str, Row]) -> dict[str, list[str]]:
    """Return the calls that gave an object with each property."""
    gave: dict[str, list[str]] = defaultdict(list)

    def look(call: str, value: Any) -> None:
        if isinstance(value, dict) and "class" in value:
            for name, held in value["fields"].items():
                gave[f"{value['class']}.{name}"].append(call)
                look(call, held)
        elif isinstance(value, dict):
            for each in value.values():
                look(call, each)
        elif isinstance(value, list):
            for each in value:
                look(call, each)

    for call, row in mine.items():
        look(call, row.get("gives"))
    return gave


def _uses() -> dict[str, list[tuple[str, str, str]]]:
    """Return, by member, the tests' uses: file, expression before the dot, text of the function."""
    uses: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for file in sorted(TESTS.rglob("test_*.py")):
        if {"sandbox", "browser", "interop"} & set(file.relative_to(TESTS).parts):
            continue
        for function in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            whole = ast.unparse(function)
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "ScratchSession":
                    uses["__init__()"].append((str(file.relative_to(TESTS)), "session", whole))
                if isinstance(node, ast.Attribute):
                    held = (str(file.relative_to(TESTS)), ast.unparse(node.value), whole)
                    uses[node.attr].append(held)
                    uses[f"{node.attr}()"].append(held)
    return uses


_USES = _uses()


def _held(name: str, member: str) -> set[str]:
    event = re.fullmatch(r"on\((\w+)\)", member)
    found = set()
    for file, before, whole in _USES["on" if event else member]:
        if not re.search(_CALLED[name], before, re.IGNORECASE):
            continue
        if name in _GROUND and not re.search(_GROUND[name], whole):
            continue
        if event and not re.search(rf"on\(['\"]{event[1]}['\"]", whole):
            continue
        if name.endswith("CloudConnection") and "create_cloud_connection" not in whole:
            continue
        if name == "AsyncCloudConnection" and "await" not in whole:
            continue
        found.add(file)
    return found


def page(found: dict[tuple[str, str], Facts]) -> str:
    """Return the whole page."""
    sections: dict[str, list[str]] = defaultdict(list)
    for name, member, written in members():
        known = found[name, member]
        sections[name].append(
            f"| `{_cell(written)}` | {_asks(known)} | {_list(sorted(known.held))} "
            f"| {_clients(known)} |"
        )
    missing = sum(row.count(MISSING) > 0 for rows in sections.values() for row in rows)
    total = sum(len(rows) for rows in sections.values())
    lines = [_HEAD, f"{total} members; {missing} of them lack something.", ""]
    for name, rows in sections.items():
        lines += [f"## {name}", "", "| member | asks | held by | beside |"]
        lines += ["| --- | --- | --- | --- |", *rows, ""]
    return "\n".join(lines)


def _asks(known: Facts) -> str:
    asks = sorted(known.asks, key=lambda each: (each.startswith("GET"), len(each), each))
    if not asks:
        return "nothing" if known.beside or known.held else MISSING
    more = f" and {len(asks) - 2} more" if len(asks) > 2 else ""
    return ", ".join(f"`{each}`" for each in asks[:2]) + more


def _clients(known: Facts) -> str:
    told = [f"{client} ({word})" if word else client for client, word in known.beside.items()]
    return _list(told, quoted=False)


def _list(names: Iterable[str], *, quoted: bool = True) -> str:
    told = [f"`{name}`" if quoted else name for name in names]
    more = f" and {len(told) - 3} more" if len(told) > 3 else ""
    return ", ".join(told[:3]) + more if told else MISSING


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(facts()), "utf-8")
