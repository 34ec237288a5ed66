"""The site's statistics."""

from typing import Any, TypedDict

from scratchbot.wire.fields import optional_integer
from scratchbot.wire.request import SITE, Answer, Request


class Statistics(TypedDict):
    """All statistics: how much there is, last month's traffic, and the graphs over time."""

    overall: dict[str, Any]
    last_month: dict[str, Any]
    over_time: dict[str, Any]


def get_overall() -> Request[dict[str, Any]]:
    """``GET /statistics/data/daily/``: how much there is of everything."""
    return _get("daily", _plain)


def get_last_month() -> Request[dict[str, Any]]:
    """``GET /statistics/data/monthly-ga/``: last month's traffic, whose numbers are texts."""
    return _get("monthly-ga", _traffic)


def get_over_time() -> Request[dict[str, Any]]:
    """``GET /statistics/data/monthly/``: graphs, and where people come from."""
    return _get("monthly", _graphs)


def _get(name: str, read: Any) -> Request[dict[str, Any]]:
    return Request(
        method="GET",
        host=SITE,
        path=f"/statistics/data/{name}/",
        read=read,
        about="statistics",
    )


def _plain(answer: Answer) -> dict[str, Any]:
    return {key: value for key, value in answer.row().items() if key != "_TS"}


def _traffic(answer: Answer) -> dict[str, Any]:
    """Return the traffic as numbers; what the site calls sessions it called visits before."""
    row = _plain(answer)
    numbers = {key: optional_integer(row, key) for key in row}
    told = {key: row[key] if number is None else number for key, number in numbers.items()}
    if "visits" not in told and "sessions" in told:
        told["visits"] = told["sessions"]
    return told


def _graphs(answer: Answer) -> dict[str, Any]:
    """Return the graphs; the distribution of ages is the one that stands alone in its list."""
    row = _plain(answer)
    ages = row.get("age_distribution_data")
    if isinstance(ages, list) and len(ages) == 1:
        row["age_distribution_data"] = ages[0]
    return row
