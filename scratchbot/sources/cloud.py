"""The cloud variables of a project."""

import hashlib
import uuid
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

from scratchbot.cloud.memory import Memory
from scratchbot.cloud.notices import CloudNotice
from scratchbot.cloud.socket import CloudSocket
from scratchbot.events import (
    CloudConnectEvent,
    CloudCreateEvent,
    CloudDeleteEvent,
    CloudDisconnectEvent,
    CloudSetEvent,
    Event,
)
from scratchbot.sources.source import Reading
from scratchbot.watch import Delivery
from scratchbot.wire.cloudlog import LoggedChange

TOLD = ("connect", "disconnect", "set", "create", "delete")
"""What a socket notices that is an event."""


def _unique() -> str:
    return uuid.uuid4().hex


class CloudSource:
    """Hears what others set, create and delete; the cursor holds what was heard.

    :param delivery: whether all is told, or the newest of each variable.
    :param unique: makes the part of an id that tells live packets apart, which have none.
    """

    def __init__(
        self,
        name: str,
        socket: CloudSocket,
        delivery: Delivery = "all",
        unique: Callable[[], str] = _unique,
    ) -> None:
        self.name = name
        self.delivery = delivery
        self._socket = socket
        self._unique = unique

    async def listen(self, cursor: str | None) -> AsyncIterator[Reading]:
        """Yield what happens; what happened while nobody listened comes first."""
        # The cursor follows what is yielded, and not the socket, which runs ahead.
        memory = Memory()
        if cursor is not None:
            self._socket.recall(Memory.from_json(cursor))
            memory = Memory.from_json(cursor)
        async for notices in self._socket.notices(only_latest=self.delivery == "latest"):
            for notice in notices:
                memory.note(notice)
            events = [self._event(notice) for notice in notices if notice.kind in TOLD]
            troubles = [notice.text for notice in notices if notice.kind == "trouble"]
            yield Reading(events, memory.to_json(), "; ".join(troubles) or None)

    def _event(self, notice: CloudNotice) -> Event:
        """Return the event of a notice that is one."""
        logged = notice.logged
        common: dict[str, Any] = {
            "id": f"{self.name}:{self._unique() if logged is None else _id(logged)}",
            "name": f"cloud.{notice.kind}",
            "at": datetime.fromtimestamp(notice.at / 1000, UTC) if logged is None else logged.at,
            "source": self.name,
            "project_id": self._socket.project_id,
        }
        if notice.kind == "connect":
            return CloudConnectEvent(**common)
        if notice.kind == "disconnect":
            return CloudDisconnectEvent(**common, code=notice.code)
        common |= {
            "variable": notice.variable,
            "via": notice.via,
            "user": None if logged is None else logged.user,
        }
        match notice.kind:
            case "create":
                return CloudCreateEvent(**common, value=notice.value)
            case "delete":
                return CloudDeleteEvent(**common)
            case _:
                return CloudSetEvent(**common, value=notice.value or "", previous=notice.previous)


def _id(logged: LoggedChange) -> str:
    """Return what tells a change from all others: the log says the same of it each time."""
    digest = hashlib.sha256(repr(tuple(logged)).encode()).hexdigest()
    return f"{logged.timestamp}-{digest[:16]}"
