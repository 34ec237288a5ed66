"""What is remembered and written down has bounds, and settings have a form."""

import asyncio
from pathlib import Path

import pytest

from scratchbot.aio.store import AsyncStore
from scratchbot.config import Given, read_config
from scratchbot.engines.local import LocalEngine
from scratchbot.errors import InputError, SettingsError
from scratchbot_moderation import memory as limits
from scratchbot_moderation.__main__ import main
from scratchbot_moderation.audit import MOST_ENTRIES, Audit, Entry
from scratchbot_moderation.detection import Heard
from scratchbot_moderation.memory import (
    MOST_ON_SHELF,
    MOST_RECENT,
    MOST_STRIKES,
    Memory,
    Person,
    Strike,
)
from scratchbot_moderation.settings import Rule, Settings


async def _nothing(key: str) -> str | None:
    return None


def heard(number: int) -> Heard:
    return Heard(id=str(number), at=float(number), author="bob", mark="", is_new=True)


def entry(number: int) -> Entry:
    return Entry(
        at="2026-01-01T00:00:00+00:00",
        author="bob",
        place="project:104",
        comment_id=number,
        rules={"words": "meanie"},
        strikes=1,
        outcomes={},
    )


@pytest.mark.asyncio
async def test_only_the_newest_comments_are_remembered() -> None:
    memory = Memory(AsyncStore(_nothing))
    for number in range(20):
        await memory.remember(await memory.recent(), heard(number), seconds=5)
    assert [each.id for each in await memory.recent()] == ["15", "16", "17", "18", "19"]
    await memory.remember([heard(number) for number in range(2 * MOST_RECENT)], heard(0), 1e9)
    assert len(await memory.recent()) == MOST_RECENT


@pytest.mark.asyncio
async def test_people_without_strikes_are_forgotten_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "SHELVES", 1)
    store = AsyncStore(_nothing)
    memory = Memory(store)
    await memory.keep("Eve", Person(0).struck(Strike("1", 0, is_dry=False), -1))
    for number in range(MOST_ON_SHELF):
        await memory.keep(f"somebody {number}", Person(0))
    assert await memory.person("somebody 0") is None
    assert await memory.person("somebody 1") is not None
    person = await memory.person("eve")
    assert person is not None
    assert person.count(with_dry=False) == 1


def test_only_the_newest_strikes_of_a_person_are_kept() -> None:
    person = Person(0)
    for number in range(2 * MOST_STRIKES):
        person = person.struck(Strike(str(number), 1, is_dry=True), before=0)
    assert person.count(with_dry=True) == MOST_STRIKES


@pytest.mark.asyncio
async def test_the_audit_keeps_its_newest_entries() -> None:
    store = AsyncStore(_nothing)
    audit = Audit(store)
    assert await audit.last() == []
    for number in range(MOST_ENTRIES + 10):
        await audit.add(entry(number))
    assert [each.comment_id for each in await audit.last(2)] == [1009, 1008]
    assert len(await audit.last(10 * MOST_ENTRIES)) == MOST_ENTRIES
    assert len(store.writes()) == MOST_ENTRIES + 1


async def _write(store: Path, *entries: Entry) -> None:
    """Write an audit into a bot's store, as a bot does."""
    written = AsyncStore(_nothing)
    for each in entries:
        await Audit(written).add(each)
    engine = LocalEngine(store)
    await engine.open()
    for key, value in written.writes().items():
        await engine.keep("moderation", key, value)
    await engine.close()


def test_the_owner_reads_the_audit_in_a_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = tmp_path / "bot.db"
    asyncio.run(_write(store, *(entry(number) for number in (1, 2, 3))))
    assert main([str(store), "--last", "2"]) == 0
    said = "project:104 comment {}  words (meanie)  strike 1: nothing to do"
    lines = capsys.readouterr().out.splitlines()
    assert lines == [f"2026-01-01T00:00  bob  {said.format(number)}" for number in (2, 3)]


@pytest.mark.parametrize("content", [None, b"no database"])
def test_a_file_that_is_no_store_is_said_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    store = tmp_path / "bot.db"
    if content is not None:
        store.write_bytes(content * 1_000)
    assert main([str(store)]) == 1
    assert str(store) in capsys.readouterr().err


def test_the_last_step_holds_for_all_later_strikes() -> None:
    rule = Rule(steps=(("warn",), (), ("delete", "report")))
    steps = [rule.step(strikes) for strikes in range(1, 6)]
    assert steps == [("warn",), (), *[("delete", "report")] * 3]


def test_settings_are_read_from_a_table() -> None:
    table = {"words": {"forbidden": ["meanie"], "steps": [["warn"], ["delete", "report"]]}}
    given = Given(plugin="moderation", place="scratchbot.toml: [plugins.moderation]", table=table)
    settings = read_config(Settings, given)
    assert isinstance(settings, Settings)
    assert settings.act is False
    assert settings.words.step(5) == ("delete", "report")


@pytest.mark.parametrize(
    "table",
    [
        {"strike_days": 0},
        {"words": {"steps": []}},
        {"words": {"steps": [["ban"]]}},
        {"words": {"forbidden": ["x"]}},
        {"words": {"warning": ""}},
        {"words": {"warning": "x" * 451}},
        {"spam": {"times": 1}},
        {"floods": {"minutes": 0}},
        {"raids": {"people": 0}},
        {"capitals": {"share": 2}},
        {"trusted": ["@alice"]},
        {"links": {"allowed": ["https://example.org"]}},
        {"links": {"allowed": ["*.example.org"]}},
    ],
)
def test_settings_that_cannot_be_meant_are_refused(table: dict[str, object]) -> None:
    given = Given(plugin="moderation", place="scratchbot.toml: [plugins.moderation]", table=table)
    with pytest.raises((SettingsError, InputError)):
        read_config(Settings, given)
