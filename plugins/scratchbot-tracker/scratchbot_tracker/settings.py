"""What the bot's owner sets."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from scratchbot_tracker.things import Thing

SHORTEST_MINUTES = 5


@dataclass(frozen=True)
class Settings:
    """The table ``[plugins.tracker]``.

    :param users: the names of users, whose followers are counted.
    :param projects: the numbers of projects, whose views, loves, favourites, remixes and comments
        are counted.
    :param studios: the numbers of studios, whose followers, managers and projects are counted.
    :param file: the database; a path that does not begin at the root begins where the bot runs.
    :param every_minutes: how often to count, from 5 up.
    :param report_folder: where reports and charts are written; empty for the log only.
    :param report_hour: when the daily report is made, 0 to 23, UTC.
    :param keep_days: after how many days counts are deleted; 0 for never.
    """

    users: list[str] = field(default_factory=list)
    projects: list[int] = field(default_factory=list)
    studios: list[int] = field(default_factory=list)
    file: str = "tracker.db"
    every_minutes: int = 60
    report_folder: str = ""
    report_hour: int = 9
    keep_days: int = 0

    def __post_init__(self) -> None:
        if self.every_minutes < SHORTEST_MINUTES:
            raise ValueError(
                f"every_minutes is {self.every_minutes}: give {SHORTEST_MINUTES} or more, so that "
                "the site has its peace"
            )
        if not 0 <= self.report_hour <= 23:
            raise ValueError(f"report_hour is {self.report_hour}: give an hour from 0 to 23, UTC")
        if self.keep_days < 0:
            raise ValueError(f"keep_days is {self.keep_days}: give days, or 0 to keep all counts")
        if not self.file:
            raise ValueError("file is empty: give the path of the database")
        choose(self.users, self.projects, self.studios)

    @property
    def things(self) -> tuple[Thing, ...]:
        """What is counted."""
        return choose(self.users, self.projects, self.studios)


def choose(
    users: Iterable[str], projects: Iterable[int], studios: Iterable[int]
) -> tuple[Thing, ...]:
    """Return things by their names and numbers, each once.

    :raises InputError: if a name or number can be none.
    """
    found = [*map(Thing.user, users), *map(Thing.project, projects), *map(Thing.studio, studios)]
    return tuple(dict.fromkeys(found))
