import pytest
from hypothesis import given
from hypothesis import strategies as st

from scratchbot import Bot
from scratchbot.commands import TEXT, WHOLE_NUMBER, Argument, Command, UsageError
from scratchbot.errors import RegistrationError

SCORE = Command(
    "!score", (Argument("player", TEXT, required=True), Argument("top", WHOLE_NUMBER, False))
)
SAY = Command(
    "!say", (Argument("times", WHOLE_NUMBER, True), Argument("text", TEXT, True, rest=True))
)


def test_words_fill_arguments_by_their_kind() -> None:
    assert SCORE.parse("!score alice 3") == {"player": "alice", "top": 3}
    assert SCORE.parse("!score alice") == {"player": "alice"}
    assert SAY.parse("!say 2 how are   you") == {"times": 2, "text": "how are you"}


@pytest.mark.parametrize("wrong", ["!score", "!score alice three", "!score alice 3 more"])
def test_wrong_use_says_how_it_is_used(wrong: str) -> None:
    with pytest.raises(UsageError, match=r"!score <player> \[top\]"):
        SCORE.parse(wrong)


def test_only_the_first_word_calls_a_command() -> None:
    assert SCORE.is_called_by("!SCORE alice")
    assert not SCORE.is_called_by("I said !score")
    assert not SCORE.is_called_by("!scores")
    assert not SCORE.is_called_by("  ")


@given(st.text())
def test_any_comment_is_parsed_or_answered_with_the_usage(content: str) -> None:
    try:
        values = SAY.parse(content)
    except UsageError:
        return
    assert set(values) == {"times", "text"}


def test_an_argument_of_another_kind_is_refused() -> None:
    bot = Bot("bot")

    async def handler(event: object, when: list[str]) -> None: ...

    with pytest.raises(RegistrationError, match="a Literal, a User or a Project"):
        bot.command("!x")(handler)
