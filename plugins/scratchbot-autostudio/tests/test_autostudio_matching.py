"""Which projects fit, and which settings can be."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scratchbot.config import Given, read_config
from scratchbot.errors import SettingsError
from scratchbot.wire.projects import ProjectData, project
from scratchbot_autostudio import Settings
from scratchbot_autostudio.matching import misfit


def made(title: str, **more: Any) -> ProjectData:
    return project(
        {
            "id": 104,
            "title": title,
            "instructions": "Use the arrow keys.",
            "description": "Thanks to @alice for the cat!",
            "is_published": True,
            "author": {"id": 1, "username": "scratchcat"},
            "stats": {"loves": 12},
            **more,
        }
    )


@pytest.mark.parametrize(
    ("settings", "fits"),
    [
        (Settings(), True),
        (Settings(any_words=["maze", "race"]), True),
        (Settings(any_words=["race"]), False),
        (Settings(any_words=["MAZE"]), True),
        (Settings(any_words=["maz"]), False),
        (Settings(any_words=["aze"]), False),
        (Settings(any_words=["mouse  maze"]), True),
        (Settings(any_words=["arrow"]), True),
        (Settings(all_words=["maze", "cat"]), True),
        (Settings(all_words=["maze", "dog"]), False),
        (Settings(no_words=["dog"]), True),
        (Settings(no_words=["dog", "cat"]), False),
        (Settings(any_words=["maze"], no_words=["mouse"]), False),
        (Settings(minimum_loves=12), True),
        (Settings(minimum_loves=13), False),
        (Settings(blocked=["ScratchCat"]), False),
        (Settings(blocked=["bob"]), True),
    ],
)
def test_a_project_fits_if_all_settings_are_met(settings: Settings, fits: bool) -> None:
    assert (misfit(made("Mouse maze!"), settings) is None) is fits


def test_what_is_not_shared_never_fits() -> None:
    assert misfit(made("Mouse maze", is_published=False), Settings()) == "is not shared"


def test_letters_that_only_look_otherwise_are_the_same() -> None:
    assert misfit(made("\uff2d\uff41\uff5a\uff45"), Settings(no_words=["maze"])) is not None


@given(st.text(), st.text().filter(str.strip))
def test_any_title_and_any_word_can_be_compared(title: str, word: str) -> None:
    misfit(made(title), Settings(any_words=[word], no_words=[word]))


@pytest.mark.parametrize(
    ("table", "error"),
    [
        ({"approval": "maybe"}, '"manager" or "none"'),
        ({"approvers": ["@Za-Chary"]}, "no user name"),
        ({"studio": 0}, "no id"),
        ({"any_words": [" "]}, "a word is empty"),
        ({"most_a_day": 0}, "give 1 or more"),
        ({"every_minutes": 1}, "give 10 or more"),
        ({"minimum_loves": -1}, "give 0 or more"),
    ],
)
def test_settings_that_cannot_be_are_refused(table: dict[str, object], error: str) -> None:
    given = Given(plugin="autostudio", place="[plugins.autostudio]", table=table)
    with pytest.raises(SettingsError, match=error):
        read_config(Settings, given)
