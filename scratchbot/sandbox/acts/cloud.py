"""Cloud variables."""

from collections.abc import Callable

from scratchbot.sandbox.acts.ledger import Ledger, act
from scratchbot.sandbox.rules import RefusedError, is_cloud_value
from scratchbot.sandbox.world import CLOUD_SIGN, Project, World

CloudListener = Callable[[int, str, str, str | None, object], None]
"""Is told project, method, name, value and sender of each change."""


class CloudActs(Ledger):
    """What people do with cloud variables."""

    def __init__(self, world: World, clock: Callable[[], float], *, limits: bool) -> None:
        super().__init__(world, clock, limits=limits)
        self.cloud_listeners: list[CloudListener] = []
        self.cloud_sender: object = None
        """The socket that a change came by: it is not told of it."""

    @act
    def set_cloud(self, username: str, project_id: int, name: str, value: str) -> None:
        """Set a cloud variable, known or new, and tell every socket but the sender's.

        :raises RefusedError: if the user may not, or it is no number.
        """
        project = self._played(username, project_id)
        if not name.startswith(CLOUD_SIGN) or not is_cloud_value(value):
            raise RefusedError(400, "a cloud variable has its sign before it and holds a number")
        verb = "set_var" if name in project.cloud else "create_var"
        project.cloud[name] = value
        self._log(project, username, verb, name, value)
        self._tell(project_id, "set" if verb == "set_var" else "create", name, value)

    @act
    def rename_cloud(self, username: str, project_id: int, name: str, new_name: str) -> None:
        """Rename a cloud variable."""
        project = self._played(username, project_id)
        if name not in project.cloud or new_name in project.cloud:
            raise RefusedError(409, f"{name!r} cannot be renamed to {new_name!r}")
        value = project.cloud[name]
        self.delete_cloud(username, project_id, name)
        self.set_cloud(username, project_id, new_name, value)

    @act
    def delete_cloud(self, username: str, project_id: int, name: str) -> None:
        """Delete a cloud variable and tell every socket but the sender's."""
        project = self._played(username, project_id)
        if project.cloud.pop(name, None) is None:
            return
        self._log(project, username, "del_var", name, None)
        self._tell(project_id, "delete", name, None)

    def _played(self, username: str, project_id: int) -> Project:
        """Return a project whose variables a user may change."""
        user, project = self._actor(username), self._project(project_id)
        if user.is_new:
            raise RefusedError(403, "New Scratchers set no cloud variables")
        if not project.visible_to(user):
            raise RefusedError(404, f"there is no project {project_id}")
        return project

    def _tell(self, project_id: int, method: str, name: str, value: str | None) -> None:
        for listener in self.cloud_listeners:
            listener(project_id, method, name, value, self.cloud_sender)

    def _log(
        self, project: Project, username: str, verb: str, name: str, value: str | None
    ) -> None:
        project.cloud_log.append(
            {
                "user": username,
                "verb": verb,
                "name": name,
                "value": value,
                "timestamp": int(self.now * 1000),
            }
        )
        text = f"{name} = {value}" if value is not None else name
        self._note(username, verb.replace("_var", " cloud"), f"project:{project.id}", text)
