"""Passes a variable of one project on to another project."""

import asyncio

from scratchclient import ScratchSession

session = ScratchSession("griffpatch", "realpassword")
here = session.create_cloud_connection(104, is_async=True)
there = session.create_cloud_connection(60917032, is_async=True)


@there.on("connect")
def on_connect():
    print("ready", flush=True)


@here.on("set")
async def on_set(variable):
    print("heard", variable.value, flush=True)
    if variable.name == "ping":
        await there.set_cloud_variable("high score", variable.value)
        print("passed", variable.value, flush=True)


async def main():
    await asyncio.gather(here.connect(), there.connect())


asyncio.run(main())
