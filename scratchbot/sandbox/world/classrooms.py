"""Classrooms of educators."""

from dataclasses import dataclass, field

from scratchbot.sandbox.world.studios import Studio
from scratchbot.sandbox.world.users import User


@dataclass(kw_only=True, eq=False)
class Classroom:
    """A class; ``token`` is the secret part of its sign-up link."""

    id: int
    title: str
    educator: User
    token: str
    created: float
    description: str = ""
    status: str = ""
    closed: float | None = None
    students: dict[str, User] = field(default_factory=dict)
    studios: dict[int, Studio] = field(default_factory=dict)
