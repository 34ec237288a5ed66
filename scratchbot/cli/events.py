"""``scratchbot events``."""

import argparse
import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import get_args

from scratchbot.cli.follow import follow
from scratchbot.cli.output import print_line, print_table
from scratchbot.cli.runs import HEAD, STYLES, as_json, details, line, number_of_runs, row, summary
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
    "retry": ("state", "name", "handler", "since"),
    "drop": ("state", "name", "handler", "since"),
}
"""Which filters an action heeds where no event is named."""
ENDED: tuple[RunState, ...] = ("done", "failed", "dead", "stale", "dropped")


class RefusedError(ScratchbotError):
    """What was asked for is not in the store, or cannot be done to it."""


def events(options: argparse.Namespace) -> int:
    """Show what failed or waits, or carry out what a person decided about it."""
    heeded = NARROWS[options.action or "list"] if options.id is None else ()
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
    record = await _event(engine, options.id)
    if options.json:
        print(write_line(record))
        return
    for each in details(record):
        print_line(each)


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
    chosen = await _chosen(engine, options, RETRIABLE)
    if options.id is None:
        chosen = _without_parked(chosen)
    changed = await _change(chosen, engine.retry)
    again = "{} will run again, at once or when the bot is started."
    await _tell(engine, options, changed, again)


async def _drop(engine: LocalEngine, options: argparse.Namespace) -> None:
    changed = await _change(await _chosen(engine, options, UNSETTLED), engine.drop)
    await _tell(engine, options, changed, "gave up {}.")


async def _chosen(
    engine: LocalEngine, options: argparse.Namespace, states: Sequence[RunState]
) -> list[RunRecord]:
    """Return the runs of the named event, or all that the filters let through, as they are.

    :param states: the states of runs that can be chosen.
    :raises RefusedError: if there is no such event or handler, or no run in one of these states.
    """
    meant = f"{options.action} is for what is {', '.join(states[:-1])} or {states[-1]}"
    if options.id is None:
        if wrong := [state for state in options.state if state not in (*states, "all")]:
            raise RefusedError(f"{meant}: leave {', '.join(wrong)} out")
        given = _selection(options, states)
        selection = replace(given, states=[state for state in states if state in given.states])
        counts = await engine.count(selection)
        return await engine.history(selection, sum(counts.values()))
    records = await _runs(engine, options.id, options.only)
    chosen = [record for record in records if record.state in states]
    if not chosen:
        raise RefusedError(f"{options.id}: {_handlers(records)}; {meant}")
    return chosen


def _without_parked(records: Sequence[RunRecord]) -> list[RunRecord]:
    """Leave out runs whose parked acts a retry would send again: a person looks at each."""
    ready = [each for each in records if all(act.state != "parked" for _, act in each.acts)]
    if left := len(records) - len(ready):
        sys.stderr.write(
            f"scratchbot: {number_of_runs(left)} with a parked act left out: look on the site "
            "whether that was done, and retry or drop each by its ID\n"
        )
    return ready


async def _change(
    chosen: Iterable[RunRecord], change: Callable[[int, str], Awaitable[bool]]
) -> list[RunRecord]:
    """Change runs, and return those that a bot has not ended meanwhile, as they were."""
    return [record for record in chosen if await change(record.run.number, record.run.handler)]


async def _tell(
    engine: LocalEngine, options: argparse.Namespace, changed: Sequence[RunRecord], done: str
) -> None:
    """Say what was changed.

    :raises RefusedError: if it was one event, and a bot has ended its runs meanwhile.
    """
    if options.id is not None and not changed:
        raise RefusedError(f"{options.id} has changed meanwhile: look at it again")
    if options.json:
        _print_json(await _again(engine, changed))
    elif options.id is not None:
        print(printable(f"{options.id}: {done.format(_was(changed))}"))
    else:
        print(done.format(number_of_runs(len(changed))))


def _print_json(records: Iterable[RunRecord]) -> None:
    for record in records:
        print(as_json(record))


async def _again(engine: LocalEngine, changed: Sequence[RunRecord]) -> list[RunRecord]:
    """Return runs as they are now."""
    keys = {(record.run.number, record.run.handler) for record in changed}
    now = await engine.of_events({number for number, _ in keys})
    return [record for record in now if (record.run.number, record.run.handler) in keys]


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


async def _event(engine: LocalEngine, key: str) -> EventRecord:
    """Return an event with its runs.

    :raises RefusedError: if there is none.
    """
    record = await engine.of_event(key)
    if record is None:
        raise RefusedError(
            f"no event {key} is in the store; `scratchbot events --state all` lists those that "
            "handlers took, `scratchbot events export` has all"
        )
    return record


async def _runs(engine: LocalEngine, key: str, handler: str | None) -> list[RunRecord]:
    """Return the runs of an event, or its one run of a handler.

    :raises RefusedError: if there is none.
    """
    records = (await _event(engine, key)).runs
    wanted = [
        record
        for record in records
        if handler in (None, record.run.handler, record.run.handler.rpartition(".")[2])
    ]
    if handler is not None and not wanted:
        raise RefusedError(f"{key} has no run of a handler {handler}: {_handlers(records)}")
    return wanted


def _handlers(records: Sequence[RunRecord]) -> str:
    states = (f"{record.run.handler} is {record.state}" for record in records)
    return ", ".join(states) or "no handler took it"
