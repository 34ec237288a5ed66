"""Reads from a sandbox with one client and prints what that took: CLIENT comments|users.

It runs with the Python and the packages of the client. The log-in and the project are there before
the clock starts; each client then reads in the way that its own documentation shows.
"""

import asyncio
import json
import resource
import sys
import time

PROJECT, COMMENTS, PAGE = 104, 2_000, 40
NAMES = [f"reader-{number:03}" for number in range(200)]
LOGIN = ("alice", "wonderland")


async def scratchbot_async(task):
    from scratchbot import AsyncScratchSession

    async with AsyncScratchSession(*LOGIN) as session:
        project = await session.get_project(PROJECT)
        began = time.perf_counter()
        if task == "comments":
            found = await project.get_comments(limit=COMMENTS)
        else:
            found = [await session.get_user(name) for name in NAMES]
        return found, time.perf_counter() - began


def scratchbot_sync(task):
    from scratchbot import ScratchSession

    with ScratchSession(*LOGIN) as session:
        project = session.get_project(PROJECT)
        began = time.perf_counter()
        if task == "comments":
            found = project.get_comments(limit=COMMENTS)
        else:
            found = [session.get_user(name) for name in NAMES]
        return found, time.perf_counter() - began


def scratchclient(task):
    import redirect  # noqa: F401
    from scratchclient import ScratchSession

    session = ScratchSession(*LOGIN)
    project = session.get_project(PROJECT)
    began = time.perf_counter()
    if task == "comments":  # with a limit of more than a page, it reads one page only
        found = []
        for offset in range(0, COMMENTS, PAGE):
            found += project.get_comments(limit=PAGE, offset=offset)
    else:
        found = [session.get_user(name) for name in NAMES]
    return found, time.perf_counter() - began


def scratchattach(task):
    import redirect  # noqa: F401
    import scratchattach

    session = scratchattach.login(*LOGIN)
    project = session.connect_project(PROJECT)
    began = time.perf_counter()
    if task == "comments":
        found = project.comments(limit=COMMENTS)
    else:
        found = [session.connect_user(name) for name in NAMES]
    return found, time.perf_counter() - began


async def scapi(task):
    import redirect  # noqa: F401
    import scapi

    async with scapi.login(*LOGIN) as session:
        project = await session.get_project(PROJECT)
        began = time.perf_counter()
        if task == "comments":
            found = [comment async for comment in project.get_comments(limit=COMMENTS)]
        else:
            found = [await session.get_user(name) for name in NAMES]
        return found, time.perf_counter() - began


def main():
    client, task = sys.argv[1:]
    read = globals()[client]
    reading = read(task)
    found, seconds = asyncio.run(reading) if asyncio.iscoroutine(reading) else reading
    read_of = {one.content if task == "comments" else one.username for one in found}
    assert len(read_of) == len(found) == (COMMENTS if task == "comments" else len(NAMES))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        json.dumps({"seconds": seconds, "peak": peak * (1 if sys.platform == "darwin" else 1024)})
    )


if __name__ == "__main__":
    main()
