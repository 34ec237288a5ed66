from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scratchbot.sources.seen import KEPT, Item, Seen

START = datetime(2026, 1, 1, tzinfo=UTC)


def item(number: int, seconds: int) -> Item:
    return Item(str(number), START + timedelta(seconds=seconds))


items = st.lists(st.builds(item, st.integers(0, 1000), st.integers(0, 50)), max_size=30)


@given(items, items)
def test_what_was_seen_stays_known(first: list[Item], later: list[Item]) -> None:
    seen = Seen.mark(first).add(later)
    assert all(seen.knows(each) for each in first + later)


@given(items)
def test_a_cursor_keeps_all_that_is_known(page: list[Item]) -> None:
    seen = Seen.mark(page)
    assert Seen.from_json(seen.to_json()) == seen


def test_a_new_item_of_the_same_second_is_new() -> None:
    seen = Seen.mark([item(1, 10)])
    assert not seen.knows(item(2, 10))


def test_an_item_older_than_the_first_page_is_known() -> None:
    seen = Seen.mark([item(5, 50), item(4, 40)])
    assert seen.knows(item(3, 30))


def test_memory_is_bounded_and_what_is_forgotten_stays_known() -> None:
    seen = Seen.mark([])
    for number in range(KEPT * 3):
        seen = seen.add([item(number, number)])
    assert len(seen.items) == KEPT
    assert all(seen.knows(item(number, number)) for number in range(KEPT * 3))
    assert not seen.knows(item(KEPT * 3, KEPT * 3))
