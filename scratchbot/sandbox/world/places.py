"""Where comments stand, and what is common to all that stands in the world."""

from dataclasses import dataclass
from typing import Any, Literal

PlaceKind = Literal["project", "studio", "profile"]
Row = dict[str, Any]
"""A message, an activity or another answer that is kept as the site gives it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where comments stand: a project or studio by its number, a profile by its user's name."""

    kind: PlaceKind
    key: str

    @classmethod
    def parse(cls, text: str) -> "Place":
        """Return the place that ``project:104`` and the like name.

        :raises ValueError: if it names none.
        """
        kind, _, key = text.partition(":")
        is_number = key.isascii() and key.isdecimal()
        match kind:
            case "profile" if key:
                return cls(kind, key.lower())
            case "project" | "studio" if is_number:
                return cls(kind, str(int(key)))
        raise ValueError("say project:NUMBER, studio:NUMBER or profile:NAME")

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"
