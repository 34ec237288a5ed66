"""The site's own answers, as captured, and the same answers damaged."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scratchbot.errors import CommentRejectedError, ScratchbotError
from scratchbot.wire import comments, messages, profile_comments, projects, studios, users
from scratchbot.wire.comments import Ground
from scratchbot.wire.request import Answer, Request

CAPTURES = Path(__file__).parent.parent / "captures"
GROUND = Ground("project", 1, "a")


def capture(name: str) -> Any:
    return json.loads((CAPTURES / f"{name}.json").read_text("utf-8"))


def answer(value: object) -> Answer:
    return Answer(status=200, body=json.dumps(value).encode())


def test_a_project_reads_as_the_site_says_it() -> None:
    project = projects.get_project(1182391014).result(answer(capture("project")))
    assert project.title == "Happy Month!"
    assert project.author.username == "ScratchCat"
    assert (project.view_count, project.love_count, project.remix_count) == (16270, 1237, 614)
    assert (project.parent, project.is_remix, project.visible) == (None, False, True)
    assert project.raw["project_token"]


def test_a_studio_reads_as_the_site_says_it() -> None:
    studio = studios.get_studio(37071074).result(answer(capture("studio")))
    assert (studio.host, studio.follower_count, studio.project_count) == (15883188, 3353, 100)


def test_users_read_as_the_site_says_it() -> None:
    team = users.get_user("ScratchCat").result(answer(capture("user_team")))
    assert (team.scratchteam, team.joined_timestamp) == (True, "2007-03-05T00:00:00.000Z")
    removed = users.get_user("gdpr0000001").result(answer(capture("user_removed")))
    assert removed.username == "gdpr0000001"


def test_comments_read_as_the_site_says_it() -> None:
    first, second = comments.get_comments(GROUND, 40, 0).result(answer(capture("comments")))
    assert (first.content, first.author, second.author_id) == ("N3f4g4L3", "first_person", 90746635)
    reply = comments.get_comment(GROUND, 1).result(answer(capture("comment_reply")))
    assert reply.content == "A reply & some signs <3 it's"
    assert reply.parent_id == 447647641


def test_the_message_count_reads_as_the_site_says_it() -> None:
    assert users.get_message_count("a").result(answer(capture("messages_count"))) == 75668


def test_a_mute_told_on_a_profile_reads_as_a_rejection() -> None:
    facts = json.dumps(capture("comment_muted_profile"))
    page = f'<script id="error-data" type="application/json">{facts}</script>'
    request = profile_comments.post_comment("a", "hi", None, None)
    with pytest.raises(CommentRejectedError) as raised:
        request.result(Answer(status=200, body=page.encode()))
    assert raised.value.reason == "isMuted"
    assert raised.value.muted_until is not None
    assert raised.value.muted_until.year == 2025


MESSAGE = {
    "id": 1,
    "datetime_created": "2025-01-21T20:37:44.000Z",
    "actor_username": "a",
    "actor_id": 2,
    "type": "somethingnew",
    "unheard_of": {"of": 1},
}


def test_a_type_that_the_site_adds_later_comes_through_as_data() -> None:
    (message,) = messages.get_messages("a", 40, 0, "").result(answer([MESSAGE]))
    assert message.type == "somethingnew"
    assert message.raw["unheard_of"] == {"of": 1}


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


def paths(value: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return where the parts of a JSON value are."""
    found = [path]
    if isinstance(value, dict):
        for key in value:
            found += paths(value[key], (*path, key))
    if isinstance(value, list):
        for index in range(len(value)):
            found += paths(value[index], (*path, index))
    return found


REQUESTS: list[tuple[Request[Any], Any]] = [
    (projects.get_project(1), capture("project")),
    (studios.get_studio(1), capture("studio")),
    (studios.get_managers(1, 40, 0), [capture("user_team")]),
    (users.get_user("a"), capture("user_team")),
    (users.get_message_count("a"), capture("messages_count")),
    (comments.get_comments(GROUND, 40, 0), capture("comments")),
    (comments.post_comment(GROUND, "x", None, None), capture("comment_reply")),
    (messages.get_messages("a", 40, 0, ""), [MESSAGE]),
    (messages.get_studio_activity(1, 40, None), [MESSAGE]),
]


@given(st.sampled_from(REQUESTS), st.data())
def test_a_damaged_answer_is_a_value_or_one_of_our_errors(
    case: tuple[Request[Any], Any], data: st.DataObject
) -> None:
    request, value = case
    damaged = {"whole": copy.deepcopy(value)}
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(paths(damaged["whole"])))
        target: Any = damaged
        way = ["whole", *path]
        last = way.pop()
        for step in way:
            target = target[step]
        if data.draw(st.booleans()) or not isinstance(target, dict) or last == "whole":
            target[last] = data.draw(junk)
        else:
            del target[last]
    try:
        request.result(answer(damaged["whole"]))
    except ScratchbotError as error:
        assert "\n" not in str(error)


@given(st.sampled_from(REQUESTS), st.binary(max_size=200))
def test_bytes_of_any_kind_are_a_value_or_one_of_our_errors(
    case: tuple[Request[Any], Any], body: bytes
) -> None:
    try:
        case[0].result(Answer(status=200, body=body))
    except ScratchbotError as error:
        assert "\n" not in str(error)
