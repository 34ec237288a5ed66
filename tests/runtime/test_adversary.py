"""A plugin that tries what it should not: each attempt has an end, and a line that says so."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest
from structlog.testing import capture_logs

from scratchbot import AsyncScratchSession, Bot, Plugin, ScratchSession
from scratchbot.aio.store import AsyncStore
from scratchbot.errors import (
    AppError,
    PermissionDeniedError,
    RegistrationError,
    ScratchbotError,
    SettingsError,
)
from scratchbot.events import BotErrorEvent, CommentEvent
from scratchbot.settings import Network, Settings
from scratchbot.watch import ProjectComments
from tests.scratch import Scratch

pytestmark = pytest.mark.asyncio

PASSWORD = "beepboop"


def bot_with(plugin: Plugin) -> tuple[Bot, list[str]]:
    """Return a bot that includes a plugin and answers beside it, and the troubles it hears of."""
    bot, troubles = Bot("bot"), list[str]()
    bot.watch(ProjectComments(104))
    bot.include(plugin)

    @bot.command("!ping")
    async def ping() -> str:
        return "pong"

    @bot.on("bot.error")
    async def note(event: BotErrorEvent) -> None:
        troubles.append(event.error)

    return bot, troubles


ACTS: dict[str, Callable[[AsyncScratchSession, CommentEvent], Any]] = {
    "comment.reply": lambda session, event: session.reply(event, "hi"),
    "comment.delete": lambda session, event: session.delete_comment(event),
    "cloud.set": lambda session, event: session.set_cloud_variable(104, "ping", 1),
    "social": lambda session, event: _project(session, "love"),
    "project.edit": lambda session, event: _project(session, "set_title", "mine"),
    "studio.curate": lambda session, event: _studio(session),
    "account": lambda session, event: session.change_country("Italy"),
}


async def _project(session: AsyncScratchSession, act: str, *values: object) -> None:
    await getattr(await session.get_project(104), act)(*values)


async def _studio(session: AsyncScratchSession) -> None:
    await (await session.get_studio(26135902)).add_project(104)


@pytest.mark.parametrize("permission", ACTS)
async def test_an_act_beyond_its_permissions_is_refused_and_named(
    scratch: Scratch, permission: str
) -> None:
    plugin, refused = Plugin("greedy"), []

    @plugin.on("comment")
    async def take(event: CommentEvent, session: AsyncScratchSession) -> None:
        try:
            await ACTS[permission](session, event)
        except PermissionDeniedError as error:
            refused.append(str(error))

    bot, _ = bot_with(plugin)
    async with scratch.running(bot):
        comment = scratch.user("alice").comment(104, "hi")
        await scratch.settled(bot)
    assert len(refused) == 1
    assert refused[0].startswith("'greedy' may not do ")
    assert f"permissions lack {permission!r}; the bot's owner can add it" in refused[0]
    assert comment.is_there
    assert comment.replies == []


def reachable(thing: object, depth: int = 3) -> list[str]:
    """Return how everything reads that is found at a thing without an underscore in its name."""
    told = [repr(thing)]
    if depth:
        for name in dir(thing):
            if not name.startswith("_"):
                try:
                    value = getattr(thing, name)
                except Exception:  # what cannot be read cannot leak
                    continue
                if not callable(value):
                    told += reachable(value, depth - 1)
    return told


async def test_the_credentials_are_on_nothing_that_a_plugin_is_handed(scratch: Scratch) -> None:
    plugin, told = Plugin("curious", permissions=["comment.reply"]), []

    @plugin.on("comment")
    async def look(event: Any, session: Any, bot: Any, store: Any, log: Any, emit: Any) -> None:
        for thing in (event, session, bot, store, log, emit):
            told.extend(reachable(thing))
        assert session.logged_in
        assert (session.session_id, session.token, session.csrf_token) == (None, None, None)

    @plugin.on("comment")
    def look_plainly(session: ScratchSession) -> None:
        told.extend(reachable(session))
        assert (session.session_id, session.token, session.csrf_token) == (None, None, None)

    bot, _ = bot_with(plugin)
    async with scratch.running(bot):
        scratch.user("alice").comment(104, "hi")
        await scratch.settled(bot)
        account = next(iter(scratch._running.values()))._client.account
        secrets = [PASSWORD, account.session_id, account.token, account.csrf_token]
    assert all(secrets)
    assert len(told) > 50
    for secret in secrets:
        assert not any(str(secret) in each for each in told)


async def test_another_plugin_s_store_is_out_of_reach(scratch: Scratch) -> None:
    owner, thief, found = Plugin("owner"), Plugin("thief"), []

    @owner.on("comment", parent_id=None)
    async def keep(store: AsyncStore) -> None:
        await store.set("secret", "of the owner")

    @thief.on("comment")
    async def steal(store: AsyncStore) -> None:
        for key in ("secret", "owner:secret", ":notes", "../owner/secret", "owner\0secret"):
            found.append(await store.get(key))
        await store.set("secret", "of the thief")

    @owner.on("comment", content="look")
    async def look(store: AsyncStore) -> None:
        found.append(await store.get("secret"))

    bot, _ = bot_with(owner)
    bot.include(thief)
    async with scratch.running(bot):
        for text in ("hi", "look"):
            scratch.user("alice").comment(104, text)
            await scratch.settled(bot)
    assert sorted(filter(None, found)) == ["of the owner", "of the thief"]


async def test_a_blocked_loop_is_named_and_what_never_ends_is_left_behind(
    scratch: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scratchbot.runtime.watchdog.ASK_EVERY", 0.05)
    plugin, left = Plugin("rude"), []

    @plugin.on("comment", content="block")
    async def block() -> None:
        time.sleep(1)  # noqa: ASYNC251 # that is what it tries

    @plugin.on("comment", content="leave")
    async def leave() -> None:
        left.append(asyncio.create_task(asyncio.sleep(3600), name="left behind"))

    bot, _ = bot_with(plugin)
    with capture_logs() as logs:
        async with scratch.running(bot):
            for text in ("block", "leave"):
                scratch.user("alice").comment(104, text)
                await scratch.settled(bot)
            answered = scratch.user("bob").comment(104, "!ping")
            await scratch.settled(bot)
    left[0].cancel()
    assert answered.replies == ["pong"]
    named = {log["event"]: log for log in logs}
    assert "block" in named["loop_blocked"]["task"]
    assert "leave" in named["task_leaked"]["handler"]


async def test_a_session_that_was_kept_is_worth_nothing_after_the_run(scratch: Scratch) -> None:
    plugin, kept, refused = Plugin("hoarder", permissions=["comment.reply"]), [], []

    @plugin.on("comment")
    async def keep(event: CommentEvent, session: AsyncScratchSession) -> None:
        kept.append((session, event))

    bot, _ = bot_with(plugin)
    async with scratch.running(bot):
        comment = scratch.user("alice").comment(104, "hi")
        await scratch.settled(bot)
        session, event = kept[0]
        with pytest.raises(ScratchbotError, match="this handler's run is over") as caught:
            await session.reply(event, "late")
        refused.append(caught.value)
    assert comment.replies == []


@pytest.mark.parametrize(
    ("register", "error", "said"),
    [
        (lambda bot: bot.include(Plugin("greedy")), RegistrationError, "called 'greedy' already"),
        (lambda bot: bot.include(Plugin("bot")), RegistrationError, "called 'bot' already"),
        (lambda bot: bot.include(_commanding()), RegistrationError, "has a command '!ping'"),
        (lambda bot: Plugin(":bot"), RegistrationError, "':bot' is no name"),
        (lambda bot: Plugin("p", permissions=["all"]), RegistrationError, "no permission 'all'"),
        (lambda bot: bot.load("nowhere"), AppError, "no plugin 'nowhere' is installed"),
    ],
)
async def test_a_name_that_is_taken_or_unknown_is_refused(
    register: Callable[[Bot], object], error: type[Exception], said: str
) -> None:
    bot, _ = bot_with(Plugin("greedy"))
    with pytest.raises(error, match=said):
        register(bot)


def _commanding() -> Plugin:
    plugin = Plugin("commanding", permissions=["comment.reply"])

    @plugin.command("!ping")
    async def ping() -> str:
        return "mine"

    return plugin


async def test_exits_endless_errors_and_wrong_returns_hurt_nobody_else(scratch: Scratch) -> None:
    plugin = Plugin("broken", permissions=["comment.reply"])

    class UnprintableError(Exception):
        def __str__(self) -> str:
            raise RuntimeError("no text")

    @plugin.on("comment", retries=0)
    async def leave() -> None:
        raise SystemExit(3)

    @plugin.on("comment", retries=0)
    async def shout() -> None:
        raise UnprintableError

    @plugin.on("comment", retries=0)
    async def dive() -> None:
        def deeper() -> None:
            deeper()

        deeper()

    @plugin.command("!odd")
    async def odd() -> object:
        return object()

    bot, troubles = bot_with(plugin)
    async with scratch.running(bot):
        comment = scratch.user("alice").comment(104, "!ping")
        odd_one = scratch.user("alice").comment(104, "!odd")
        with pytest.raises(AssertionError, match="SystemExit"):
            await scratch.settled(bot)
    assert comment.replies == ["pong"]
    assert odd_one.replies == []
    assert len(troubles) == 6


async def test_settings_that_a_plugin_refuses_stop_the_start_with_its_words(
    scratch: Scratch,
) -> None:
    from dataclasses import dataclass

    @dataclass
    class Picky:
        colour: str = "red"

        def __post_init__(self) -> None:
            if self.colour == "blue":
                raise ValueError("colour: anything but blue")

    bot, _ = bot_with(Plugin("picky", config=Picky))
    settings = Settings(
        network=Network(endpoint=scratch.address, limits=False),
        plugins={"picky": {"colour": "blue"}},
    )
    with pytest.raises(SettingsError, match=r"\[plugins\.picky\]: colour: anything but blue"):
        async with scratch.running(bot, settings=settings):
            pass
