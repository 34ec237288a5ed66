"""The loops of the peer table tell of comments, here and now."""

import pytest

from tests.interop.reliability.loops import LOOPS
from tests.interop.reliability.stage import Result, Stage, play

pytestmark = [pytest.mark.asyncio, pytest.mark.interop]


async def _site_that_is_away_for_a_while(stage: Stage) -> None:
    await stage.talk(3, minutes=1)
    await stage.rest(1)
    stage.weather(status=503)
    await stage.rest(1)
    stage.weather()
    await stage.talk(3, minutes=1)


async def test_a_site_that_is_away_for_a_while_ends_the_loop_of_scratchattach_only() -> None:
    results = await play(_site_that_is_away_for_a_while, seed=1, patience=20)
    ended = {loop: results.pop(loop) for loop in LOOPS if loop.library == "scratchattach"}
    assert [(0 < one.delivered < 6, one.alive) for one in ended.values()] == [(True, False)]
    whole = Result(happened=6, delivered=6, twice=0, alive=True)
    assert results == {loop: whole for loop in LOOPS if loop not in ended}
