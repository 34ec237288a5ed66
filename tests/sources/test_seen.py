import json
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scratchbot.sources.progress import Progress
from scratchbot.sources.seen import KEPT, Item, Seen

START = datetime(2026, 1, 1, tzinfo=UTC)


def item(number: int, seconds: int) -> Item:
    return Item(str(number), START + timedelta(seconds=seconds))


items = st.lists(st.builds(item, st.integers(0, 1000), st.integers(0, 50)), max_size=30)


@given(items, items, st.booleans())
def test_what_was_seen_stays_known(first: list[Item], later: list[Item], whole: bool) -> None:
    seen = Seen.mark(first, whole=whole).add(later)
    assert all(seen.knows(each) for each in first + later)


@given(items, st.booleans())
def test_a_cursor_keeps_all_that_is_known(page: list[Item], whole: bool) -> None:
    seen = Seen.mark(page, whole=whole)
    assert Seen.from_state(json.loads(json.dumps(seen.state()))) == seen


def test_a_new_item_of_the_newest_second_is_new() -> None:
    seen = Seen.mark([item(2, 20), item(1, 10)], whole=False)
    assert not seen.knows(item(3, 20))


def test_an_item_no_younger_than_the_oldest_of_a_full_page_is_known() -> None:
    seen = Seen.mark([item(5, 50), item(4, 40)], whole=False)
    assert seen.knows(item(3, 30))
    assert seen.knows(item(3, 40))


def test_after_a_page_that_was_not_full_every_unknown_item_is_new() -> None:
    seen = Seen.mark([item(5, 50), item(4, 40)], whole=True)
    assert not seen.knows(item(3, 30))


def test_memory_is_bounded_and_what_is_forgotten_stays_known() -> None:
    seen = Seen.mark([], whole=True)
    for number in range(KEPT * 3):
        seen = seen.add([item(number, number)])
    assert len(seen.items) == KEPT
    assert all(seen.knows(item(number, number)) for number in range(KEPT * 3))
    assert not seen.knows(item(KEPT * 3, KEPT * 3))


def test_a_cursor_of_an_earlier_version_is_read() -> None:
    old = '{"items": [["7", "2026-01-01T00:00:10+00:00"]], "before": "2026-01-01T00:00:10+00:00"}'
    seen = Progress.from_state(json.loads(old)).seen
    assert seen.knows(item(7, 10))
    assert seen.knows(item(6, 9))
    assert not seen.knows(item(8, 10))
