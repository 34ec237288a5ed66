"""The one list of acts: whatever changes the world does so here, with all that follows from it."""

from collections.abc import Callable
from typing import Any

from scratchbot.sandbox.rules import (
    RefusedError,
    check_comment,
    may_delete_comment,
)
from scratchbot.sandbox.times import site_time
from scratchbot.sandbox.world import Comment, Entry, Place, Project, Row, Studio, User, World

FRAGMENT_LENGTH = 250
COMMENT_TYPES = {"project": 0, "profile": 1, "studio": 2}

CloudListener = Callable[[int, str, str, str | None, object], None]


class Acts:
    """What people can do.

    :param clock: seconds since 1970.
    :param limits: whether the site's rate limits are kept.
    """

    def __init__(self, world: World, clock: Callable[[], float], *, limits: bool) -> None:
        self.world = world
        self.clock = clock
        self.limits = limits
        self.cloud_listeners: list[CloudListener] = []

    def post_comment(
        self,
        username: str,
        place: Place,
        content: str,
        parent_id: int | None = None,
        commentee_id: int | None = None,
    ) -> Comment:
        """Post a comment; its message goes to the commentee, else to the owner of the place.

        :raises RejectedError: if the site rejects the text.
        :raises RefusedError: if there is no such place or no such comment to answer.
        """
        author = self._user(username)
        if not self.world.place_exists(place):
            raise RefusedError(404, f"there is no {place}")
        parent = self._parent(place, parent_id)
        now = self.clock()
        check_comment(self.world, author, place, content, now=now, limits=self.limits)
        comment = Comment(
            id=next(self.world.comment_ids),
            place=place,
            author=author,
            content=content,
            created=now,
            parent=parent,
            commentee=self._commentee(parent, commentee_id),
        )
        author.recent_comments.append(now)
        self.world.comments[comment.id] = comment
        siblings = parent.replies if parent is not None else self.world.threads[place]
        siblings[comment.id] = comment
        self._tell_of_comment(comment)
        self._note(author, "replied" if parent is not None else "commented", str(place), content)
        return comment

    def delete_comment(self, username: str, comment_id: int) -> None:
        """Delete a comment with its replies and the messages that told of them.

        :raises RefusedError: if there is none, or it is not the user's to delete.
        """
        user, comment = self._user(username), self.world.comments.get(comment_id)
        if comment is None:
            raise RefusedError(404, f"there is no comment {comment_id}")
        if not may_delete_comment(self.world, user, comment.author, comment.place):
            raise RefusedError(403, "this comment is another's")
        for gone in (comment, *comment.replies.values()):
            del self.world.comments[gone.id]
            for reader in self._readers(gone):
                self._unsend(reader, "comment_id", gone.id)
        siblings = comment.parent.replies if comment.parent else self.world.threads[comment.place]
        del siblings[comment.id]
        self._note(user, "deleted a comment", str(comment.place), comment.content)

    def love(self, username: str, project_id: int) -> bool:
        """Love a project; tell whether that changed anything."""
        user, project = self._user(username), self._project(project_id)
        if user.key in project.loves:
            return False
        project.loves[user.key] = user
        row = self._row(user, "loveproject", project_id=project.id, title=project.title)
        self._send(project.author, row)
        user.deeds.append(row)
        self._note(user, "loved", f"project:{project.id}", project.title)
        return True

    def unlove(self, username: str, project_id: int) -> bool:
        """Take a love back; tell whether that changed anything."""
        user, project = self._user(username), self._project(project_id)
        if project.loves.pop(user.key, None) is None:
            return False
        self._undo(user, project.author, "loveproject", project.id)
        self._note(user, "unloved", f"project:{project.id}", project.title)
        return True

    def favorite(self, username: str, project_id: int) -> bool:
        """Add a project to the favourites; tell whether that changed anything."""
        user, project = self._user(username), self._project(project_id)
        if user.key in project.favorites:
            return False
        project.favorites[user.key] = user
        row = self._row(user, "favoriteproject", project_id=project.id, project_title=project.title)
        self._send(project.author, row)
        user.deeds.append(row)
        self._note(user, "favorited", f"project:{project.id}", project.title)
        return True

    def unfavorite(self, username: str, project_id: int) -> bool:
        """Take a project off the favourites; tell whether that changed anything."""
        user, project = self._user(username), self._project(project_id)
        if project.favorites.pop(user.key, None) is None:
            return False
        self._undo(user, project.author, "favoriteproject", project.id)
        self._note(user, "unfavorited", f"project:{project.id}", project.title)
        return True

    def follow(self, username: str, followed: str) -> None:
        """Follow a user."""
        user, other = self._user(username), self._user(followed, missing=404)
        if user is other or other.key in user.following:
            return
        user.following[other.key] = other
        other.followers[user.key] = user
        row = self._row(
            user, "followuser", followed_user_id=other.id, followed_username=other.username
        )
        self._send(other, row)
        user.deeds.append(row)
        self._note(user, "followed", f"profile:{other.key}")

    def unfollow(self, username: str, followed: str) -> None:
        """Stop following a user."""
        user, other = self._user(username), self._user(followed, missing=404)
        if user.following.pop(other.key, None) is None:
            return
        del other.followers[user.key]
        user.deeds[:] = [row for row in user.deeds if row.get("followed_user_id") != other.id]
        self._unsend(other, "followed_user_id", other.id, user)
        self._note(user, "unfollowed", f"profile:{other.key}")

    def share(self, username: str, project_id: int) -> None:
        """Share a project."""
        user, project = self._user(username), self._project(project_id)
        if project.author is not user:
            raise RefusedError(403, "this project is another's")
        project.state = "shared"
        project.shared = self.clock()
        user.deeds.append(
            self._row(user, "shareproject", project_id=project.id, title=project.title)
        )
        self._note(user, "shared", f"project:{project.id}", project.title)

    def add_project(self, username: str, studio_id: int, project_id: int) -> None:
        """Add a project to a studio."""
        user, studio = self._user(username), self._studio(studio_id)
        project = self._project(project_id)
        if not (studio.open_to_all or self._curates(user, studio)):
            raise RefusedError(403, "this studio is not open to all")
        if project.id in studio.projects:
            raise RefusedError(409, "the project is in the studio already")
        studio.projects[project.id] = project
        self._studio_row(
            user, studio, "addprojecttostudio", project_id=project.id, project_title=project.title
        )
        self._note(user, "added a project", f"studio:{studio.id}", project.title)

    def remove_project(self, username: str, studio_id: int, project_id: int) -> None:
        """Take a project out of a studio."""
        user, studio = self._user(username), self._studio(studio_id)
        project = studio.projects.get(project_id)
        if project is None:
            raise RefusedError(404, "the project is not in the studio")
        if not (self._curates(user, studio) or project.author is user):
            raise RefusedError(403, "this studio is another's")
        del studio.projects[project_id]
        self._studio_row(
            user, studio, "removeprojectstudio", project_id=project.id, project_title=project.title
        )
        self._note(user, "removed a project", f"studio:{studio.id}", project.title)

    def add_curator(self, username: str, studio_id: int) -> None:
        """Make a user a curator of a studio."""
        user, studio = self._user(username), self._studio(studio_id)
        studio.curators[user.key] = user
        self._studio_row(user, studio, "becomecurator", username=studio.host.username)

    def clear_messages(self, username: str) -> None:
        """Mark all messages of a user as read."""
        self._user(username).unread = 0

    def set_cloud(
        self, username: str, project_id: int, name: str, value: str, sender: object = None
    ) -> None:
        """Set a cloud variable, known or new, and tell every socket but the sender's."""
        project = self._project(project_id)
        verb = "set_var" if name in project.cloud else "create_var"
        project.cloud[name] = value
        self._log_cloud(project, username, verb, name, value)
        for listener in self.cloud_listeners:
            listener(project_id, "set" if verb == "set_var" else "create", name, value, sender)

    def delete_cloud(
        self, username: str, project_id: int, name: str, sender: object = None
    ) -> None:
        """Delete a cloud variable and tell every socket but the sender's."""
        project = self._project(project_id)
        if project.cloud.pop(name, None) is None:
            return
        self._log_cloud(project, username, "del_var", name, None)
        for listener in self.cloud_listeners:
            listener(project_id, "delete", name, None, sender)

    def _log_cloud(
        self, project: Project, username: str, verb: str, name: str, value: str | None
    ) -> None:
        project.cloud_log.append(
            {
                "user": username,
                "verb": verb,
                "name": name,
                "value": value,
                "timestamp": int(self.clock() * 1000),
            }
        )
        text = f"{name} = {value}" if value is not None else name
        self._journal(username, verb.replace("_var", " cloud"), f"project:{project.id}", text)

    def _parent(self, place: Place, parent_id: int | None) -> Comment | None:
        """Return the top comment that a reply goes under; there are two levels only."""
        if parent_id is None:
            return None
        parent = self.world.comments.get(parent_id)
        if parent is None or parent.place != place:
            raise RefusedError(404, f"there is no comment {parent_id} in {place}")
        return parent.parent or parent

    def _commentee(self, parent: Comment | None, commentee_id: int | None) -> User | None:
        if parent is None:
            return None
        people = [parent.author, *(reply.author for reply in parent.replies.values())]
        return next((user for user in people if user.id == commentee_id), parent.author)

    def _readers(self, comment: Comment) -> list[User]:
        """Return who gets a message of a comment: the owner of the place, and who is answered."""
        readers = [] if comment.commentee is None else [comment.commentee]
        if comment.place.kind == "profile":
            readers.append(self.world.users[comment.place.key])
        elif comment.place.kind == "project":
            readers.append(self.world.projects[int(comment.place.key)].author)
        unique = {reader.key: reader for reader in readers if reader is not comment.author}
        return list(unique.values())

    def _tell_of_comment(self, comment: Comment) -> None:
        row = self._row(
            comment.author,
            "addcomment",
            comment_type=COMMENT_TYPES[comment.place.kind],
            comment_obj_id=self._object_id(comment.place),
            comment_obj_title=self._object_title(comment.place),
            comment_id=comment.id,
            comment_fragment=comment.content[:FRAGMENT_LENGTH],
            commentee_username=comment.commentee and comment.commentee.username,
        )
        for reader in self._readers(comment):
            self._send(reader, row)

    def _object_id(self, place: Place) -> int:
        return self.world.users[place.key].id if place.kind == "profile" else int(place.key)

    def _object_title(self, place: Place) -> str:
        if place.kind == "profile":
            return self.world.users[place.key].username
        things = self.world.projects if place.kind == "project" else self.world.studios
        return things[int(place.key)].title

    def _row(self, actor: User, kind: str, **fields: Any) -> Row:
        return {
            "id": next(self.world.row_ids),
            "datetime_created": site_time(self.clock()),
            "actor_username": actor.username,
            "actor_id": actor.id,
            "type": kind,
            **fields,
        }

    def _studio_row(self, actor: User, studio: Studio, kind: str, **fields: Any) -> None:
        row = self._row(actor, kind, **fields)
        studio.modified = self.clock()
        studio.activity.append({**row, "id": f"{kind}-{row['id']}"})
        actor.deeds.append({**row, "gallery_id": studio.id, "gallery_title": studio.title})

    def _send(self, reader: User, row: Row) -> None:
        if reader.id != row["actor_id"]:
            reader.messages.append(row)
            reader.unread += 1

    def _unsend(self, reader: User, key: str, value: int, actor: User | None = None) -> None:
        kept = [
            row
            for row in reader.messages
            if row.get(key) != value or (actor is not None and row["actor_id"] != actor.id)
        ]
        reader.unread = max(0, reader.unread - (len(reader.messages) - len(kept)))
        reader.messages[:] = kept

    def _undo(self, user: User, reader: User, kind: str, project_id: int) -> None:
        def is_undone(row: Row) -> bool:
            return (row["type"], row["actor_id"], row.get("project_id")) == (
                kind,
                user.id,
                project_id,
            )

        user.deeds[:] = [row for row in user.deeds if not is_undone(row)]
        kept = [row for row in reader.messages if not is_undone(row)]
        reader.unread = max(0, reader.unread - (len(reader.messages) - len(kept)))
        reader.messages[:] = kept

    def _curates(self, user: User, studio: Studio) -> bool:
        return user is studio.host or user.key in {**studio.managers, **studio.curators}

    def _note(self, user: User, what: str, where: str, text: str = "") -> None:
        self._journal(user.username, what, where, text)

    def _journal(self, who: str, what: str, where: str, text: str) -> None:
        number = next(self.world.journal_numbers)
        entry = Entry(number=number, at=self.clock(), who=who, what=what, where=where, text=text)
        self.world.journal.append(entry)

    def _user(self, username: str, missing: int = 403) -> User:
        user = self.world.user(username)
        if user is None:
            raise RefusedError(missing, f"there is no user {username!r}")
        return user

    def _project(self, project_id: int) -> Project:
        project = self.world.projects.get(project_id)
        if project is None:
            raise RefusedError(404, f"there is no project {project_id}")
        return project

    def _studio(self, studio_id: int) -> Studio:
        studio = self.world.studios.get(studio_id)
        if studio is None:
            raise RefusedError(404, f"there is no studio {studio_id}")
        return studio
