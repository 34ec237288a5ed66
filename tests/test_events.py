import dataclasses
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scratchbot.errors import RegistrationError
from scratchbot.events import (
    EVENT_NAMES,
    CloudSetEvent,
    CommentEvent,
    Event,
    MessageEvent,
    PluginEvent,
    check_event_fields,
    check_event_name,
    event_class,
    matches,
)

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

comments = st.builds(
    CommentEvent,
    id=st.text(),
    name=st.sampled_from(["comment.project", "comment.studio", "comment.profile"]),
    at=st.datetimes(timezones=st.just(UTC)),
    source=st.text(),
    comment_id=st.integers(),
    content=st.text(),
    author=st.text(),
    where=st.sampled_from(["project", "studio", "profile"]),
    target=st.text(),
    parent_id=st.none() | st.integers(),
)
messages = st.builds(
    MessageEvent,
    id=st.text(),
    name=st.just("message.loveproject"),
    at=st.datetimes(timezones=st.just(UTC)),
    source=st.text(),
    type=st.just("loveproject"),
    actor=st.text(),
    extra=st.dictionaries(st.text(), st.none() | st.integers() | st.text()),
)


told = st.builds(
    PluginEvent,
    id=st.text(),
    name=st.just("plugin.send"),
    at=st.datetimes(timezones=st.just(UTC)),
    source=st.text(),
    data=st.dictionaries(st.text(), st.none() | st.integers() | st.text()),
)


@given(comments | messages | told)
def test_an_event_is_the_same_after_a_trip_through_json(event: Event) -> None:
    assert Event.from_json(event.to_json()) == event


def test_what_a_plugin_tells_its_own_handlers_is_no_event_for_a_bot() -> None:
    with pytest.raises(RegistrationError):
        check_event_name("plugin.send")


def test_an_event_cannot_be_changed() -> None:
    event = CloudSetEvent(
        id="1", name="cloud.set", at=AT, source="cloud:104", project_id=104, variable="a", value="1"
    )
    with pytest.raises(dataclasses.FrozenInstanceError):
        event.value = "2"  # type: ignore[misc]


@pytest.mark.parametrize("name", EVENT_NAMES)
def test_every_event_name_can_be_registered(name: str) -> None:
    assert check_event_name(name) == name
    assert issubclass(event_class(name), Event)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("coment", "comment"),
        ("comment.projects", "comment.project"),
        ("message.loveprojects", "message.loveproject"),
        ("cloud.sett", "cloud.set"),
        ("bot.started", "bot.start"),
    ],
)
def test_a_misspelt_event_name_is_refused_with_the_nearest_right_one(
    wrong: str, right: str
) -> None:
    with pytest.raises(RegistrationError, match=f"did you mean '{right}'"):
        check_event_name(wrong)


def test_a_filter_on_a_field_that_the_events_lack_is_refused() -> None:
    with pytest.raises(RegistrationError, match="did you mean 'project_id'"):
        check_event_fields("comment.project", {"projectid": 104})


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("*", "cloud.set", True),
        ("comment", "comment.project", True),
        ("comment.project", "comment.project", True),
        ("comment.project", "comment.studio", False),
        ("comment", "comments.project", False),
        ("message.addcomment", "comment.project", False),
    ],
)
def test_a_prefix_matches_all_below_it(pattern: str, name: str, expected: bool) -> None:
    assert matches(pattern, name) is expected


def test_a_type_that_the_site_adds_later_is_an_event_of_its_family() -> None:
    assert event_class("message.somethingnew") is MessageEvent


def test_what_the_site_puts_into_a_field_against_its_habits_survives_the_store() -> None:
    strange: Any = {"project_id": "104", "extra": {"x": [1, None]}, "title": ["a", 2]}
    event = MessageEvent(
        id="message:1",
        name="message.loveproject",
        at=datetime(2026, 1, 1, tzinfo=UTC),
        source="messages",
        type="loveproject",
        actor="alice",
        **strange,
    )
    assert Event.from_json(event.to_json()) == event
