import pytest
from hypothesis import given
from hypothesis import strategies as st

from scratchbot.sandbox.render.emoji import api_text
from scratchbot.wire.emoji import plain_text


@pytest.mark.parametrize(
    ("content", "typed"),
    [
        ('<img src="/images/emoji/meow.png" class="emoji" alt="meow emoji">', "_meow_"),
        ('&lt;3 <img alt="x" src="/images/emoji/love-it-cat.png">', "<3 _<3_"),
        ('<img src="/images/emoji/new-one.png" class="emoji">', "_new-one_"),
        ("&lt;img src=&quot;a.png&quot;&gt;", '<img src="a.png">'),
        ('<img src="">', ""),
    ],
)
def test_pictures_become_the_codes_that_people_typed(content: str, typed: str) -> None:
    assert plain_text(content) == typed


@given(st.text())
def test_what_the_api_makes_of_a_text_reads_as_the_text(typed: str) -> None:
    assert plain_text(api_text(typed)) == typed
