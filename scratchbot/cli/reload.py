"""``scratchbot run --reload``: the bot begins anew with each change of its code."""

import argparse
import asyncio
import os
import sys
import tempfile
from asyncio.subprocess import Process
from collections.abc import Iterator, Sequence
from pathlib import Path

from scratchbot.errors import ScratchbotError
from scratchbot.runtime.signals import stop_on_signals
from scratchbot.settings import FILE_NAME, read_settings

LOOK_SECONDS = 0.3
_SKIPPED = frozenset({"venv", "node_modules", "__pycache__"})
_PYTHON = (sys.executable, "-P")
"""As in the first process, no file of the folder stands in for a module of Python's."""
_CHECK = "import sys; from scratchbot.cli.run import check; sys.exit(check(sys.argv[1]))"

Stamps = dict[Path, int]
"""When each file was changed last."""


def run_reloading(options: argparse.Namespace) -> int:
    """Run a bot, and run it anew whenever a file beside it changes, until stopped.

    Code that does not load leaves the running one as it is. What the bot has not done when it is
    stopped waits in the store: without one of its own it is given one for the time being.
    """
    try:
        store = options.store or read_settings(os.environ, Path(FILE_NAME)).store
    except ScratchbotError as error:
        sys.stderr.write(f"scratchbot: {error}\n")
        return 1
    with tempfile.TemporaryDirectory(prefix="scratchbot-") as folder:
        return asyncio.run(_Reloader(options, Path(store or Path(folder, "bot.db"))).run())


class _Reloader:
    def __init__(self, options: argparse.Namespace, store: Path) -> None:
        self._app: str = options.app
        self._folder = _folder(options.app)
        self._flags = ["--store", str(store)]
        self._flags += ["--dry-run"] if options.dry_run else []
        self._flags += ["--verbose"] if options.verbose else []
        self._flags += ["--json"] if options.json else []
        self._bot: Process | None = None

    async def run(self) -> int:
        stop = stop_on_signals()
        stopping = asyncio.create_task(stop.wait())
        seen = _stamps(self._folder)
        await self._renew()
        while not stopping.done():
            await asyncio.wait([stopping], timeout=LOOK_SECONDS)
            before, seen = seen, _stamps(self._folder)
            changed = sorted(
                path for path in {*before, *seen} if before.get(path) != seen.get(path)
            )
            if changed and not stopping.done():
                _say(f"{changed[0].name} has changed")
                await self._renew()
        return await self._end()

    async def _renew(self) -> None:
        """Run the code as it is now, unless it does not load."""
        check = await asyncio.create_subprocess_exec(*_PYTHON, "-c", _CHECK, self._app)
        if await check.wait() != 0:
            is_running = self._bot is not None and self._bot.returncode is None
            _say("the old code goes on" if is_running else "waiting for a change")
            return
        await self._end()
        command = [*_PYTHON, "-m", "scratchbot", "run", self._app, *self._flags]
        self._bot = await asyncio.create_subprocess_exec(*command)

    async def _end(self) -> int:
        """Stop the bot, which finishes what it is doing, and return its exit status."""
        if self._bot is None:
            return 0
        if self._bot.returncode is None:
            self._bot.terminate()
        return await self._bot.wait()


def _folder(app: str) -> Path:
    """Return the folder of an app's file; that of a module is the one we are in."""
    place = app.rpartition(":")[0] if ".py:" in app.lower() else app
    return Path(place).resolve().parent if place.lower().endswith(".py") else Path.cwd()


def _stamps(folder: Path) -> Stamps:
    stamps: Stamps = {}
    for path in _files(folder):
        try:
            stamps[path] = path.stat().st_mtime_ns
        except OSError:  # it was there a moment ago
            continue
    return stamps


def _files(folder: Path) -> Iterator[Path]:
    """Yield what a bot's code is made of."""
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not (name.startswith(".") or name in _SKIPPED)]
        yield from (Path(place, name) for name in _code(files))


def _code(files: Sequence[str]) -> Iterator[str]:
    return (name for name in files if name.lower().endswith(".py") or name == FILE_NAME)


def _say(text: str) -> None:
    sys.stderr.write(f"scratchbot: {text}\n")
    sys.stderr.flush()
