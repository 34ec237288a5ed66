"""``scratchbot events``."""

import argparse
import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Iterable, Sequence
from pathlib import Path
from typing import get_args

from scratchbot.cli.follow import follow
from scratchbot.cli.output import print_line, print_table
from scratchbot.cli.runs import HEAD, STYLES, as_json, details, line, row, summary
from scratchbot.clock import SystemClock
from scratchbot.engines.engine import EventRecord, RunRecord, RunState, Selection
from scratchbot.engines.local import LocalEngine
from scratchbot.errors import ScratchbotError
from scratchbot.recording import read_store, write_line
from scratchbot.settings import FILE_NAME, read_settings
from scratchbot.terminal import printable

UNSETTLED: tuple[RunState, ...] = ("dead", "failed", "stale", "pending")
"""The states of runs that need a person or wait."""
RETRIABLE: tuple[RunState, ...] = ("dead", "failed", "stale")
LISTED = 20
"""How many runs are listed, unless it is said."""
NARROWS: dict[str, tuple[str, ...]] = {
    "list": ("state", "name", "handler", "since", "limit"),
    "follow": ("state", "name", "handler", "since", "limit"),
    "export": ("state", "name", "handler", "since"),
}
"""Which filters an action heeds."""
ENDED: tuple[RunState, ...] = ("done", "failed", "dead", "stale", "dropped")


class RefusedError(ScratchbotError):
    """What was asked for is not in the store, or cannot be done to it."""


def events(options: argparse.Namespace) -> int:
    """Show what failed or waits, or carry out what a person decided about it."""
    heeded = NARROWS.get(options.action or "list", ())
    given = [name for name in NARROWS["list"] if getattr(options, name) is not None]
    if unheeded := [f"--{name}" for name in given if name not in heeded]:
        sys.stderr.write(
            f"scratchbot: {options.action} does not heed {', '.join(unheeded)}: leave that out\n"
        )
        return 2
    try:
        asyncio.run(_events(_store(options.store), options))
    except ScratchbotError as error:
        sys.stderr.write(f"scratchbot: {printable(str(error))}\n")
        return 1
    except KeyboardInterrupt:  # how following ends
        return 0
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
    selection = _selection(options, UNSETTLED)
    records = await engine.history(selection, options.limit or LISTED)
    if options.json:
        _print_json(records)
        return
    print_table(HEAD, [row(record) for record in records], STYLES)
    print_line(summary(await engine.count(selection), selection.states, len(records)))


def _selection(options: argparse.Namespace, usual: Sequence[RunState]) -> Selection:
    """Return which runs the filters let through.

    :param usual: the states of those that are meant where none is given.
    """
    every: tuple[RunState, ...] = get_args(RunState)
    given = options.state or usual
    return Selection(
        states=every if "all" in given else tuple(state for state in given if state in every),
        name=options.name or "*",
        handler=options.handler,
        since=options.since,
    )


async def _show(engine: LocalEngine, options: argparse.Namespace) -> None:
    records = await _runs(engine, options.id, None)
    if options.json:
        run = records[0].run
        print(write_line(EventRecord(number=run.number, event=run.event, runs=tuple(records))))
        return
    for each in details(records):
        print(each)


async def _follow(engine: LocalEngine, options: argparse.Namespace) -> None:
    selection = _selection(options, ENDED)
    async for record in follow(engine, selection, options.limit or LISTED, SystemClock()):
        if options.json:
            _print_json([record])
        else:
            print_line(line(record), STYLES.get(record.state, ""))
        sys.stdout.flush()


async def _export(engine: LocalEngine, options: argparse.Namespace) -> None:
    async for record in read_store(engine, _selection(options, get_args(RunState))):
        print(write_line(record))


async def _retry(engine: LocalEngine, options: argparse.Namespace) -> None:
    changed = await _change(engine, options, engine.retry, RETRIABLE)
    if options.json:
        _print_json(await _again(engine, changed))
        return
    told = f"{options.id}: {_was(changed)} will run again, at once or when the bot is started."
    print(printable(told))


async def _drop(engine: LocalEngine, options: argparse.Namespace) -> None:
    changed = await _change(engine, options, engine.drop, UNSETTLED)
    if options.json:
        _print_json(await _again(engine, changed))
        return
    print(printable(f"{options.id}: gave up {_was(changed)}."))


def _print_json(records: Iterable[RunRecord]) -> None:
    for record in records:
        print(as_json(record))


async def _again(engine: LocalEngine, changed: Sequence[RunRecord]) -> list[RunRecord]:
    """Return runs as they are now."""
    handlers = {record.run.handler for record in changed}
    now = await engine.of_event(changed[0].run.event.id)
    return [record for record in now if record.run.handler in handlers]


def _was(changed: Sequence[RunRecord]) -> str:
    return ", ".join(f"{each.run.handler} (was {each.state})" for each in changed)


_ACTIONS: dict[str | None, Callable[[LocalEngine, argparse.Namespace], Awaitable[None]]] = {
    None: _list,
    "list": _list,
    "show": _show,
    "follow": _follow,
    "export": _export,
    "retry": _retry,
    "drop": _drop,
}


async def _change(
    engine: LocalEngine,
    options: argparse.Namespace,
    change: Callable[[int, str], Awaitable[bool]],
    states: Sequence[RunState],
) -> list[RunRecord]:
    """Change those runs that are in one of these states; return what they were.

    :raises RefusedError: if none is.
    """
    records = await _runs(engine, options.id, options.only)
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
    return changed


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
    wanted = [
        record
        for record in records
        if handler in (None, record.run.handler, record.run.handler.rpartition(".")[2])
    ]
    if not wanted:
        raise RefusedError(f"{key} has no run of a handler {handler}: {_handlers(records)}")
    return wanted


def _handlers(records: Sequence[RunRecord]) -> str:
    return ", ".join(f"{record.run.handler} is {record.state}" for record in records)
