"""Forbidden words are found in disguise, and never inside innocent words."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scratchbot.errors import InputError
from scratchbot_moderation.folding import LONGEST, fold
from scratchbot_moderation.words import WordList

LETTERS = "abcdefghijklmnopqrstuvwxyz"
LEET = {
    "a": "4@",
    "b": "8",
    "e": "3",
    "g": "9",
    "i": "1!",
    "l": "1|",
    "o": "0",
    "s": "5$",
    "t": "7",
}
CYRILLIC = dict(zip("aceopxy", "асеорху", strict=True))

words = st.text(LETTERS, min_size=3, max_size=12)


@pytest.mark.parametrize(
    "text",
    [
        "meanie",
        "What a MEANIE!",
        "m3an1e",
        "meaaaanie",
        "m e a n i e",
        "m.e.a.n.i.e",
        "m-e-a-n-i-e you",
        "me-anie",
        "_meanie_",
        "m\u200be\u200ba\u200bn\u200bi\u200be",
        "mea\u00adnie",
        "mеаnіе",
        "mεαηιε",
        "mëáñîê",
        "ⓜⓔⓐⓝⓘⓔ",
        "𝓶𝓮𝓪𝓷𝓲𝓮",
        "🅼🅴🅰🅽🅸🅴",
        "me*nie",
        "meanie2",
        "meanie's game",
        "you meanie-like cat",
    ],
)
def test_a_word_is_found_in_a_simple_disguise(text: str) -> None:
    assert WordList(["meanie"]).find(text) == "meanie"


@pytest.mark.parametrize(
    ("forbidden", "text"),
    [
        ("ass", "class assassin pass a$sets grass"),
        ("ass", "c l a s s"),
        ("ass", "it was as simple as that"),
        ("god", "good"),
        ("tall", "a tail"),
        ("hell", "hello shell, he'll, I'll"),
        ("ill", "I'll be there"),
        ("lol", "101 times"),
        ("ahole", "there is a hole"),
        ("shut up", "shut the door and come up"),
        ("meanie", "meanies"),
    ],
)
def test_an_innocent_text_holds_no_forbidden_word(forbidden: str, text: str) -> None:
    assert WordList([forbidden]).find(text) is None


@pytest.mark.parametrize(
    ("forbidden", "text"),
    [
        ("shut up", "oh SHUT   up!!"),
        ("shut up", "5hut uuup"),
        ("shut up", "shutup"),
        ("tall", "he is taIl"),
        ("バカ", "きみはバ カだ"),
        ("🖕", "🖕🏽"),
        ("дурак", "ты Дурак"),
    ],
)
def test_phrases_other_scripts_and_signs_are_found(forbidden: str, text: str) -> None:
    assert WordList([forbidden]).find(text) == forbidden


def test_the_owner_says_which_words_are_innocent() -> None:
    assert WordList(["looser"]).find("loooser") == "looser"
    assert WordList(["looser"], innocent=["Loooser"]).find("loooser") is None


def test_only_the_beginning_of_a_long_text_is_looked_at() -> None:
    assert WordList(["meanie"]).find("x " * 400 + "meanie") == "meanie"
    assert WordList(["meanie"]).find("x " * 500 + "meanie") is None
    assert len(fold("x" * 5_000)) == LONGEST


@pytest.mark.parametrize("forbidden", ["", " ", "a", "\u200b"])
def test_what_cannot_be_found_by_is_refused(forbidden: str) -> None:
    with pytest.raises(InputError, match="forbidden"):
        WordList([forbidden])


@st.composite
def disguised(draw: st.DrawFn) -> tuple[str, str]:
    """Return a word and a disguise of it."""
    word = draw(words)
    plain = draw(st.integers(0, len(word) - 1))
    seen = []
    for place, letter in enumerate(word):
        choices = [
            letter,
            letter.upper() if letter != "i" else letter,
            CYRILLIC.get(letter, letter),
        ]
        choices += LEET.get(letter, "") if place != plain else ""
        seen.append(draw(st.sampled_from(choices)))
    between = draw(st.sampled_from(["", "\u200b", "\u2060", " ", ".", "-", " - ", "_"]))
    return word, between.join(seen)


@given(disguised(), st.sampled_from(["", "hello there, ", "(", "so-called: "]))
def test_a_disguised_word_is_found(pair: tuple[str, str], before: str) -> None:
    word, disguise = pair
    assert WordList([word]).find(f"{before}{disguise}, hello") == word


@given(words, st.integers(3, 9), st.data())
def test_a_word_with_a_stretched_letter_is_found(
    word: str, times: int, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(word) - 1))
    stretched = word[:place] + word[place] * times + word[place + 1 :]
    assert WordList([word]).find(stretched) == word


@given(words, words)
def test_a_word_is_not_found_inside_another(word: str, other: str) -> None:
    assert WordList([word]).find(f"{other}qzx{word}") is None
    assert WordList([word]).find(f"{word}qzx{other}") is None


@settings(deadline=None)
@given(st.text(max_size=3_000), st.lists(words, max_size=20))
def test_any_text_is_searched_without_an_error(text: str, forbidden: list[str]) -> None:
    found = WordList(forbidden).find(text)
    assert found is None or found in forbidden


@pytest.mark.parametrize(
    "part", ["a", "a ", "1", "il", "a-", "!", "a*b ", "aa ", "*", "ﷺ", "a\u0300"]
)
def test_the_longest_text_is_searched_in_bounded_time(part: str) -> None:
    forbidden = [f"{first}{second}ill1a" for first in LETTERS for second in LETTERS]
    listed = WordList([*forbidden, "il" * 30, "a" * 40 + "b"])
    began = time.process_time()
    listed.find(part * 100_000)
    assert time.process_time() - began < 1
