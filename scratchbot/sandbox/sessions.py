"""Log-ins: session ids of the site's kind, and the tokens within."""

import base64
import hashlib
import hmac
import json
import secrets
import string
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from scratchbot.sandbox.world import User

_DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase


LIFETIME = 14 * 24 * 3600.0
"""Seconds that a session lasts, as Django's do by default."""
TRIES_BEFORE_CAPTCHA = 5


@dataclass(frozen=True)
class Login:
    """What a log-in gave out."""

    user: User
    session_id: str
    token: str
    ends: float


class Sessions:
    """Who is logged in.

    ``captcha`` makes every log-in ask for one; otherwise only wrong passwords do.

    :param clock: seconds since 1970.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.captcha = False
        self._clock = clock
        self._secret = secrets.token_bytes(32)
        self._by_session: dict[str, Login] = {}
        self._by_token: dict[str, Login] = {}
        self._tries: Counter[str] = Counter()

    def tries(self, username: str) -> int:
        """Return how often a password for a name was wrong since the last right one."""
        return self._tries[username.lower()]

    def count_try(self, username: str) -> int:
        """Count a wrong password; return how many there have been."""
        self._tries[username.lower()] += 1
        return self.tries(username)

    def captcha_wanted(self, username: str) -> bool:
        """Tell whether a log-in has to solve a captcha first."""
        return self.captcha or self.tries(username) >= TRIES_BEFORE_CAPTCHA

    def open(self, user: User, now: float) -> Login:
        """Log a user in."""
        token = secrets.token_hex(20)
        del self._tries[user.key]
        login = Login(user, self._session_id(user, token, now), token, now + LIFETIME)
        self._by_session[login.session_id] = login
        self._by_token[token] = login
        return login

    def close(self, login: Login) -> None:
        """Log out; session id and token are worth nothing from here on."""
        self._by_session.pop(login.session_id, None)
        self._by_token.pop(login.token, None)

    def close_all(self, user: User | None = None) -> None:
        """Log a user out everywhere, or everybody."""
        for login in list(self._by_session.values()):
            if user is None or login.user is user:
                self.close(login)

    def by_session(self, session_id: str) -> Login | None:
        """Return the log-in of a session id, quoted or not, with the dot before it or without."""
        bare = session_id.strip('"').lstrip(".")
        return self._living(self._by_session.get(f".{bare}"))

    def by_token(self, token: str) -> Login | None:
        """Return the log-in of a token."""
        return self._living(self._by_token.get(token))

    def _living(self, login: Login | None) -> Login | None:
        if login is None or login.ends > self._clock():
            return login
        self.close(login)
        return None

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
