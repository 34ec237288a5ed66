"""What becomes of a run that fails."""

from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scratchbot.engines.engine import Run
from scratchbot.errors import (
    CommentRejectedError,
    ConflictError,
    ForbiddenError,
    InputError,
    NotLoggedInError,
    RateLimitedError,
    RegistrationError,
    Rejection,
    SiteDownError,
    UnexpectedAnswerError,
)
from scratchbot.policy import Policy
from scratchbot.runtime.retries import LONGEST_PAUSE, MOST_ATTEMPTS, decide
from tests.engines.test_local import event
from tests.test_events import AT


def run(attempts: int = 0, faults: int = 0) -> Run:
    return Run(number=1, event=event(1), handler="h", attempts=attempts, faults=faults)


def test_a_handler_that_fails_is_tried_again_as_often_as_its_author_says() -> None:
    decisions = [
        decide(KeyError("x"), run(n, n), Policy(retries=2), AT, Random(1)) for n in (0, 1, 2)
    ]
    assert [each.at is not None for each in decisions] == [True, True, False]
    assert all(each.fault for each in decisions)


@pytest.mark.parametrize(
    "error",
    [
        ForbiddenError("no"),
        ConflictError("it is there"),
        InputError("no"),
        CommentRejectedError(Rejection.BAD),
        CommentRejectedError(Rejection.DISALLOWED),
    ],
)
def test_what_a_second_try_cannot_change_is_not_tried_again(error: Exception) -> None:
    assert decide(error, run(), Policy(), AT, Random(1)).at is None


@pytest.mark.parametrize(
    "error",
    [
        SiteDownError("down"),
        UnexpectedAnswerError("maintenance"),
        NotLoggedInError("lost"),
        RateLimitedError("slow"),
        CommentRejectedError(Rejection.FLOOD),
        CommentRejectedError(Rejection.MUTED),
    ],
)
def test_what_passes_by_itself_is_waited_for_without_counting(error: Exception) -> None:
    retry = decide(error, run(attempts=500), Policy(retries=0), AT, Random(1))
    assert retry.at is not None
    assert not retry.fault
    assert decide(error, run(attempts=MOST_ATTEMPTS), Policy(), AT, Random(1)).at is None


def test_a_run_waits_as_long_as_the_site_says() -> None:
    until = AT + timedelta(hours=5)
    muted = decide(CommentRejectedError(Rejection.MUTED, until), run(), Policy(), AT, Random(1))
    slowed = decide(RateLimitedError("slow", 600), run(), Policy(), AT, Random(1))
    assert muted.at == until
    assert slowed.at == AT + timedelta(seconds=600)


@given(attempts=st.integers(0, MOST_ATTEMPTS - 2), seed=st.integers())
def test_pauses_grow_and_are_bounded(attempts: int, seed: int) -> None:
    retry = decide(SiteDownError("down"), run(attempts), Policy(), AT, Random(seed))
    assert retry.at is not None
    assert 0 <= (retry.at - AT).total_seconds() <= min(LONGEST_PAUSE, 2.0**attempts)


@pytest.mark.parametrize("wrong", [{"retries": -1}, {"timeout": 0}, {"concurrency": 0}])
def test_a_policy_that_cannot_be_kept_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(RegistrationError, match="give"):
        Policy(**wrong)
