"""What is remembered of requests and answers has bounds."""

import pytest

from scratchbot.aio.store import AsyncStore
from scratchbot_cloud_requests.memory import (
    MOST_KEPT,
    MOST_OPEN,
    MOST_PIECES,
    MOST_SEEN,
    Answers,
    Requests,
)
from scratchbot_cloud_requests.wire import Piece

pytestmark = pytest.mark.asyncio


class Kept:
    """A store, and what its runs have left in it."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    async def take(self, request_id: str, digits: str, *, is_last: bool = True) -> str | None:
        store = AsyncStore(self._read)
        taken = await Requests(store, "cloud:1").take(Piece(request_id, digits, is_last))
        self._finish(store)
        return taken

    async def keep(self, request_id: str, packets: list[str]) -> None:
        store = AsyncStore(self._read)
        await Answers(store, "cloud:1").keep(request_id, packets)
        self._finish(store)

    async def packet(self, request_id: str, place: int) -> str | None:
        return await Answers(AsyncStore(self._read), "cloud:1").packet(request_id, place)

    def _finish(self, store: AsyncStore) -> None:
        for key, value in store.writes().items():
            if value is None:
                self.values.pop(key, None)
            else:
                self.values[key] = value

    async def _read(self, key: str) -> str | None:
        return self.values.get(key)


async def test_nothing_is_left_of_the_pieces_of_a_request_that_is_whole() -> None:
    kept = Kept()
    assert await kept.take("1", "12", is_last=False) is None
    assert await kept.take("1", "34", is_last=False) is None
    assert await kept.take("1", "56") == "123456"
    assert len(kept.values) == 1


async def test_a_request_that_was_taken_is_taken_again_once_it_is_long_ago() -> None:
    kept = Kept()
    for number in range(MOST_SEEN):
        assert await kept.take(str(number), "12") == "12"
    assert await kept.take("0", "12") is None
    assert await kept.take("0", "12", is_last=False) is None
    await kept.take("more", "12")
    assert await kept.take("0", "12") == "12"


async def test_the_oldest_request_that_never_was_completed_is_forgotten() -> None:
    kept = Kept()
    for number in range(MOST_OPEN + 1):
        await kept.take(str(number), "12", is_last=False)
    assert len(kept.values) == 1 + MOST_OPEN
    assert await kept.take("0", "34") == "34"
    assert await kept.take("1", "34") == "1234"


async def test_a_request_without_end_is_forgotten_and_the_rest_of_it_passed_over() -> None:
    kept = Kept()
    for _ in range(MOST_PIECES + 1):
        assert await kept.take("1", "12", is_last=False) is None
    assert len(kept.values) == 1
    assert await kept.take("1", "34") is None


async def test_only_the_newest_answers_are_kept() -> None:
    kept = Kept()
    for number in range(MOST_KEPT + 1):
        await kept.keep(str(number), [f"{number} a", f"{number} b"])
    assert len(kept.values) == 1 + MOST_KEPT
    assert await kept.packet("0", 0) is None
    assert await kept.packet("1", 1) == "1 b"
    assert await kept.packet("1", 2) is None


async def test_an_answer_of_one_packet_is_not_kept_and_replaces_none() -> None:
    kept = Kept()
    await kept.keep("1", ["a", "b"])
    await kept.keep("1", ["a"])
    await kept.keep("2", ["c"])
    assert await kept.packet("1", 1) == "b"
    assert await kept.packet("2", 0) is None
