"""The clients that others wrote give what was recorded of them."""

import pytest

from tests.interop.sidebyside.recording import CLIENTS, record, recorded

pytestmark = [pytest.mark.asyncio, pytest.mark.interop]


@pytest.mark.parametrize("name", CLIENTS)
async def test_a_client_gives_what_was_recorded_of_it(name: str) -> None:
    assert await record(name) == recorded(name), "make side-by-side records it anew"
