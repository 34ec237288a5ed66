"""What every act needs: the time it happens at, the rows it leaves, and the record of it."""

import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast

from scratchbot.sandbox.rules import RefusedError, RejectedError
from scratchbot.sandbox.times import site_time
from scratchbot.sandbox.world import Entry, Project, Row, Studio, User, World

F = TypeVar("F", bound=Callable[..., Any])

Recorder = Callable[[float, str, tuple[Any, ...], dict[str, Any]], None]


class Ledger:
    """The world, and the books that acts keep in it.

    :param clock: seconds since 1970.
    :param limits: whether the site's rate limits are kept.
    """

    def __init__(self, world: World, clock: Callable[[], float], *, limits: bool) -> None:
        self.world = world
        self.clock = clock
        self.limits = limits
        self.recorder: Recorder | None = None
        self._acting_at: float | None = None

    @property
    def now(self) -> float:
        """The time: one and the same for all that follows from an act."""
        return self.clock() if self._acting_at is None else self._acting_at

    def _begin(self) -> bool:
        """Fix the time of an act; tell whether it is one that no other act has caused."""
        if self._acting_at is not None:
            return False
        self._acting_at = self.clock()
        return True

    def _record(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        if self.recorder is not None:
            self.recorder(self.now, name, args, kwargs)

    def _end(self) -> None:
        self._acting_at = None

    def _row(self, actor: User, kind: str, **fields: Any) -> Row:
        return {
            "id": next(self.world.row_ids),
            "datetime_created": site_time(self.now),
            "actor_username": actor.username,
            "actor_id": actor.id,
            "type": kind,
            **fields,
        }

    def _send(self, reader: User, row: Row) -> None:
        """Put a message into somebody's messages; nobody is told of what they did themselves."""
        if reader.id != row["actor_id"]:
            reader.messages.append(row)
            reader.unread += 1

    def _take_back(self, reader: User, is_meant: Callable[[Row], bool]) -> None:
        """Take messages out again whose cause is gone."""
        first_unread = len(reader.messages) - reader.unread
        reader.unread -= sum(is_meant(row) for row in reader.messages[first_unread:])
        reader.messages[:] = [row for row in reader.messages if not is_meant(row)]

    def _note(self, who: str, what: str, where: str, text: str = "") -> None:
        """Write a line into the journal, which people read."""
        number = next(self.world.journal_numbers)
        entry = Entry(number=number, at=self.now, who=who, what=what, where=where, text=text)
        self.world.journal.append(entry)

    def _actor(self, username: str) -> User:
        """Return who acts.

        :raises RefusedError: if there is no such account, or it is banned.
        """
        user = self.world.user(username)
        if user is None:
            raise RefusedError(403, f"there is no user {username!r}")
        if user.banned:
            raise RefusedError(403, f"{user.username} is banned")
        return user

    def _other(self, username: str) -> User:
        """Return a user whom an act is about."""
        user = self.world.user(username)
        if user is None:
            raise RefusedError(404, f"there is no user {username!r}")
        return user

    def _project(self, project_id: int) -> Project:
        project = self.world.projects.get(project_id)
        if project is None:
            raise RefusedError(404, f"there is no project {project_id}")
        return project

    def _own_project(self, user: User, project_id: int) -> Project:
        project = self._project(project_id)
        if project.author is not user:
            raise RefusedError(403, "this project is another's")
        return project

    def _studio(self, studio_id: int) -> Studio:
        studio = self.world.studios.get(studio_id)
        if studio is None:
            raise RefusedError(404, f"there is no studio {studio_id}")
        return studio


def act(method: F) -> F:
    """Make a method an act: all of it happens at one time, and it is recorded once."""

    @functools.wraps(method)
    def acting(self: Ledger, *args: Any, **kwargs: Any) -> Any:
        if not self._begin():
            return method(self, *args, **kwargs)
        try:
            result = method(self, *args, **kwargs)
            self._record(method.__name__, args, kwargs)
        except RejectedError as rejection:
            if rejection.offense is not None:
                # A rejected comment can change something too: it counts against its author.
                self._record(method.__name__, args, kwargs)
            raise
        finally:
            self._end()
        return result

    return cast("F", acting)
