"""Counts over time, with a bot that runs on the local Scratch."""

import asyncio
import signal
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import structlog

from scratchbot import Bot
from scratchbot.aio.project import AsyncProject
from scratchbot.aio.session import AsyncScratchSession
from scratchbot.errors import SettingsError
from scratchbot.settings import Network, Settings
from scratchbot.testing import Scratch
from scratchbot_tracker import Tracker, plugin
from scratchbot_tracker.database import Database
from scratchbot_tracker.things import METRICS

Entry = MutableMapping[str, Any]

NOW = 1 << 40
"""Seconds: later than any test."""

FOR_AGES = 40_000_000
"""Minutes: one slot until 2046."""

STUDIO = 26135902


def tracking(scratch: Scratch, **things: Any) -> Bot:
    bot = Bot("numbers")
    bot.include(Tracker(clock=scratch.clock, **things))
    return bot


def settings(scratch: Scratch, folder: Path, **table: Any) -> Settings:
    return Settings(
        network=Network(endpoint=scratch.address, limits=False),
        plugins={"tracker": {"file": str(folder / "tracker.db")} | table},
    )


def values(folder: Path, thing: str, metric: str) -> list[int]:
    with closing(Database(folder / "tracker.db", is_reader=True)) as database:
        return [count.value for count in database.read(thing, metric, 0, NOW).counts]


async def pass_by(scratch: Scratch, bot: Bot, **time: float) -> None:
    scratch.jump(**time)
    await scratch.settled(bot)


@pytest.fixture
def logged() -> Iterator[list[Entry]]:
    with structlog.testing.capture_logs() as entries:
        yield entries


@pytest.mark.asyncio
async def test_a_love_is_seen_an_hour_later(scratch: Scratch, tmp_path: Path) -> None:
    bot = tracking(scratch, projects=[104])
    async with scratch.running(bot, settings=settings(scratch, tmp_path)):
        await pass_by(scratch, bot, minutes=1)
        scratch.user("bob").love(104)
        await pass_by(scratch, bot, hours=1)
    assert values(tmp_path, "project:104", "loves") == [66, 67]


@pytest.mark.asyncio
async def test_every_kind_of_thing_has_its_counts(scratch: Scratch, tmp_path: Path) -> None:
    bot = tracking(scratch, users=["ScratchCat"], projects=[105], studios=[STUDIO])
    first = scratch.user("bob").comment(105, "nice")
    scratch.user("alice").reply(first, "yes")
    scratch.user("bob").favorite(105)
    async with scratch.running(bot, settings=settings(scratch, tmp_path)):
        await pass_by(scratch, bot, minutes=1)
    with closing(Database(tmp_path / "tracker.db", is_reader=True)) as database:
        counted = {pair: values(tmp_path, *pair) for pair in database.series()}
    project = scratch.world.projects[105]
    assert counted == {
        ("user:scratchcat", "followers"): [len(scratch.world.users["scratchcat"].followers)],
        ("project:105", "views"): [project.views],
        ("project:105", "loves"): [12],
        ("project:105", "favorites"): [1],
        ("project:105", "remixes"): [1],
        ("project:105", "comments"): [len(scratch.comments(105))],
        (f"studio:{STUDIO}", "followers"): [0],
        (f"studio:{STUDIO}", "managers"): [2],
        (f"studio:{STUDIO}", "projects"): [2],
    }


@pytest.mark.asyncio
async def test_between_two_readings_the_site_is_left_in_peace(
    scratch: Scratch, tmp_path: Path, logged: list[Entry]
) -> None:
    bot = tracking(scratch, projects=[104])
    async with scratch.running(bot, settings=settings(scratch, tmp_path, every_minutes=FOR_AGES)):
        await pass_by(scratch, bot, minutes=1)
        scratch.weather(status=503)
        for _ in range(5):
            await pass_by(scratch, bot, days=1)
    assert len(values(tmp_path, "project:104", "views")) == 1
    assert "count_missed" not in [entry["event"] for entry in logged]


@pytest.mark.asyncio
async def test_a_project_that_is_not_shared_is_tried_again_and_the_others_go_on(
    scratch: Scratch, tmp_path: Path, logged: list[Entry]
) -> None:
    bot = tracking(scratch, projects=[105, 104])
    scratch.act("unshare", "scratchcat", 105)
    async with scratch.running(bot, settings=settings(scratch, tmp_path, every_minutes=FOR_AGES)):
        for _ in range(3):
            await pass_by(scratch, bot, minutes=1)
        assert values(tmp_path, "project:105", "loves") == []
        assert len(values(tmp_path, "project:104", "loves")) == 1
        missed = [entry for entry in logged if entry["event"] == "count_missed"]
        assert [(one["thing"], one["error"]) for one in missed] == [
            ("project:105", "NotFoundError"),
            ("project:105", "NotFoundError"),
        ]
        scratch.act("share", "scratchcat", 105)
        await pass_by(scratch, bot, minutes=5)
    assert values(tmp_path, "project:105", "loves") == [12]


@pytest.mark.asyncio
async def test_what_was_read_stays_when_the_rest_cannot_be_read(
    scratch: Scratch, tmp_path: Path
) -> None:
    bot = tracking(scratch, projects=[104])
    scratch.weather(path="*/comments*", status=404)
    async with scratch.running(bot, settings=settings(scratch, tmp_path, every_minutes=FOR_AGES)):
        await pass_by(scratch, bot, minutes=1)
        scratch.user("bob").love(104)
        scratch.weather()
        await pass_by(scratch, bot, minutes=5)
    assert values(tmp_path, "project:104", "loves") == [66]
    assert len(values(tmp_path, "project:104", "comments")) == 1


@pytest.mark.asyncio
async def test_an_outage_is_a_gap(scratch: Scratch, tmp_path: Path) -> None:
    bot = tracking(scratch, users=["alice"])
    async with scratch.running(bot, settings=settings(scratch, tmp_path)):
        await pass_by(scratch, bot, minutes=1)
        scratch.weather(status=503)
        for _ in range(3):
            await pass_by(scratch, bot, hours=1)
        scratch.weather()
        await pass_by(scratch, bot, hours=1)
    with closing(Database(tmp_path / "tracker.db", is_reader=True)) as database:
        before, after = database.read("user:alice", "followers", 0, NOW).counts
    assert not before.is_followed_by(after)


@pytest.mark.asyncio
async def test_after_a_restart_it_goes_on_in_the_same_file(
    scratch: Scratch, tmp_path: Path
) -> None:
    for minutes in (FOR_AGES, FOR_AGES, 60):
        bot = tracking(scratch, projects=[104])
        chosen = settings(scratch, tmp_path, every_minutes=minutes)
        async with scratch.running(bot, store=tmp_path / "bot.db", settings=chosen):
            await pass_by(scratch, bot, minutes=1)
        scratch.user("bob").love(104)
    assert values(tmp_path, "project:104", "loves") == [66, 67]


@pytest.mark.asyncio
async def test_a_run_that_was_killed_counts_nothing_twice(scratch: Scratch, tmp_path: Path) -> None:
    program = tmp_path / "dying.py"
    program.write_text(_DYING)
    dying = await asyncio.create_subprocess_exec(
        sys.executable, str(program), scratch.address, str(tmp_path)
    )
    async with asyncio.timeout(60):
        assert await dying.wait() == -signal.SIGKILL
    assert values(tmp_path, "project:104", "loves") == [66]
    assert values(tmp_path, "project:105", "loves") == []
    scratch.user("bob").love(104)
    scratch.jump(hours=5)
    began = int(scratch.clock.timestamp())
    bot = tracking(scratch, projects=[104, 105])
    chosen = settings(scratch, tmp_path, every_minutes=FOR_AGES)
    async with scratch.running(bot, store=tmp_path / "bot.db", settings=chosen):
        await scratch.settled(bot)
    assert values(tmp_path, "project:104", "loves") == [66]
    with closing(Database(tmp_path / "tracker.db", is_reader=True)) as database:
        (count,) = database.read("project:105", "loves", 0, NOW).counts
    assert count.value == 12
    assert count.at >= began


_DYING = """
import os, signal, sys
from pathlib import Path
from scratchbot import Bot
from scratchbot.aio.project import AsyncProject
from scratchbot.aio.session import AsyncScratchSession
from scratchbot.runtime.launch import launch
from scratchbot_tracker import Tracker, checking

read = checking.read


def dying(session, thing):
    if thing.key == "105":
        os.kill(os.getpid(), signal.SIGKILL)
    return read(session, thing)


checking.read = dying
sys.modules["scratchbot_tracker.plugin"].CHECK_SECONDS = 1
folder = Path(sys.argv[2])
(folder / "scratchbot.toml").write_text(
    f'[plugins.tracker]\\nfile = "{folder}/tracker.db"\\nevery_minutes = 40000000\\n'
)
os.environ["SCRATCHBOT_ENDPOINT"], os.environ["SCRATCHBOT_LIMITS"] = sys.argv[1], "off"
bot = Bot("numbers")
bot.include(Tracker(projects=[104, 105]))
sys.exit(launch(bot, folder=folder, store=folder / "bot.db"))
"""


@pytest.mark.asyncio
async def test_the_daily_report_tells_what_grew(
    scratch: Scratch, tmp_path: Path, logged: list[Entry]
) -> None:
    bot = tracking(scratch, projects=[104], users=["alice"])
    chosen = settings(scratch, tmp_path, report_folder=str(tmp_path / "reports"))
    scratch.act(
        "edit_project", "scratchcat", 104, title="<b>Best</b> ![](http://x.example)\n# game"
    )
    async with scratch.running(bot, settings=chosen):
        await pass_by(scratch, bot, minutes=1)
        scratch.user("bob").love(104)
        for _ in range(26):
            await pass_by(scratch, bot, hours=1)
    reports = [entry for entry in logged if entry["event"] == "report"]
    assert "project:104 loves +1" in [one["text"] for one in reports]
    assert len({one["day"] for one in reports}) == len(reports)
    folders = sorted((tmp_path / "reports").iterdir())
    assert [folder.name for folder in folders] == [one["day"] for one in reports]
    texts = [(folder / "report.md").read_text("utf-8") for folder in folders]
    assert any("| loves | 67 | +1 |" in text for text in texts)
    for folder, text in zip(folders, texts, strict=True):
        assert "<b>" not in text
        assert "](http" not in text
        assert "![loves](project-104-loves.svg)" in text
        assert {file.name for file in folder.iterdir()} == {
            "report.md",
            "user-alice-followers.svg",
            *(f"project-104-{one}.svg" for one in METRICS["project"]),
        }
    assert "Best" not in str(logged)


@pytest.mark.asyncio
async def test_a_report_that_cannot_be_written_is_tried_again_and_counting_goes_on(
    scratch: Scratch, tmp_path: Path, logged: list[Entry]
) -> None:
    bot, folder = tracking(scratch, users=["alice"]), tmp_path / "reports"
    folder.write_text("a file is in the way")
    async with scratch.running(
        bot, settings=settings(scratch, tmp_path, report_folder=str(folder))
    ):
        await pass_by(scratch, bot, minutes=1)
        await pass_by(scratch, bot, days=1)
        assert len(values(tmp_path, "user:alice", "followers")) == 2
        assert "report_unwritten" in [entry["event"] for entry in logged]
        folder.unlink()
        await pass_by(scratch, bot, minutes=1)
    assert len(list(folder.glob("*/report.md"))) == 1


@pytest.mark.asyncio
async def test_the_projects_of_a_large_studio_are_all_counted(
    scratch: Scratch, tmp_path: Path
) -> None:
    for number in range(110):
        made = scratch.act("create_project", "scratchcat", {}, f"Maze {number}")
        scratch.act("share", "scratchcat", made.id)
        scratch.act("add_project", "scratchcat", STUDIO, made.id)
    bot = tracking(scratch, studios=[STUDIO])
    async with scratch.running(bot, settings=settings(scratch, tmp_path)):
        await pass_by(scratch, bot, minutes=1)
    assert values(tmp_path, f"studio:{STUDIO}", "projects") == [112]


@pytest.mark.asyncio
async def test_a_count_that_the_site_does_not_say_is_none_and_not_zero(
    scratch: Scratch, tmp_path: Path, logged: list[Entry], monkeypatch: pytest.MonkeyPatch
) -> None:
    get_project = AsyncScratchSession.get_project

    async def get_less(session: AsyncScratchSession, project: Any) -> AsyncProject:
        whole = await get_project(session, project)
        return replace(whole, raw={**whole.raw, "stats": {"views": 1040, "loves": None}})

    monkeypatch.setattr(AsyncScratchSession, "get_project", get_less)
    bot = tracking(scratch, projects=[104])
    async with scratch.running(bot, settings=settings(scratch, tmp_path)):
        await pass_by(scratch, bot, minutes=1)
    assert values(tmp_path, "project:104", "views") == [1040]
    assert values(tmp_path, "project:104", "loves") == []
    assert values(tmp_path, "project:104", "remixes") == []
    (missed,) = [entry for entry in logged if entry["event"] == "count_missed"]
    assert missed["error"] == "UnexpectedAnswerError"


@pytest.mark.asyncio
async def test_old_counts_are_deleted(scratch: Scratch, tmp_path: Path) -> None:
    bot = tracking(scratch, users=["alice"])
    async with scratch.running(bot, settings=settings(scratch, tmp_path, keep_days=2)):
        for _ in range(6):
            await pass_by(scratch, bot, days=1)
    assert 2 <= len(values(tmp_path, "user:alice", "followers")) <= 3


@pytest.mark.asyncio
async def test_the_installed_plugin_counts_what_the_settings_name(
    scratch: Scratch, tmp_path: Path
) -> None:
    bot = Bot("numbers")
    bot.load("tracker")
    assert bot.plugins == (plugin,)
    assert not plugin.permissions
    async with scratch.running(bot, settings=settings(scratch, tmp_path, users=["alice"])):
        await pass_by(scratch, bot, minutes=1)
        await pass_by(scratch, bot, hours=1)
    assert len(values(tmp_path, "user:alice", "followers")) == 2


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"every_minutes": 1}, "every_minutes is 1"),
        ({"report_hour": 24}, "report_hour is 24"),
        ({"keep_days": -1}, "keep_days is -1"),
        ({"file": ""}, "file is empty"),
        ({"users": ["../x"]}, "is no user name"),
        ({"projects": [-1]}, "is no id"),
    ],
)
async def test_a_setting_that_cannot_be_is_refused(
    scratch: Scratch, tmp_path: Path, table: dict[str, Any], said: str
) -> None:
    bot = tracking(scratch)
    with pytest.raises(SettingsError, match=said):
        async with scratch.running(bot, settings=settings(scratch, tmp_path, **table)):
            pass
