"""Loves, favourites and views."""

from scratchbot.sandbox.acts.ledger import Ledger, act
from scratchbot.sandbox.rules import RefusedError
from scratchbot.sandbox.world import Project, Row, User

VIEWED_LENGTH = 50


class OpinionActs(Ledger):
    """What people think of projects."""

    @act
    def love(self, username: str, project_id: int) -> bool:
        """Love a project; tell whether that changed anything."""
        user, project = self._actor(username), self._seen_project(username, project_id)
        if user.key in project.loves:
            return False
        project.loves[user.key] = user
        project.loved_at[user.key] = self.now
        user.loves[project.id] = project
        row = self._row(user, "loveproject", project_id=project.id, title=project.title)
        self._tell_of_opinion(user, project, row, "loved")
        return True

    @act
    def unlove(self, username: str, project_id: int) -> bool:
        """Take a love back; tell whether that changed anything."""
        user, project = self._actor(username), self._project(project_id)
        if project.loves.pop(user.key, None) is None:
            return False
        del project.loved_at[user.key]
        del user.loves[project.id]
        self._untell_of_opinion(user, project, "loveproject", "unloved")
        return True

    @act
    def favorite(self, username: str, project_id: int) -> bool:
        """Add a project to the favourites; tell whether that changed anything."""
        user, project = self._actor(username), self._seen_project(username, project_id)
        if user.key in project.favorites:
            return False
        project.favorites[user.key] = user
        user.favorites[project.id] = project
        row = self._row(user, "favoriteproject", project_id=project.id, project_title=project.title)
        self._tell_of_opinion(user, project, row, "favorited")
        return True

    @act
    def unfavorite(self, username: str, project_id: int) -> bool:
        """Take a project off the favourites; tell whether that changed anything."""
        user, project = self._actor(username), self._project(project_id)
        if project.favorites.pop(user.key, None) is None:
            return False
        del user.favorites[project.id]
        self._untell_of_opinion(user, project, "favoriteproject", "unfavorited")
        return True

    @act
    def view(self, username: str | None, project_id: int) -> int:
        """Count a view by anybody, logged in or not; return how many there are."""
        project = self._project(project_id)
        viewed = None if username is None else self._actor(username).viewed
        project.views += 1
        if viewed is not None:
            viewed.pop(project.id, None)
            viewed[project.id] = project
            if len(viewed) > VIEWED_LENGTH:
                del viewed[next(iter(viewed))]
        return project.views

    def _seen_project(self, username: str, project_id: int) -> Project:
        project = self._project(project_id)
        if not project.visible_to(self._actor(username)):
            raise RefusedError(404, f"there is no project {project_id}")
        return project

    def _tell_of_opinion(self, user: User, project: Project, row: Row, what: str) -> None:
        self._send(project.author, row)
        user.deeds.append(row)
        self._note(user.username, what, f"project:{project.id}", project.title)

    def _untell_of_opinion(self, user: User, project: Project, kind: str, what: str) -> None:
        meant = (kind, user.id, project.id)

        def is_meant(row: Row) -> bool:
            return (row["type"], row["actor_id"], row.get("project_id")) == meant

        user.deeds[:] = [row for row in user.deeds if not is_meant(row)]
        self._take_back(project.author, is_meant)
        self._note(user.username, what, f"project:{project.id}", project.title)
