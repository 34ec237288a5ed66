"""What listeners of a cloud connection are told of what its socket saw."""

from scratchbot.cloud.notices import CloudNotice
from scratchbot.cloud_events import Event
from scratchbot.wire.cloud import CLOUD_SIGN, CloudChange, CloudVariable, change_line

Telling = tuple[Event, tuple[object, ...]]
"""An event, and what comes with it."""


def tellings(notice: CloudNotice, username: str) -> list[Telling]:
    """Return what is told of a notice, in order.

    :param username: who plays.
    """
    match notice.kind:
        case "set" | "create" as kind:
            user = None if notice.logged is None else notice.logged.user
            variable = CloudVariable(notice.variable, notice.value or "0", user, notice.via)
            return [(kind, (variable,)), ("change", (variable,))]
        case "delete":
            return [("delete", (CLOUD_SIGN + notice.variable,))]
        case "own" if notice.sent is not None:
            return _own(notice.sent, username)
        case "connect":
            return [("handshake", ())]
        case "ready":
            return [("connect", ())]
    return []


def _own(change: CloudChange, username: str) -> list[Telling]:
    """Return what is told of what the connection itself has sent."""
    outgoing: Telling = ("outgoing", (change_line(change, username),))
    variable = CloudVariable(change.name, change.value or "0")
    match change.method:
        case "delete":
            return [outgoing, ("delete", (CLOUD_SIGN + change.name,))]
        case "create":
            return [outgoing, ("create", (variable,)), ("change", (variable,))]
        case "set":
            return [outgoing, ("change", (variable,))]
