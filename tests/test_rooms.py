"""The house: which room may import from which, and what must not be found in it."""

import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "scratchbot"

FLOORS: list[set[str]] = [
    {"cli", "demo", "testing", "__main__"},
    {"runtime", "recording"},
    {"engines", "sources"},
    {"bot", "plugins"},
    {"router"},
    {"help", "matching"},
    {"handlers", "schedule"},
    {"aio", "sync"},
    {"portal", "client"},
    {"login"},
    {"transport", "cloud"},
    {"budget", "kept", "site"},
    {"clock", "grants", "settings", "version"},
    {"watch"},
    {"wire"},
    {"cloud_events"},
    {"filters", "limits", "waiting"},
    {"commands", "config", "encoding", "events", "checks", "places", "policy"},
    {"errors", "logs"},
    {"redaction", "singleflight", "terminal"},
]
UPWARDS = {("bot", "runtime")}
"""``Bot.run`` starts the runtime; the import stands in that method."""


def imports(file: Path) -> set[str]:
    """Return the rooms of the package that a file imports from."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        found |= {name.split(".")[1] for name in names if name.startswith("scratchbot.")}
    return found


def room(file: Path) -> str:
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


FILES = [file for file in PACKAGE.rglob("*.py") if room(file) != "__init__"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_a_room_imports_only_from_rooms_below(file: Path) -> None:
    own = room(file)
    if own == "sandbox":
        assert imports(file) <= {"sandbox"}, "the sandbox shares no code with the client"
        return
    floor = next(number for number, rooms in enumerate(FLOORS) if own in rooms)
    allowed = FLOORS[floor].union(*FLOORS[floor + 1 :]) | ({"sandbox"} if floor == 0 else set())
    above = {name for name in imports(file) - allowed if (own, name) not in UPWARDS}
    assert not above, f"{own} imports from above: {above}"


def test_every_room_has_its_floor() -> None:
    assert {room(file) for file in FILES} - {"sandbox"} == set().union(*FLOORS)


def test_the_wire_does_no_input_or_output() -> None:
    for file in (PACKAGE / "wire").glob("*.py"):
        text = file.read_text("utf-8")
        assert not any(word in text for word in ("aiohttp", "websockets", "asyncio", "open("))


def test_nothing_in_the_project_names_a_place_on_somebody_s_machine() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    own = Path(__file__).relative_to(ROOT)
    for name in listed:
        file = ROOT / name
        if Path(name) == own or not file.is_file():
            continue
        text = file.read_text("utf-8", "replace")
        for place in ("/work/", "../shared", "/root/", "/home/"):
            assert place not in text, f"{name} names {place}"
