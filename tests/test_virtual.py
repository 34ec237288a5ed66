"""The tests' own time, which jumps."""

import asyncio

from tests.virtual import VirtualLoop


def test_virtual_time_goes_on_after_years() -> None:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        years = 10 * 365 * 86_400.0
        runner.run(asyncio.sleep(years))
        runner.run(asyncio.sleep(0.1))
        assert runner.get_loop().time() > years
