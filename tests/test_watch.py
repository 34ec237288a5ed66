from datetime import UTC, datetime

import pytest

from scratchbot.errors import InputError
from scratchbot.watch import (
    Activity,
    Cloud,
    Messages,
    ProfileComments,
    ProjectComments,
    StudioActivity,
    StudioComments,
)


def test_a_watch_has_the_name_that_its_events_bear_as_source() -> None:
    assert Messages().name == "messages"
    assert Activity().name == "activity"
    assert ProjectComments(104).name == "project-comments:104"
    assert ProjectComments("104") == ProjectComments(104)  # type: ignore[arg-type]
    assert StudioComments(1).name == "studio-comments:1"
    assert StudioActivity(1).name == "studio-activity:1"
    assert ProfileComments("GriffPatch").name == "profile-comments:griffpatch"
    assert Cloud(104).name == "cloud:104"
    assert Cloud(104, host="ws://127.0.0.1:9").name == "cloud:104:ws://127.0.0.1:9"


def test_every_watch_takes_its_own_interval() -> None:
    for watch in (Messages(every=3), Cloud(104, every=3), ProfileComments("a", every=3)):
        assert watch.every == 3
    with pytest.raises(InputError, match="above 0"):
        Messages(every=0)


@pytest.mark.parametrize("wrong", ["abc", 0, -1, 1.5, True, "1 OR 1"])
def test_what_is_no_id_is_refused(wrong: int) -> None:
    with pytest.raises(InputError, match="is no id"):
        ProjectComments(wrong)


@pytest.mark.parametrize("wrong", ["", "a b", "../x", "a" * 31])
def test_what_is_no_user_name_is_refused(wrong: str) -> None:
    with pytest.raises(InputError, match="is no user name"):
        ProfileComments(wrong)


def test_a_list_takes_a_time_or_a_number_to_begin_with() -> None:
    assert ProjectComments(104, since=datetime(2026, 1, 1, tzinfo=UTC)).since is not None
    assert StudioActivity(1, backfill=5).backfill == 5
    with pytest.raises(InputError, match="time zone"):
        Messages(since=datetime(2026, 1, 1))  # noqa: DTZ001
    with pytest.raises(InputError, match="below 0"):
        Activity(backfill=-1)
    with pytest.raises(InputError, match="give a number"):
        Activity(backfill=True)
    with pytest.raises(InputError, match="one of them"):
        ProfileComments("a", since=datetime(2026, 1, 1, tzinfo=UTC), backfill=1)
    with pytest.raises(TypeError):
        Cloud(104, backfill=5)  # type: ignore[call-arg]
