"""Keeping secrets out of every text that people see: errors, samples of answers, the log."""

import json
import re
import threading
import weakref
from collections.abc import Callable
from urllib.parse import quote

HIDDEN = "[hidden]"
SHORTEST = 4
"""Characters of a secret; to hide a shorter one would spoil every text."""

DEPTH = 3
"""How often a text can be quoted: the site's JSON in a message in a line of the log."""

_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"})
"""What ``html.escape`` does, whose module holds 0.4 MB of names that a log-in has no use for."""

_ESCAPES: tuple[Callable[[str], str], ...] = (
    lambda text: json.dumps(text)[1:-1],
    lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    lambda text: repr(text)[1:-1],
    lambda text: text.translate(_MARKUP),
    lambda text: quote(text, safe=""),
)
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_NAME = r"(?:password|token|sessions?_?id)\w{0,20}"
_QUOTED = re.compile(
    rf"""({_NAME}\\?(["'])\s*(?::|value=)\s*\\?\2)(?:\\.|(?!\2)[^\\])*""", re.IGNORECASE
)
"""A field of JSON or of an HTML form whose name says that its value is secret."""
_PLAIN = re.compile(rf"""({_NAME}=["']?)[^\s"'&;,]+""", re.IGNORECASE)
"""The same in a cookie, a query or a line of the log."""

_holders: "weakref.WeakSet[Secrets]" = weakref.WeakSet()
_lock = threading.RLock()


class Secrets:
    """The secrets of one account; as long as it lives, :func:`redact` knows them."""

    def __init__(self) -> None:
        self.forms: frozenset[str] = frozenset()
        with _lock:
            _holders.add(self)

    def add(self, *secrets: str | None) -> None:
        """Learn secrets, in each form in which they could stand in a text."""
        for secret in secrets:
            if secret is None or len(secret) < SHORTEST:
                continue
            forms = {secret}
            for _ in range(DEPTH):
                forms |= {escape(form) for form in forms for escape in _ESCAPES}
            self.forms |= forms


def redact(text: str) -> str:
    """Return a text without e-mail addresses and secrets, known ones and such as it names so."""
    with _lock:
        known = {form for secrets in _holders for form in secrets.forms}
    for form in sorted(known, key=len, reverse=True):
        text = text.replace(form, HIDDEN)
    return _PLAIN.sub(rf"\1{HIDDEN}", _QUOTED.sub(rf"\1{HIDDEN}", _EMAIL.sub(HIDDEN, text)))
