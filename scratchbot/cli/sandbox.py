"""``scratchbot sandbox``."""

import argparse
import asyncio
import sys
import time
from pathlib import Path

from scratchbot.runtime.signals import stop_on_signals
from scratchbot.sandbox import Sandbox, World, WorldError, load_world


def sandbox(options: argparse.Namespace) -> int:
    """Serve a world until stopped."""
    try:
        world = load_world(Path(options.world)) if options.world else load_world()
        asyncio.run(_serve(world, options))
    except WorldError as error:
        sys.stderr.write(f"scratchbot: {error}\n")
        return 1
    except OSError as error:
        sys.stderr.write(
            f"scratchbot: cannot listen on {options.host} port {options.port} ({error.strerror}): "
            "choose another with --port, or --port 0 for a free one\n"
        )
        return 1
    return 0


async def _serve(world: World, options: argparse.Namespace) -> None:
    local = Sandbox(world, limits=not options.no_limits, clock=time.time)
    async with local.serve(host=options.host, port=options.port) as address:
        print(f"The sandbox is at {address} (Ctrl-C ends it).")
        print(f"For a bot: export SCRATCHBOT_ENDPOINT={address}")
        sys.stdout.flush()
        await stop_on_signals().wait()
