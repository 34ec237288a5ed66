"""Log-ins: session ids of the site's kind, and the tokens within."""

import base64
import hashlib
import hmac
import json
import secrets
import string
import zlib
from dataclasses import dataclass

from scratchbot.sandbox.world import User

_DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase


@dataclass(frozen=True)
class Login:
    """What a log-in gave out."""

    user: User
    session_id: str
    token: str


class Sessions:
    """Who is logged in."""

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)
        self._by_session: dict[str, Login] = {}
        self._by_token: dict[str, Login] = {}

    def open(self, user: User, now: float) -> Login:
        """Log a user in."""
        token = secrets.token_hex(20)
        login = Login(user, self._session_id(user, token, now), token)
        self._by_session[login.session_id] = login
        self._by_token[token] = login
        return login

    def close(self, login: Login) -> None:
        """Log out; session id and token are worth nothing from here on."""
        self._by_session.pop(login.session_id, None)
        self._by_token.pop(login.token, None)

    def by_session(self, session_id: str) -> Login | None:
        """Return the log-in of a session id, quoted or not."""
        return self._by_session.get(session_id.strip('"'))

    def by_token(self, token: str) -> Login | None:
        """Return the log-in of a token."""
        return self._by_token.get(token)

    def _session_id(self, user: User, token: str, now: float) -> str:
        contents = {
            "username": user.username,
            "_auth_user_id": str(user.id),
            "testcookie": "worked",
            "_auth_user_backend": "scratch.authentication.ScratchBackend",
            "token": token,
            "login-ip": "127.0.0.1",
            "_language": "en",
            "django_timezone": "UTC",
            "_auth_user_hash": "",
        }
        packed = zlib.compress(json.dumps(contents).encode())
        body = "." + base64.urlsafe_b64encode(packed).decode().rstrip("=")
        signed = f"{body}:{_base62(int(now))}"
        signature = hmac.new(self._secret, signed.encode(), hashlib.sha1).digest()
        return f"{signed}:{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


def _base62(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 62)
        digits = _DIGITS[digit] + digits
    return digits or "0"
