"""Whatever the site answers, each request reads it into a value or one of our errors."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scratchbot.errors import CommentRejectedError, ScratchbotError
from scratchbot.wire.request import Answer, Request
from tests.wire.exchanges import ASKED, every_request, exchanges, name_of
from tests.wire.test_captures import CAPTURED

NAMES = sorted({name_of(make) for _, make, _, _ in ASKED})
HTML = b"<!DOCTYPE html><html><head><title>Scratch</title></head><body><h1>Oops</h1></body></html>"
DEEP = 20_000
LONG = "9" * 20_000
WRONG: list[object] = [
    None,
    True,
    -1,
    1e308,
    "",
    "x",
    LONG,
    [],
    [[[]]],
    {},
    {"id": {"id": []}},
    [None, {}],
]
PATHS = 80
"""How many parts of an answer are damaged, at most."""

BODIES = {
    "empty": b"",
    "spaces": b" \n ",
    "HTML": HTML,
    "no UTF-8": b"\xff\xfe{\xc3",
    "null": b"null",
    "NaN": b"NaN",
    "text": b'"text"',
    "a file's name": b"page.html",
    "an address": b"https://scratch.mit.edu/",
    "XML": b'<?xml version="1.0"?><a>b</a>',
    "a broken declaration": b"<![n",
    "deep lists": b"[" * DEEP,
    "deep objects": b'{"a":' * DEEP,
    "deep HTML": b"<div>" * DEEP,
    "a long number": LONG.encode(),
    "a long text": json.dumps([{"id": LONG, "type": LONG}]).encode(),
    "half a surrogate": rb'[{"id": "\ud800", "content": "\ud800"}]',
}


def test_every_request_of_the_wire_is_asked_for_here() -> None:
    assert set(NAMES) == every_request()


@pytest.mark.parametrize("name", NAMES)
def test_the_sandbox_s_answer_is_read(name: str) -> None:
    request, answer = exchanges()[name]
    request.result(answer)


def read(request: Request[Any], answer: Answer) -> None:
    """Read an answer; only a value or one of our errors, of one line, comes of it."""
    try:
        repr(request.result(answer))
    except ScratchbotError as error:
        assert "\n" not in str(error)


def damaged(answer: Answer, body: bytes) -> Answer:
    return Answer(status=200, body=body, headers=answer.headers, cookies=answer.cookies)


@pytest.mark.parametrize("name", NAMES)
def test_another_body_is_a_value_or_one_of_our_errors(name: str) -> None:
    request, answer = exchanges()[name]
    for body in (*BODIES.values(), *parts(answer.body), *nested(answer.body)):
        read(request, damaged(answer, body))


def parts(body: bytes) -> Iterator[bytes]:
    """Yield a body that ends too soon, and with bytes in it that are no UTF-8."""
    for share in (1, 2, 3):
        cut = len(body) * share // 4
        yield body[:cut]
        yield body[:cut] + b"\xff\xc3" + body[cut:]


def nested(body: bytes) -> Iterator[bytes]:
    """Yield a page whose texts have tags around them, many deep."""
    for place in (b"</dd>", b"</h2>", b"</div>", b"</li>", b"</summary>"):
        at = body.find(place)
        if at >= 0:
            yield body[:at] + b"<b>" * 3_000 + b"x" + b"</b>" * 3_000 + body[at:]


@pytest.mark.parametrize("name", NAMES)
def test_damage_to_one_field_is_a_value_or_one_of_our_errors(name: str) -> None:
    request, answer = exchanges()[name]
    try:
        value = json.loads(answer.body)
    except ValueError:
        return
    for path in paths(value)[:PATHS]:
        for wrong in WRONG:
            read(request, damaged(answer, json.dumps(put(value, path, wrong)).encode()))
        if path and isinstance(path[-1], str):
            read(request, damaged(answer, json.dumps(without(value, path)).encode()))


def paths(value: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return where the parts of a JSON value are; of a list, those of its first two."""
    found = [path]
    if isinstance(value, dict):
        for key in value:
            found += paths(value[key], (*path, key))
    if isinstance(value, list):
        for index in range(len(value[:2])):
            found += paths(value[index], (*path, index))
    return found


def put(value: Any, path: tuple[Any, ...], wrong: object) -> Any:
    """Return a JSON value with something else in one place."""
    if not path:
        return wrong
    changed = copy.copy(value)
    changed[path[0]] = put(value[path[0]], path[1:], wrong)
    return changed


def without(value: Any, path: tuple[Any, ...]) -> Any:
    """Return a JSON value without one of its fields."""
    if len(path) == 1:
        return {key: held for key, held in value.items() if key != path[0]}
    return put(value, path[:1], without(value[path[0]], path[1:]))


def test_a_signature_of_tags_within_tags_is_a_value_or_one_of_our_errors() -> None:
    request, _ = exchanges()["pages.get_signature"]
    for tag in ("div", "b", "span style='color:red'", "blockquote"):
        deep = f"<div id='p7000002'><div class='postsignature'>{f'<{tag}>' * 5_000}x"
        read(request, Answer(status=200, body=deep.encode()))


def test_a_refusal_that_holds_lists_within_lists_is_one_of_our_errors() -> None:
    request, _ = exchanges()["profile_comments.post_comment"]
    body = b'<script id="error-data" type="application/json">' + b"[" * DEEP + b"</script>"
    with pytest.raises(CommentRejectedError):
        request.result(Answer(status=200, body=body))


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
captured = st.sampled_from(CAPTURED)
asked = st.sampled_from(NAMES).map(lambda name: exchanges()[name])


@given(captured, st.data())
@settings(max_examples=200)
def test_a_damaged_capture_is_a_value_or_one_of_our_errors(
    case: tuple[Request[Any], Any], data: st.DataObject
) -> None:
    request, value = case
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(paths(value)))
        if path and isinstance(path[-1], str) and data.draw(st.booleans()):
            value = without(value, path)
        else:
            value = put(value, path, data.draw(junk))
    read(request, Answer(status=200, body=json.dumps(value).encode()))


@given(asked, st.data())
@settings(max_examples=200)
def test_an_answer_with_other_bytes_in_it_is_a_value_or_one_of_our_errors(
    case: tuple[Request[Any], Answer], data: st.DataObject
) -> None:
    request, answer = case
    start = data.draw(st.integers(0, len(answer.body)))
    cut, put = data.draw(st.integers(0, 200)), data.draw(st.binary(max_size=30))
    read(request, damaged(answer, answer.body[:start] + put + answer.body[start + cut :]))


@given(asked, st.binary(max_size=200))
@settings(max_examples=200)
def test_bytes_of_any_kind_are_a_value_or_one_of_our_errors(
    case: tuple[Request[Any], Answer], body: bytes
) -> None:
    request, answer = case
    read(request, damaged(answer, body))


@pytest.mark.parametrize("status", [204, 301, 400, 401, 403, 404, 409, 410, 429, 500, 503])
def test_every_status_is_a_value_or_one_of_our_errors(status: int) -> None:
    for request, _ in exchanges().values():
        for body in (b"", b"{}", HTML):
            read(request, Answer(status=status, body=body))
