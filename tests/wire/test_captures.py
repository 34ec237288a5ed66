"""The site's own answers, as captured."""

import json
from pathlib import Path
from typing import Any

import pytest

from scratchbot.errors import CommentRejectedError
from scratchbot.wire import (
    classrooms,
    cloudlog,
    comments,
    frontpage,
    members,
    messages,
    profile_comments,
    profiles,
    projects,
    remixtree,
    settings,
    statistics,
    studios,
    users,
)
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


def test_headlines_read_as_the_site_says_them() -> None:
    (news,) = frontpage.get_news(40, 0).result(answer(capture("news")))
    assert (news.title, news.id) == ("A headline!", 724656224564543500)
    assert news.description == "Two sentences. Learn more here."
    assert news.src.endswith("/topic/825188/")


def test_a_tree_of_remixes_reads_as_the_site_says_it() -> None:
    (root,) = remixtree.get_remixtree(1182391014).result(answer(capture("remixtree")))
    assert (root.id, root.author, root.love_count) == (1182391014, "ScratchCat", 1681)
    assert (root.parent_id, root.children) == (None, [1183637461, 1183637740])
    assert root.shared_timestamp == 1748856359000


def test_statistics_read_as_the_site_says_them() -> None:
    overall = statistics.get_overall().result(answer(capture("statistics_daily")))
    assert overall["USER_COUNT"] == 135078559
    assert "_TS" not in overall
    month = statistics.get_last_month().result(answer(capture("statistics_monthly_ga")))
    assert (month["pageviews"], month["visits"], month["users"]) == (796345748, 109391637, 36308462)


def test_a_cloud_log_reads_as_the_site_says_it() -> None:
    (log,) = cloudlog.get_logs(1, 40, 0).result(answer(capture("cloud_logs")))
    assert (log["user"], log["verb"], log["name"]) == ("ScratchCat", "set_var", "☁ cloud")
    assert (log["value"], log["timestamp"]) == ("1", 1749632385759)


def test_a_class_reads_as_the_site_says_it() -> None:
    classroom = classrooms.get_classroom(156).result(answer(capture("classroom")))
    assert (classroom.title, classroom.ended_timestamp) == ("Grade 5 Rotation 5", None)
    assert classroom.educator.username == "scratchteacheralpha001"


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


CAPTURED: list[tuple[Request[Any], Any]] = [
    (projects.get_project(1), capture("project")),
    (studios.get_studio(1), capture("studio")),
    (members.get_managers(1, 40, 0), [capture("user_team")]),
    (users.get_user("a"), capture("user_team")),
    (users.get_message_count("a"), capture("messages_count")),
    (comments.get_comments(GROUND, 40, 0), capture("comments")),
    (comments.post_comment(GROUND, "x", None, None), capture("comment_reply")),
    (frontpage.get_news(40, 0), capture("news")),
    (remixtree.get_remixtree(1), capture("remixtree")),
    (statistics.get_overall(), capture("statistics_daily")),
    (statistics.get_last_month(), capture("statistics_monthly_ga")),
    (cloudlog.get_logs(1, 40, 0), capture("cloud_logs")),
    (classrooms.get_classroom(156), capture("classroom")),
    (settings.check_username("a"), capture("check_username")),
    (profiles.get_featured_project("a"), capture("site_api_user")),
    (messages.get_messages("a", 40, 0, ""), [MESSAGE]),
    (messages.get_studio_activity(1, 40, None), [MESSAGE]),
]
