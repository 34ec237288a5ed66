"""Events that a plugin tells to its own handlers."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from scratchbot import Bot, Plugin
from scratchbot.aio.store import AsyncStore
from scratchbot.events import BotEvent, Event, PluginEvent
from scratchbot.handlers import Emit
from tests.running import Record, dispatching
from tests.scratch import until
from tests.test_events import AT

pytestmark = pytest.mark.asyncio


def bell(number: int, name: str = "bot.stop") -> BotEvent:
    return BotEvent(id=f"bell:{number}", name=name, at=AT, source="bell")


async def test_an_event_that_a_plugin_tells_reaches_its_own_handlers_and_no_others() -> None:
    bot, plugin, heard = Bot("bot"), Plugin("echo"), []
    bot.include(plugin)

    @plugin.on("bot.stop")
    async def first(event: Event, emit: Emit) -> None:
        await emit(bell(2, "bot.start"))

    @plugin.on("bot.stop")
    def second(event: Event, emit: Any) -> None:
        emit(bell(3, "bot.start"))

    @plugin.on("bot.start")
    async def own(event: Event) -> None:
        heard.append(("echo", event.id))

    @bot.on("bot.start")
    async def other(event: Event) -> None:
        heard.append(("bot", event.id))

    with capture_logs() as logs:
        async with dispatching(bot, Record()) as dispatcher:
            await dispatcher.deliver([bell(1)], "bell")
            await until(lambda: len(heard) >= 2)
            await dispatcher.idle()
    assert "task_leaked" not in [line["event"] for line in logs]
    assert sorted(heard) == [("echo", "bell:2"), ("echo", "bell:3")]


async def test_a_plugin_s_events_can_have_names_of_its_own() -> None:
    bot, plugin, heard = Bot("bot"), Plugin("steps"), []
    bot.include(plugin)

    @plugin.on("bot.stop")
    async def first(event: Event, emit: Emit) -> None:
        for name in ("plugin.one", "plugin.two"):
            await emit(PluginEvent(id=name, name=name, at=AT, source="steps", data={"n": 1}))

    @plugin.on("plugin.one")
    async def second(event: PluginEvent) -> None:
        heard.append(("second", event.name, event.data))

    @plugin.on("plugin")
    async def every(event: PluginEvent) -> None:
        heard.append(("every", event.name, event.data))

    async with dispatching(bot, Record()) as dispatcher:
        await dispatcher.deliver([bell(1)], "bell")
        await dispatcher.idle()
    told = [("every", name, {"n": 1}) for name in ("plugin.one", "plugin.two")]
    assert sorted(heard) == [*told, ("second", "plugin.one", {"n": 1})]


async def test_a_run_that_happens_again_tells_its_event_once() -> None:
    bot, heard, tries = Bot("bot"), [], []

    @bot.on("bot.stop", retries=1)
    async def tell(event: Event, emit: Emit) -> None:
        tries.append(event.id)
        await emit(bell(2, "bot.start"))
        if len(tries) == 1:
            raise ValueError("once more")

    @bot.on("bot.start")
    async def hear(event: Event) -> None:
        heard.append(event.id)

    async with dispatching(bot, Record()) as dispatcher:
        await dispatcher.deliver([bell(1)], "bell")
        await until(lambda: len(tries) == 2)
        await dispatcher.idle()
    assert heard == ["bell:2"]


async def test_what_was_told_before_the_end_is_handled_in_the_next_life(tmp_path: Path) -> None:
    stuck, heard = asyncio.Event(), []

    def bot(*, hangs: bool) -> Bot:
        made = Bot("bot")

        @made.on("bot.stop")
        async def tell(event: Event, emit: Emit, store: AsyncStore) -> None:
            await emit(bell(2, "bot.start"))

        @made.on("bot.start")
        async def hear(event: Event) -> None:
            stuck.set()
            if hangs:
                await asyncio.Event().wait()
            heard.append(event.id)

        return made

    async with dispatching(bot(hangs=True), Record(), store=tmp_path / "bot.db") as dispatcher:
        await dispatcher.deliver([bell(1)], "bell")
        await stuck.wait()
        await dispatcher.stop(0)
    async with dispatching(bot(hangs=False), Record(), store=tmp_path / "bot.db"):
        await until(lambda: heard)
    assert heard == ["bell:2"]
