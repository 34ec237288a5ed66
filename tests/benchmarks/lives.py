"""One way in which many events live durably, from being heard of until they are handled.

Run it with WAY COUNT FOLDER. ``scratchbot`` stores them and calls a handler that does nothing,
``scratchbot_full`` does so in a store that holds a million already; ``bare`` is a loop that writes
the same into SQLite; ``huey`` and ``dbos`` are what others would use. Prints events a second.
``latency`` prints milliseconds from a source's hands to the handler, p50 and p99, at a hundred
events a second.
"""

import asyncio
import gc
import sqlite3
import statistics
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

BATCH, SOURCES = 100, 4


def texts(count):
    """Return the bodies of events, of the length of a comment's."""
    at = datetime(2026, 1, 1, tzinfo=UTC).isoformat()
    return [
        f'{{"id":"comment:project:104:{number}","name":"comment.project","at":"{at}","source":"'
        f'project-comments:104","comment_id":{number},"content":"hello number {number}","author":'
        '"alice","where":"project","target":"104","author_id":5,"project_id":104}'
        for number in range(count)
    ]


def event(source, number):
    from scratchbot.events import CommentEvent

    return CommentEvent(
        id=f"comment:project:{source}:{number}",
        name="comment.project",
        at=datetime(2026, 1, 1, tzinfo=UTC),
        source=f"project-comments:{source}",
        comment_id=number,
        content=f"hello number {number}",
        author="alice",
        where="project",
        target=str(source),
        author_id=5,
        project_id=source,
    )


async def scratchbot(count, folder):
    from scratchbot import Bot
    from scratchbot.events import CommentEvent
    from tests.benchmarks.counting import CountingObserver
    from tests.running import dispatching

    bot = Bot("bench")

    @bot.on("comment")
    async def handle(event: CommentEvent) -> None:
        pass

    observer = CountingObserver(count)
    sources = range(104, 104 + SOURCES)
    heard = {source: [event(source, n) for n in range(count // SOURCES)] for source in sources}
    async with dispatching(bot, observer, store=folder / "bot.db") as dispatcher:

        async def bring(source):
            name = f"project-comments:{source}"
            for first in range(0, len(heard[source]), BATCH):
                await dispatcher.room(name)
                await dispatcher.deliver(heard[source][first : first + BATCH], name, str(first))

        gc.freeze()  # What a source brings next is not in memory yet, so nobody looks through it.
        began = time.perf_counter()
        await asyncio.gather(*map(bring, heard))
        await observer.all_done.wait()
        return count / (time.perf_counter() - began)


async def scratchbot_full(count, folder):
    from scratchbot.engines.local import LocalEngine

    engine = LocalEngine(folder / "bot.db")
    await engine.open()
    await engine.close()
    connection = sqlite3.connect(folder / "bot.db", isolation_level=None)
    connection.execute("BEGIN")
    connection.executemany(
        "INSERT INTO events (id, name, source, at, body) VALUES (?, ?, ?, ?, ?)",
        (
            (one.id, one.name, one.source, one.at.isoformat(), one.to_json())
            for one in (event(104 + n % SOURCES, 1_000_000 + n) for n in range(1_000_000))
        ),
    )
    connection.execute(
        "INSERT INTO runs (event, handler, source, state, attempts, duration)"
        " SELECT number, 'bench.handle', source, 'done', 1, 0.001 FROM events"
    )
    connection.execute("COMMIT")
    connection.close()
    return await scratchbot(count, folder)


async def latency(count, folder):
    from scratchbot import Bot
    from scratchbot.events import CommentEvent
    from tests.benchmarks.counting import CountingObserver
    from tests.running import dispatching

    bot, sent, delays = Bot("bench"), {}, []

    @bot.on("comment")
    async def handle(event: CommentEvent) -> None:
        delays.append(time.perf_counter() - sent[event.comment_id])

    observer = CountingObserver(count)
    async with dispatching(bot, observer, store=folder / "bot.db") as dispatcher:
        began = time.perf_counter()
        for number in range(count):
            await asyncio.sleep(max(0.0, began + number / 100 - time.perf_counter()))
            sent[number] = time.perf_counter()
            await dispatcher.deliver([event(104, number)], "project-comments:104", str(number))
        await observer.all_done.wait()
    cuts = statistics.quantiles(delays, n=100)
    return f"{cuts[49] * 1000} {cuts[98] * 1000}"


def bare(count, folder):
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE events (number INTEGER PRIMARY KEY, body TEXT, state TEXT)")
    bodies = texts(count)
    steps = (
        ("INSERT INTO events VALUES (?, ?, 'pending')", lambda number: (number, bodies[number])),
        ("UPDATE events SET state = 'running' WHERE number = ?", lambda number: (number,)),
        ("UPDATE events SET state = 'done' WHERE number = ?", lambda number: (number,)),
    )
    began = time.perf_counter()
    for first in range(0, count, BATCH):
        for statement, row in steps:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(statement, map(row, range(first, first + BATCH)))
            connection.execute("COMMIT")
    return count / (time.perf_counter() - began)


def huey(count, folder):
    from huey import SqliteHuey

    queue = SqliteHuey(filename=str(folder / "huey.db"), fsync=True, results=False)

    @queue.task()
    def handle(text):
        pass

    bodies = texts(count)
    began = time.perf_counter()
    for text in bodies:
        handle(text)
    while (task := queue.dequeue()) is not None:
        queue.execute(task)
    return count / (time.perf_counter() - began)


def dbos(count, folder):
    from dbos import DBOS

    url = f"sqlite:///{folder}/dbos.db"
    DBOS(config={"name": "bench", "system_database_url": url, "log_level": "ERROR"})

    @DBOS.workflow()
    def handle(text):
        pass

    DBOS.launch()
    bodies = texts(count)
    began = time.perf_counter()
    for text in bodies:
        handle(text)
    rate = count / (time.perf_counter() - began)
    DBOS.destroy()
    return rate


def main():
    way, count, folder = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    found = globals()[way](count, folder)
    print(asyncio.run(found) if asyncio.iscoroutine(found) else found)


if __name__ == "__main__":
    main()
