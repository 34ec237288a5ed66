"""What is counted: users, projects and studios, and the counts that each has."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Self

from scratchbot.checks import check_id, check_username

Kind = Literal["user", "project", "studio"]

METRICS: Mapping[Kind, tuple[str, ...]] = {
    "user": ("followers",),
    "project": ("views", "loves", "favorites", "remixes", "comments"),
    "studio": ("followers", "managers", "projects"),
}

LONGEST_TITLE = 100


@dataclass(frozen=True)
class Thing:
    """A user, a project or a studio.

    :param key: the user's name in small letters, or the number.
    """

    kind: Kind
    key: str

    @classmethod
    def user(cls, username: str) -> Self:
        """Return a user.

        :raises InputError: if nobody can have this name.
        """
        return cls("user", check_username(username).lower())

    @classmethod
    def project(cls, project_id: int) -> Self:
        """Return a project.

        :raises InputError: if no project can have this number.
        """
        return cls("project", str(check_id(project_id)))

    @classmethod
    def studio(cls, studio_id: int) -> Self:
        """Return a studio.

        :raises InputError: if no studio can have this number.
        """
        return cls("studio", str(check_id(studio_id)))

    @property
    def metrics(self) -> tuple[str, ...]:
        """The names of its counts."""
        return METRICS[self.kind]

    def __str__(self) -> str:
        """Say it as the database and the command line do, such as ``project:104``."""
        return f"{self.kind}:{self.key}"


def plain(title: str) -> str:
    """Return a title as one line of visible characters, which any file can hold.

    Titles come from strangers: what is left out are line breaks, control characters, and the marks
    that turn the direction of a text.
    """
    visible = "".join(each if each.isprintable() else " " for each in title)
    return re.sub(" +", " ", visible).strip()[:LONGEST_TITLE]
