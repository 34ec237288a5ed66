"""One way in which what a cloud server says is heard: WAY TASK ADDRESS COUNT PROJECTS.

It runs with the Python and the packages of its way. ``bare`` is a loop that decodes the packets,
``scratchattach`` and ``scratchcloud`` are what others would use, ``connection`` is a session's
connection and ``bot`` one whose events are stored; each calls a function with every value of every
project, COUNT from each. The task ``rate`` prints values a second, ``delay`` milliseconds from the
server's sending of a value to the function, p50 and p99, and ``memory`` the peak in MB.
"""

import asyncio
import json
import os
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

FIRST_PROJECT = 104


class Ear:
    """Hears every value, and keeps what its task wants to know.

    :ivar clock: a second of it is one of the processor's work for this process, which what else the
        machine does delays least; a store is waited for as well, so a bot goes by the other clock.
    """

    def __init__(self, way, task, expected):
        self.expected = expected
        self.count = 0
        self.all_heard = asyncio.Event()
        self.hear = self.note_delay if task == "delay" else self.note
        self.clock = time.perf_counter if way == "bot" else time.process_time
        self.began = self.ended = 0.0
        self.delays = []

    def note(self, value):
        self.count += 1
        if self.count == 1:
            self.began = self.clock()
        elif self.count == self.expected:
            self.ended = self.clock()
            self.all_heard.set()

    def note_delay(self, value):
        self.delays.append((time.monotonic_ns() - int(value)) / 1e6)
        self.note(value)

    def figures(self, task):
        if task == "rate":
            return [(self.count - 1) / (self.ended - self.began)]
        if task == "delay":
            cuts = statistics.quantiles(self.delays, n=100)
            return [cuts[49], cuts[98]]
        unit = 1 if sys.platform == "darwin" else 1024
        return [resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6]


async def bare(ear, address, projects):
    from websockets.asyncio.client import connect

    async def listen(project):
        async with connect(f"ws://{address}", compression=None, proxy=None) as socket:
            await socket.send(json.dumps({"method": "handshake", "project_id": project}) + "\n")
            await socket.recv()
            async for frame in socket:
                for line in frame.split("\n"):
                    if line:
                        ear.hear(json.loads(line)["value"])

    listening = [asyncio.create_task(listen(project)) for project in projects]
    await ear.all_heard.wait()
    for task in listening:
        task.cancel()


async def connection(ear, address, projects):
    from scratchbot import AsyncScratchSession

    def hear(variable):
        ear.hear(variable.value)

    async with AsyncScratchSession() as session:
        for project in projects:
            opened = await session.create_cloud_connection(
                project, is_async=True, cloud_host=f"ws://{address}"
            )
            opened.on("set", hear)
        await ear.all_heard.wait()


async def bot(ear, address, projects):
    from random import Random

    from scratchbot import Bot
    from scratchbot.client import Client
    from scratchbot.clock import SystemClock
    from scratchbot.engines.local import LocalEngine
    from scratchbot.events import CloudSetEvent
    from scratchbot.runtime.daemon import Daemon
    from scratchbot.settings import Credentials, Network, Settings
    from scratchbot.watch import Cloud
    from tests.benchmarks.counting import CountingObserver

    bot, clock = Bot("bench"), SystemClock()
    bot.watch(*(Cloud(project, host=f"ws://{address}") for project in projects))
    network = Network.from_environment(os.environ)

    @bot.on("cloud.set")
    async def handle(event: CloudSetEvent) -> None:
        ear.hear(event.value)

    with tempfile.TemporaryDirectory() as folder:
        observer, stop = CountingObserver(ear.expected), asyncio.Event()
        daemon = Daemon(
            bot,
            Settings(network=network),
            engine=LocalEngine(Path(folder) / "bot.db"),
            client=Client(Credentials(), network, clock, Random(1)),
            clock=clock,
            jitter=Random(1),
            observer=observer,
        )
        running = asyncio.create_task(daemon.run(stop))
        done = asyncio.create_task(observer.all_done.wait())
        await asyncio.wait([running, done], return_when=asyncio.FIRST_COMPLETED)
        ear.ended = ear.clock()
        stop.set()
        await running
        await done


async def scratchattach(ear, address, projects):
    import scratchattach

    (project,), loop = projects, asyncio.get_running_loop()
    cloud = scratchattach.CustomCloud(project_id=project, cloud_host=f"ws://{address}")
    events = cloud.events()

    @events.event
    def on_set(activity):
        ear.hear(activity.value)
        if ear.count == ear.expected:
            loop.call_soon_threadsafe(ear.all_heard.set)

    events.start(thread=True)
    await ear.all_heard.wait()
    events.stop()


async def scratchcloud(ear, address, projects):
    import websockets
    from scratchcloud import CloudClient, LoginCookie

    connect = websockets.connect
    websockets.connect = lambda _, **options: connect(f"ws://{address}", **options)
    (project,) = projects
    client = CloudClient("alice", str(project), event_loop=asyncio.get_running_loop())

    @client.event
    async def on_message(cloud):
        ear.hear(cloud.value)

    running = await client.setup(LoginCookie("a", "b"))
    await ear.all_heard.wait()
    running.cancel()
    await client.close()


async def main(way, task, address, count, projects):
    heard = range(FIRST_PROJECT, FIRST_PROJECT + int(projects))
    ear = Ear(way, task, int(count) * len(heard))
    await globals()[way](ear, address, heard)
    assert ear.count == ear.expected, "something was not heard, or twice"
    print(*ear.figures(task))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
