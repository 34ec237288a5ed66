from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scratchbot.errors import UnexpectedAnswerError
from scratchbot.wire.fields import time


def test_a_time_without_a_zone_means_utc() -> None:
    assert time("2022-03-31T10:00:00") == datetime(2022, 3, 31, 10, tzinfo=UTC)
    assert time("2022-03-31T10:00:00+02:00") == datetime(2022, 3, 31, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "wrong", ["", "yesterday", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"]
)
def test_what_is_no_time_is_one_of_our_errors(wrong: str) -> None:
    with pytest.raises(UnexpectedAnswerError):
        time(wrong)


@given(st.text(max_size=40) | st.datetimes().map(str))
def test_any_text_is_a_time_or_one_of_our_errors(written: str) -> None:
    try:
        assert time(written).tzinfo is UTC
    except UnexpectedAnswerError as error:
        assert "\n" not in str(error)
