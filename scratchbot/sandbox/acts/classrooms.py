"""Classrooms of educators."""

from typing import Any

from scratchbot.sandbox.acts.ledger import act
from scratchbot.sandbox.acts.people import PeopleActs
from scratchbot.sandbox.rules import RefusedError
from scratchbot.sandbox.world import Classroom, Studio, User

FIELDS = ("title", "description", "status")


class ClassroomActs(PeopleActs):
    """What educators do with their classes."""

    @act
    def create_classroom(self, username: str, title: str, description: str = "") -> Classroom:
        """Open a class.

        :raises RefusedError: if the user is no educator.
        """
        user = self._educator(username)
        number = next(self.world.classroom_ids)
        classroom = Classroom(
            id=number,
            title=title,
            educator=user,
            token=f"c{number:08x}",
            created=self.now,
            description=description,
        )
        self.world.classrooms[number] = classroom
        self._note(user.username, "opened a class", f"class:{number}", title)
        return classroom

    @act
    def edit_classroom(self, username: str, classroom_id: int, **fields: Any) -> Classroom:
        """Change a class's ``title``, ``description`` or ``status``."""
        classroom = self._own_classroom(username, classroom_id)
        for name in FIELDS:
            if name in fields:
                setattr(classroom, name, str(fields[name]))
        return classroom

    @act
    def set_classroom_thumbnail(self, username: str, classroom_id: int, image: bytes) -> None:
        """Change a class's picture."""
        self.world.assets[f"classroom/{self._own_classroom(username, classroom_id).id}"] = image

    @act
    def close_classroom(self, username: str, classroom_id: int, *, closed: bool = True) -> None:
        """End a class, or open it again."""
        classroom = self._own_classroom(username, classroom_id)
        classroom.closed = self.now if closed else None

    @act
    def create_class_studio(
        self, username: str, classroom_id: int, title: str, description: str
    ) -> Studio:
        """Make a studio of a class."""
        classroom = self._own_classroom(username, classroom_id)
        studio = Studio(
            id=next(self.world.studio_ids),
            title=title,
            host=classroom.educator,
            created=self.now,
            modified=self.now,
            description=description,
            classroom_id=classroom.id,
        )
        self.world.add_studio(studio)
        row = self._row(studio.host, "createstudio", gallery_id=studio.id, title=studio.title)
        studio.host.deeds.append(row)
        classroom.studios[studio.id] = studio
        return studio

    @act
    def join_classroom(self, username: str, password: str, token: str) -> User:
        """Make a student's account in the class that a sign-up link names."""
        classroom = next((c for c in self.world.classrooms.values() if c.token == token), None)
        if classroom is None or classroom.closed is not None:
            raise RefusedError(404, "there is no such class")
        student = self.join(username, password, "student")
        student.classroom = classroom
        classroom.students[student.key] = student
        return student

    @act
    def renew_class_token(self, username: str, classroom_id: int) -> Classroom:
        """Make a new sign-up link, which ends the old one."""
        classroom = self._own_classroom(username, classroom_id)
        classroom.token = f"c{next(self.world.row_ids):08x}"
        return classroom

    @act
    def reset_student_password(self, username: str, student: str, password: str) -> User:
        """Give a student of one's own class another password."""
        educator, pupil = self._educator(username), self._other(student)
        if pupil.classroom is None or pupil.classroom.educator is not educator:
            raise RefusedError(403, "this student is in another's class")
        pupil.password, pupil.must_reset_password = password, True
        return pupil

    def _educator(self, username: str) -> User:
        user = self._actor(username)
        if user.role != "educator":
            raise RefusedError(403, "only educators have classes")
        return user

    def _own_classroom(self, username: str, classroom_id: int) -> Classroom:
        classroom = self.world.classrooms.get(classroom_id)
        if classroom is None:
            raise RefusedError(404, f"there is no class {classroom_id}")
        if classroom.educator is not self._educator(username):
            raise RefusedError(403, "this class is another's")
        return classroom
