"""Text in digits, and what becomes of what cannot be written or read."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scratchbot.encoding import SCRATCHATTACH, UNKNOWN, Encoding, decode, encode
from scratchbot.errors import InputError

LETTERS = st.text(SCRATCHATTACH.characters)


def test_text_is_written_two_digits_a_character() -> None:
    assert encode("ping 1") == "513747332010"
    assert decode("513747332010") == "ping 1"
    assert encode("a\nb") == "218923"


def test_a_number_is_written_as_it_is_shown_and_digits_may_be_one() -> None:
    assert encode(57) == encode("57")
    assert decode(2123) == "ab"


def test_digits_that_stand_for_no_character_are_read_as_one_that_says_so() -> None:
    assert decode("21000923") == f"a{UNKNOWN}{UNKNOWN}b"
    assert Encoding("ab").decode("101112") == f"ab{UNKNOWN}"


@given(LETTERS)
def test_what_is_written_is_read_again(text: str) -> None:
    assert decode(encode(text)) == text


@given(st.text("0123456789"))
def test_any_digits_are_read(digits: str) -> None:
    text = decode(digits)
    assert len(text) == len(digits) // 2
    assert set(text) <= {*SCRATCHATTACH.characters, UNKNOWN}


@given(st.text())
def test_anything_is_read_or_refused(digits: str) -> None:
    try:
        decode(digits)
    except InputError:
        assert set(digits) - set("0123456789")


def test_a_character_that_the_table_lacks_is_named_with_its_place() -> None:
    with pytest.raises(InputError, match="character 4 of the text, 'é', is not in the table"):
        encode("café")


@given(st.text())
def test_another_character_can_stand_for_what_the_table_lacks(text: str) -> None:
    written = encode(text, missing="?")
    expected = [each if each in SCRATCHATTACH.characters else "?" for each in text]
    assert decode(written) == "".join(expected)


def test_what_stands_for_the_rest_must_be_in_the_table() -> None:
    with pytest.raises(InputError, match="give a character of the table"):
        encode("a", missing="é")


@given(st.sets(st.characters(), max_size=300).map("".join), st.data())
def test_a_table_of_one_s_own_writes_and_reads_its_characters(
    characters: str, data: st.DataObject
) -> None:
    table = Encoding(characters, digits=3)
    text = data.draw(st.text(characters)) if characters else ""
    written = encode(text, table=table)
    assert len(written) == 3 * len(text)
    assert not written.startswith("0")
    assert decode(written, table=table) == text


@pytest.mark.parametrize(
    ("characters", "digits", "said"),
    [
        ("abca", 2, "'a' is twice"),
        ("".join(map(chr, range(100, 191))), 2, "room for 90 characters and not for 91"),
        ("abc", 0, "1 digit or more"),
        ("abc", 2.0, "1 digit or more"),
    ],
)
def test_a_table_that_cannot_work_is_refused(characters: str, digits: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        Encoding(characters, digits=digits)
