"""What a cloud socket tells those who listen to it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

from scratchbot.wire.cloud import CloudChange, Via
from scratchbot.wire.cloudlog import LoggedChange

Kind = Literal[
    "connect",
    "ready",
    "disconnect",
    "trouble",
    "value",
    "own",
    "unsure",
    "accounted",
    "set",
    "create",
    "delete",
]
NOTHING: Mapping[str, int] = MappingProxyType({})

CHANGES = frozenset(("set", "create", "delete"))
"""What is done to variables."""


class CloudNotice(NamedTuple):
    """What a socket saw.

    :param kind: ``set``, ``create`` and ``delete`` are what others did, ``own`` what the bot did,
        ``unsure`` what the bot perhaps did, ``value`` what a variable held when the socket first
        opened; ``ready`` comes when all values are known, ``accounted`` when the log was read;
        ``trouble`` says what may be missing, or why nothing can be heard.
    :param at: milliseconds since 1970, by this machine's clock.
    :param previous: the value before, if it was known.
    :param via: how it was learned: as it happened; from the cloud log, after a gap; or by comparing
        the values before a gap with those after it.
    :param logged: the change, where it was learned from the log.
    :param sent: of an ``own``, the change that was sent.
    :param code: the close code of a ``disconnect``, if there was one.
    :param text: what a ``trouble`` says.
    :param accounted: how far the cloud log is accounted for.
    :param unlogged: by variable, how many of the changes heard last it does not show yet.
    """

    kind: Kind
    at: int
    variable: str = ""
    value: str | None = None
    previous: str | None = None
    via: Via = "live"
    logged: LoggedChange | None = None
    sent: CloudChange | None = None
    code: int | None = None
    text: str = ""
    accounted: tuple[int, int] | None = None
    unlogged: Mapping[str, int] = NOTHING
