"""Projects: making, saving, sharing, throwing away."""

from typing import Any

from scratchbot.sandbox.acts.comments import CommentActs
from scratchbot.sandbox.acts.ledger import act
from scratchbot.sandbox.rules import RefusedError, has_word, is_picture
from scratchbot.sandbox.world import Place, Project, Row, User

LONGEST_TITLE = 100
LONGEST_TEXT = 5_000
TEXTS = {"title": LONGEST_TITLE, "instructions": LONGEST_TEXT, "description": LONGEST_TEXT}


class ProjectActs(CommentActs):
    """What people do with their projects."""

    @act
    def create_project(
        self,
        username: str,
        code: dict[str, Any],
        title: str = "Untitled",
        parent_id: int | None = None,
    ) -> Project:
        """Make a project, which nobody else sees until it is shared.

        :param parent_id: the shared project that it is a remix of.
        """
        user = self._actor(username)
        parent = None
        if parent_id is not None:
            parent = self._project(parent_id)
            if not parent.is_shared:
                raise RefusedError(403, "this project is not shared")
        project = Project(
            id=next(self.world.project_ids),
            title=title[:LONGEST_TITLE],
            author=user,
            created=self.now,
            modified=self.now,
            shared=None,
            state="unshared",
            code=code,
            parent=parent,
        )
        self.world.add_project(project)
        self._note(user.username, "made a project", f"project:{project.id}", project.title)
        return project

    @act
    def save_project(self, username: str, project_id: int, code: dict[str, Any]) -> None:
        """Save a project's code."""
        project = self._own_project(self._actor(username), project_id)
        project.code, project.modified = code, self.now
        self._note(username, "saved", f"project:{project.id}", project.title)

    @act
    def edit_project(self, username: str, project_id: int, **fields: Any) -> Project:
        """Change ``title``, ``instructions``, ``description`` or ``comments_allowed``.

        :raises RefusedError: if a text is too long or bad, or the project is another's.
        """
        project = self._own_project(self._actor(username), project_id)
        for name in TEXTS.keys() & fields.keys():
            _check_text(name, fields[name], self.world.bad_words)
        if not isinstance(fields.get("comments_allowed", True), bool):
            raise RefusedError(400, "comments_allowed is true or false")
        for name, value in fields.items():
            setattr(project, name, value)
        project.modified = self.now
        self._note(username, "changed", f"project:{project.id}", ", ".join(sorted(fields)))
        return project

    @act
    def keep_asset(self, username: str, name: str, contents: bytes) -> None:
        """Keep a file that projects are made of, under the name of its contents."""
        self._actor(username)
        self.world.assets[name] = contents

    @act
    def set_project_thumbnail(self, username: str, project_id: int, image: bytes) -> None:
        """Change a project's picture.

        :raises RefusedError: if it is none.
        """
        project = self._own_project(self._actor(username), project_id)
        if not is_picture(image):
            raise RefusedError(400, "this is no picture")
        self.world.assets[f"project/{project.id}"] = image

    @act
    def share(self, username: str, project_id: int) -> None:
        """Share a project; who made what it is a remix of is told the first time.

        :raises RefusedError: if it is another's, or its author's e-mail is not confirmed.
        """
        user = self._actor(username)
        project = self._own_project(user, project_id)
        if not user.email_confirmed:
            raise RefusedError(403, "the e-mail address is not confirmed")
        if project.state == "trashed":
            raise RefusedError(403, "the project is in the trash")
        if project.is_shared:
            return
        first = project.shared is None
        project.state, project.shared = "shared", self.now
        self._tell_of_sharing(user, project, first=first)
        self._note(user.username, "shared", f"project:{project.id}", project.title)

    @act
    def unshare(self, username: str, project_id: int) -> None:
        """Take a project back from everybody's sight."""
        user = self._actor(username)
        project = self._own_project(user, project_id)
        if project.is_shared:
            self._hide(project, "unshared")
            self._note(user.username, "unshared", f"project:{project.id}", project.title)

    @act
    def trash(self, username: str, project_id: int) -> None:
        """Throw a project into one's trash."""
        user = self._actor(username)
        project = self._own_project(user, project_id)
        if project.state != "trashed":
            self._hide(project, "trashed")
            self._note(user.username, "threw away", f"project:{project.id}", project.title)

    @act
    def restore(self, username: str, project_id: int) -> None:
        """Take a project out of the trash, unshared."""
        user = self._actor(username)
        project = self._own_project(user, project_id)
        if project.state == "trashed":
            project.state = "unshared"
            self._note(user.username, "restored", f"project:{project.id}", project.title)

    @act
    def empty_trash(self, username: str, password: str) -> int:
        """Delete what is in the trash for good; return how many projects that were.

        :raises RefusedError: if the password is wrong.
        """
        user = self._actor(username)
        if user.password != password:
            raise RefusedError(403, "the password is wrong")
        gone = [one for one in user.projects.values() if one.state == "trashed"]
        for project in gone:
            self._forget(project)
        self._note(user.username, "emptied the trash", f"profile:{user.key}")
        return len(gone)

    @act
    def report_project(self, username: str, project_id: int, category: str, notes: str) -> None:
        """Tell the Scratch Team of a project."""
        user, project = self._actor(username), self._project(project_id)
        project.reporters.add(user.key)
        self._note(user.username, f"reported ({category})", f"project:{project.id}", notes)

    def _tell_of_sharing(self, user: User, project: Project, *, first: bool) -> None:
        fields = {"project_id": project.id, "title": project.title}
        if project.parent is None:
            user.deeds.append(self._row(user, "shareproject", **fields))
            return
        parent = {"parent_id": project.parent.id, "parent_title": project.parent.title}
        row = self._row(user, "remixproject", **fields, **parent)
        user.deeds.append(row)
        if first:
            self._send(project.parent.author, row)

    def _hide(self, project: Project, state: Any) -> None:
        project.state = state
        for studio in list(project.studios.values()):
            self._take_out(project, studio.id)

    def _take_out(self, project: Project, studio_id: int) -> None:
        studio = project.studios.pop(studio_id)
        del studio.projects[project.id]
        del studio.adders[project.id]

    def _forget(self, project: Project) -> None:
        """Remove a project and all that stands on it."""
        self._remove_comments(Place("project", str(project.id)))

        def is_meant(row: Row) -> bool:
            return project.id in (row.get("project_id"), row.get("parent_id"))

        readers = {project.author.key: project.author}
        for remix in project.remixes:
            readers[remix.author.key] = remix.author
        if project.parent is not None:
            readers[project.parent.author.key] = project.parent.author
        for reader in readers.values():
            self._take_back(reader, is_meant)
        for user in {**readers, **project.loves, **project.favorites}.values():
            user.deeds[:] = [row for row in user.deeds if not is_meant(row)]
        self.world.remove_project(project)


def _check_text(name: str, text: object, bad_words: set[str]) -> None:
    if not isinstance(text, str):
        raise RefusedError(400, f"{name} is no text")
    if len(text) > TEXTS[name]:
        raise RefusedError(400, f"{name} is too long")
    if has_word(text, bad_words):
        raise RefusedError(400, f"{name} is bad")
