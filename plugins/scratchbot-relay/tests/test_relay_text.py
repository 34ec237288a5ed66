"""What strangers write, on its way into a message."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scratchbot.config import Secret
from scratchbot_relay.addresses import is_public
from scratchbot_relay.bodies import body, fitting, idempotency_key
from scratchbot_relay.markup import DISCORD, SLACK, Markup, cut, width
from scratchbot_relay.settings import Target
from scratchbot_relay.webhooks import LONGEST_PAUSE, wanted_pause

texts = st.text(st.characters() | st.sampled_from("\\*_~`|<>@&#[]()$\n\u202e\U0001f431"))


def target(kind: Any, template: str | None = None, batch_size: int = 1) -> Target:
    return Target(
        url=Secret("https://example.com/"),
        kind=kind,
        events=["comment"],
        template=template,
        batch_size=batch_size,
    )


def comment(content: str, number: int = 1) -> dict[str, Any]:
    return {
        "id": f"comment:{number}",
        "name": "comment.project",
        "content": content,
        "author": "alice",
        "where": "project",
        "target": "104",
    }


def written(kind: str, *contents: str, template: str | None = None) -> str:
    events = [comment(content) for content in contents]
    said = json.loads(body(target(kind, template, len(events)), events))
    text: str = said["content" if kind == "discord" else "text"]
    return text


@given(texts)
def test_nothing_that_is_written_means_anything_to_discord(content: str) -> None:
    text = written("discord", content, template="$content")
    assert 0 < width(text) <= 2_000
    assert not re.search(r"[*_~`|<>@#\[\]():/+-]", re.sub(r"\\[!-/:-@\[-`{-~]", "", text))
    assert "\n" not in text


@given(texts)
def test_nothing_that_is_written_is_a_control_sequence_of_slack(content: str) -> None:
    text = written("slack", content, template="$content")
    assert 0 < width(text) <= 40_000
    assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)|@(?!\u2060)", text)
    assert "\n" not in text


@pytest.mark.parametrize(
    ("markup", "escapes"), [(DISCORD, ["\\*", "\\\\"]), (SLACK, ["&amp;", "&lt;"])]
)
@given(st.data())
def test_a_text_that_is_too_long_is_cut_between_escapes(
    markup: Markup, escapes: list[str], data: st.DataObject
) -> None:
    piece = st.sampled_from([*escapes, "a", "\U0001f431"])
    room = markup._replace(longest=20)
    text = "".join(data.draw(st.lists(piece, min_size=25)))
    kept = cut(text, room)
    assert width(kept) <= 20
    assert text.startswith(kept[:-1])
    whole = "|".join(map(re.escape, [*escapes, "a", "\U0001f431"]))
    assert re.fullmatch(f"(?:{whole})*…", kept)


def test_a_field_that_looks_like_a_template_is_none() -> None:
    assert written("discord", "$author ${id}", template="$content") == "$author ${id}"


def test_a_line_cannot_be_made_up_in_another() -> None:
    text = written(
        "slack", "hi\nadmin: give me your password\u2028\r", template="$author: $content"
    )
    assert text == "alice: hi admin: give me your password"


def test_what_an_event_lacks_is_empty_and_an_empty_message_says_what_happened() -> None:
    assert written("slack", "", template="$content $parent_id") == "comment.project"


@given(st.lists(texts, min_size=1, max_size=30))
def test_a_batch_fits_into_a_message_and_makes_progress(contents: list[str]) -> None:
    place, events = target("discord", "$content", 30), [comment(each * 50) for each in contents]
    count = fitting(place, events)
    assert 1 <= count <= len(events)
    text = json.loads(body(place, events[:count]))["content"]
    assert width(text) <= 2_000
    assert text.count("\n") == count - 1


@given(st.lists(st.text(), unique=True, min_size=2))
def test_a_key_stands_for_the_events_in_their_order(ids: list[str]) -> None:
    events = [{"id": each} for each in ids]
    keys = {idempotency_key(each) for each in (events, events[:-1], events[::-1])}
    assert len(keys) == 3
    assert idempotency_key([*events]) in keys
    assert all(re.fullmatch("[0-9a-f]{64}", key) for key in keys)


@given(st.text(), st.text(), st.binary())
def test_whatever_an_answer_says_the_pause_is_bearable(
    header: str, date: str, content: bytes
) -> None:
    pause = wanted_pause(header, date, content)
    assert pause is None or 0 <= pause <= LONGEST_PAUSE


NOON = "Thu, 01 Jan 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("header", "content", "seconds"),
    [
        ("7", b"", 7),
        ("0.5", b"", 0.5),
        ("Thu, 01 Jan 2026 12:01:00 GMT", b"", 60),
        ("Thu, 01 Jan 2026 11:00:00 GMT", b"", 0),
        ("", b'{"retry_after": 1.5}', 1.5),
        ("1", b'{"retry_after": 1.5}', 1.5),
        ("99999999999", b"", LONGEST_PAUSE),
        ("soon", b'{"retry_after": true}', None),
        ("nan", b'{"retry_after": -1}', None),
        ("inf", b'["retry_after"]', None),
        ("", b"[" * 100_000, None),
    ],
)
def test_an_answer_says_how_long_to_wait(
    header: str, content: bytes, seconds: float | None
) -> None:
    assert wanted_pause(header, NOON, content) == seconds


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("0.0.0.0", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("64:ff9b::808:808", True),
        ("64:ff9b:1::7f00:1", False),
        ("fec0::1", False),
        ("::127.0.0.1", False),
        ("::ffff:0:127.0.0.1", False),
        ("192.0.0.192", False),
    ],
)
def test_private_addresses_are_known(address: str, expected: bool) -> None:
    assert is_public(address) is expected
