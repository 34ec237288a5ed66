"""Finding the length of a list of the site."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scratchbot.errors import UnexpectedAnswerError
from scratchbot.wire.request import MAX_PAGE
from scratchbot_tracker.reading import length


@given(st.integers(0, 100_000) | st.integers(0, 2_000).map(lambda pages: pages * MAX_PAGE))
def test_the_length_of_any_list_is_found_in_few_requests(size: int) -> None:
    asked: list[int] = []

    async def page(start: int) -> range:
        asked.append(start)
        return range(start, size)[:MAX_PAGE]

    assert asyncio.run(length(page)) == size
    assert len(asked) <= 2 * (size // MAX_PAGE + 1).bit_length() + 1


@pytest.mark.asyncio
async def test_a_list_without_an_end_is_not_read_for_ever() -> None:
    async def page(start: int) -> range:
        return range(MAX_PAGE)

    with pytest.raises(UnexpectedAnswerError):
        await length(page)
