"""The request log keeps what people need to see, and no secret."""

import pytest

from scratchbot.sandbox.requestlog import SHOWN, shown


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b'{"username": "ann", "password": "se\\"cret"}', "cret"),
        (b"old_password=secret&csrfmiddlewaretoken=abc&new_password1=other", "secret"),
        (b'[{"username": "ann", "token": "abc123", "id": 1}]', "abc123"),
    ],
)
def test_passwords_and_tokens_are_left_out(body: bytes, told: str) -> None:
    assert told not in shown(body)
    assert "…" in shown(body)


def test_a_long_body_is_cut_between_characters_and_a_picture_is_only_counted() -> None:
    assert shown("é".encode() * SHOWN) == "é" * (SHOWN // 2) + "…"
    assert shown(b"\x89PNG\r\n\0\xff") == "(8 bytes)"
    assert shown(b"") == shown(None) == ""
