"""The cloud log of Scratch's server: who did what to which variable."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypedDict

from scratchbot.wire.cloud import Method, plain_name
from scratchbot.wire.fields import optional_integer, text
from scratchbot.wire.request import CLOUD, Request, page_query

MOST_LOGS = 100
"""So many rows the site gives at once."""

_METHODS: dict[str, Method] = {"set_var": "set", "create_var": "create", "del_var": "delete"}


class CloudLog(TypedDict):
    """A row of the cloud log.

    ``verb`` is ``set_var``, ``create_var`` or ``del_var``; ``name`` has the cloud sign;
    ``timestamp`` is milliseconds since 1970, by the site's clock.
    """

    user: str
    verb: str
    name: str
    value: str | None
    timestamp: int


class LoggedChange(NamedTuple):
    """A change of a cloud variable as the log tells it.

    :param variable: without the cloud sign.
    :param timestamp: milliseconds since 1970, by the site's clock.
    :param number: tells it from changes before it that are alike in all else; mostly 0.
    """

    method: Method
    variable: str
    value: str | None
    user: str
    timestamp: int
    number: int = 0

    @property
    def at(self) -> datetime:
        """When it happened."""
        return datetime.fromtimestamp(self.timestamp / 1000, UTC)


def get_logs(project_id: int | str, limit: int, offset: int) -> Request[list[CloudLog]]:
    """``GET clouddata./logs``: newest first."""
    return Request(
        method="GET",
        host=CLOUD,
        path="/logs",
        query={"projectid": project_id, **page_query(limit, offset)},
        read=lambda answer: [_log(row) for row in answer.rows()],
        about=f"the cloud log of project {project_id}",
    )


def logged_changes(logs: Iterable[CloudLog]) -> Iterator[LoggedChange]:
    """Yield what rows tell, in their order; those with a verb that is not known are passed over."""
    alike: dict[LoggedChange, int] = {}
    for log in logs:
        if log["verb"] in _METHODS:
            change = LoggedChange(
                method=_METHODS[log["verb"]],
                variable=plain_name(log["name"]),
                value=log["value"],
                user=log["user"],
                timestamp=log["timestamp"],
            )
            number = alike[change] = alike.get(change, -1) + 1
            yield change._replace(number=number)


def was_set_since(logs: Iterable[CloudLog], name: str, since: datetime) -> bool:
    """Tell whether a variable was set, by whomever; the log has whole milliseconds."""
    moment = int(since.timestamp() * 1000)
    return any(plain_name(log["name"]) == name and log["timestamp"] >= moment for log in logs)


def shows(
    logs: Iterable[CloudLog], name: str, value: str | None, user: str, since: datetime
) -> bool:
    """Tell whether somebody set a variable to a value."""
    own = [
        log
        for log in logs
        if log["user"].lower() == user.lower() and log["value"] == value and log["verb"] in _METHODS
    ]
    return was_set_since(own, name, since)


def _log(row: dict[str, Any]) -> CloudLog:
    return {
        **row,  # type: ignore[typeddict-item] # fields that the site adds are kept
        "user": text(row, "user"),
        "verb": text(row, "verb"),
        "name": text(row, "name"),
        "value": _written(row.get("value")),
        "timestamp": optional_integer(row, "timestamp") or 0,
    }


def _written(value: Any) -> str | None:
    """Return a value as text: rows hold numbers both as JSON text and as JSON numbers."""
    return value if value is None or isinstance(value, str) else json.dumps(value)
