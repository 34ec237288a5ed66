"""One call for all who want it at the same time."""

import asyncio

import pytest

from scratchbot.singleflight import SingleFlight

pytestmark = pytest.mark.asyncio


async def test_a_call_goes_on_for_the_others_when_one_no_longer_waits() -> None:
    go, calls = asyncio.Event(), []

    async def call() -> int:
        calls.append(1)
        await go.wait()
        return 5

    flight = SingleFlight(call)
    first, second = asyncio.create_task(flight()), asyncio.create_task(flight())
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.sleep(0)
    go.set()
    assert await second == 5
    assert first.cancelled()
    assert len(calls) == 1
    assert await flight() == 5
    assert len(calls) == 2
