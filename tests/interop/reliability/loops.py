"""The loops that are watched: each a program that prints the comments that reach its handler."""

import json
import sys
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.interop.conftest import HERE, Program, client, program, version
from tests.interop.reliability.clock import FastClock


@dataclass(frozen=True)
class Loop:
    """A library's own way to tell a bot of comments."""

    library: str
    name: str

    @property
    def title(self) -> str:
        """Return the library, the version of a foreign one, and the loop's name, for a table."""
        pinned = "" if self.library == "scratchbot" else f" {version(self.library)}"
        return f"{self.library}{pinned} `{self.name}`"

    @property
    def command(self) -> list[str | Path]:
        """Return how it is started; project, clock and store come after it."""
        if self.library == "scratchbot":
            return [sys.executable, "-m", "tests.interop.bots.listening", self.name]
        driver = HERE / "clients" / f"{self.library}_listens.py"
        return [client(self.library), "-W", "ignore", driver, self.name]


LOOPS = (
    Loop("scratchbot", "Messages"),
    Loop("scratchbot", "ProjectComments"),
    Loop("scratchattach", "MessageEvents"),
    Loop("scapi", "MessageEvent"),
    Loop("scapi", "CommentEvent"),
)


class Watcher:
    """A loop under way, killed and started again now and then.

    :param port: where the sandbox is.
    :param folder: where it may keep what it wants to know after a restart.
    """

    def __init__(self, loop: Loop, port: int, project: int, clock: FastClock, folder: Path) -> None:
        self.loop = loop
        self._arguments = [str(project), str(clock.began), str(clock.speed)]
        self._store = folder / f"{loop.library}-{loop.name}.db"
        self._port = str(port)
        self._runs: list[Program] = []

    async def start(self, stack: AsyncExitStack) -> None:
        """Start it, and wait until it is ready."""
        command = [*self.loop.command, *self._arguments, self._store]
        started = await stack.enter_async_context(program(*command, SANDBOX_PORT=self._port))
        self._runs.append(started)
        await started.prints('"ready"')

    async def kill(self) -> None:
        """Kill it, as a power cut does."""
        if self.is_running:
            self._runs[-1].process.kill()
        await self._runs[-1].process.wait()

    @property
    def is_running(self) -> bool:
        """Whether its program has not ended."""
        return self._runs[-1].process.returncode is None

    @property
    def delivered(self) -> list[int]:
        """The numbers of the comments that reached the handler, in that order."""
        lines = [line for run in self._runs for line in run.lines]
        return [json.loads(line)["comment"] for line in lines if line.startswith('{"comment"')]
