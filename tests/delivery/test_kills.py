"""A daemon that is killed, or whose disk is full, at any moment, answers each comment once."""

import signal
from pathlib import Path
from random import Random

from scratchbot.testing import Scratch
from tests.delivery.dying import PROJECT, fill_the_disk, start

KILLS = 100


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
