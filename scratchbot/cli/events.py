"""``scratchbot events``."""

import argparse
import asyncio
import io
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import get_args

from scratchbot.cli.runs import as_json, details, summary, table
from scratchbot.engines.engine import RunRecord, RunState
from scratchbot.engines.local import LocalEngine
from scratchbot.errors import ScratchbotError
from scratchbot.settings import FILE_NAME, read_settings
from scratchbot.terminal import printable

UNSETTLED: tuple[RunState, ...] = ("dead", "failed", "stale", "pending")
"""The states of runs that need a person or wait."""
RETRIABLE: tuple[RunState, ...] = ("dead", "failed", "stale")


class RefusedError(ScratchbotError):
    """What was asked for is not in the store, or cannot be done to it."""


def events(options: argparse.Namespace) -> int:
    """Show what failed or waits, or carry out what a person decided about it."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A comment may hold letters that this terminal does not have.
        sys.stdout.reconfigure(errors="replace")
    try:
        asyncio.run(_events(_store(options.store), options))
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has seen enough, as `head` has; Python would complain again at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except ScratchbotError as error:
        sys.stderr.write(f"scratchbot: {printable(str(error))}\n")
        return 1
    return 0


def _store(given: str | None) -> Path:
    """Return the store to look at, which must be there: to open another would make it.

    :raises ScratchbotError: if none is named, or there is no such file.
    """
    file = Path(given) if given else read_settings(os.environ, Path(FILE_NAME)).store
    if file is None:
        raise RefusedError(
            f'which store? Give --store FILE, or write store = "FILE" under [bot] in {FILE_NAME}'
        )
    if not file.is_file():
        raise RefusedError(
            f"there is no store {file}: check the name and the folder you are in; "
            "`scratchbot run` makes one when it is given a store"
        )
    return file


async def _events(file: Path, options: argparse.Namespace) -> None:
    engine = LocalEngine(file, alone=False)
    await engine.open()
    try:
        await _ACTIONS[options.action](engine, options)
    finally:
        await engine.close()


async def _list(engine: LocalEngine, options: argparse.Namespace) -> None:
    states = _states(options.state)
    records = await engine.history(states, options.limit)
    if options.json:
        lines = [as_json(record) for record in records]
    else:
        counts = await engine.count(states)
        lines = [*table(records), summary(counts, states, len(records))]
    for line in lines:
        print(line)


def _states(given: Sequence[str] | None) -> tuple[RunState, ...]:
    every: tuple[RunState, ...] = get_args(RunState)
    if given is None:
        return UNSETTLED
    return every if "all" in given else tuple(state for state in every if state in given)


async def _show(engine: LocalEngine, options: argparse.Namespace) -> None:
    for line in details(await _runs(engine, options.id, None)):
        print(line)


async def _retry(engine: LocalEngine, options: argparse.Namespace) -> None:
    changed = await _change(engine, options, engine.retry, RETRIABLE)
    told = f"{options.id}: {changed} will run again, at once or when the bot is started."
    print(printable(told))


async def _drop(engine: LocalEngine, options: argparse.Namespace) -> None:
    changed = await _change(engine, options, engine.drop, UNSETTLED)
    print(printable(f"{options.id}: gave up {changed}."))


_ACTIONS: dict[str | None, Callable[[LocalEngine, argparse.Namespace], Awaitable[None]]] = {
    None: _list,
    "show": _show,
    "retry": _retry,
    "drop": _drop,
}


async def _change(
    engine: LocalEngine,
    options: argparse.Namespace,
    change: Callable[[int, str], Awaitable[bool]],
    states: Sequence[RunState],
) -> str:
    """Change those runs that are in one of these states; return what they were.

    :raises RefusedError: if none is.
    """
    records = await _runs(engine, options.id, options.handler)
    changed = [
        record
        for record in records
        if record.state in states and await change(record.run.number, record.run.handler)
    ]
    if not changed:
        raise RefusedError(
            f"{options.id}: {_handlers(records)}; {options.action} is for what is "
            f"{', '.join(states[:-1])} or {states[-1]}"
        )
    return ", ".join(f"{each.run.handler} (was {each.state})" for each in changed)


async def _runs(engine: LocalEngine, key: str, handler: str | None) -> list[RunRecord]:
    """Return the runs of an event, or its one run of a handler.

    :raises RefusedError: if there is none.
    """
    records = await engine.of_event(key)
    if not records:
        raise RefusedError(
            f"no run of an event {key} is in the store; "
            "`scratchbot events --state all` lists what there is"
        )
    wanted = [record for record in records if handler in (None, record.run.handler)]
    if not wanted:
        raise RefusedError(f"{key} has no run of a handler {handler}: {_handlers(records)}")
    return wanted


def _handlers(records: Sequence[RunRecord]) -> str:
    return ", ".join(f"{record.run.handler} is {record.state}" for record in records)
