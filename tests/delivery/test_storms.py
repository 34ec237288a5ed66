"""Whatever the site does meanwhile, each comment is answered once."""

from pathlib import Path
from typing import Any

import pytest

from scratchbot.sandbox import Place
from scratchbot.sandbox.weather import read_weather
from tests.clock import HurriedClock
from tests.delivery.dying import PROJECT, answering
from tests.running import running
from tests.scratch import Scratch, until

pytestmark = pytest.mark.asyncio

COMMENTS = 40
LOST = {"method": "POST", "path": "/proxy/*", "reset": True}
STORMS: dict[str, list[dict[str, Any]]] = {
    "out of order": [{"status": 503, "share": 0.2}],
    "answers lost after the act was done": [{**LOST, "share": 0.4}],
    "answers cut in half": [{"truncate": True, "share": 0.07}],
    "old answers": [{**LOST, "share": 0.3}, {"method": "GET", "stale": 0.2, "share": 0.3}],
    "lists out of order": [{"path": "*/comments", "reorder": True, "share": 0.5}],
    "log-ins dropped": [{"log_out": True, "share": 0.1}],
    "maintenance": [{"maintenance": True, "end": 0.5}],
    "all at once": [
        {"status": 503, "share": 0.1},
        {"reset": True, "share": 0.1},
        {"truncate": True, "share": 0.05},
    ],
}


@pytest.mark.parametrize("storm", STORMS)
async def test_each_comment_is_answered_once_whatever_the_weather(
    storm: str, scratch: Scratch, tmp_path: Path
) -> None:
    def begin(rules: list[dict[str, Any]]) -> None:
        scratch.sandbox.weather.set(*read_weather({"seed": 1, "rules": rules}))

    place = Place("project", str(PROJECT))
    said = []
    async with running(answering(), scratch, store=tmp_path / "bot.db", clock=HurriedClock()):
        scratch.do(lambda: begin(STORMS[storm]))
        for number in range(COMMENTS):
            said.append(scratch.acts.post_comment("alice", place, f"number {number}"))
            if number % 10 == 9:
                await until(lambda: said[-9].replies, "an answer in the storm")
        scratch.do(lambda: begin([]))
        await until(lambda: all(comment.replies for comment in said), "all answers")
    assert [len(comment.replies) for comment in said] == [1] * COMMENTS
