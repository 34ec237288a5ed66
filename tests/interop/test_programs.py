"""Programs written for scratchclient, with its import line and with ours."""

import asyncio
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.interop.conftest import HERE, Program, client, program
from tests.scratch import Scratch, until

pytestmark = [pytest.mark.asyncio, pytest.mark.interop]

PROGRAMS = HERE / "programs"
IMPORT = "from scratchclient import ScratchSession"
LISTENING = ("cloud", "cloud_awaited", "message_passer", "stats_viewer")


@dataclass(frozen=True)
class Own:
    """A program that scratchclient itself cannot run to its end.

    :param mistake: what it says when it fails, or prints instead of what it should.
    :param prints: what the program prints here, where that is something else.
    """

    mistake: str
    why: str
    prints: str


OWN = {
    "studio": Own(
        mistake="KeyError: 0",
        why="it takes the site's object for a list of objects",
        prints="test a test [104]\nTrue True\ntesting testing again\n['testing']\n",
    ),
    "account": Own(
        mistake="NameError: name 'activities' is not defined",
        why="it misspells its own parameter",
        prints="True True\n",
    ),
    "country": Own(
        mistake="KeyError: 'over_time'",
        why="it has the graphs beside `overall`, and its documentation under `over_time`",
        prints="11\n",
    ),
    "owner": Own(
        mistake="15077600",
        why="it gives the host's number, and its documentation the name",
        prints="Za-Chary\n",
    ),
}
ALIKE = sorted({path.stem for path in PROGRAMS.glob("*.py")} - set(OWN) - set(LISTENING))


def command(name: str, folder: Path, *, theirs: bool) -> tuple[str | Path, ...]:
    """Return how a program is run with scratchclient, or with ours after changing one line."""
    source = PROGRAMS / f"{name}.py"
    if theirs:
        launcher = HERE / "clients" / "through_proxy.py"
        return (client("scratchclient"), "-W", "ignore", launcher, source)
    text = source.read_text("utf-8")
    assert text.count(IMPORT) == 1
    changed = folder / f"{name}.py"
    changed.write_text(text.replace(IMPORT, IMPORT.replace("scratchclient", "scratchbot")))
    return (sys.executable, "-W", "error", changed)


async def output(name: str, folder: Path, *, theirs: bool) -> tuple[int | None, str]:
    scratch = Scratch()
    try:
        arguments = command(name, folder, theirs=theirs)
        async with program(*arguments, **scratch.environment) as running:
            await asyncio.wait_for(running.process.wait(), 60)
            await asyncio.sleep(0.05)
        return running.process.returncode, "".join(running.lines)
    finally:
        scratch.close()


@pytest.mark.parametrize("name", ALIKE)
async def test_a_program_prints_the_same_with_our_import_line(name: str, tmp_path: Path) -> None:
    theirs = await output(name, tmp_path, theirs=True)
    assert theirs[0] == 0, theirs[1]
    assert theirs[1]
    assert await output(name, tmp_path, theirs=False) == theirs


@pytest.mark.parametrize("name", OWN)
async def test_a_program_that_the_client_cannot_run_runs_here(name: str, tmp_path: Path) -> None:
    _, theirs = await output(name, tmp_path, theirs=True)
    assert OWN[name].mistake in theirs
    status, printed = await output(name, tmp_path, theirs=False)
    assert (status, printed.endswith(OWN[name].prints)) == (0, True), printed


async def listen(
    name: str, folder: Path, *, theirs: bool, then: Callable[[Scratch, Program], object]
) -> str:
    """Run a program that listens until it is stopped, and return what it printed."""
    scratch = Scratch()
    try:
        arguments = command(name, folder, theirs=theirs)
        async with program(*arguments, **scratch.environment) as running:
            play = then(scratch, running)
            if asyncio.iscoroutine(play):
                await play
            assert running.process.returncode is None, "it ended by itself"
        return "".join(running.lines)
    finally:
        scratch.close()


async def set_until_heard(scratch: Scratch, running: Program, value: str, line: str) -> None:
    scratch.user("alice").set_cloud(104, "ping", value)
    await running.prints(line)


@pytest.mark.parametrize("theirs", [True, False])
async def test_a_program_with_a_cloud_listener_goes_on_and_hears(
    theirs: bool, tmp_path: Path
) -> None:
    async def play(scratch: Scratch, running: Program) -> None:
        await running.prints("5000\n")
        await until(lambda: scratch.cloud(104, "foo") == "5000")
        await set_until_heard(scratch, running, "7", "set ping 7")
        await running.prints("changed to 7")

    printed = await listen("cloud", tmp_path, theirs=theirs, then=play)
    expected = "1391203129031\nchanged to 5000\n5000\nset ping 7\nchanged to 7\n"
    assert Counter(printed) == Counter(expected), "two threads print: lines can run together"


@pytest.mark.parametrize("theirs", [True, False])
async def test_a_program_with_awaited_listeners_hears_and_sets(
    theirs: bool, tmp_path: Path
) -> None:
    async def play(scratch: Scratch, running: Program) -> None:
        await running.prints("connected 1391203129031")
        await set_until_heard(scratch, running, "8", "set 8")
        await until(lambda: scratch.cloud(104, "pong") == "8")

    printed = await listen("cloud_awaited", tmp_path, theirs=theirs, then=play)
    assert printed == "connected 1391203129031\nset 8\n"


@pytest.mark.parametrize("theirs", [True, False])
async def test_messages_are_passed_between_two_projects(theirs: bool, tmp_path: Path) -> None:
    """Scratchclient hears names with the cloud sign; its documentation's programs expect none."""

    async def play(scratch: Scratch, running: Program) -> None:
        await running.prints("ready")
        await set_until_heard(scratch, running, "9", "heard 9")
        if not theirs:
            await running.prints("passed 9")
            await until(lambda: scratch.cloud(60917032, "high score") == "9")

    printed = await listen("message_passer", tmp_path, theirs=theirs, then=play)
    assert ("passed" in printed) is not theirs


@pytest.mark.parametrize("theirs", [True, False])
async def test_a_stats_viewer_answers(theirs: bool, tmp_path: Path) -> None:
    """Scratchclient hears names with the cloud sign; its documentation's programs expect none."""

    async def play(scratch: Scratch, running: Program) -> None:
        await running.prints("ready")
        await set_until_heard(scratch, running, "10112090305", "heard 10112090305")
        if not theirs:
            await running.prints("answered alice 3 1")
            await until(lambda: scratch.cloud(104, "pong") == "3001")

    printed = await listen("stats_viewer", tmp_path, theirs=theirs, then=play)
    assert ("answered" in printed) is not theirs
