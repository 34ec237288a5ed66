"""What listeners of a cloud connection are told of what its socket saw."""

from collections.abc import Callable

from scratchbot.cloud.notices import CloudNotice
from scratchbot.wire.cloud import CLOUD_SIGN, CloudChange, CloudVariable, change_line


def tell_of(notice: CloudNotice, username: str, tell: Callable[..., None]) -> None:
    """Tell what a notice means to listeners.

    :param username: who plays.
    :param tell: is called with each event and with what comes with it, in order.
    """
    match notice.kind:
        case "set" | "create" as kind:
            logged = notice.logged
            user = None if logged is None else logged.user
            variable = CloudVariable(notice.variable, notice.value or "0", user, notice.via)
            tell(kind, variable)
            tell("change", variable)
        case "delete":
            tell("delete", CLOUD_SIGN + notice.variable)
        case "own" if notice.sent is not None:
            _tell_own(notice.sent, username, tell)
        case "connect":
            tell("handshake")
        case "ready":
            tell("connect")


def _tell_own(change: CloudChange, username: str, tell: Callable[..., None]) -> None:
    """Tell what the connection itself has sent."""
    tell("outgoing", change_line(change, username))
    if change.method == "delete":
        tell("delete", CLOUD_SIGN + change.name)
        return
    variable = CloudVariable(change.name, change.value or "0")
    if change.method == "create":
        tell("create", variable)
    tell("change", variable)
