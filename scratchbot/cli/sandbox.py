"""``scratchbot sandbox``."""

import argparse
import asyncio
import json
import sys
import time
from contextlib import AsyncExitStack
from pathlib import Path

from scratchbot.cli.listening import cannot_listen
from scratchbot.runtime.signals import stop_on_signals
from scratchbot.sandbox import Sandbox, World, WorldError, load_world
from scratchbot.sandbox.generate import generate
from scratchbot.sandbox.proxy import Proxy, ProxyError, proxy
from scratchbot.sandbox.saved import Save, SaveError
from scratchbot.sandbox.weather import WeatherError, load_weather
from scratchbot.sandbox.worldfile import fingerprint


def sandbox(options: argparse.Namespace) -> int:
    """Serve a world until stopped."""
    try:
        asyncio.run(_serve(_world(options), options))
    except (WorldError, WeatherError, SaveError, ProxyError) as error:
        sys.stderr.write(f"scratchbot: {error}\n")
        return 1
    except BrokenPipeError:
        raise
    except OSError as error:
        sys.stderr.write(cannot_listen(error, options.host, options.port))
        return 1
    return 0


def _world(options: argparse.Namespace) -> World:
    if options.size is not None:
        return generate(options.size, options.seed)
    return load_world(Path(options.world)) if options.world else load_world()


def _start(options: argparse.Namespace) -> str:
    """Return what a saved world begins with: the same acts on another world do other things."""
    began = f"--world {Path(options.world).name}" if options.world else "the default world"
    if options.size is not None:
        began = f"--size {options.size} --seed {options.seed}"
    return f"{began}, {fingerprint(Path(options.world) if options.world else None)}"


async def _serve(world: World, options: argparse.Namespace) -> None:
    stop = stop_on_signals()
    local = Sandbox(world, limits=not options.no_limits, clock=time.time)
    if options.weather:
        local.weather.set(*load_weather(Path(options.weather)))
    async with AsyncExitStack() as stack:
        done = _resume(local, options, stack)
        address = await stack.enter_async_context(local.serve(host=options.host, port=options.port))
        running = await stack.enter_async_context(proxy(address)) if options.proxy else None
        if options.json:
            print(json.dumps(_facts(address, done, running)))
        else:
            _tell(address, done, running, options)
        sys.stdout.flush()
        await stop.wait()


def _resume(local: Sandbox, options: argparse.Namespace, stack: AsyncExitStack) -> int | None:
    """Do again what was kept, and keep what comes; return how much was done again."""
    if not options.save:
        return None
    save = Save(Path(options.save), _start(options))
    stack.callback(save.close)
    return save.resume(local.acts)


def _facts(address: str, done: int | None, running: Proxy | None) -> dict[str, object]:
    return {
        "address": address,
        "done_again": done,
        "proxy": running and running.address,
        "authority": running and str(running.authority),
    }


def _tell(
    address: str, done: int | None, running: Proxy | None, options: argparse.Namespace
) -> None:
    if done is not None:
        print(f"{options.save}: {done} acts done again; what happens from here on is kept.")
    print(f"The sandbox is at {address} (Ctrl-C ends it).")
    print(f"For a bot: export SCRATCHBOT_ENDPOINT={address}")
    if running is not None:
        print("For any other program, whose hosts of Scratch then end here:")
        print(f"  export HTTPS_PROXY={running.address}")
        names = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
        print("  export " + " ".join(f"{name}={running.authority}" for name in names))
        print(f"  export NODE_EXTRA_CA_CERTS={running.authority} NODE_USE_ENV_PROXY=1")
