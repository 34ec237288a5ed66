"""The rules of the weather, from a file or from the control page."""

import dataclasses
import json
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from random import Random
from typing import Any

from scratchbot.sandbox.weather.effects import Effects, SocketFate

DISTRIBUTIONS = ("uniform", "normal", "exponential")


class WeatherError(Exception):
    """A weather file is wrong; the message says where, what was found, and what is allowed."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Where, when and how often something happens, and what; times are seconds.

    Where: ``host`` and ``path`` with ``*`` for anything, ``method``. When: ``start`` to ``end``
    after the weather was set. How often: ``share`` of requests, from 0 to 1.
    """

    host: str = "*"
    path: str = "*"
    method: str = "*"
    share: float = 1.0
    start: float = 0.0
    end: float = math.inf
    latency: tuple[float, ...] = ()
    distribution: str = "uniform"
    status: int | None = None
    maintenance: bool = False
    timeout: bool = False
    log_out: bool = False
    stale: float | None = None
    repeat: bool = False
    reorder: bool = False
    bytes_per_second: float | None = None
    truncate: bool = False
    reset: bool = False
    drop_after: float | None = None
    close_code: int | None = None
    half_open_after: float | None = None
    clock_skew: float = 0.0

    def matches(self, method: str, host: str, path: str, elapsed: float) -> bool:
        """Tell whether the rule is about a request at a time after the start."""
        return (
            self.start <= elapsed < self.end
            and self.method in ("*", method)
            and fnmatchcase(host, self.host)
            and fnmatchcase(path.rstrip("/") or "/", self.path.rstrip("/") or "/")
        )

    def effects(self, random: Random) -> Effects:
        """Return what the rule does to a request."""
        return Effects(
            delay=self._delay(random),
            **{name: getattr(self, name) for name in _SHARED},
        )

    def socket_fate(self) -> SocketFate | None:
        """Return what the rule does to a socket, if anything."""
        if self.half_open_after is not None:
            return SocketFate(after=self.half_open_after, half_open=True)
        if self.drop_after is not None:
            return SocketFate(after=self.drop_after, code=self.close_code)
        return None

    def _delay(self, random: Random) -> float:
        if not self.latency:
            return 0.0
        first, second = self.latency[0], self.latency[-1]
        if self.distribution == "normal":
            return max(0.0, random.gauss(first, second))
        if self.distribution == "exponential":
            return random.expovariate(1 / first) if first else 0.0
        return random.uniform(first, second)

    def as_json(self) -> dict[str, Any]:
        """Return what the rule says beyond the defaults."""
        usual = Rule()
        told = dataclasses.asdict(self)
        return {key: value for key, value in told.items() if value != getattr(usual, key)}


_SHARED = tuple(field.name for field in dataclasses.fields(Effects) if field.name != "delay")
_NUMBERS = ("share", "start", "end", "stale", "bytes_per_second", "drop_after", "half_open_after")
_SWITCHES = ("maintenance", "timeout", "log_out", "repeat", "reorder", "truncate", "reset")
_KINDS: Mapping[str, tuple[type | tuple[type, ...], str]] = {
    **dict.fromkeys((*_NUMBERS, "clock_skew"), ((int, float), "a number")),
    **dict.fromkeys(("host", "path", "method", "distribution"), (str, "a text")),
    **dict.fromkeys(_SWITCHES, (bool, "true or false")),
    **dict.fromkeys(("status", "close_code"), (int, "a whole number")),
    "latency": (list, "a list of one or two numbers, seconds"),
    **dict.fromkeys(("delay", "after"), ((int, float), "a number")),
    "half_open": (bool, "true or false"),
    "code": (int, "a whole number"),
}
_KEYS = {field.name for field in dataclasses.fields(Rule)}
_WORDS = {str: "a text", int: "a whole number"}
LONGEST = 1e9
"""Seconds, some thirty years: no time here may be longer."""
_RANGES = {
    **dict.fromkeys((*_NUMBERS, "delay", "after"), (0.0, LONGEST)),
    "clock_skew": (-LONGEST, LONGEST),
    "status": (200, 599),
    "close_code": (1000, 4999),
    "code": (1000, 4999),
}
_NO_CODES = (1004, 1005, 1006, 1015)


def load_weather(file: Path) -> tuple[int, list[Rule], list[dict[str, Any]]]:
    """Return the seed, the rules and the record of a TOML or JSON file.

    :raises WeatherError: if it cannot be read or is no weather.
    """
    try:
        text = file.read_text("utf-8")
        said = json.loads(text) if file.suffix == ".json" else tomllib.loads(text)
    except OSError as error:
        raise WeatherError(f"{file}: cannot be read ({error.strerror})") from None
    except (ValueError, RecursionError) as error:
        raise WeatherError(f"{file}: is no valid TOML or JSON ({error})") from None
    try:
        return read_weather(said)
    except WeatherError as error:
        raise WeatherError(f"{file}: {error}") from None


def read_weather(said: Any) -> tuple[int, list[Rule], list[dict[str, Any]]]:
    """Return the seed, the rules and the record that a table gives.

    :raises WeatherError: if something in it is wrong.
    """
    if not isinstance(said, dict):
        raise WeatherError(f"it is {said!r}; give a table with seed and rules")
    for key in said:
        if key not in ("seed", "rules", "record"):
            raise WeatherError(f"{key} is unknown; use seed, rules or record")
    seed, rules, record = said.get("seed", 0), said.get("rules", []), said.get("record", [])
    if not isinstance(seed, int) or not isinstance(rules, list) or not isinstance(record, list):
        raise WeatherError("seed has to be a whole number, rules and record lists")
    read = [_rule(f"rules[{n}]", row) for n, row in enumerate(rules, 1)]
    for number, row in enumerate(record, 1):
        _check_recorded(f"record[{number}]", row)
    return seed, read, record


def _check_recorded(place: str, row: Any) -> None:
    """Check a row of a record, which is what a record of ours looks like."""
    keys = {"method": str, "host": str, "path": str, "number": int}
    what = {"effects": Effects, "fate": SocketFate}
    if not isinstance(row, dict):
        raise WeatherError(f"{place} is {row!r}; give a table")
    for key, kind in keys.items():
        if not isinstance(row.get(key), kind):
            raise WeatherError(f"{place}.{key} is {row.get(key)!r}; give {_WORDS[kind]}")
    for key, made in what.items():
        held = row.get(key, {})
        fields = {one.name for one in dataclasses.fields(made)}
        if not isinstance(held, dict) or not fields >= held.keys():
            raise WeatherError(f"{place}.{key} is {held!r}; use {', '.join(sorted(fields))}")
        for name, value in held.items():
            if value is not None:
                _check_value(f"{place}.{key}.{name}", name, value)
    if len(what.keys() & row.keys()) != 1 or ("fate" in row and "after" not in row["fate"]):
        raise WeatherError(f"{place} has to have either effects or a fate with its time")


def _rule(place: str, row: Any) -> Rule:
    if not isinstance(row, dict):
        raise WeatherError(f"{place} is {row!r}; give a table")
    for name, value in row.items():
        if name not in _KEYS:
            raise WeatherError(f"{place}.{name} is unknown; use {', '.join(sorted(_KEYS))}")
        _check_value(f"{place}.{name}", name, value)
    if row.get("distribution", "uniform") not in DISTRIBUTIONS:
        known = ", ".join(DISTRIBUTIONS)
        raise WeatherError(f"{place}.distribution is {row['distribution']!r}; use {known}")
    latency = row.get("latency", [])
    if len(latency) > 2 or not all(_is_seconds(one) for one in latency):
        raise WeatherError(f"{place}.latency is {latency!r}; give {_KINDS['latency'][1]}")
    if not 0 <= row.get("share", 1) <= 1:
        raise WeatherError(f"{place}.share is {row['share']!r}; give a number from 0 to 1")
    return Rule(**{**row, "latency": tuple(latency)})


def _is_seconds(value: Any) -> bool:
    return isinstance(value, int | float) and 0 <= value <= LONGEST


def _check_value(place: str, name: str, value: Any) -> None:
    kind, words = _KINDS[name]
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise WeatherError(f"{place} is {value!r}; give {words}")
    if name in ("close_code", "code") and value in _NO_CODES:
        raise WeatherError(f"{place} is {value!r}, which no server may send; give another")
    least, most = _RANGES.get(name, (-math.inf, math.inf))
    if isinstance(value, int | float) and not least <= value <= most:
        raise WeatherError(f"{place} is {value!r}; give {words} from {least:.0f} to {most:.0f}")
