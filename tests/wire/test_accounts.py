import base64
import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scratchbot.errors import ScratchbotError, WrongCredentialsError
from scratchbot.wire.accounts import log_in, session_contents
from scratchbot.wire.request import Answer


def packed(contents: object) -> str:
    pressed = zlib.compress(json.dumps(contents).encode())
    return base64.urlsafe_b64encode(pressed).decode().rstrip("=")


@pytest.mark.parametrize("form", ["{}:1abc:sig", ".{}:1abc:sig", '"{}:1abc:sig"', '".{}:1abc:sig"'])
def test_a_session_id_tells_whose_it_is(form: str) -> None:
    contents = {"username": "alice", "_auth_user_id": "5", "token": "secret-token"}
    login = session_contents(form.format(packed(contents)))
    assert (login.username, login.user_id, login.token) == ("alice", 5, "secret-token")
    assert "secret-token" not in repr(login)


@given(st.text() | st.binary().map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_a_session_id_of_another_kind_tells_nothing(session_id: str) -> None:
    assert session_contents(session_id).token is None


def test_a_session_id_of_lists_within_lists_tells_nothing() -> None:
    deep = base64.urlsafe_b64encode(zlib.compress(b"[" * 16_000)).decode()
    assert session_contents(deep).token is None


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ([{"success": 0, "msg": "Incorrect username or password."}], "check both"),
        ([{"success": 0, "redirect": "/accounts/verify/"}], "in a browser"),
    ],
)
@pytest.mark.parametrize("status", [200, 403])
def test_a_refused_log_in_says_what_to_do(body: object, said: str, status: int) -> None:
    answer = Answer(status=status, body=json.dumps(body).encode())
    with pytest.raises(WrongCredentialsError, match=said):
        log_in("alice", "secret").result(answer)


def test_a_log_in_answered_by_a_page_is_one_of_our_errors() -> None:
    with pytest.raises(ScratchbotError):
        log_in("alice", "secret").result(Answer(status=403, body=b"<html>blocked</html>"))
