"""From a row of messages or activity to the fields of its event."""

import dataclasses
from typing import Any

from scratchbot.events import Event
from scratchbot.wire.messages import Activity, Message

_NOT_FIELDS = {"id", "name", "at", "source", "extra", "studio_id"}
_KNOWN_ELSEWHERE = {"id", "actor_username", "datetime_created"}


def row_fields(row: Message | Activity, event: type[Event]) -> dict[str, Any]:
    """Return the fields of the event; what the site said beyond them goes into ``extra``."""
    names = {field.name for field in dataclasses.fields(event)} - _NOT_FIELDS
    extra = {
        key: value
        for key, value in row.raw.items()
        if key not in names and key not in _KNOWN_ELSEWHERE
    }
    return {**{name: getattr(row, name) for name in names}, "extra": extra}
