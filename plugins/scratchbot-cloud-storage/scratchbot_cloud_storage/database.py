"""A database: values by their keys, all of them text, as projects send them."""

import math

MOST_CHARACTERS = 1_000_000
"""Of all keys and values of a database: anybody who plays can fill it."""

MOST_PLACES = 100


class Database:
    """The keys of a database and their values, in the order in which they came.

    :param name: what projects call it.
    :param values: what it holds; changed in place.
    """

    def __init__(self, name: str, values: dict[str, str]) -> None:
        self.name = name
        self.values = values

    def get(self, key: str) -> str:
        """Return a value, or what the project is told where there is none."""
        missing = f"Error: Key {key} doesn't exist in database {self.name}"
        return self.values.get(key, missing)

    def set(self, key: str, value: str) -> list[str] | str:
        """Keep a value; return what the project is told, which is nothing if it was kept."""
        size = sum(len(one) + len(held) for one, held in self.values.items() if one != key)
        if size + len(key) + len(value) > MOST_CHARACTERS:
            return f"Error: Database {self.name} is full"
        self.values[key] = value
        return []

    def submit(self, key: str, score: float) -> list[str] | str:
        """Keep a score if it is better than the one that is kept; return the best one."""
        best = _number(self.values.get(key, ""))
        if best is None or score > best:
            refused = self.set(key, _written(score))
            if refused:
                return refused
        return self.values[key]

    def top(self, count: int) -> list[str]:
        """Return the keys with the highest numbers, best first, each with its value behind it."""
        scores = [
            (number, key)
            for key, value in self.values.items()
            if (number := _number(value)) is not None
        ]
        best = sorted(scores, key=lambda score: -score[0])[: min(max(count, 0), MOST_PLACES)]
        return [line for _, key in best for line in (key, self.values[key])]


def _number(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _written(score: float) -> str:
    return str(int(score)) if score == int(score) else str(score)
