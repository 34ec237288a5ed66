"""What is sent to a webhook: the body for each kind, and the headers."""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from string import Template
from typing import Any

from scratchbot.config import Secret
from scratchbot.version import VERSION
from scratchbot_relay.markup import DISCORD, SLACK, Markup, cut, one_line, width
from scratchbot_relay.settings import Target

Fields = Mapping[str, Any]
"""An event as its JSON says it."""

_MARKUPS = {"discord": DISCORD, "slack": SLACK}
_USUAL = {
    "comment": "$author on $where $target: $content",
    "message": "$actor: $type $title",
    "activity": "$actor: $type $title",
    "cloud": "$name in $project_id: $variable $value",
    "bot": "$name $error",
}
"""How events are written without a template, by how their names begin."""


class _Escaped(dict[str, str]):
    """The fields of an event, escaped; those that it lacks are empty."""

    def __missing__(self, key: str) -> str:
        return ""


def fitting(target: Target, events: Sequence[Fields]) -> int:
    """Return how many events, from the first on, are sent together: at least one."""
    markup = _MARKUPS.get(target.kind)
    if markup is None:
        return len(events)
    used = 0
    for count, event in enumerate(events):
        used += width(_line(target, event, markup)) + (1 if count else 0)
        if count and used > markup.longest:
            return count
    return len(events)


def body(target: Target, events: Sequence[Fields]) -> bytes:
    """Return the body that says some events.

    :param events: not more than are :func:`fitting`.
    """
    markup = _MARKUPS.get(target.kind)
    if markup is None:
        return _json(list(events) if target.batch_size > 1 else events[0])
    text = "\n".join(_line(target, event, markup) for event in events)
    if target.kind == "slack":
        return _json({"text": text})
    return _json({"content": text, "allowed_mentions": {"parse": []}})


def headers(
    target: Target, events: Sequence[Fields], content: bytes, timestamp: int
) -> dict[str, str]:
    """Return the headers that go with a body.

    :param timestamp: seconds since 1970.
    """
    given = {
        "Content-Type": "application/json",
        "User-Agent": f"scratchbot/{VERSION}",
        "Accept-Encoding": "identity",
        "Idempotency-Key": idempotency_key(events),
    }
    if target.signing_secret is not None:
        given["X-Scratchbot-Timestamp"] = str(timestamp)
        given["X-Scratchbot-Signature"] = signature(target.signing_secret, timestamp, content)
    return given


def idempotency_key(events: Sequence[Fields]) -> str:
    """Return what is the same whenever the same events are sent."""
    return hashlib.sha256(_json([event["id"] for event in events])).hexdigest()


def signature(secret: Secret, timestamp: int, content: bytes) -> str:
    """Return the HMAC of the timestamp, a dot and the body, as a header says it."""
    signed = b"%d.%b" % (timestamp, content)
    return f"sha256={hmac.new(secret.reveal().encode(), signed, hashlib.sha256).hexdigest()}"


def _line(target: Target, event: Fields, markup: Markup) -> str:
    usual = _USUAL.get(event["name"].partition(".")[0], "$name")
    escaped = _Escaped({name: markup.escape(one_line(value)) for name, value in event.items()})
    text = Template(target.template or usual).substitute(escaped).strip()
    return cut(text or escaped["name"], markup)


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
