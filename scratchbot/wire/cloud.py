"""Cloud variables: packets, one JSON object a line, several lines a frame."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal, TypedDict

from scratchbot.errors import InputError
from scratchbot.wire.fields import optional_integer, text
from scratchbot.wire.request import CLOUD, Act, Request, page_query
from scratchbot.wire.settling import REPEAT

SCRATCH_CLOUD = CLOUD
CLOUD_SIGN = "☁ "
MAX_VALUE_LENGTH = 256
CHECK_EVERY = 20.0

NO_HEADERS: Mapping[str, str] = MappingProxyType({})


Method = Literal["set", "create", "delete"]


@dataclass(frozen=True)
class CloudVariable:
    """A cloud variable, its name without the cloud sign, and its value as text."""

    name: str
    value: str


@dataclass(frozen=True, kw_only=True)
class CloudPacket:
    """One message of the cloud protocol.

    :param name: the variable, without the cloud sign.
    :param value: the value as text.
    """

    method: str
    name: str = ""
    value: str | None = None
    new_name: str | None = None


@dataclass(frozen=True, kw_only=True)
class CloudChange:
    """A change that the bot wants to make to a cloud variable.

    :param host: the cloud server: a host name or a ``ws://`` address.
    """

    project_id: int
    host: str
    method: Method
    name: str
    value: str | None = None

    @property
    def act(self) -> Act:
        """What it changes on the site."""
        return Act(
            permission="cloud.set",
            kind=f"cloud.{self.method}",
            target=f"cloud:{self.project_id}:{self.name}",
            text=self.value,
            settling=REPEAT,
        )


def plain_name(name: str) -> str:
    """Return a variable's name without the cloud sign."""
    return name.removeprefix(CLOUD_SIGN)


def cloud_value(value: float | str) -> str:
    """Return a value as the site takes it.

    :raises InputError: if it is no plain number of at most 256 characters.
    """
    if isinstance(value, bool):
        written = str(int(value))
    elif isinstance(value, float):
        from decimal import Decimal

        written = format(Decimal(repr(value)), "f").removesuffix(".0")
    else:
        written = str(value)
    if not re.fullmatch(r"-?([0-9]+\.?[0-9]*|\.[0-9]+)", written):
        raise InputError(
            f"a cloud variable holds digits, one sign and one point, not {written[:40]!r}: "
            "encode text as a number first"
        )
    if len(written) > MAX_VALUE_LENGTH:
        raise InputError(
            f"a cloud variable holds {MAX_VALUE_LENGTH} characters and this value has "
            f"{len(written)}: split it over several variables"
        )
    return written


def handshake(username: str, project_id: int) -> str:
    """Return the line that opens the conversation; the server answers with all values."""
    return _line({"method": "handshake"}, username, project_id)


def change_line(change: CloudChange, username: str) -> str:
    """Return the line that makes a change."""
    packet = {"method": change.method, "name": CLOUD_SIGN + change.name}
    if change.value is not None:
        packet["value"] = change.value
    return _line(packet, username, change.project_id)


def _line(packet: dict[str, str], username: str, project_id: int) -> str:
    full = {**packet, "user": username, "project_id": str(project_id)}
    return json.dumps(full, ensure_ascii=False) + "\n"


def read_frame(frame: str | bytes) -> Iterator[CloudPacket]:
    """Yield the packets of a frame; lines that are none are passed over."""
    written = frame.decode("utf-8", "replace") if isinstance(frame, bytes) else frame
    for line in written.split("\n"):
        try:
            packet = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(packet, dict) and isinstance(packet.get("method"), str):
            yield _packet(packet)


def _packet(packet: dict[str, Any]) -> CloudPacket:
    name, new_name, value = packet.get("name"), packet.get("new_name"), packet.get("value")
    return CloudPacket(
        method=packet["method"],
        name=plain_name(name) if isinstance(name, str) else "",
        value=_written(value),
        new_name=plain_name(new_name) if isinstance(new_name, str) else None,
    )


def _written(value: object) -> str | None:
    """Return a value as text: servers send numbers both as JSON text and as JSON numbers."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value)


class CloudLog(TypedDict):
    """A row of the cloud log: who did what to which variable.

    ``verb`` is ``set_var``, ``create_var`` or ``del_var``; ``name`` has the cloud sign;
    ``timestamp`` is milliseconds since 1970.
    """

    user: str
    verb: str
    name: str
    value: str | None
    timestamp: int


def get_logs(project_id: int, limit: int, offset: int) -> Request[list[CloudLog]]:
    """``GET clouddata./logs``: newest first."""
    return Request(
        method="GET",
        host=CLOUD,
        path="/logs",
        query={"projectid": project_id, **page_query(limit, offset)},
        read=lambda answer: [_log(row) for row in answer.rows()],
        about=f"the cloud log of project {project_id}",
    )


def was_set_since(logs: Iterable[CloudLog], name: str, since: datetime) -> bool:
    """Tell whether a variable was set, by whomever; the log has whole milliseconds."""
    moment = int(since.timestamp() * 1000)
    return any(plain_name(log["name"]) == name and log["timestamp"] >= moment for log in logs)


def _log(row: dict[str, Any]) -> CloudLog:
    return {
        **row,  # type: ignore[typeddict-item] # fields that the site adds are kept
        "user": text(row, "user"),
        "verb": text(row, "verb"),
        "name": text(row, "name"),
        "value": _written(row.get("value")),
        "timestamp": optional_integer(row, "timestamp") or 0,
    }
