"""Links to projects in what people write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scratchbot.checks import check_id
from scratchbot_autostudio.links import linked_projects, named_project

NUMBERS = st.integers(1, 10**19 - 1)
WORDS = st.lists(st.from_regex(r"[\w!?:,.()'\"-]{1,12}", fullmatch=True)).map(" ".join)
FORMS = st.sampled_from(
    [
        "https://scratch.mit.edu/projects/{}",
        "http://scratch.mit.edu/projects/{}/",
        "https://scratch.mit.edu/projects/{}/editor/",
        "https://www.scratch.mit.edu/projects/{}?x=1#player",
        "scratch.mit.edu/projects/{}",
        "HTTPS://Scratch.MIT.edu/projects/{}.",
        "(https://scratch.mit.edu/projects/{})",
        "look:https://scratch.mit.edu/projects/{}!",
    ]
)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "104",
        "projects/104",
        "https://scratch.mit.edu/users/104",
        "https://scratch.mit.edu/studios/104",
        "https://scratch.mit.edu/projects/",
        "https://scratch.mit.edu/projects/0",
        "https://scratch.mit.edu/projects/0104",
        "https://scratch.mit.edu/projects/-104",
        "https://scratch.mit.edu/projects/104abc",
        "https://scratch.mit.edu/projects/104_",
        "https://scratch.mit.edu/projects/104é",
        "https://scratch.mit.edu/projects/٣",
        "https://scratch.mit.edu/projects/editor/104",
        "https://scratch.mit.edu/projects/" + "1" * 20,
        "https://evilscratch.mit.edu/projects/104",
        "https://evil-scratch.mit.edu/projects/104",
        "https://my.scratch.mit.edu/projects/104",
        "https://scratch.mit.edu.example/projects/104",
        "https://example.org/scratch.mit.edu/projects/104",
        "https://bob@scratch.mit.edu/projects/104",
        "ftp://scratch.mit.edu/projects/104",
        "https://scratch-mit.edu/projects/104",
        "https://scratchxmit.edu/projects/104",
    ],
)
def test_what_is_no_link_to_a_project_is_passed_over(text: str) -> None:
    assert linked_projects(text, 10) == []
    assert linked_projects(f"add {text} please", 10) == []


@given(NUMBERS, FORMS, WORDS, WORDS)
def test_a_link_is_found_in_whatever_is_written_around_it(
    number: int, form: str, before: str, after: str
) -> None:
    assert linked_projects(f"{before} {form.format(number)} {after}", 10) == [number]


@given(st.lists(NUMBERS, max_size=10), FORMS, st.integers(0, 10))
def test_links_are_found_in_their_order_each_once_and_not_too_many(
    numbers: list[int], form: str, most: int
) -> None:
    text = " ".join(form.format(number) for number in numbers)
    assert linked_projects(text, most) == list(dict.fromkeys(numbers))[:most]


@given(st.text() | st.from_regex(r"(https?://)?\S?scratch\.mit\.edu/projects/[\d\w/.-]*"))
def test_whatever_is_found_in_a_text_is_a_number_that_stands_there(text: str) -> None:
    for number in linked_projects(text, 10):
        assert check_id(number) == number
        assert f"/projects/{number}" in text.lower()


@given(NUMBERS, FORMS)
def test_a_project_is_named_by_its_number_or_by_a_link(number: int, form: str) -> None:
    assert named_project(str(number)) == number
    assert named_project(form.format(number)) == number


@pytest.mark.parametrize("word", ["", "0", "-1", "1.5", "1_0", "٣", "abc", "1" * 20, "104x"])
def test_what_names_no_project_is_told_from_what_does(word: str) -> None:
    assert named_project(word) is None
