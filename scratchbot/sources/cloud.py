"""The cloud variables of a project."""

import json
import uuid
from collections.abc import AsyncIterator, Callable
from typing import Any

from scratchbot.clock import Clock
from scratchbot.events import (
    CloudConnectEvent,
    CloudCreateEvent,
    CloudDeleteEvent,
    CloudDisconnectEvent,
    CloudSetEvent,
    Event,
)
from scratchbot.sockets import CloudNotice, CloudSocket
from scratchbot.sources.source import Reading

SILENT = ("value", "ready")
"""What a socket notices that is no event."""


def _unique() -> str:
    return uuid.uuid4().hex


class CloudSource:
    """Hears what others set, create and delete; the cursor holds the last known values.

    :param unique: makes the part of an id that tells live packets apart, which have none.
    """

    def __init__(
        self, name: str, socket: CloudSocket, clock: Clock, unique: Callable[[], str] = _unique
    ) -> None:
        self.name = name
        self._socket = socket
        self._clock = clock
        self._unique = unique

    async def listen(self, cursor: str | None) -> AsyncIterator[Reading]:
        """Yield what happens; a value that changed while nobody listened comes first."""
        known: dict[str, str] = json.loads(cursor) if cursor is not None else {}
        self._socket.values.update(known)
        async for notices in self._socket.notices():
            for notice in notices:
                _remember(known, notice)
            events = [self._event(notice) for notice in notices if notice.kind not in SILENT]
            yield Reading(events, json.dumps(known, ensure_ascii=False))

    def _event(self, notice: CloudNotice) -> Event:
        """Return the event of a notice that is one."""
        common: dict[str, Any] = {
            "id": f"{self.name}:{self._unique()}",
            "name": f"cloud.{notice.kind}",
            "at": self._clock.now(),
            "source": self.name,
            "project_id": self._socket.project_id,
        }
        match notice.kind:
            case "connect":
                return CloudConnectEvent(**common)
            case "disconnect":
                return CloudDisconnectEvent(**common, code=notice.code)
            case "create":
                return CloudCreateEvent(**common, variable=notice.variable, value=notice.value)
            case "delete":
                return CloudDeleteEvent(**common, variable=notice.variable)
            case _:
                return CloudSetEvent(
                    **common,
                    variable=notice.variable,
                    value=notice.value or "",
                    previous=notice.previous,
                )


def _remember(known: dict[str, str], notice: CloudNotice) -> None:
    """Bring the known values up to a notice, and no further: the cursor must not run ahead."""
    if notice.kind in ("value", "set", "create") and notice.value is not None:
        known[notice.variable] = notice.value
    elif notice.variable:
        known.pop(notice.variable, None)
