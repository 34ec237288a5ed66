"""``scratchbot demo``."""

import argparse
import asyncio
import io
import json
import logging
import sys
import time
import webbrowser
from collections.abc import Coroutine
from random import Random
from typing import Any

from scratchbot.cli.listening import cannot_listen
from scratchbot.client import Client
from scratchbot.clock import SystemClock
from scratchbot.demo.bot import bot
from scratchbot.demo.view import View
from scratchbot.demo.visitors import Visitors
from scratchbot.engines.local import LocalEngine
from scratchbot.errors import ScratchbotError
from scratchbot.logs import set_up_logs
from scratchbot.runtime.daemon import Daemon
from scratchbot.runtime.signals import stop_on_signals
from scratchbot.sandbox import Sandbox, load_world
from scratchbot.settings import Credentials, Network, Settings
from scratchbot.terminal import has_colours

NAME, PASSWORD = "demo-bot", "beepboop"
SETTLED_WITHIN = 10.0


def demo(options: argparse.Namespace) -> int:
    """Run the demo; the exit status is 0 if every event was handled."""
    set_up_logs(logging.ERROR)
    try:
        return asyncio.run(_demo(options))
    except BrokenPipeError:
        raise
    except OSError as error:
        sys.stderr.write(cannot_listen(error, "127.0.0.1", options.port))
    except ScratchbotError as error:
        sys.stderr.write(f"scratchbot: {error}\n")
    return 1


async def _demo(options: argparse.Namespace) -> int:
    stop = stop_on_signals()
    sandbox = Sandbox(load_world(), clock=time.time, limits=False)
    async with sandbox.serve(port=options.port) as address:
        if not options.json:
            print(f"Scratch sandbox: {address} (be anybody there, and talk to the bot)")
            print("Try a comment that says !hello or !score, or set the cloud variable ping.\n")
        if not options.no_open and options.seconds is None and sys.stdout.isatty():
            webbrowser.open(address)
        out = io.StringIO() if options.json else sys.stdout
        view = View(out, time.monotonic, color=has_colours(sys.stdout))
        visitors = Visitors(sandbox, Random())
        await _play(address, view, visitors, stop, options.seconds)
    missed = _missed(view, visitors)
    if options.json:
        print(json.dumps(view.figures(visitors.count) | {"missed": missed}))
        return 1 if missed or view.failed else 0
    print(f"\n{view.summary(visitors.count)}")
    if missed or view.failed:
        print(f"Not every event was handled: {missed} missed, {view.failed} failed.")
        return 1
    print("Every event was handled.")
    return 0


async def _play(
    address: str, view: View, visitors: Visitors, stop: asyncio.Event, seconds: float | None
) -> None:
    """Run the bot and the visitors until the time is over, then let the bot catch up."""
    network = Network(endpoint=address, limits=False)
    clock, jitter = SystemClock(), Random()
    engine = LocalEngine(None)
    daemon = Daemon(
        bot,
        Settings(network=network),
        engine=engine,
        client=Client(Credentials(username=NAME, password=PASSWORD), network, clock, jitter),
        clock=clock,
        jitter=jitter,
        observer=view,
    )
    bot_stop = asyncio.Event()
    running = asyncio.create_task(daemon.run(bot_stop))
    await _either(running, view.started.wait())
    over = [] if seconds is None else [asyncio.sleep(seconds)]
    await _either(running, visitors.come(), stop.wait(), *over)
    deadline = time.monotonic() + SETTLED_WITHIN
    while not running.done() and time.monotonic() < deadline:
        if not _missed(view, visitors) and not await engine.lanes():
            break
        await asyncio.sleep(0.05)
    bot_stop.set()
    await running


async def _either(running: asyncio.Task[None], *others: Coroutine[Any, Any, object]) -> None:
    """Wait until one of several things ends; the bot goes on, the others are cancelled."""
    tasks = [asyncio.create_task(other) for other in others]
    await asyncio.wait([running, *tasks], return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _missed(view: View, visitors: Visitors) -> int:
    """Return how many comments and pings of the visitors did not come to the bot."""
    comments = len(set(visitors.comments) - view.comments)
    return comments + max(0, visitors.pings - view.pings)
