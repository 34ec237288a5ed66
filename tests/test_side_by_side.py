"""What our session gives, beside what was recorded of the clients that others wrote."""

import pytest

from tests.interop.sidebyside.comparing import Row
from tests.interop.sidebyside.page import PAGE, VERDICTS, judged, page
from tests.interop.sidebyside.recording import CLIENTS, ours


@pytest.fixture(scope="module")
def mine() -> dict[str, Row]:
    return ours()


def test_every_call_works_with_our_session(mine: dict[str, Row]) -> None:
    assert {name: row["raises"] for name, row in mine.items() if "raises" in row} == {}


@pytest.mark.parametrize("client", CLIENTS)
def test_all_values_are_those_of_a_client_or_it_is_said_who_is_right(
    client: str, mine: dict[str, Row]
) -> None:
    comparisons, found = judged(client, mine)
    assert [each.difference for each in found if not each.right] == []
    assert VERDICTS[client].keys() == {each.key for each in found}, "a verdict without a difference"
    assert sum(not each.differences for each in comparisons) > 30


def test_the_page_tells_all_of_it(mine: dict[str, Row]) -> None:
    assert PAGE.read_text("utf-8") == page(mine), "make side-by-side writes the page anew"
