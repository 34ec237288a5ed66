"""The settings of the plugin."""

from dataclasses import dataclass, field
from typing import Literal

from scratchbot.checks import check_id, check_username

Approval = Literal["manager", "none"]

_LEAST = {
    "every_minutes": 10,
    "minimum_loves": 0,
    "most_a_day": 1,
    "most_waiting": 1,
    "asks_a_day": 1,
    "answers_a_day": 1,
}


@dataclass(frozen=True)
class Settings:
    """The table ``[plugins.autostudio]``.

    :param studio: the number of the studio, unless the program says it: ``AutoStudio(26135902)``.
    :param approval: with ``manager``, what fits waits until an approver agrees; with ``none`` it is
        added at once.
    :param approvers: the user names of those who may say ``!approve``, ``!reject`` and
        ``!waiting``.
    :param comments: whether links in the studio's comments are heeded.
    :param users: the user names of those whose new projects are taken without being asked for.
    :param every_minutes: how many minutes pass from one look at their projects to the next.
    :param any_words: words of which the title, instructions or notes of a project must have one.
    :param all_words: words of which they must have each.
    :param no_words: words of which they must have none.
    :param minimum_loves: how many loves a project must have.
    :param blocked: the user names of those whose projects are not taken, and who cannot ask.
    :param most_a_day: how many projects are added on one day (UTC).
    :param most_waiting: how many projects can wait for a manager at once.
    :param asks_a_day: how many comments of one person are dealt with on one day (UTC).
    :param answers_a_day: the same of all people together, approvers aside.
    """

    studio: int | None = None
    approval: Approval = "manager"
    approvers: list[str] = field(default_factory=list)
    comments: bool = True
    users: list[str] = field(default_factory=list)
    every_minutes: int = 60
    any_words: list[str] = field(default_factory=list)
    all_words: list[str] = field(default_factory=list)
    no_words: list[str] = field(default_factory=list)
    minimum_loves: int = 0
    blocked: list[str] = field(default_factory=list)
    most_a_day: int = 10
    most_waiting: int = 50
    asks_a_day: int = 5
    answers_a_day: int = 100

    def __post_init__(self) -> None:
        if self.studio is not None:
            check_id(self.studio)
        for name in (*self.approvers, *self.users, *self.blocked):
            check_username(name)
        for word in (*self.any_words, *self.all_words, *self.no_words):
            if not word.strip():
                raise ValueError("a word is empty: write one, or remove it")
        for name, least in _LEAST.items():
            if getattr(self, name) < least:
                raise ValueError(f"{name} is {getattr(self, name)}: give {least} or more")

    def approves(self, name: str) -> bool:
        """Tell whether somebody may decide what is added."""
        return _is_among(name, self.approvers)

    def blocks(self, name: str) -> bool:
        """Tell whether nothing is taken of somebody."""
        return _is_among(name, self.blocked)

    def follows(self, name: str) -> bool:
        """Tell whether somebody's new projects are taken without being asked for."""
        return _is_among(name, self.users)


def _is_among(name: str, names: list[str]) -> bool:
    return name.lower() in (each.lower() for each in names)
