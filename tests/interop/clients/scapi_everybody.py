import asyncio
import os

import scapi
from everybody import PROJECT, Play

scapi.set_default_proxy(os.environ["HTTPS_PROXY"])


async def main():
    play, loop = Play(), asyncio.get_running_loop()
    async with scapi.login(play.username, play.password) as session:
        cloud = session.cloud(PROJECT)

        @cloud.event
        async def on_set(activity):
            play.hear(activity.variable, activity.value)

        async with cloud:
            await cloud.wait_connect(10)
            await asyncio.to_thread(
                play.play,
                lambda number: loop.call_soon_threadsafe(cloud.set_var, play.own, number),
            )


asyncio.run(main())
