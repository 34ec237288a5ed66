"""Cloud variables: packets, one JSON object a line, several lines a frame."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from scratchbot.errors import InputError
from scratchbot.wire.request import Act
from scratchbot.wire.settling import REPEAT

CLOUD_SIGN = "☁ "
CHECK_EVERY = 20.0
LONGEST_LINE = 1024 * 1024

NO_HEADERS: Mapping[str, str] = MappingProxyType({})

Method = Literal["set", "create", "delete"]
Via = Literal["live", "log", "values"]

_NUMBER = re.compile(r"-?([0-9]+\.?[0-9]*|\.[0-9]+)")


class CloudVariable(NamedTuple):
    """A cloud variable, its name without the cloud sign, and its value as text.

    :param user: who set it, if it was learned from the cloud log: the socket does not say.
    :param via: how it was learned: ``live`` as it was set; from the cloud ``log``, after a gap; or
        by comparing the ``values`` before a gap with those after it.
    """

    name: str
    value: str
    user: str | None = None
    via: Via = "live"


class CloudPacket(NamedTuple):
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

    :param host: the cloud server's address.
    :param queue: whether it is sent even if a newer value of the variable waits to be sent too.
    :param seen: whether it is over only when the server has shown it, and not when it was sent.
    """

    project_id: int | str
    host: str
    method: Method
    name: str
    value: str | None = None
    queue: bool = False
    seen: bool = False

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


def cloud_value(value: float | str, longest: int) -> str:
    """Return a value as a cloud server takes it.

    :param longest: characters that the server allows.
    :raises InputError: if it is no plain number, or longer.
    """
    if isinstance(value, bool):
        written = str(int(value))
    elif isinstance(value, float):
        from decimal import Decimal

        written = format(Decimal(repr(value)), "f").removesuffix(".0")
    else:
        written = str(value)
    if not _NUMBER.fullmatch(written):
        raise InputError(
            f"a cloud variable holds digits, one sign and one point, not {written[:40]!r}: "
            "encode text as a number first"
        )
    if len(written) > longest:
        raise InputError(
            f"a cloud variable holds {longest} characters and this value has "
            f"{len(written)}: split it over several variables"
        )
    return written


def handshake(username: str, project_id: int | str) -> str:
    """Return the line that opens the conversation; the server answers with all values."""
    return _line({"method": "handshake"}, username, project_id)


def change_line(change: CloudChange, username: str) -> str:
    """Return the line that makes a change."""
    packet = {"method": change.method, "name": CLOUD_SIGN + change.name}
    if change.value is not None:
        packet["value"] = change.value
    return _line(packet, username, change.project_id)


def _line(packet: dict[str, str], username: str, project_id: int | str) -> str:
    full = {**packet, "user": username, "project_id": str(project_id)}
    return json.dumps(full, ensure_ascii=False) + "\n"


class PacketReader:
    """Reads the packets out of the frames of one connection, in their order.

    Lines that are no packets are passed over. What stands after the last line break of a frame is
    a packet of its own if it can be one, and else the beginning of the next frame's first line.
    """

    def __init__(self) -> None:
        self._rest = ""

    def read(self, frame: str | bytes) -> list[CloudPacket]:
        """Return the packets that a frame brings to their end."""
        written = frame.decode("utf-8", "replace") if isinstance(frame, bytes) else frame
        packets: list[CloudPacket] = []
        rest, self._rest = self._rest, ""
        lines = written.split("\n")
        last = lines.pop()
        for line in lines:
            packet = read_line(line)
            if packet is None and rest:
                packet = read_line(rest + line)
            if packet is not None:
                packets.append(packet)
            rest = ""
        if last:
            packet = read_line(last) or read_line(rest + last)
            if packet is not None:
                packets.append(packet)
            else:
                self._rest = (rest + last)[-LONGEST_LINE:]
        return packets


def read_line(line: str) -> CloudPacket | None:
    """Return the packet that a line is, or ``None``."""
    line = line.strip()
    try:
        packet, end = _decoder.raw_decode(line)
        if not isinstance(packet, dict) or end != len(line):
            return None
        if "\\u" in line:
            json.dumps(packet, ensure_ascii=False).encode()  # halves of characters are no text
        value = packet.get("value")
        value = value if isinstance(value, str) else written_value(value)
    except (ValueError, RecursionError):
        return None
    method, name, new_name = packet.get("method"), packet.get("name"), packet.get("new_name")
    if not isinstance(method, str):
        return None
    return CloudPacket(
        method,
        name.removeprefix(CLOUD_SIGN) if isinstance(name, str) else "",
        value,
        new_name.removeprefix(CLOUD_SIGN) if isinstance(new_name, str) else None,
    )


_decoder = json.JSONDecoder(parse_float=str, parse_int=str)
"""Leaves numbers as they are written: a cloud variable holds more digits than a number."""


def written_value(value: Any) -> str | None:
    """Return a value as text: servers send numbers both as JSON text and as JSON numbers."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value)
