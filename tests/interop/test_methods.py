"""Every public method of the real clients, against the sandbox."""

import pytest

from tests.interop.table import CLIENTS, PAGE, rows, section

pytestmark = [pytest.mark.asyncio, pytest.mark.interop]


@pytest.mark.parametrize("name", CLIENTS)
async def test_every_method_of_a_client_has_the_effect_that_the_table_tells(name: str) -> None:
    found = await rows(name)
    wrong = [row for row in found if row.get("result") in ("fails", "unchecked")]
    assert not wrong
    assert len(found) > 100
    assert section(found) in PAGE.read_text("utf-8"), "make interop writes docs/interop.md anew"
