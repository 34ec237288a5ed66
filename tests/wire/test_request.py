"""What requests and answers are worth by themselves."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scratchbot.errors import RateLimitedError
from scratchbot.wire import accounts
from scratchbot.wire.request import SAMPLE, SAMPLED, Answer, by_site_clock, refusal, retry_after

NOON = "Thu, 01 Jan 2026 12:00:00 GMT"


@given(st.text(max_size=40), st.one_of(st.none(), st.just(NOON), st.text(max_size=40)))
@example("9" * 5000, None)
@example("Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 0001 00:00:00 GMT")
@example("Fri, 31 Dec 9999 23:59:59 -2359", None)
def test_any_retry_after_is_a_wait_or_none(wanted: str, date: str | None) -> None:
    headers = {"retry-after": wanted} | ({} if date is None else {"date": date})
    answer = Answer(status=429, body=b"", headers=headers, at=datetime(2026, 1, 1, tzinfo=UTC))
    seconds = retry_after(answer)
    assert seconds is None or seconds >= 0
    assert isinstance(refusal(answer, "x"), RateLimitedError)


def test_a_time_to_wait_for_counts_from_the_site_s_clock_else_from_our_own() -> None:
    ours = datetime(2026, 1, 1, 11, 59, 50, tzinfo=UTC)
    headers = {"retry-after": "Thu, 01 Jan 2026 12:00:05 GMT"}
    assert retry_after(Answer(status=429, body=b"", headers=headers, at=ours)) == 15
    headers["date"] = NOON
    assert retry_after(Answer(status=429, body=b"", headers=headers, at=ours)) == 5
    headers["retry-after"] = "Thu, 01 Jan 2026 11:00:00 GMT"
    assert retry_after(Answer(status=429, body=b"", headers=headers, at=ours)) == 0


def test_no_request_and_no_answer_shows_what_it_carries() -> None:
    request = accounts.log_in("alice", "wonderland")
    answer = Answer(
        status=200,
        body=b'[{"token": "the-token"}]',
        headers={"set-cookie": "the-session"},
        cookies={"scratchsessionsid": "the-session"},
    )
    for secret in ("wonderland", "the-token", "the-session"):
        assert secret not in repr(request) + repr(answer)


@pytest.mark.parametrize("before", range(0, SAMPLE, 7))
def test_a_sample_shows_no_half_of_a_secret(before: int) -> None:
    body = "x" * before + ' {"token": "ABCDEF", "email": "ABC@DEF.example"} ' + "y" * SAMPLED
    sample = Answer(status=200, body=body.encode()).sample()
    assert len(sample) == SAMPLE
    assert "ABC" not in sample


@pytest.mark.parametrize(
    ("behind", "least"), [(0.0, 0.0), (1.9, 0.0), (60.0, 60.0), (-60.0, -60.0)]
)
def test_a_moment_by_the_site_s_clock_is_early_by_seconds_at_most(
    behind: float, least: float
) -> None:
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    answer = Answer(
        status=200, body=b"", headers={"date": NOON}, at=noon + timedelta(seconds=behind)
    )
    early = (noon - by_site_clock(answer, noon)).total_seconds()
    assert least <= early <= least + 2 * bool(least)
    assert by_site_clock(Answer(status=200, body=b"", at=noon), noon) == noon
