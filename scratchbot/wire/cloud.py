"""Cloud variables: packets, one JSON object a line, several lines a frame."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, NamedTuple

import msgspec

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


def cloud_name(name: str) -> str:
    """Return a variable's name as it is kept here, without the cloud sign.

    :raises InputError: if it is no text, or one that cannot be sent.
    """
    try:
        name.encode()
    except (AttributeError, UnicodeEncodeError):
        raise InputError(f"a cloud variable's name is a text, not {name!r}") from None
    return plain_name(name)


def cloud_value(value: float | str, longest: int) -> str:
    """Return a value as a cloud server takes it.

    :param longest: characters that the server allows.
    :raises InputError: if it is no plain number, or longer.
    """
    if isinstance(value, bool):
        written = str(int(value))
    elif isinstance(value, float):
        from decimal import Decimal

        written = format(Decimal(float.__repr__(value)), "f").removesuffix(".0")
    else:
        try:
            written = str(value)
        except ValueError:  # Python writes no number of thousands of digits.
            raise InputError(f"a cloud variable holds {longest} characters, not so many") from None
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
    """Reads the packets out of the messages of one connection, in their order.

    Lines that are no packets are passed over. What stands after the last line break of a message is
    a packet of its own if it can be one, and else the beginning of the next message's first line.
    """

    def __init__(self) -> None:
        self._rest = b""

    def read(self, messages: Iterable[bytes]) -> list[CloudPacket]:
        """Return the packets that messages bring to their end."""
        packets: list[CloudPacket] = []
        for message in messages:
            *lines, last = message.split(b"\n")
            for line in lines:
                packet = read_line(line)
                if self._rest:
                    packet = packet or read_line(self._rest + line)
                    self._rest = b""
                if packet is not None:
                    packets.append(packet)
            if last:
                packet = read_line(last) or read_line(self._rest + last)
                if packet is not None:
                    packets.append(packet)
                self._rest = _beginning(self._rest + last) if packet is None else b""
        return packets


def _beginning(text: bytes) -> bytes:
    """Return what can be the beginning of a packet; nothing of what cannot."""
    return text if text.lstrip().startswith(b"{") and len(text) <= LONGEST_LINE else b""


class _Line(msgspec.Struct):
    """What a packet's line says.

    :param value: left as it is written: a cloud variable holds more digits than a number.
    """

    method: str
    name: str = ""
    value: msgspec.Raw = msgspec.Raw(b"null")
    new_name: str | None = None


_decode_line = msgspec.json.Decoder(_Line).decode
_decode_text = msgspec.json.Decoder(str).decode


def read_line(line: bytes) -> CloudPacket | None:
    """Return the packet that a line is, or ``None``."""
    try:
        said = _decode_line(line)
        value = _read_value(said.value)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    new_name = said.new_name and plain_name(said.new_name)
    return CloudPacket(said.method, said.name.removeprefix(CLOUD_SIGN), value, new_name)


def _read_value(written: msgspec.Raw) -> str | None:
    """Return a value as text: servers send numbers both as JSON text and as JSON numbers."""
    value = bytes(written)
    if value.startswith(b'"'):
        return _decode_text(value)
    return None if value == b"null" else value.decode()
