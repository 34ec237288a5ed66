import inspect
import math
import re
from collections.abc import Callable
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scratchbot import AsyncUser, Bot, Project
from scratchbot.commands import (
    NUMBER,
    TEXT,
    WHOLE_NUMBER,
    Argument,
    Command,
    Kind,
    Named,
    UsageError,
    kind_of,
    read_argument,
)
from scratchbot.errors import RegistrationError

KEYWORD = inspect.Parameter.POSITIONAL_OR_KEYWORD
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


KINDS = [str, int, float, Literal["red", "blue", 3], AsyncUser, Project, int | None]
WORDS = st.text(min_size=1) | st.sampled_from(
    [
        *("3", "-1", "1e400", "nan", "RED", "3.5", "@griffpatch", "104", "x" * 40, "١٢"),
        "https://scratch.mit.edu/users/griffpatch/",
        "https://scratch.mit.edu/projects/104",
        "https://scratch.mit.edu/projects/104?x=1",
        "https://evil.example/users/griffpatch/",
    ]
)


def taken(annotation: Any) -> type | tuple[type, ...]:
    """Return what a word of a kind becomes."""
    kinds = {str: str, int: int, float: float, AsyncUser: Named, Project: Named}
    return kinds.get(annotation, (str, int))


@given(st.lists(st.sampled_from(KINDS), max_size=4), st.lists(WORDS, max_size=6), st.integers(0, 4))
def test_words_become_what_the_annotations_say_or_the_usage(
    annotations: list[Any], words: list[str], required: int
) -> None:
    empty = inspect.Parameter.empty
    parameters = [
        inspect.Parameter(f"p{place}", KEYWORD, default=empty if place < required else None)
        for place in range(len(annotations))
    ]
    arguments = tuple(
        read_argument(parameter, annotation, last=parameter is parameters[-1])
        for parameter, annotation in zip(parameters, annotations, strict=True)
    )
    command = Command("!do", arguments)
    try:
        values = command.parse(" ".join(["!do", *words]))
    except UsageError as error:
        assert command.usage in str(error)
        return
    for place, annotation in enumerate(annotations):
        value = values.get(f"p{place}")
        assert value is None or isinstance(value, taken(annotation))
        assert value is not None or place >= required or annotation == int | None
        if isinstance(value, Named):
            assert re.fullmatch(r"[A-Za-z0-9_-]{1,30}", value.key)
        if isinstance(value, float):
            assert math.isfinite(value)


@pytest.mark.parametrize(
    ("kind", "word", "value"),
    [
        (WHOLE_NUMBER, "-12", -12),
        (WHOLE_NUMBER, "+007", 7),
        (NUMBER, ".5", 0.5),
        (NUMBER, "-3.", -3.0),
        (NUMBER, "1e-7", 1e-7),
    ],
)
def test_numbers_are_those_that_people_and_projects_write(
    kind: Kind, word: str, value: float
) -> None:
    assert kind.read(word) == value


@pytest.mark.parametrize("word", ["1_0", "٣٢", "nan", "-inf", "1e400", "0x10", "-", "."])
def test_what_else_python_takes_for_a_number_is_none(word: str) -> None:
    for kind in (WHOLE_NUMBER, NUMBER):
        with pytest.raises(UsageError, match="must be a"):
            Command("!x", (Argument("number", kind, required=True),)).parse(f"!x {word}")


@pytest.mark.parametrize("wrong", [list[str], bytes, int | str, object, "User", Callable])
def test_what_no_word_can_become_is_no_kind(wrong: Any) -> None:
    assert kind_of(wrong) is None
