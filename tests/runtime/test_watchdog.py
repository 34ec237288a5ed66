"""What blocks the loop is named."""

import asyncio
import inspect
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from structlog.testing import capture_logs

from scratchbot import Bot
from scratchbot.clock import SystemClock
from scratchbot.events import CommentEvent
from scratchbot.runtime import watchdog
from scratchbot.runtime.watchdog import Watchdog
from scratchbot.sandbox import Place
from scratchbot.watch import ProjectComments
from tests.running import running
from tests.scratch import PATIENCE, Scratch, until

pytestmark = pytest.mark.asyncio


@pytest.fixture
def logs(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    monkeypatch.setattr(watchdog, "ASK_EVERY", 0.1)
    with capture_logs() as entries:
        yield entries


def told(logs: list[Any], event: str) -> list[Any]:
    return [entry for entry in logs if entry["event"] == event]


def block(condition: Callable[[], object]) -> None:
    """Let nothing else happen until a condition holds, and for a while after."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)  # This stands in a file of Python's library.
    time.sleep(3 * watchdog.ASK_EVERY)


def are_told(logs: list[Any], event: str, count: int) -> bool:
    return len(told(logs, event)) >= count


@pytest.mark.parametrize("in_child", [False, True], ids=["itself", "in a task of its own"])
async def test_a_handler_that_blocks_the_loop_is_named_with_its_line_once_for_each_time(
    in_child: bool, scratch: Scratch, logs: list[Any]
) -> None:
    bot, freed = Bot("bot"), asyncio.Event()
    bot.watch(ProjectComments(104))

    @bot.on("comment")
    async def blocking(event: CommentEvent) -> None:
        async def wait() -> None:
            block(partial(are_told, logs, "loop_blocked", int(event.content)))

        await (asyncio.gather(wait()) if in_child else wait())
        freed.set()

    async with running(bot, scratch):
        for number in (1, 2):
            freed.clear()
            scratch.acts.post_comment("alice", Place("project", "104"), str(number))
            await until(freed.is_set)
            await until(lambda: are_told(logs, "loop_freed", number))  # noqa: B023
    name = f"bot.{blocking.__qualname__}"
    blocked = [entry for entry in told(logs, "loop_blocked") if entry["task"] == name]
    assert len(blocked) == 2
    lines, first = inspect.getsourcelines(block)
    for entry in blocked:
        file, _, line = entry["at"].rpartition(":")
        assert file == __file__
        assert first <= int(line) < first + len(lines)
    seconds = [entry["seconds"] for entry in told(logs, "loop_freed")]
    assert max(seconds) >= max(entry["seconds"] for entry in blocked) > 0


async def test_a_loop_that_answers_is_not_told_of_and_the_thread_ends_with_the_daemon(
    scratch: Scratch, logs: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watchdog, "PATIENCE", 100)
    async with running(Bot("bot"), scratch):
        (thread,) = [one for one in threading.enumerate() if "watchdog" in one.name]
        await asyncio.sleep(0.3)
    assert not thread.is_alive()
    assert not told(logs, "loop_blocked")


async def test_a_callback_that_blocks_is_told_of_too(logs: list[Any]) -> None:
    with Watchdog(SystemClock()):
        asyncio.get_running_loop().call_soon(block, partial(are_told, logs, "loop_blocked", 1))
        await until(lambda: told(logs, "loop_freed"))
    blocked = [entry for entry in told(logs, "loop_blocked") if entry["task"] is None]
    assert any(entry["at"].startswith(f"{__file__}:") for entry in blocked)
