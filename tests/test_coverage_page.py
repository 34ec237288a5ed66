"""docs/coverage.md tells of every promised member what it asks and who holds it."""

from tests.coverage_page import MISSING, PAGE, facts, members, page


def test_the_page_has_a_row_for_every_member_and_is_up_to_date() -> None:
    found = facts()
    assert found.keys() == {(name, member) for name, member, _ in members()}
    text = page(found)
    assert text.count("\n| `") == len(found)
    assert MISSING not in text.partition("\n## ")[2], "a member lacks something: the page says what"
    assert PAGE.read_text("utf-8") == text, "make coverage-page writes the page anew"
