"""Studios: their projects, their people, their looks."""

from typing import Any

from scratchbot.sandbox.acts.comments import CommentActs
from scratchbot.sandbox.acts.ledger import act
from scratchbot.sandbox.rules import MutedError, RefusedError, has_word, is_picture
from scratchbot.sandbox.times import site_time
from scratchbot.sandbox.world import Place, Row, Studio, User

LONGEST_TITLE = 100
LONGEST_DESCRIPTION = 5_000
LARGEST_THUMBNAIL = 524_288
MOST_MANAGERS = 40
TRIES = 5
"""How many wrong passwords the site hears before it wants a pause."""
STUDIOS_A_WHILE = 5
WHILE_SECONDS = 300.0


class StudioEditError(RefusedError):
    """A change to a studio that the site refuses in words; they are the site's own."""

    def __init__(self, error: str) -> None:
        super().__init__(400, error)
        self.error = error


class StudioActs(CommentActs):
    """What people do with studios."""

    @act
    def create_studio(self, username: str) -> Studio:
        """Make a studio.

        :raises RefusedError: if the user is a New Scratcher, or made many just now.
        """
        user = self._unmuted(username)
        if user.is_new or user.role == "student":
            raise RefusedError(403, "You need to be a Scratcher to create a studio")
        made = [s for s in user.studios.values() if s.host is user]
        recent = [s for s in made if s.created > self.now - WHILE_SECONDS]
        if self.limits and len(recent) >= STUDIOS_A_WHILE:
            raise RefusedError(429, "Woah, slow down! You are creating studios too quickly.")
        studio = Studio(
            id=next(self.world.studio_ids),
            title="Untitled Studio",
            host=user,
            created=self.now,
            modified=self.now,
            open_to_all=False,
        )
        self.world.add_studio(studio)
        user.deeds.append(self._row(user, "createstudio", gallery_id=studio.id, title=studio.title))
        self._note(user.username, "made a studio", f"studio:{studio.id}")
        return studio

    @act
    def edit_studio(self, username: str, studio_id: int, **fields: Any) -> Studio:
        """Change a studio's ``title`` or ``description``.

        :raises StudioEditError: if the site refuses a text.
        :raises RefusedError: if the user may not.
        """
        user, studio = self._editor(username, studio_id)
        title = str(fields.get("title", studio.title))
        description = str(fields.get("description", studio.description))
        if not title.strip():
            raise StudioEditError("This field is required.")
        if len(title) > LONGEST_TITLE or len(description) > LONGEST_DESCRIPTION:
            raise StudioEditError("editable-text-too-long")
        if has_word(f"{title} {description}", self.world.bad_words):
            raise StudioEditError("inappropriate-generic")
        studio.title, studio.description = title, description
        self._studio_row(user, studio, "updatestudio")
        self._note(user.username, "changed", f"studio:{studio.id}", studio.title)
        return studio

    @act
    def set_studio_thumbnail(self, username: str, studio_id: int, image: bytes) -> Studio:
        """Change a studio's picture.

        :raises StudioEditError: if it is too large or no picture.
        """
        user, studio = self._editor(username, studio_id)
        if len(image) > LARGEST_THUMBNAIL:
            raise StudioEditError("thumbnail-too-large")
        if not is_picture(image):
            raise StudioEditError("image-invalid")
        self.world.assets[f"gallery/{studio.id}"] = image
        self._studio_row(user, studio, "updatestudio")
        return studio

    @act
    def open_studio(self, username: str, studio_id: int, *, to_all: bool) -> None:
        """Let everybody add projects, or only curators."""
        user, studio = self._editor(username, studio_id, managers=True)
        studio.open_to_all = to_all
        self._note(user.username, "opened" if to_all else "closed", f"studio:{studio.id}")

    @act
    def delete_studio(self, username: str, studio_id: int) -> None:
        """Delete one's own studio."""
        user, studio = self._actor(username), self._studio(studio_id)
        if studio.host is not user:
            raise RefusedError(403, "this studio is another's")
        self._remove_comments(Place("studio", str(studio.id)))
        for name in list(studio.invited):
            self._take_invitation(studio, self.world.users[name])
        for name in {*studio.told_on, *studio.managers}:
            self._take_back(self.world.users[name], lambda row: row.get("gallery_id") == studio.id)
        self.world.remove_studio(studio)
        self._note(user.username, "deleted", f"studio:{studio.id}", studio.title)

    @act
    def add_project(self, username: str, studio_id: int, project_id: int) -> None:
        """Add a project to a studio.

        :raises RefusedError: if the studio is not open to the user, or has the project already.
        """
        user, studio = self._unmuted(username), self._studio(studio_id)
        project = self._project(project_id)
        if not project.is_shared:
            raise RefusedError(404, f"there is no project {project_id}")
        is_open = studio.open_to_all and user.email_confirmed
        if not (is_open or studio.curates(user)):
            raise RefusedError(403, "this studio is not open to all")
        if project.id in studio.projects:
            raise RefusedError(409, "the project is in the studio already")
        studio.projects[project.id] = project
        studio.adders[project.id] = user
        project.studios[studio.id] = studio
        self._studio_row(
            user, studio, "addprojecttostudio", project_id=project.id, project_title=project.title
        )
        self._note(user.username, "added a project", f"studio:{studio.id}", project.title)

    @act
    def remove_project(self, username: str, studio_id: int, project_id: int) -> None:
        """Take a project out of a studio, as its author, a manager, or the curator who added it."""
        user, studio = self._unmuted(username), self._studio(studio_id)
        project = studio.projects.get(project_id)
        if project is None:
            raise RefusedError(404, "the project is not in the studio")
        added = studio.curates(user) and studio.adders[project_id] is user
        if not (studio.manages(user) or project.author is user or added):
            raise RefusedError(403, "this studio is another's")
        del studio.projects[project_id]
        del studio.adders[project_id]
        del project.studios[studio_id]
        self._studio_row(
            user, studio, "removeprojectstudio", project_id=project.id, project_title=project.title
        )
        self._note(user.username, "removed a project", f"studio:{studio.id}", project.title)

    @act
    def invite_curator(self, username: str, studio_id: int, invited: str) -> None:
        """Invite a user to curate a studio.

        :raises RefusedError: if the inviting user is no manager or the other is in already.
        """
        user, studio = self._editor(username, studio_id, managers=True)
        other = self._other(invited)
        if studio.curates(other):
            raise RefusedError(409, f"{other.username} is already a curator of this studio")
        if user.role == "student":
            raise RefusedError(403, "students invite nobody")
        if other.is_new:
            raise RefusedError(403, f"{other.username} is a New Scratcher")
        if other.key in studio.invited:
            return
        studio.invited[other.key] = user
        row = self._row(user, "curatorinvite", gallery_id=studio.id, title=studio.title)
        self._send(other, row)
        self._note(user.username, "invited", f"studio:{studio.id}", other.username)

    @act
    def accept_curator(self, username: str, studio_id: int) -> None:
        """Accept an invitation to curate a studio.

        :raises RefusedError: if there was none.
        """
        user, studio = self._unmuted(username), self._studio(studio_id)
        inviter = studio.invited.get(user.key)
        if inviter is None:
            raise RefusedError(403, "there was no invitation")
        self._take_invitation(studio, user)
        studio.curators[user.key] = user
        user.studios[studio.id] = studio
        self._studio_row(user, studio, "becomecurator", username=inviter.username)
        self._note(user.username, "became a curator", f"studio:{studio.id}")

    @act
    def promote_curator(self, username: str, studio_id: int, promoted: str) -> None:
        """Make a curator a manager."""
        user, studio = self._editor(username, studio_id, managers=True)
        other = self._other(promoted)
        if studio.curators.pop(other.key, None) is None:
            raise RefusedError(404, f"{other.username} is no curator of this studio")
        if len(studio.managers) >= MOST_MANAGERS:
            studio.curators[other.key] = other
            raise RefusedError(400, told="too many owners")
        studio.managers[other.key] = other
        row = self._studio_row(
            user,
            studio,
            "becomeownerstudio",
            recipient_id=other.id,
            recipient_username=other.username,
        )
        told = {"gallery_id": studio.id, "gallery_title": studio.title}
        self._send(other, {**row, **told})
        self._note(user.username, "promoted", f"studio:{studio.id}", other.username)

    @act
    def remove_curator(self, username: str, studio_id: int, removed: str) -> None:
        """Remove a curator or manager, or leave a studio oneself."""
        user, studio = self._unmuted(username), self._studio(studio_id)
        other = self._other(removed)
        if other is studio.host:
            raise RefusedError(403, "the host cannot be removed")
        if not (studio.manages(user) or user is other):
            raise RefusedError(403, "this studio is another's")
        if not studio.curates(other):
            raise RefusedError(404, f"{other.username} is no curator of this studio")
        studio.curators.pop(other.key, None)
        studio.managers.pop(other.key, None)
        del other.studios[studio.id]
        self._studio_row(user, studio, "removecuratorstudio", username=other.username)
        self._note(user.username, "removed", f"studio:{studio.id}", other.username)

    @act
    def transfer_studio(self, username: str, studio_id: int, new_host: str, password: str) -> None:
        """Make a manager the host of one's own studio.

        :raises RefusedError: if the password is wrong or the other is no manager.
        """
        user, studio = self._editor(username, studio_id)
        other = self._other(new_host)
        if studio.classroom_id is not None:
            raise RefusedError(403, "a studio of a class stays with its class")
        if self.limits and user.wrong_passwords >= TRIES:
            raise RefusedError(429, told="try again later")
        if user.password != password:
            user.wrong_passwords += 1
            raise RefusedError(401, told="password incorrect")
        user.wrong_passwords = 0
        if not studio.manages(other):
            raise RefusedError(409, f"{other.username} is no manager of this studio")
        studio.host = other
        row = self._studio_row(
            user,
            studio,
            "becomehoststudio",
            admin_actor=False,
            former_host_username=user.username,
            recipient_username=other.username,
        )
        told = {"recipient_id": other.id, "gallery_id": studio.id, "gallery_title": studio.title}
        self._send(other, {**row, **told})
        self._note(user.username, "handed over", f"studio:{studio.id}", other.username)

    @act
    def follow_studio(self, username: str, studio_id: int) -> None:
        """Follow a studio."""
        user, studio = self._actor(username), self._studio(studio_id)
        if user.key in studio.followers:
            return
        studio.followers[user.key] = user
        user.followed_studios[studio.id] = studio
        user.deeds.append(self._row(user, "followstudio", gallery_id=studio.id, title=studio.title))
        self._note(user.username, "followed", f"studio:{studio.id}")

    @act
    def unfollow_studio(self, username: str, studio_id: int) -> None:
        """Stop following a studio."""
        user, studio = self._actor(username), self._studio(studio_id)
        if studio.followers.pop(user.key, None) is None:
            return
        del user.followed_studios[studio.id]
        meant = ("followstudio", studio.id)
        user.deeds[:] = [row for row in user.deeds if (row["type"], row.get("gallery_id")) != meant]
        self._note(user.username, "unfollowed", f"studio:{studio.id}")

    @act
    def report_studio(self, username: str, studio_id: int, field: str) -> None:
        """Tell the Scratch Team of something in a studio."""
        user, studio = self._actor(username), self._studio(studio_id)
        self._note(user.username, "reported", f"studio:{studio.id}", field)

    def _unmuted(self, username: str) -> User:
        """Return who acts; in studios nobody does so while muted."""
        user = self._actor(username)
        if user.muted_until > self.now:
            raise MutedError(user, self.now)
        return user

    def _editor(
        self, username: str, studio_id: int, *, managers: bool = False
    ) -> tuple[User, Studio]:
        """Return who changes a studio, and the studio."""
        user, studio = self._actor(username), self._studio(studio_id)
        if not (studio.manages(user) if managers else studio.host is user):
            raise RefusedError(403, "this studio is another's")
        return self._unmuted(username), studio

    def _take_invitation(self, studio: Studio, invited: User) -> None:
        del studio.invited[invited.key]

        def is_meant(row: Row) -> bool:
            return (row["type"], row.get("gallery_id")) == ("curatorinvite", studio.id)

        self._take_back(invited, is_meant)

    def _studio_row(self, actor: User, studio: Studio, kind: str, **fields: Any) -> Row:
        row = self._row(actor, kind, **fields)
        studio.modified = self.now
        studio.activity.append({**row, "id": f"{kind}-{row['id']}"})
        told = {"gallery_id": studio.id, "gallery_title": studio.title, "title": studio.title}
        actor.deeds.append({**row, **told})
        self._tell_of_activity(actor, studio)
        return row

    def _tell_of_activity(self, actor: User, studio: Studio) -> None:
        """Tell those who tend a studio that there was activity, once a day at most."""
        today = site_time(self.now)[:10]
        row = self._row(actor, "studioactivity", gallery_id=studio.id, title=studio.title)
        for reader in (*studio.managers.values(), *studio.curators.values()):
            if studio.told_on.get(reader.key) != today and reader is not actor:
                studio.told_on[reader.key] = today
                self._send(reader, row)
