"""Values that projects keep, with a bot that runs on the local Scratch."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scratchbot import Bot
from scratchbot.settings import Network, Settings
from scratchbot.testing import Scratch
from scratchbot.watch import Cloud
from scratchbot_cloud_requests.testing import Sprite
from scratchbot_cloud_storage import CloudStorage, plugin
from scratchbot_cloud_storage import database as limits
from scratchbot_cloud_storage.database import MOST_PLACES, Database

PROJECT = 105


def storing(*projects: int) -> tuple[Bot, CloudStorage]:
    bot = Bot("game")
    clouds = [Cloud(project) for project in projects or (PROJECT,)]
    storage = CloudStorage(*clouds, databases=["saves", "scores"])
    bot.include(storage)
    return bot, storage


@pytest.mark.asyncio
async def test_a_value_is_kept_over_restarts(scratch: Scratch, tmp_path: Path) -> None:
    sprite, store = Sprite(scratch, PROJECT, "alice"), tmp_path / "bot.db"
    bot, _ = storing()
    async with scratch.running(bot, store=store):
        assert await sprite.ask(bot, "set", "saves", "alice", "level 3 & 7 coins") == []
    bot, _ = storing()
    async with scratch.running(bot, store=store):
        assert await sprite.ask(bot, "get", "saves", "alice") == ["level 3 & 7 coins"]


@pytest.mark.asyncio
async def test_a_project_asks_what_there_is(scratch: Scratch) -> None:
    bot, sprite = storing()[0], Sprite(scratch, PROJECT, "alice")
    async with scratch.running(bot):
        assert await sprite.ask(bot, "ping") == ["Database backend is running"]
        assert await sprite.ask(bot, "database_names") == ["saves", "scores"]
        assert await sprite.ask(bot, "keys", "saves") == []
        for key in ("b", "a"):
            await sprite.ask(bot, "set", "saves", key, 1)
        assert await sprite.ask(bot, "keys", "saves") == ["b", "a"]


@pytest.mark.asyncio
async def test_what_there_is_not_is_an_error_that_says_so(scratch: Scratch) -> None:
    bot, sprite = storing()[0], Sprite(scratch, PROJECT, "alice")
    async with scratch.running(bot):
        missing = "Error: Key x doesn't exist in database saves"
        assert await sprite.ask(bot, "get", "saves", "x") == [missing]
        for request in (("get", "no", "x"), ("set", "no", "x", 1), ("keys", "no"), ("top", "no")):
            assert await sprite.ask(bot, *request) == ["Error: Database no doesn't exist"]
        assert await sprite.ask(bot, "get") == ["Write it like this: get&(database)&(key)"]


@pytest.mark.asyncio
async def test_a_leaderboard_keeps_the_best_of_each(scratch: Scratch) -> None:
    bot, sprite = storing()[0], Sprite(scratch, PROJECT, "alice")
    async with scratch.running(bot):
        assert await sprite.ask(bot, "submit", "scores", "alice", 30) == ["30"]
        assert await sprite.ask(bot, "submit", "scores", "alice", 20) == ["30"]
        assert await sprite.ask(bot, "submit", "scores", "bob", 40.5) == ["40.5"]
        assert await sprite.ask(bot, "top", "scores") == ["bob", "40.5", "alice", "30"]
        assert await sprite.ask(bot, "top", "scores", 1) == ["bob", "40.5"]
        refused = await sprite.ask(bot, "submit", "scores", "eve", "inf")
        assert refused is not None
        assert refused[0].startswith("score must be a number")


@pytest.mark.asyncio
async def test_projects_that_write_at_once_lose_nothing_of_each_other_s(scratch: Scratch) -> None:
    bot = storing(104, PROJECT)[0]
    sprites = [Sprite(scratch, 104, "alice"), Sprite(scratch, PROJECT, "bob")]
    async with scratch.running(bot):
        for number in range(20):
            for sprite in sprites:
                sprite.begin("set", "saves", f"{id(sprite)} {number}", number)
        await scratch.settled(bot)
        keys = await sprites[0].ask(bot, "keys", "saves")
    assert keys is not None
    assert len(keys) == 40


@pytest.mark.asyncio
async def test_handlers_of_one_s_own_answer_beside_it(scratch: Scratch) -> None:
    bot, storage = storing()
    sprite = Sprite(scratch, PROJECT, "alice")

    @storage.on("double")
    async def double(number: int) -> int:
        return 2 * number

    async with scratch.running(bot):
        assert await sprite.ask(bot, "double", 21) == ["42"]


@pytest.mark.asyncio
async def test_the_installed_plugin_serves_what_the_bot_watches_as_the_settings_say(
    scratch: Scratch,
) -> None:
    bot, sprite = Bot("game"), Sprite(scratch, PROJECT, "alice")
    bot.watch(Cloud(PROJECT))
    bot.include(plugin)
    async with scratch.running(bot):
        assert await sprite.ask(bot, "database_names") == ["storage"]
    settings = Settings(
        network=Network(endpoint=scratch.address, limits=False),
        plugins={"cloud-storage": {"databases": ["mine"]}},
    )
    async with scratch.running(bot, settings=settings):
        assert await sprite.ask(bot, "database_names") == ["mine"]


def test_a_database_that_is_full_keeps_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_CHARACTERS", 10)
    kept = Database("saves", {})
    assert kept.set("a", "123456789") == []
    assert kept.set("a", "12345678") == []
    assert kept.set("b", "1") == "Error: Database saves is full"
    assert kept.submit("b", 1) == "Error: Database saves is full"
    assert kept.values == {"a": "12345678"}


@given(st.dictionaries(st.text(), st.floats().map(str) | st.text()), st.integers(-5, 200))
def test_the_top_of_any_database_is_its_numbers_from_the_highest(
    values: dict[str, str], count: int
) -> None:
    top = Database("scores", values).top(count)
    scores = [float(value) for value in top[1::2]]
    numbers = [number for number in map(_number, values.values()) if number is not None]
    assert scores == sorted(numbers, reverse=True)[: max(count, 0)][:MOST_PLACES]
    assert all(values[key] == value for key, value in zip(top[::2], top[1::2], strict=True))


def _number(value: str) -> float | None:
    try:
        return float(value) if abs(float(value)) < float("inf") else None
    except ValueError:
        return None
