"""The weather: which rules strike which request, decided by a seed, and a record of it."""

from collections import Counter, deque
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from scratchbot.sandbox.weather.effects import Effects, SocketFate
from scratchbot.sandbox.weather.rules import Rule, read_weather

RECORD_LENGTH = 10_000

Key = tuple[str, str, str]


class Weather:
    """Decides what happens to requests and sockets.

    What happens depends on the seed, the rules, the request, and how many like it came before:
    nothing else, so that requests side by side do not change each other's fate.

    :param clock: seconds since 1970.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.seed = 0
        self.rules: list[Rule] = []
        self.record: deque[dict[str, Any]] = deque(maxlen=RECORD_LENGTH)
        self._replayed: dict[tuple[Key, int], dict[str, Any]] | None = None
        self._counts: Counter[Key] = Counter()
        self._began = clock()

    def set(self, seed: int, rules: Sequence[Rule], record: Sequence[dict[str, Any]] = ()) -> None:
        """Begin anew with other rules, or with a record that is to happen again."""
        self.seed, self.rules = seed, list(rules)
        self._replayed = {_occurrence(row): row for row in record} if record else None
        self.record.clear()
        self._counts.clear()
        self._began = self._clock()

    def read(self, said: Any) -> None:
        """Begin anew with what a control page or a file says.

        :raises WeatherError: if something in it is wrong.
        """
        self.set(*read_weather(said))

    def request(self, method: str, host: str, path: str) -> Effects:
        """Return what happens to a request."""
        key, number = self._count((method, host, path))
        if self._replayed is not None:
            row = self._replayed.get((key, number), {})
            effects = Effects(**row.get("effects", {}))
        else:
            effects = self._effects(key, number)
        if effects:
            self._note(key, number, "effects", effects.as_json())
        return effects

    def socket(self, host: str, path: str) -> SocketFate | None:
        """Return what becomes of a socket, None for nothing."""
        key, number = self._count(("SOCKET", host, path))
        fate = None
        if self._replayed is not None:
            row = self._replayed.get((key, number))
            fate = SocketFate(**row["fate"]) if row else None
        else:
            fates = [rule.socket_fate() for rule in self._striking(key, number, method="GET")]
            fate = next((one for one in fates if one is not None), None)
        if fate is not None:
            self._note(key, number, "fate", fate.as_json())
        return fate

    @property
    def keeps_answers(self) -> bool:
        """Whether old answers will be wanted again."""
        if self._replayed is not None:
            return True
        return any(rule.stale is not None or rule.repeat for rule in self.rules)

    @property
    def skew(self) -> float:
        """How many seconds the site's clock is ahead."""
        elapsed = self._clock() - self._began
        return sum(rule.clock_skew for rule in self.rules if rule.start <= elapsed < rule.end)

    def as_json(self) -> dict[str, Any]:
        """Return the seed, the rules and what has happened so far; it can be set again."""
        return {
            "seed": self.seed,
            "rules": [
                {**rule.as_json(), **({"latency": list(rule.latency)} if rule.latency else {})}
                for rule in self.rules
            ],
            "record": list(self.record),
        }

    def _count(self, key: Key) -> tuple[Key, int]:
        self._counts[key] += 1
        return key, self._counts[key]

    def _note(self, key: Key, number: int, what: str, told: dict[str, Any]) -> None:
        method, host, path = key
        row = {"method": method, "host": host, "path": path, "number": number, what: told}
        self.record.append(row)

    def _striking(self, key: Key, number: int, method: str) -> list[Rule]:
        """Return the rules that strike this request."""
        elapsed = self._clock() - self._began
        _, host, path = key
        return [
            rule
            for place, rule in enumerate(self.rules)
            if rule.matches(method, host, path, elapsed)
            and self._random(place, key, number).random() < rule.share
        ]

    def _effects(self, key: Key, number: int) -> Effects:
        struck: dict[str, Any] = {}
        for rule in self._striking(key, number, method=key[0]):
            told = rule.effects(self._random(self.rules.index(rule), key, -number)).as_json()
            told["delay"] = struck.get("delay", 0.0) + told.get("delay", 0.0)
            struck = {**told, **struck, "delay": told["delay"]}
        return Effects(**struck)

    def _random(self, place: int, key: Key, number: int) -> Random:
        return Random(f"{self.seed}:{place}:{':'.join(key)}:{number}")


def _occurrence(row: dict[str, Any]) -> tuple[Key, int]:
    return (str(row["method"]), str(row["host"]), str(row["path"])), int(row["number"])
