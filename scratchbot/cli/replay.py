"""``scratchbot replay``."""

import argparse
import asyncio
import json
import logging
import os
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random

from scratchbot.bot import Bot
from scratchbot.cli.app import load_app
from scratchbot.cli.output import print_line
from scratchbot.client import Client
from scratchbot.clock import SystemClock
from scratchbot.engines.engine import EventRecord, Selection
from scratchbot.engines.local import LocalEngine
from scratchbot.errors import InputError, ScratchbotError
from scratchbot.kept.sessions import KeptSessions, with_kept_session
from scratchbot.logs import set_up_logs
from scratchbot.recording import read_lines, read_store
from scratchbot.runtime.replay import Finding
from scratchbot.runtime.replay import replay as play
from scratchbot.settings import FILE_NAME, Settings, read_settings
from scratchbot.terminal import printable

MARKS = {"same": "=", "new": "+", "gone": "-", "failed": "!", "mended": "*"}
COLOURS = {"same": "dim", "new": "green", "gone": "red", "failed": "bold red", "mended": "green"}
SAYS = {
    "same": "as before",
    "new": "only now",
    "gone": "only then",
    "failed": "failed",
    "mended": "mended",
}
_SQLITE = b"SQLite format 3\0"


def replay(options: argparse.Namespace) -> int:
    """Run a bot over recorded events and show what it would do, beside what was done.

    :returns: 0 if that is the same, 1 if anything differs or fails.
    """
    set_up_logs(logging.INFO if options.verbose else logging.ERROR)
    try:
        bot = load_app(options.app)
        settings = replace(read_settings(os.environ, Path(FILE_NAME)), dry_run=True, store=None)
        settings = with_kept_session(settings, KeptSessions.of(settings))
        return asyncio.run(_replay(bot, settings, options))
    except ScratchbotError as error:
        if options.verbose:
            raise
        sys.stderr.write(f"scratchbot: {printable(str(error))}\n")
        return 1


async def _replay(bot: Bot, settings: Settings, options: argparse.Namespace) -> int:
    records = await _records(options.recorded)
    counts: Counter[str] = Counter()
    client = Client(settings.credentials, settings.network, SystemClock(), Random())
    try:
        client.account.username = client.account.username or settings.credentials.username
        if client.account.username is None and settings.credentials.given:
            await client.log_in()  # Only the site knows whose token it is.
        async for finding in play(bot, settings, records, client, told=_warn):
            counts[finding.verdict] += 1
            _show(finding, as_json=options.json)
    finally:
        await client.close()
    if not options.json:
        print(_summary(len(records), counts))
    return 0 if set(counts) <= {"same"} else 1


async def _records(recorded: str) -> list[EventRecord]:
    """Return what a store or a file of ``scratchbot events export`` holds.

    :raises InputError: if there is no such file, or it is neither.
    """
    try:
        if recorded == "-":
            return [*read_lines(sys.stdin, recorded)]
        if _is_store(Path(recorded)):
            return await _from_store(Path(recorded))
        return _from_lines(Path(recorded))
    except OSError as error:
        raise InputError(f"{recorded} cannot be read ({error.strerror}): check its name") from None
    except UnicodeDecodeError:
        raise InputError(f"{recorded} is neither a store nor an export: it is no text") from None


def _from_lines(file: Path) -> list[EventRecord]:
    with file.open(encoding="utf-8-sig") as lines:
        return [*read_lines(lines, str(file))]


def _is_store(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(len(_SQLITE)) == _SQLITE


async def _from_store(file: Path) -> list[EventRecord]:
    engine = LocalEngine(file, alone=False)
    await engine.open()
    try:
        return [record async for record in read_store(engine, Selection())]
    finally:
        await engine.close()


def _warn(trouble: str) -> None:
    sys.stderr.write(f"scratchbot: {printable(trouble)}\n")


def _show(finding: Finding, *, as_json: bool) -> None:
    event, handler, verdict, deed, error = finding
    if as_json:
        row = {"event": event.id, "handler": handler, "verdict": verdict}
        print(json.dumps(row | (deed._asdict() if deed is not None else {"error": error})))
        return
    said = error if deed is None else " ".join(part for part in deed if part)
    print_line(f"{MARKS[verdict]} {event.id}  {handler}  {said}", COLOURS[verdict])


def _summary(events: int, counts: Counter[str]) -> str:
    parts = [f"{counts[verdict]} {says}" for verdict, says in SAYS.items() if counts[verdict]]
    acts = ", ".join(parts) or "nothing was done, then or now"
    return f"{events} {'event' if events == 1 else 'events'}: {acts}."
