"""Synchronous sessions in threads, in programs of their own, and where a loop runs."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from scratchbot import ScratchSession
from scratchbot.errors import ClosedError, ScratchbotError
from scratchbot.portal import Portal, ThreadPortal
from tests.scratch import PATIENCE, Scratch
from tests.stderr import complaints


@pytest.fixture
def portal() -> Iterator[ThreadPortal]:
    opened = ThreadPortal(nothing)
    yield opened
    opened.close()


async def nothing() -> None:
    pass


async def answer(number: int) -> int:
    await asyncio.sleep(0)
    return number


def test_many_threads_wait_for_one_loop(portal: ThreadPortal) -> None:
    with ThreadPoolExecutor(8) as pool:
        results = pool.map(lambda number: portal.wait(answer(number)), range(200))
    assert list(results) == list(range(200))


def test_many_threads_use_one_session(endpoint: str) -> None:
    with ScratchSession("alice", "wonderland") as session, ThreadPoolExecutor(8) as pool:
        ids = pool.map(lambda _: session.get_project(104).id, range(40))
        assert set(ids) == {104}


@pytest.mark.parametrize("round_", range(20))
def test_closing_ends_every_wait_and_refuses_the_next(round_: int) -> None:
    portal, asked = ThreadPortal(nothing), threading.Barrier(9)
    refused: list[ScratchbotError] = []

    def ask() -> None:
        asked.wait()
        while not refused:
            try:
                portal.wait(answer(1))
            except ScratchbotError as error:
                refused.append(error)

    threads = [threading.Thread(target=ask, daemon=True) for _ in range(8)]
    for thread in threads:
        thread.start()
    asked.wait()
    portal.close()
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive()
    with pytest.raises(ClosedError):
        portal.wait(answer(1))


def test_a_wait_under_way_is_told_that_the_session_was_closed(portal: ThreadPortal) -> None:
    begun = threading.Event()

    async def forever() -> None:
        begun.set()
        await asyncio.Event().wait()

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(portal.wait, forever())
        assert begun.wait(PATIENCE)
        portal.close()
        with pytest.raises(ScratchbotError, match="closed while it waited"):
            waiting.result(PATIENCE)


def test_a_loop_that_is_closed_is_a_session_that_is_closed() -> None:
    loop = asyncio.new_event_loop()
    loop.close()
    with pytest.raises(ClosedError):
        Portal(loop).wait(answer(1))


def test_waiting_on_the_loop_s_own_thread_is_refused(portal: ThreadPortal) -> None:
    async def wrong() -> None:
        portal.wait(answer(1))

    with pytest.raises(ScratchbotError, match="AsyncScratchSession"):
        portal.wait(wrong())


PROGRAMS = {
    "never closed": "session = ScratchSession('alice', 'wonderland')\nprint(used(session))",
    "never closed, cloud open": (
        "session = ScratchSession('alice', 'wonderland')\n"
        "session.set_cloud_variable(104, 'foo', 1)\nprint(used(session))"
    ),
    "dropped": (
        "import gc, threading\nsession = ScratchSession('alice', 'wonderland')\n"
        "print(used(session))\ndel session\ngc.collect()\nassert threading.active_count() == 1"
    ),
    "dropped in a circle that the session's own thread finds": (
        "import asyncio, gc, threading\nsession = ScratchSession('alice', 'wonderland')\n"
        "print(used(session))\nportal = session._site._portal\nsession.itself = session\n"
        "gc.disable()\ndel session\nasync def collect(): gc.collect()\n"
        "try: portal.wait(collect())\nexcept ScratchbotError: pass\n"
        "portal._thread.join(30)\nassert threading.active_count() == 1"
    ),
    "outlived by what it gave": (
        "project = ScratchSession('alice', 'wonderland').get_project(104)\n"
        "assert project.get_comments()\nprint(project.id)"
    ),
    "in a notebook": (
        "import asyncio\nasync def cell():\n"
        "    session = ScratchSession('alice', 'wonderland')\n    print(used(session))\n"
        "asyncio.run(cell())"
    ),
    "ends with an error": (
        "session = ScratchSession('alice', 'wonderland')\nprint(used(session))\nraise SystemExit"
    ),
    "forked": (
        "import os\nsession = ScratchSession('alice', 'wonderland')\nchild = os.fork()\n"
        "if child:\n    assert os.waitpid(child, 0)[1] == 0\n    print(used(session))\n"
        "else:\n    try: used(session)\n    except ClosedError: os._exit(0)"
    ),
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS.keys())
@pytest.mark.usefixtures("endpoint")
def test_a_program_ends_quietly_however_its_session_ends(program: str, scratch: Scratch) -> None:
    code = (
        "from scratchbot import ScratchSession\n"
        "from scratchbot.errors import ClosedError, ScratchbotError\n"
        f"def used(session): return session.get_project(104).id\n{program}"
    )
    strict = ["-W", "error", "-W", "ignore:.*fork:DeprecationWarning", "-X", "dev"]
    done = subprocess.run(
        [sys.executable, *strict, "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, complaints(done.stderr)) == (0, "104\n", "")
