"""A daemon that is killed, or whose disk is full, at any moment, answers each comment once."""

import signal
import time
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import settings

from scratchbot.sandbox.weather import read_weather
from tests.delivery.dying import PROJECT, fill_the_disk, start, start_for_good
from tests.delivery.visitor import Visitor
from tests.scratch import Scratch

KILLS = 30
IS_NIGHT = settings().max_examples > 100
LONGEST_LIFE = 100
"""Requests; most lives are much shorter."""
LONGEST_NIGHT = 0.2
STORM: list[dict[str, Any]] = [
    {"status": 503, "share": 0.1},
    {"method": "POST", "path": "/proxy/*", "reset": True, "share": 0.1},
    {"method": "GET", "path": "*/comments", "stale": 0.2, "share": 0.1},
    {"path": "*/comments", "reorder": True, "share": 0.1},
    {"truncate": True, "share": 0.03},
    {"log_out": True, "share": 0.02},
]


def lived(scratch: Scratch, folder: Path, die_at: int | None = None) -> int | None:
    """Let the daemon live until it has answered or died; return how many moments it lived for."""
    moments = folder / "moments"
    moments.unlink(missing_ok=True)
    process = start(scratch.address, folder / "bot.db", moments, die_at)
    process.join(60)
    assert process.exitcode in (0, -signal.SIGKILL)
    return int(moments.read_text()) if process.exitcode == 0 else None


def test_a_daemon_killed_at_any_moment_answers_each_comment_once(
    scratch: Scratch, tmp_path: Path
) -> None:
    lived(scratch, tmp_path)
    scratch.user("alice").comment(PROJECT, "first")
    moments = lived(scratch, tmp_path)
    assert moments is not None
    deaths = 0
    for moment in range(1, moments + 1):
        comment = scratch.user("alice").comment(PROJECT, f"killed at {moment}")
        deaths += lived(scratch, tmp_path, moment) is None
        lived(scratch, tmp_path)
        assert len(comment.replies) == 1, f"killed at moment {moment}"
    assert deaths > moments / 2


def test_a_daemon_killed_again_and_again_while_people_talk_answers_each_once(
    scratch: Scratch, tmp_path: Path
) -> None:
    random = Random(1)
    lived(scratch, tmp_path)
    said = []
    for number in range(2 * KILLS):
        said.append(scratch.user("alice").comment(PROJECT, f"number {number}"))
        if number % 2:
            lived(scratch, tmp_path, random.randrange(1, 120))
    lived(scratch, tmp_path)
    assert [len(comment.replies) for comment in said] == [1] * 2 * KILLS


def test_a_daemon_whose_disk_is_full_ends_and_answers_each_comment_once_when_there_is_room(
    scratch: Scratch, tmp_path: Path
) -> None:
    lived(scratch, tmp_path)
    moments, ends = tmp_path / "moments", 0
    for moment in range(1, 1_000, 2):
        comment = scratch.user("alice").comment(PROJECT, f"full at {moment}")
        process = start(scratch.address, tmp_path / "bot.db", moments, moment, fill_the_disk)
        process.join(60)
        if process.exitcode == 0:
            break
        assert "check that its disk works and has room" in moments.read_text()
        ends += 1
        lived(scratch, tmp_path)
        assert len(comment.replies) == 1, f"full at moment {moment}"
    assert ends > 10


@pytest.mark.parametrize(
    ("kills", "rules"),
    [(200 if IS_NIGHT else 60, []), (200 if IS_NIGHT else 30, STORM)],
    ids=["calm", "storm"],
)
def test_a_daemon_killed_again_and_again_while_people_never_pause_answers_each_once(
    kills: int, rules: list[dict[str, Any]], scratch: Scratch, tmp_path: Path
) -> None:
    random, visitor, store = Random(1), Visitor(scratch, seed=1), tmp_path / "bot.db"
    lived(scratch, tmp_path)
    with visitor.talking():
        scratch.do(lambda: scratch.sandbox.weather.set(*read_weather({"seed": 1, "rules": rules})))
        for _ in range(kills):
            live_and_be_killed(scratch, store, random)
            if random.random() < 0.1:
                time.sleep(random.uniform(0, LONGEST_NIGHT))
    scratch.weather()
    last = start_for_good(scratch.address, store)
    wait_for_answers(visitor)
    last.kill()
    last.join()
    lived(scratch, tmp_path)
    answers = visitor.answers
    assert len(answers) > kills
    assert set(answers.values()) == {1}, [said for said, n in answers.items() if n != 1]


def wait_for_answers(visitor: Visitor) -> None:
    """Wait until all that she said is answered; asking more often would hold the sandbox up."""
    deadline = time.monotonic() + 120
    while not all(visitor.answers.values()):
        assert time.monotonic() < deadline, "waited in vain for all answers"
        time.sleep(0.5)


def live_and_be_killed(scratch: Scratch, store: Path, random: Random) -> None:
    """Let a daemon live for some requests, mostly few, and kill it between the next two."""
    log = scratch.sandbox.requests.requests
    goal = log[-1].number + min(3 * random.paretovariate(1), LONGEST_LIFE)
    process = start_for_good(scratch.address, store)
    while log[-1].number < goal and process.is_alive():
        time.sleep(random.uniform(0, 0.002))
    process.kill()
    process.join()
