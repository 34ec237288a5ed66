"""Filters and the finding of handlers."""

import dataclasses
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scratchbot import Bot, filters
from scratchbot.errors import RegistrationError
from scratchbot.events import CommentEvent
from scratchbot.filters import (
    Filter,
    as_filter,
    by,
    contains,
    is_reply,
    matches,
    starts_with,
)
from scratchbot.matching import Matcher

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def comment(content: str = "hi", author: str = "alice", **more: Any) -> CommentEvent:
    return CommentEvent(
        id="comment:project:104:1",
        name="comment.project",
        at=NOW,
        source="project-comments:104",
        comment_id=1,
        content=content,
        author=author,
        where="project",
        target="104",
        project_id=104,
        **more,
    )


@pytest.mark.parametrize(
    ("condition", "yes", "no"),
    [
        (starts_with("!Hello"), comment("!HELLO you"), comment("oh !hello")),
        (contains("cat", "dog"), comment("my Dog"), comment("my fish")),
        (matches(r"\d{3}"), comment("call 123"), comment("call 12")),
        (by("Alice", "bob"), comment(author="ALICE"), comment(author="carol")),
        (is_reply, comment(parent_id=3), comment()),
        (starts_with("a") & by("alice"), comment("ab"), comment("ab", "bob")),
        (starts_with("a") | by("alice"), comment("b"), comment("b", "bob")),
        (~by("alice"), comment(author="bob"), comment()),
        (by("alice") & (lambda event: event.content == "x"), comment("x"), comment("y")),
        ((lambda event: event.content == "x") | by("bob"), comment("x"), comment("y")),
    ],
    ids=str,
)
def test_filters_hold_and_compose(condition: Filter, yes: CommentEvent, no: CommentEvent) -> None:
    assert condition(yes)
    assert not condition(no)


def test_filters_show_themselves_as_they_are_written() -> None:
    @filters.filter
    def is_long(event: CommentEvent) -> bool:
        return len(event.content) > 100

    composed = (starts_with("!") & ~by("alice")) | is_long
    assert repr(composed) == "((starts_with('!') & ~by('alice')) | is_long)"


@pytest.mark.parametrize(
    ("register", "said"),
    [
        (lambda bot: bot.on("message", starts_with("!")), "holds for no 'message' event"),
        (lambda bot: bot.on("message", by("a") & starts_with("!")), "for no 'message' event"),
        (lambda bot: bot.on("message", is_reply & starts_with("!")), "for no 'message' event"),
        (lambda bot: bot.on("cloud.set", is_reply & by("a")), "for no 'cloud.set' event"),
        (lambda bot: bot.on("comment", 3), "3 is no filter"),
        (lambda bot: bot.on("comment", _waits), "_wait is an async def, which a filter cannot"),
        (lambda bot: bot.on("comment", is_reply & _waits), "_wait is an async def"),
        (lambda bot: bot.on("comment", matches("(")), "unterminated"),
        (lambda bot: bot.on("comment", by()), "is no user name"),
        (lambda bot: bot.on("comment", by("@alice")), "'@alice' is no user name"),
        (lambda bot: bot.on("comment", contains), r"say of what, as in contains\('hello'\)"),
        (lambda bot: bot.on(_wait), "is no event: give the name of one"),
        (lambda bot: bot.on("comet"), "did you mean 'comment'"),
        (lambda bot: bot.on("comment", projectid=1), "did you mean 'project_id'"),
        (lambda bot: bot.on("comment", project_id="104"), "it can be None or int"),
        (lambda bot: bot.on("comment", where="projekt"), "'profile' or 'project' or 'studio'"),
        (lambda bot: bot.on("cloud.set", via=None), "it can be 'live' or 'log' or 'values'"),
        (lambda bot: bot.on("*", at="today"), "it can be datetime"),
        (lambda bot: bot.on("comment", is_reply and by("a")), "is_reply .* join filters with &"),
        (lambda bot: bot.on("comment", is_reply or by("a")), "is_reply .* join filters with &"),
        (lambda bot: bot.on("comment", not is_reply), "is_reply .* join filters with &"),
        (lambda bot: bot.on("comment", retries=-1), "give 0 or more"),
        (lambda bot: bot.command("two words"), "cannot be a command"),
        (lambda bot: bot.command(_wait), "cannot be a command"),
        (lambda bot: Bot("bot", help="!help me"), "'!help me' cannot be a command"),
        (lambda bot: bot.command("!Stop"), "'!Stop' cannot be a command: it tells every bot"),
        (lambda bot: bot.every(seconds=0), "second"),
        (lambda bot: bot.cron("every day"), "every day"),
        (lambda bot: bot.cron(_wait), "is no crontab line"),
        (lambda bot: bot.watch(104), "cannot be watched"),
    ],
)
def test_what_can_never_work_is_refused_with_file_and_line(register: Any, said: str) -> None:
    with pytest.raises(RegistrationError, match=rf"(?s){said}.*test_filters\.py:\d+\)$"):
        register(Bot("bot"))


async def _wait(event: CommentEvent) -> bool:
    return True


_waits: Any = _wait


@pytest.mark.parametrize(
    ("event", "values"),
    [
        ("comment", {"project_id": 104, "where": "project", "parent_id": None}),
        ("cloud", {"project_id": "a text, on other servers"}),
        ("cloud.set", {"via": "log", "user": None}),
        ("activity", {"extra": {}, "at": NOW}),
        ("*", {"project_id": 104}),
    ],
)
def test_values_that_a_field_can_have_are_taken(event: str, values: dict[str, Any]) -> None:
    Bot("bot").on(event, **values)(lambda event: None)


@pytest.mark.parametrize(
    ("event", "condition"),
    [
        ("message", is_reply & by("alice")),
        ("*", is_reply & by("alice") & starts_with("!")),
        ("cloud.set", (is_reply & starts_with("!")) | by("alice")),
    ],
    ids=str,
)
def test_joined_filters_are_taken_where_an_event_has_what_they_need(
    event: str, condition: Filter
) -> None:
    Bot("bot").on(event, condition)(lambda event: None)


def test_a_handler_whose_filter_fails_is_found_so_that_its_run_shows_the_failure() -> None:
    bot = Bot("bot")

    @bot.on("comment", lambda event: event.nonsense)
    async def handler(event: CommentEvent) -> None: ...

    assert [each.name for each in Matcher(bot.handlers).takers(comment())] == [
        "bot.test_a_handler_whose_filter_fails_is_found_so_that_its_run_shows_the_failure"
        ".<locals>.handler"
    ]


WORDS = ["!hi", "!HELP", "!h", "hello", "", "!hi there", "ﬁn", "İ!", "!"]
NAMES = ["comment", "comment.project", "comment.studio", "*", "message"]
CONDITIONS = [
    starts_with("!"),
    starts_with("!h"),
    starts_with("!hi") & by("alice"),
    ~starts_with("!h"),
    starts_with("x") | contains("i"),
    by("bob"),
    as_filter(lambda event: len(event.content) > 2),
]
VALUES: list[dict[str, object]] = [
    {},
    {"author": "alice"},
    {"project_id": 104},
    {"project_id": 105, "author": "bob"},
    {"parent_id": None},
]
REGISTRATIONS = st.lists(
    st.one_of(
        st.tuples(
            st.sampled_from(NAMES[:4]),
            st.lists(st.sampled_from(CONDITIONS), max_size=2),
            st.sampled_from(VALUES),
        ),
        st.sampled_from(["!hi", "!help", "hello"]),
    ),
    max_size=12,
    unique_by=lambda one: one if isinstance(one, str) else id(one),
)
EVENTS = st.builds(
    comment,
    st.sampled_from(WORDS),
    st.sampled_from(["alice", "bob"]),
    parent_id=st.sampled_from([None, 3]),
)


@given(REGISTRATIONS, EVENTS, st.sampled_from(["comment.project", "comment.studio"]))
@settings(max_examples=300)
def test_handlers_are_found_as_if_each_was_asked(
    registrations: list[Any], event: CommentEvent, name: str
) -> None:
    bot = Bot("bot", help=None)
    for number, one in enumerate(registrations):

        async def handler(event: CommentEvent) -> None: ...

        handler.__qualname__ = f"handler{number}"
        if isinstance(one, str):
            bot.command(one)(handler)
        else:
            pattern, conditions, values = one
            wanted = values if pattern != "*" else {}
            possible = conditions if pattern != "*" else []
            bot.on(pattern, *possible, **wanted)(handler)
    event = dataclasses.replace(event, name=name)
    naive = [each for each in bot.handlers if each.hears(name) and each.wants(event)]
    assert Matcher(bot.handlers).takers(event) == naive
