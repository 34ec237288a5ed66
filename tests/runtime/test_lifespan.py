"""What plugins start and end, settings that include them, and what they may do."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from scratchbot import AsyncScratchSession, Bot, Plugin
from scratchbot.config import Secret
from scratchbot.errors import (
    AppError,
    PermissionDeniedError,
    RegistrationError,
    SettingsError,
)
from scratchbot.events import BotErrorEvent, CommentEvent, Event
from scratchbot.router import CallNext
from scratchbot.settings import Network, Settings, read_settings
from scratchbot.watch import ProjectComments, StudioComments
from tests.scratch import Scratch
from tests.test_plugins import WORKING, install

pytestmark = pytest.mark.asyncio


@dataclass(frozen=True)
class Config:
    greeting: str = "Hi"
    fails: bool = False


def living(name: str, steps: list[str]) -> Plugin:
    plugin = Plugin(name, config=Config, permissions=["comment.reply"])

    @plugin.lifespan
    async def live(config: Config) -> AsyncIterator[str]:
        if config.fails:
            raise OSError("no such file\nat all")
        steps.append(f"{name} starts")
        yield f"{config.greeting} from {name}"
        steps.append(f"{name} ends")

    @plugin.on("comment")
    async def greet(event: CommentEvent, session: AsyncScratchSession, state: str) -> None:
        await session.reply(event, state)

    return plugin


def settings(scratch: Scratch, **more: Any) -> Settings:
    return Settings(network=Network(endpoint=scratch.address, limits=False), **more)


async def test_what_plugins_start_ends_in_reverse(scratch: Scratch) -> None:
    steps: list[str] = []
    bot = Bot("bot")
    bot.watch(ProjectComments(104))

    @bot.lifespan
    async def live(bot: Bot) -> AsyncIterator[None]:
        steps.append(f"{bot.name} starts")
        yield
        steps.append("bot ends")

    for name in ("one", "two"):
        bot.include(living(name, steps))
    async with scratch.running(bot):
        asked = scratch.user("alice").comment(104, "hi")
        await scratch.settled(bot)
    assert steps == ["bot starts", "one starts", "two starts", "two ends", "one ends", "bot ends"]
    assert sorted(asked.replies) == ["Hi from one", "Hi from two"]


async def test_a_plugin_that_does_not_start_is_named_and_its_work_is_kept(
    scratch: Scratch, tmp_path: Path
) -> None:
    troubles: list[str] = []

    def make() -> Bot:
        bot = Bot("bot")
        bot.watch(ProjectComments(104))
        bot.include(living("one", []))
        bot.include(living("two", []))

        @bot.on("bot.error")
        async def note(event: BotErrorEvent) -> None:
            troubles.append(event.error)

        return bot

    bot, store = make(), tmp_path / "bot.db"
    failing = settings(scratch, plugins={"one": {"fails": True}})
    async with scratch.running(bot, store=store, settings=failing):
        asked = scratch.user("alice").comment(104, "hi")
        await scratch.settled(bot)
    assert asked.replies == ["Hi from two"]
    assert len(troubles) == 1
    assert "'one' did not start" in troubles[0]
    assert "OSError: no such file" in troubles[0]
    bot = make()
    async with scratch.running(bot, store=store):
        await scratch.settled(bot)
    assert asked.replies == ["Hi from two", "Hi from one"]


async def test_a_plugin_that_does_not_start_stops_the_bot_if_its_owner_says_so(
    scratch: Scratch,
) -> None:
    steps: list[str] = []
    bot = Bot("bot")
    bot.include(living("one", steps))
    bot.include(living("two", steps))
    strict = settings(scratch, plugins={"two": {"fails": True}}, failed_plugins="stop")
    with pytest.raises(AppError, match="'two' did not start: OSError"):
        async with scratch.running(bot, settings=strict):
            pass
    assert steps == ["one starts", "one ends"]


async def test_an_end_that_fails_is_told_and_keeps_nothing_else_from_ending(
    scratch: Scratch,
) -> None:
    steps: list[str] = []
    bot, plugin = Bot("bot"), Plugin("late")
    bot.include(living("one", steps))

    @plugin.lifespan
    async def live() -> AsyncIterator[None]:
        yield
        raise OSError("too late")

    bot.include(plugin)
    with capture_logs() as logs:
        async with scratch.running(bot):
            pass
    assert steps == ["one starts", "one ends"]
    (told,) = [log for log in logs if log["event"] == "plugin_end_failed"]
    assert (told["plugin"], told["error"]) == ("late", "OSError: too late")


@pytest.mark.parametrize("ending", [SystemExit(3), asyncio.CancelledError("over")], ids=repr)
@pytest.mark.parametrize("moment", ["start", "end"])
async def test_a_lifespan_that_would_end_the_program_is_named_and_ends_nothing_else(
    scratch: Scratch, ending: BaseException, moment: str
) -> None:
    steps: list[str] = []
    bot, plugin = Bot("bot"), Plugin("leaving")
    bot.watch(ProjectComments(104))
    bot.include(living("one", steps))

    @plugin.lifespan
    async def live() -> AsyncIterator[None]:
        if moment == "start":
            raise ending
        yield
        raise ending

    bot.include(plugin)
    bot.include(living("two", steps))
    with capture_logs() as logs:
        async with scratch.running(bot):
            asked = scratch.user("alice").comment(104, "hi")
            await scratch.settled(bot)
    assert sorted(asked.replies) == ["Hi from one", "Hi from two"]
    assert steps == ["one starts", "two starts", "two ends", "one ends"]
    named = "plugin_failed" if moment == "start" else "plugin_end_failed"
    (told,) = [log for log in logs if log["event"] == named]
    assert (told["plugin"], told["error"]) == ("leaving", f"{type(ending).__name__}: {ending}")


@pytest.mark.parametrize(
    ("times", "named", "said"),
    [
        (0, "plugin_failed", "its lifespan ended without a yield: let it yield once"),
        (2, "plugin_end_failed", "its lifespan has yielded twice, and ends there"),
    ],
)
async def test_a_lifespan_that_does_not_yield_once_is_named_with_its_line(
    scratch: Scratch, times: int, named: str, said: str
) -> None:
    bot, plugin = Bot("bot"), Plugin("strange")

    @plugin.lifespan
    async def live() -> AsyncIterator[None]:
        for _ in range(times):
            yield

    bot.include(plugin)
    with capture_logs() as logs:
        async with scratch.running(bot):
            pass
    (told,) = [log for log in logs if log["event"] == named]
    assert told["plugin"] == "strange"
    assert said in told["error"]
    assert re.search(r"test_lifespan\.py:\d+\)$", told["error"])


@pytest.mark.parametrize(
    "register",
    [
        lambda bot: bot.on("comment")(_wanting),
        lambda bot: bot.every(hours=1)(_wanting),
        lambda bot: bot.lifespan(_endless),
        lambda bot: bot.middleware(_through),
        lambda bot: bot.include(Plugin("late")),
    ],
)
async def test_what_is_registered_after_the_loading_is_refused_with_its_place(
    scratch: Scratch, register: Any
) -> None:
    bot, plugin, refused = Bot("bot"), Plugin("hasty"), list[str]()

    def try_to(register: Any) -> None:
        with pytest.raises(RegistrationError, match=r"test_lifespan\.py:\d+\)$") as caught:
            register(bot)
        refused.append(str(caught.value))

    @plugin.lifespan
    async def live(bot: Bot) -> AsyncIterator[None]:
        try_to(register)
        bot.watch(ProjectComments(104))
        yield

    @bot.on("comment")
    async def hear(event: CommentEvent) -> None:
        try_to(register)
        try_to(lambda bot: bot.watch(ProjectComments(105)))

    bot.include(plugin)
    async with scratch.running(bot):
        scratch.user("alice").comment(104, "hi")
        await scratch.settled(bot)
    assert len(refused) == 3
    assert "'bot' has started, and nothing would run this" in refused[1]
    assert "'bot' runs already and would not see" in refused[2]
    bot.watch(ProjectComments(105))


async def test_a_plugin_is_included_twice_with_settings_of_each(scratch: Scratch) -> None:
    bot, plugin = Bot("bot"), living("polite", [])
    bot.watch(ProjectComments(104))
    bot.include(plugin)
    bot.include(plugin, "very-polite")
    with pytest.raises(RegistrationError, match="include it under another, with name="):
        bot.include(plugin)
    tables = {"polite": {"greeting": "Hello"}, "very-polite": {"greeting": "Good day"}}
    async with scratch.running(bot, settings=settings(scratch, plugins=tables)):
        asked = scratch.user("alice").comment(104, "hi")
        await scratch.settled(bot)
    assert sorted(asked.replies) == ["Good day from polite", "Hello from polite"]


async def test_a_table_includes_an_installed_plugin_under_any_name(
    scratch: Scratch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, "polite_plugin", WORKING, monkeypatch)
    bot = Bot("bot")
    bot.watch(ProjectComments(104))
    tables = {"polite": {}, "again": {"plugin": "polite", "permissions": []}}
    async with scratch.running(bot, settings=settings(scratch, plugins=tables)):
        asked = scratch.user("alice").comment(104, "hi")
        with pytest.raises(AssertionError, match=r"again\.greet failed: PermissionDeniedError"):
            await scratch.settled(bot)
    assert [plugin.name for plugin in bot.plugins] == ["polite", "again"]
    assert asked.replies == ["Good day"]


async def test_two_tables_of_a_plugin_with_commands_are_refused_and_both_are_named(
    scratch: Scratch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commanding = f"{WORKING}\n\n@plugin.command('!thank')\nasync def thank(): ...\n"
    install(tmp_path, "commanding_plugin", commanding, monkeypatch)
    tables: dict[str, Any] = {"polite": {}, "again": {"plugin": "polite"}}
    with pytest.raises(SettingsError) as caught:
        async with scratch.running(Bot("bot"), settings=settings(scratch, plugins=tables)):
            pass
    assert str(caught.value) == (
        "scratchbot.toml: [plugins.again]: 'again' has a command '!thank', and so has 'polite'; "
        "a bot can have it once: leave one of them out"
    )


async def test_the_environment_sets_a_plugin_and_its_secrets_reach_no_log(
    scratch: Scratch, tmp_path: Path
) -> None:
    @dataclass(frozen=True)
    class Hidden:
        url: Secret
        note: Secret
        times: int = 1

    seen: list[Hidden] = []
    plugin = Plugin("hidden", config=Hidden)
    plugin.watch(ProjectComments(104))

    @plugin.on("comment", retries=0)
    async def handle(config: Hidden) -> None:
        seen.append(config)
        raise ValueError(f"{config} {config.url.reveal()}")

    bot = Bot("bot")
    bot.include(plugin)
    file = tmp_path / "scratchbot.toml"
    file.write_text('[plugins.hidden]\nurl = "$HOOK"\n')
    environment = {
        "HOOK": "https://example.org/open-sesame",
        "SCRATCHBOT_PLUGINS_HIDDEN_TIMES": "3",
        "SCRATCHBOT_PLUGINS_HIDDEN_NOTE": "another-sesame",
        "SCRATCHBOT_ENDPOINT": scratch.address,
        "SCRATCHBOT_LIMITS": "off",
    }
    with capture_logs() as logs:
        async with scratch.running(bot, settings=read_settings(environment, file)):
            scratch.user("alice").comment(104, "hi")
            with pytest.raises(AssertionError, match="failed: ValueError") as caught:
                await scratch.settled(bot)
    assert (seen[0].times, seen[0].note.reveal()) == (3, "another-sesame")
    assert "sesame" not in str(caught.value) + repr([log for log in logs if "exc_info" not in log])


async def test_grounds_bound_where_a_plugin_acts(scratch: Scratch) -> None:
    plugin, refused = Plugin("polite", permissions=["comment.reply"]), []
    plugin.watch(ProjectComments(104), StudioComments(26135902))

    @plugin.on("comment")
    async def greet(event: CommentEvent, session: AsyncScratchSession) -> None:
        try:
            await session.reply(event, "Hi")
        except PermissionDeniedError as error:
            refused.append(str(error))

    bot = Bot("bot")
    bot.include(plugin)
    tables = {"polite": {"grounds": ["studio:26135902", "profile"]}}
    async with scratch.running(bot, settings=settings(scratch, plugins=tables)):
        here = scratch.user("alice").comment("studio:26135902", "hi")
        there = scratch.user("alice").comment(104, "hi")
        await scratch.settled(bot)
    assert (here.replies, there.replies) == (["Hi"], [])
    assert refused == [
        "'polite' may not do comment.reply on project:104: its grounds are profile, "
        "studio:26135902; the bot's owner can add to them in scratchbot.toml"
    ]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"permissions": ["comment.repli"]}, "did you mean 'comment.reply'"),
        ({"permissions": "comment.reply"}, "must be a list of texts"),
        ({"grounds": ["my studio"]}, "'my studio' is none; write 'profile'"),
        ({"grounds": ["profile", "project:abc"]}, "'project:abc' is none; write 'profile'"),
        ({"grounds": ["studio:0104"]}, "'studio:0104' is none; write .* 'studio:26135902'"),
        ({"grounds": ["profile:a b"]}, "'profile:a b' is none; write .* 'profile:NAME'"),
        ({"grounds": ["cloud:"]}, "'cloud:' is none"),
    ],
)
async def test_wrong_grants_stop_the_start(
    scratch: Scratch, table: dict[str, Any], said: str
) -> None:
    bot = Bot("bot")
    bot.include(Plugin("polite", permissions=["comment.reply"]))
    with pytest.raises(SettingsError, match=rf"scratchbot\.toml: \[plugins\.polite\].*{said}"):
        async with scratch.running(bot, settings=settings(scratch, plugins={"polite": table})):
            pass


async def test_social_acts_of_a_plugin_need_the_owner_s_word_too(scratch: Scratch) -> None:
    def make() -> tuple[Bot, list[str]]:
        bot, plugin, refused = Bot("bot"), Plugin("fan", permissions=["social"]), list[str]()
        plugin.watch(ProjectComments(104))

        @plugin.on("comment")
        async def love(session: AsyncScratchSession) -> None:
            try:
                await (await session.get_project(104)).love()
            except PermissionDeniedError as error:
                refused.append(str(error))

        bot.include(plugin)
        return bot, refused

    for table, expected in (({}, 1), ({"permissions": ["social"]}, 0)):
        bot, refused = make()
        with capture_logs() as logs:
            async with scratch.running(bot, settings=settings(scratch, plugins={"fan": table})):
                scratch.user("alice").comment(104, "hi")
                await scratch.settled(bot)
        assert len(refused) == expected
        told = [log for log in logs if log["event"] == "permission_not_granted"]
        assert len(told) == expected


@pytest.mark.parametrize(
    "register",
    [
        lambda bot: bot.lifespan(lambda: None),
        lambda bot: [bot.lifespan(_endless), bot.lifespan(_endless)],
        lambda bot: bot.lifespan(_wanting),
        lambda bot: bot.middleware(lambda event: None),
        lambda bot: Plugin("p", permissions=["everything"]),
        lambda bot: bot.include("polite"),
        lambda bot: Plugin("no name"),
    ],
)
async def test_what_can_never_start_is_refused_with_its_place(register: Any) -> None:
    with pytest.raises(RegistrationError, match=r"test_lifespan\.py:\d+\)$"):
        register(Bot("bot"))


async def _endless() -> AsyncIterator[None]:
    yield


async def _wanting(session: AsyncScratchSession) -> AsyncIterator[None]:
    yield


async def _through(event: Event, call_next: CallNext) -> object:
    return await call_next(event)
