"""The table ``[plugins.relay]``, and what is refused in it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from ipaddress import IPv4Address
from string import Template
from typing import Literal
from urllib.parse import urlsplit

from scratchbot.config import Secret
from scratchbot.errors import RegistrationError
from scratchbot.events import check_event_name, classes_below
from scratchbot_relay.addresses import is_public

Kind = Literal["discord", "slack", "json"]

MOST_IN_A_BATCH = 100
LONGEST_WAIT = 86_400.0
"""Seconds that a batch may wait to be filled."""

_NAME = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where events are sent.

    :param url: the webhook's address, which is a secret: who knows it can write there.
    :param kind: what it understands: ``discord``, ``slack``, or ``json`` for a program of your own.
    :param events: names of events, or prefixes of names, such as ``comment``.
    :param template: how an event is written, with its fields: ``$author wrote: $content``.
    :param batch_size: how many events are sent together, at most.
    :param batch_seconds: how long an event waits for others to be sent with.
    :param signing_secret: what a ``json`` webhook checks the sender by.
    """

    url: Secret
    kind: Kind
    events: list[str]
    template: str | None = None
    batch_size: int = 1
    batch_seconds: float = 0.0
    signing_secret: Secret | None = None


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings.

    :param targets: where events are sent, by names of your own.
    :param allow_private: whether targets may be on your own machine or network, and use http.
    """

    targets: dict[str, Target] = field(default_factory=dict)
    allow_private: bool = False

    def __post_init__(self) -> None:
        for name, target in self.targets.items():
            if not _NAME.fullmatch(name):
                raise ValueError(f"{name!r} names no target: use letters, digits, - and _")
            for problem in _problems(target, allow_private=self.allow_private):
                raise ValueError(f"the target {name!r}: {problem}")


def _problems(target: Target, *, allow_private: bool) -> Iterable[str]:
    """Yield what is wrong with a target; its secrets show in none of it."""
    yield from _url_problems(target.url.reveal(), allow_private=allow_private)
    yield from _event_problems(target.events)
    if target.template is not None:
        yield from _template_problems(target, target.template)
    if not 1 <= target.batch_size <= MOST_IN_A_BATCH:
        yield f"batch_size is {target.batch_size}: give 1 to {MOST_IN_A_BATCH}"
    if not 0 <= target.batch_seconds <= LONGEST_WAIT:
        yield f"batch_seconds is {target.batch_seconds:g}: give 0 to {LONGEST_WAIT:g}"
    if target.signing_secret is not None and target.kind != "json":
        yield f"a {target.kind} webhook checks no signature: leave signing_secret out"


def _url_problems(url: str, *, allow_private: bool) -> Iterable[str]:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host = ""
    if not _is_host(host) or not url.isascii() or not url.isprintable() or " " in url:
        yield "its url is none: copy the whole address of the webhook"
        return
    if parts.scheme != "https" and not (allow_private and parts.scheme == "http"):
        yield "its url must begin with https://, or http:// with allow_private = true"
    if not allow_private and not _may_be_public(host):
        yield "its url is on a private address: set allow_private = true if that is meant"


def _is_host(host: str) -> bool:
    """Tell whether a text can be a host: digits and dots alone must be an address."""
    if not host.replace(".", "").isdecimal():
        return host != ""
    try:
        IPv4Address(host)
    except ValueError:
        return False
    return True


def _may_be_public(host: str) -> bool:
    """Tell whether a host is no private address; what a name stands for is seen later."""
    try:
        return is_public(host)
    except ValueError:
        return host != "localhost"


def _event_problems(events: list[str]) -> Iterable[str]:
    if not events:
        yield 'events is empty: name some, such as "comment"'
    for name in events:
        try:
            check_event_name(name)
        except RegistrationError as error:
            yield str(error)


def _template_problems(target: Target, text: str) -> Iterable[str]:
    template = Template(text)
    if target.kind == "json":
        yield "a json webhook is sent the whole event: leave template out"
    if not template.is_valid():
        yield "its template has a $ that begins no field: write $$ for a dollar sign"
        return
    known = {
        each.name
        for name in target.events
        for event in classes_below(name)
        for each in fields(event)
    }
    for unknown in sorted({*template.get_identifiers()} - known):
        yield (
            f"its events have no field {unknown!r}: its template can use {', '.join(sorted(known))}"
        )
    if not template.get_identifiers():
        yield "its template uses no field: write some, such as $name"
