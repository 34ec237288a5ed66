"""Cloud connections among threads, and what keeps a program with one going."""

import asyncio
import gc
import subprocess
import sys
import threading

import pytest

from scratchbot import CloudConnection, ScratchSession
from scratchbot.cloud import talk
from tests.scratch import Scratch, until
from tests.stderr import complaints

pytestmark = pytest.mark.asyncio


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a busy machine take its time for the greeting of the sandbox."""
    monkeypatch.setattr(talk, "SILENT_FOR", 30.0)


async def test_a_connection_is_used_from_several_threads(endpoint: str, scratch: Scratch) -> None:
    heard: list[str] = []
    with ScratchSession("alice", "wonderland") as session:
        connection = session.create_cloud_connection(104)

        def work(number: int) -> None:
            name = f"from {number}"
            connection.on("change", lambda told: heard.append(told.name))
            connection.create_cloud_variable(name, 0)
            for value in range(20):
                connection.set_cloud_variable(name, value)
            assert connection.get_cloud_variable(name) == "19"

        await asyncio.gather(*(asyncio.to_thread(work, number) for number in range(4)))
        assert len(connection.listeners("change")) == 4
        names = {f"from {number}" for number in range(4)}
        await until(lambda: {scratch.cloud(104, name) for name in names} == {"19"})
        await until(lambda: heard.count("from 0") >= 20)
        assert len([one for one in threading.enumerate() if one.name == "scratchbot cloud"]) == 1
        connection.close()


async def test_a_connection_and_a_project_outlive_the_name_of_their_session(
    endpoint: str, scratch: Scratch
) -> None:
    def connection() -> CloudConnection:
        return ScratchSession("alice", "wonderland").create_cloud_connection(104)

    held, project = connection(), ScratchSession("bob", "builder").get_project(104)
    gc.collect()
    held.set_cloud_variable("foo", 3)
    assert held.get_cloud_variable("foo") == "3"
    assert project.love() is True
    before = threading.active_count()
    del held, project
    gc.collect()
    await until(lambda: threading.active_count() <= before - 2)


CLOSING = """
import gc
from scratchbot import ScratchSession

session = ScratchSession("alice", "wonderland")
connection = session.create_cloud_connection(104)
connection.on("set", print)
session.close()
del connection, session
gc.collect()
print("closed")
"""
GOING_ON = """
from scratchbot import ScratchSession

connection = ScratchSession("alice", "wonderland").create_cloud_connection(104)

@connection.on("set")
def heard(variable):
    print(variable.name, variable.value, flush=True)
    if variable.value == "2":
        connection.close()

print("ready", flush=True)
"""
ENDING = """
from scratchbot import ScratchSession

session = ScratchSession("alice", "wonderland")
connection = session.create_cloud_connection(104)
connection.set_cloud_variable("foo", 5)
print(connection.get_cloud_variable("foo"))
"""
RUNNING = """
from scratchbot import ScratchSession

session = ScratchSession("alice", "wonderland")
connection = session.create_cloud_connection(104, is_async=True)

@connection.on("connect")
async def connected():
    print(connection.get_cloud_variable("foo"))
    await connection.close()

connection.run()
"""


@pytest.mark.parametrize(
    ("program", "said"),
    [(ENDING, "5\n"), (RUNNING, "1391203129031\n"), (CLOSING, "closed\n")],
    ids=["ending", "running", "closing"],
)
@pytest.mark.usefixtures("endpoint")
async def test_a_program_that_nothing_keeps_going_ends(program: str, said: str) -> None:
    command = [sys.executable, "-X", "dev", "-W", "error", "-c", program]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (ran.stdout, complaints(ran.stderr), ran.returncode) == (said, "", 0)


@pytest.mark.usefixtures("endpoint")
async def test_a_program_with_listeners_goes_on_until_the_connection_is_closed(
    scratch: Scratch,
) -> None:
    command = [sys.executable, "-X", "dev", "-W", "error", "-c", GOING_ON]
    with subprocess.Popen(  # noqa: ASYNC220 (nothing else runs in this loop)
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as program:
        watch = threading.Timer(60, program.kill)
        watch.start()
        assert program.stdout is not None
        assert program.stderr is not None
        assert program.stdout.readline() == "ready\n"
        for value in ("1", "2"):
            scratch.acts.set_cloud("bob", 104, "☁ foo", value)
            assert program.stdout.readline() == f"foo {value}\n"
        assert program.wait(30) == 0
        assert complaints(program.stderr.read()) == ""
        watch.cancel()
