"""The texts in the settings."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scratchbot.config import Given, read_config
from scratchbot.errors import SettingsError
from scratchbot_welcome import Settings
from scratchbot_welcome.texts import fill, listed


def read(**table: object) -> object:
    return read_config(Settings, Given(plugin="welcome", place="[plugins.welcome]", table=table))


@pytest.mark.parametrize(
    ("table", "error"),
    [
        ({"comment_texts": ["Hi $nmae"]}, r"'\$nmae' stands for nothing; did you mean '\$name'"),
        ({"curator_texts": ["Hi $names"]}, r"'\$names' stands for nothing"),
        ({"follower_texts": ["Hi $name"]}, r"did you mean '\$names'"),
        ({"comment_texts": ["It costs $5"]}, "lonely"),
        ({"comment_texts": []}, "comment_texts is empty"),
        ({"curator_texts": [" "]}, "cannot be empty"),
        ({"comment_texts": ["m" * 480 + "$name"]}, "shorten it"),
        ({"most_names": 0}, "give 1 or more"),
        ({"most_names": 40}, "shorten it"),
        ({"look_back": -1}, "give 0 or more"),
        ({"comments": "yes"}, "true or false"),
    ],
)
def test_what_could_not_be_said_is_refused_when_the_settings_are_read(
    table: dict[str, object], error: str
) -> None:
    with pytest.raises(SettingsError, match=error):
        read(**table)


def test_the_default_settings_are_right() -> None:
    assert read() == Settings()


@pytest.mark.parametrize(
    ("names", "count", "said"),
    [
        (["a"], 1, "@a"),
        (["a", "b"], 2, "@a and @b"),
        (["a", "b", "c"], 3, "@a, @b and @c"),
        (["a", "b"], 9, "@a, @b and 7 more"),
        (["a"], 2, "@a and 1 more"),
    ],
)
def test_people_are_listed_in_words(names: list[str], count: int, said: str) -> None:
    assert listed(names, count) == said


@given(st.lists(st.text(), min_size=1), st.integers(0, 100), st.from_regex(r"[\w-]{1,20}"))
def test_any_text_is_refused_or_can_be_filled(texts: list[str], turn: int, name: str) -> None:
    try:
        read(comment_texts=texts)
    except SettingsError:
        return
    said = fill(texts, turn, name=name, place="this studio")
    assert said.strip()
    assert len(said) <= 500


@given(st.lists(st.from_regex(r"[a-z]+", fullmatch=True), min_size=1), st.integers(0, 1_000))
def test_texts_take_turns(texts: list[str], turn: int) -> None:
    assert fill(texts, turn) == texts[turn % len(texts)]
    assert re.fullmatch("[a-z]+", fill(texts, turn))
